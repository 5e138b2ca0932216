#version 330 core
// The plane of the beam, in the probe frame (x, z), with the live image on it.
uniform mat4 u_clip_from_torso;
uniform mat4 u_torso_from_model;
in vec2 in_xz_m;
in vec2 in_uv;
in float in_edge;              // 1 on the border of the sector, 0 inside
out vec2 v_uv;
out float v_edge;

void main() {
    v_uv = in_uv;
    v_edge = in_edge;
    gl_Position = u_clip_from_torso * u_torso_from_model * vec4(in_xz_m.x, 0.0, in_xz_m.y, 1.0);
}
