#version 330 core
// The live image as a translucent sheet; bright echoes are denser than black.
uniform sampler2D u_image;
uniform float u_has_image;
in vec2 v_uv;
in float v_edge;
out vec4 o_colour;

void main() {
    float echo = u_has_image > 0.5 ? texture(u_image, v_uv).r : 0.0;
    float border = smoothstep(0.93, 0.985, v_edge);
    vec3 colour = mix(vec3(0.05, 0.20, 0.26), vec3(0.93, 0.97, 1.0), echo);
    colour = mix(colour, vec3(0.30, 0.86, 1.0), border * 0.8);
    o_colour = vec4(colour, max(0.42 + 0.5 * echo, border * 0.75));
}
