#version 330 core
// A coloured solid (probe, bed, organs) with its own pose.
uniform mat4 u_clip_from_torso;
uniform mat4 u_torso_from_model;
in vec3 in_position;
in vec3 in_normal;
in vec3 in_colour;
in float in_gloss;             // 0 dull .. 1 glossy; 2 glows
out vec3 v_shown_torso;
out vec3 v_normal_torso;
out vec3 v_colour;
out float v_gloss;

void main() {
    vec4 p = u_torso_from_model * vec4(in_position, 1.0);
    v_shown_torso = p.xyz;
    v_normal_torso = mat3(u_torso_from_model) * in_normal;
    v_colour = in_colour;
    v_gloss = in_gloss;
    gl_Position = u_clip_from_torso * p;
}
