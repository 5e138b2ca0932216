#version 330 core
// The live image as a translucent sheet; bright echoes are denser than black.
uniform sampler2D u_image;
uniform float u_has_image;
uniform float u_opacity;
in vec2 v_uv;
in float v_edge;
out vec4 o_colour;

void main() {
    vec2 beyond = abs(v_uv - 0.5);                 // under zoom the image shows a part of the sector only
    bool shown = u_has_image > 0.5 && max(beyond.x, beyond.y) <= 0.5;
    float echo = shown ? texture(u_image, v_uv).r : 0.0;
    float border = smoothstep(0.93, 0.985, v_edge);
    vec3 colour = mix(vec3(0.05, 0.20, 0.26), vec3(0.93, 0.97, 1.0), echo);
    colour = mix(colour, vec3(0.30, 0.86, 1.0), border * 0.8);
    float cover = u_has_image > 0.5 && !shown ? 0.26 : 0.42 + 0.5 * echo;
    o_colour = vec4(colour, max(cover, border * 0.75) * u_opacity);
}
