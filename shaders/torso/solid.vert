#version 330 core
// A coloured solid (probe, bed, organs) with its own pose; what is in the body moves with breath and heart.
#include "lib/chest_wall.glsl"
uniform mat4 u_clip_from_torso;
uniform mat4 u_torso_from_model;
uniform vec4 u_motion;         // breath of the wall; descent of the lung's base and of organs, inward motion, metres
uniform float u_axis_y_m;
uniform float u_notch_to_rib10_m;
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
    vec3 at_rest = p.xyz;
    float base = smoothstep(0.10, 0.65, -at_rest.z / u_notch_to_rib10_m);  // the lung is drawn out between apex and dome
    p.xyz += wall_shift_m(at_rest, u_motion.x, u_axis_y_m, u_notch_to_rib10_m) - u_motion.w * in_normal;
    p.z -= u_motion.y * base + u_motion.z;
    v_shown_torso = p.xyz;
    v_normal_torso = mat3(u_torso_from_model) * in_normal;
    v_colour = in_colour;
    v_gloss = in_gloss;
    gl_Position = u_clip_from_torso * p;
}
