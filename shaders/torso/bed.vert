#version 330 core
// A hint of the bed: one flat sheet.
uniform mat4 u_clip_from_torso;
uniform mat4 u_torso_from_model;
in vec2 in_corner;             // -1..1
out vec2 v_corner;
void main() {
    v_corner = in_corner;
    gl_Position = u_clip_from_torso * u_torso_from_model * vec4(in_corner, 0.0, 1.0);
}
