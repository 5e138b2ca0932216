#version 330 core
// Plastic under the same studio light as the skin.
uniform vec3 u_eye_torso;
uniform vec3 u_light_torso;
uniform vec3 u_sky_torso;
uniform float u_opacity;
in vec3 v_shown_torso;
in vec3 v_normal_torso;
in vec3 v_colour;
in float v_gloss;
out vec4 o_colour;

void main() {
    vec3 n = normalize(v_normal_torso);
    vec3 view = normalize(u_eye_torso - v_shown_torso);
    if (dot(n, view) < 0.0) n = -n;
    float key = max(0.0, (dot(n, u_light_torso) + 0.15) / 1.15);
    float sky = 0.5 + 0.5 * dot(n, u_sky_torso);
    vec3 half_way = normalize(u_light_torso + view);
    float gloss = pow(max(dot(n, half_way), 0.0), 48.0) * 0.55 * min(v_gloss, 1.0);
    float rim = pow(1.0 - clamp(dot(n, view), 0.0, 1.0), 3.0);
    vec3 base = v_colour * v_colour;
    vec3 colour = base * (mix(vec3(0.14, 0.16, 0.20), vec3(0.42), sky) + 0.85 * key) + gloss + rim * vec3(0.06, 0.08, 0.10);
    if (v_gloss > 1.5) colour = base * 1.15;
    o_colour = vec4(pow(colour, vec3(1.0 / 2.2)), u_opacity);
}
