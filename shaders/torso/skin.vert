#version 330 core
// The skin in the torso frame, metres. Breathing lifts chest and belly.
#include "lib/chest_wall.glsl"
uniform mat4 u_clip_from_torso;
uniform float u_breath;        // 0 end-expiration .. 1 quiet end-inspiration; more in deep breaths
uniform float u_axis_y_m;
uniform float u_notch_to_rib10_m;
in vec3 in_position_torso;
in vec3 in_normal_torso;
in vec4 in_paint;              // arm 0..1; metres to the edges of drape and cap, and to the cut shins
in float in_cavity;            // 0 open .. 1 in a fold
out vec3 v_position_torso;     // at rest: what zones and lines are drawn from
out vec3 v_shown_torso;        // where it is shown
out vec3 v_normal_torso;
out vec4 v_paint;
out float v_cavity;

vec3 shift_m(vec3 p, float breath) { return wall_shift_m(p, breath, u_axis_y_m, u_notch_to_rib10_m); }

void main() {
    v_position_torso = in_position_torso;
    v_paint = in_paint;
    v_cavity = in_cavity;
    float moved = u_breath * (1.0 - in_paint.x);
    v_shown_torso = in_position_torso + shift_m(in_position_torso, moved);
    // Where the skin tilts, light falls differently on it: the normal follows the slope of the movement.
    const float STEP_M = 0.01;
    vec3 n = in_normal_torso;
    vec3 slope = vec3(dot(n, shift_m(in_position_torso + vec3(STEP_M, 0.0, 0.0), moved)),
                      dot(n, shift_m(in_position_torso + vec3(0.0, STEP_M, 0.0), moved)),
                      dot(n, shift_m(in_position_torso + vec3(0.0, 0.0, STEP_M), moved)));
    slope = (slope - dot(n, v_shown_torso - in_position_torso)) / STEP_M;
    v_normal_torso = normalize(n - slope);
    gl_Position = u_clip_from_torso * vec4(v_shown_torso, 1.0);
}
