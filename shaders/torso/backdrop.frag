#version 330 core
// A dark room: a soft pool of light behind the patient, darker towards the edges and the floor.
uniform vec3 u_dark;
uniform vec3 u_light;
in vec2 v_uv;
out vec4 o_colour;
void main() {
    vec2 p = (v_uv - vec2(0.5, 0.58)) * vec2(1.05, 0.85);
    float pool = exp(-6.0 * dot(p, p));
    float floor_shade = smoothstep(0.0, 0.30, v_uv.y);
    vec3 colour = mix(u_dark, u_light, pool) * mix(0.82, 1.0, floor_shade);
    float grain = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715)))) - 0.5;
    o_colour = vec4(colour + grain / 255.0, 1.0);   // dither: no bands in the dark
}
