#version 330 core
// A sheet with rounded corners and a faint hem.
uniform vec2 u_half_m;         // half its width and length, metres
uniform float u_opacity;
in vec2 v_corner;
out vec4 o_colour;
void main() {
    vec2 q = abs(v_corner) * u_half_m - u_half_m + 0.06;
    float inside = 0.06 - length(max(q, 0.0)) - min(max(q.x, q.y), 0.0);
    float pixel = 0.7 * fwidth(inside);
    float cover = smoothstep(-pixel, pixel, inside);
    float hem = 1.0 - smoothstep(0.0015, 0.0015 + pixel, abs(inside - 0.012));
    vec3 colour = mix(vec3(0.118, 0.143, 0.172), vec3(0.165, 0.200, 0.238), hem);
    o_colour = vec4(colour, cover * u_opacity);
}
