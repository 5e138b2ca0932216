#version 330 core
// The skin in the torso frame, metres. Breathing lifts the front of the trunk a little.
uniform mat4 u_clip_from_torso;
uniform float u_breath;        // 0 end-expiration .. 1 end-inspiration
uniform float u_axis_y_m;
in vec3 in_position_torso;
in vec3 in_normal_torso;
in vec4 in_paint;              // arm 0..1; metres to the edges of drape and cap, and to the cut shins
in float in_cavity;            // 0 open .. 1 in a fold
out vec3 v_position_torso;     // at rest: what zones and lines are drawn from
out vec3 v_shown_torso;        // where it is shown
out vec3 v_normal_torso;
out vec4 v_paint;
out float v_cavity;

void main() {
    v_position_torso = in_position_torso;
    v_normal_torso = in_normal_torso;
    v_paint = in_paint;
    v_cavity = in_cavity;
    float front = smoothstep(-0.02, 0.08, in_position_torso.y - u_axis_y_m);
    float trunk = smoothstep(0.02, -0.10, in_position_torso.z) * (1.0 - in_paint.x);
    v_shown_torso = in_position_torso + in_normal_torso * (0.003 * u_breath * front * trunk);
    gl_Position = u_clip_from_torso * vec4(v_shown_torso, 1.0);
}
