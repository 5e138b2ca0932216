#version 330 core
// Skin with soft studio light, and on it the twelve zones and the landmark lines, drawn from azimuth and height.
uniform vec3 u_eye_torso;
uniform vec3 u_light_torso;        // towards the key light, unit
uniform vec3 u_sky_torso;          // towards the soft light, unit
uniform float u_axis_y_m;
uniform float u_notch_to_rib10_m;
uniform vec4 u_zone_range[6];      // azimuth low, high (radians), height fraction low, high
uniform int u_zone_state[12];      // R1..R6, L1..L6: 0 open, 1 begun, 2 answered, 3 not examined
uniform int u_selected;            // 0..11, -1 none
uniform float u_line_azimuth[6];   // landmark lines, radians
uniform float u_show_zones;        // 0 not at all .. 1
uniform float u_opacity;           // under 1 when the inside is shown
uniform vec3 u_skin;               // colour, linear
uniform vec3 u_nipple_torso;       // the right one; the left mirrors it
in vec3 v_position_torso;
in vec3 v_shown_torso;
in vec3 v_normal_torso;
in vec4 v_paint;                   // arm 0..1; metres to the edges of drape and cap, and to the cut shins
in float v_cavity;
out vec4 o_colour;

const vec3 OPEN = vec3(0.62, 0.80, 0.88);
const vec3 BEGUN = vec3(0.98, 0.76, 0.32);
const vec3 ANSWERED = vec3(0.20, 0.78, 0.62);
const vec3 LEFT_OUT = vec3(0.52, 0.55, 0.60);
const vec3 SELECTED = vec3(0.22, 0.80, 0.98);
const vec3 DRAPE = vec3(0.060, 0.155, 0.190);
const vec3 CAP = vec3(0.075, 0.200, 0.215);

void main() {
    vec3 n = normalize(v_normal_torso);
    vec3 view = normalize(u_eye_torso - v_shown_torso);
    float ndl = dot(n, u_light_torso);
    float key = max(0.0, (ndl + 0.30) / 1.30);                 // wrapped: skin is soft
    float sky = 0.5 + 0.5 * dot(n, u_sky_torso);
    float edge_on = 1.0 - clamp(dot(n, view), 0.0, 1.0);
    float rim = edge_on * edge_on * edge_on * sky * (1.0 - v_cavity);
    float glance = max(dot(n, normalize(u_light_torso + view)), 0.0);
    glance *= glance; glance *= glance; glance *= glance; glance *= glance;   // to the 16th: a soft sheen
    float gloss = 0.07 * glance;
    vec3 ambient = mix(vec3(0.10, 0.12, 0.17), vec3(0.34, 0.36, 0.40), sky);
    vec3 shade = mix(vec3(0.85, 0.50, 0.42), vec3(1.0), smoothstep(0.0, 0.45, key));  // warm at the terminator
    // Softer than a pixel nowhere: the edges of cloth are where the painted distance changes sign.
    vec3 off = vec3(abs(v_position_torso.x), v_position_torso.yz) - u_nipple_torso;
    float areola = clamp(3.6 - 1.6e4 * dot(off, off), 0.0, 1.0);   // a disc of 12 to 15 mm
    float edge_m = min(v_paint.y, v_paint.z);
    float cloth = clamp(0.5 - 700.0 * edge_m, 0.0, 1.0);
    float hem = clamp(3.0 - 1000.0 * abs(edge_m + 0.010), 0.0, 1.0);
    vec3 base = mix(u_skin * (1.0 - areola * vec3(0.38, 0.53, 0.53)),
                    (v_paint.y < v_paint.z ? DRAPE : CAP) * (1.0 - 0.25 * hem), cloth);
    gloss *= 1.0 - cloth;
    vec3 colour = base * (ambient + key * shade * vec3(0.98, 0.93, 0.88)) + gloss + rim * vec3(0.10, 0.16, 0.22);
    colour *= 1.0 - 0.55 * v_cavity;
    colour = sqrt(colour);   // near enough to the display's curve, and cheap on a software rasteriser

    vec3 bare = colour;
    float pixel = 0.45 * length(fwidth(v_position_torso));  // metres
    float height = -v_position_torso.z / u_notch_to_rib10_m;
    if (u_show_zones > 0.0 && v_paint.x < 0.6 && cloth < 1.0 && height > -0.03 && height < 1.1) {
        vec2 across = vec2(v_position_torso.x, v_position_torso.y - u_axis_y_m);
        float azimuth = abs(atan(across.x, across.y));
        float radius = length(across);
        int side = across.x >= 0.0 ? 0 : 6;
        float facing = smoothstep(0.05, 0.35, dot(n, view)) * smoothstep(0.6, 0.3, v_paint.x) * (1.0 - cloth);
        // The columns of zones lie side by side and each has an upper and a lower one, so that a point is in one at most.
        int column = int(azimuth > u_zone_range[2].x) + int(azimuth > u_zone_range[4].x);
        int i = 2 * column;
        i += int(height > u_zone_range[i].w);
        vec4 range = u_zone_range[i];
        float u = min(azimuth - range.x, range.y - azimuth) * radius - 0.0025;
        float w = min(height - range.z, range.w - height) * u_notch_to_rib10_m - 0.0025;
        vec2 corner = max(vec2(0.012) - vec2(u, w), 0.0);          // rounded, a little inside the zone's border
        float inside = corner.x > 0.0 && corner.y > 0.0 ? 0.012 - length(corner) : min(u, w);
        int index = side + i;
        int state = u_zone_state[index];
        bool chosen = index == u_selected;
        vec3 tint = chosen ? SELECTED : state == 0 ? OPEN : state == 1 ? BEGUN : state == 2 ? ANSWERED : LEFT_OUT;
        float fill = smoothstep(-pixel, pixel, inside) * (chosen ? 0.17 : state == 0 ? 0.0 : 0.13);
        float width = chosen ? 0.0013 : 0.0006;
        float edge = 1.0 - smoothstep(width, width + 1.6 * pixel, abs(inside));
        edge *= (chosen ? 0.95 : 0.42) * min(1.0, 2.0 * width / pixel + 0.35);
        colour = mix(colour, tint, max(fill, edge) * facing);

        float d = abs(azimuth - u_line_azimuth[0]);
        for (int k = 1; k < 6; ++k) d = min(d, abs(azimuth - u_line_azimuth[k]));
        float dash = step(0.45, fract(v_position_torso.z / 0.009)) * float(height > -0.02 && height < 1.08);
        float line = (1.0 - smoothstep(0.0003, 0.0003 + 1.5 * pixel, d * radius)) * dash * 0.30;
        colour = mix(colour, vec3(0.93, 0.96, 1.0), line * facing);
    }
    colour = mix(bare, colour, u_show_zones);
    float fade = smoothstep(0.0, 0.05, v_paint.w);
    o_colour = vec4(colour, u_opacity * fade);
}
