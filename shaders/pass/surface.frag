#version 330 core
// Pass 3b and 4, the lung's surface on each line: tilt, roughness screen, and how the traps in the beam are excited.
#include "body.glsl"
#include "lib/hash.glsl"
#include "lib/reverberation.glsl"

uniform sampler2D gas_lines;
uniform sampler2D transmission;
uniform sampler3D noise;
uniform sampler2D beam;

layout(location = 0) out vec4 surface;   // depth m, in-plane tilt rad, elevation tilt rad, kind
layout(location = 1) out vec4 screens;   // complex roughness screen of the first and second bounce
layout(location = 2) out vec4 traps_01;  // complex excitation of trap classes, two a target
layout(location = 3) out vec4 traps_23;
layout(location = 4) out vec4 traps_45;
layout(location = 5) out vec4 traps_67;
layout(location = 6) out vec4 anchor;    // place on the lung in beam widths (arc, z), strength of dry and of wet haze

layout(location = 7) out vec4 comets;    // complex excitation of short comet tails (I- and Z-lines), roughness of the surface 0..1, unused

const float CELL_M = 1.0e-3;            // one trap at most in a cell of the surface [P]
const float WET_SHARE = 0.75;           // of the cells are traps at density 1 [P]
const float INDENTATION_M = 3.0e-3;     // spacing of indentations of a fragmented pleura [P]
const float INDENTATION_DEPTH_M = 1.5e-3; // and their depth at roughness 1 [P]
const float WET_LOSS = 0.4;             // of the reflected amplitude at trap density 1 [P]
const float BEAM_WIDTH_M = 1.15e-3;     // over which the haze of a sliding lung changes (transmit beam at the pleura, 1.2 mm in focus) [D]
const float ENTERING_RAD = 0.24;         // tilt over which traps of a smooth surface are excited: +-10..15 degrees (B.4 [P])
const float ENTERING_ROUGH_RAD = 0.45;   // added on a shredded surface, some facets of which are always square [P]
const float I_CELL_M = 9.0e-3;           // lattice of the starts of I-lines, and share of its cells that have one [P]
const float I_SHARE = 0.45;              // [P]
const float Z_CELL_M = 14.0e-3;          // the same of Z-lines [P]
const float Z_SHARE = 0.25;              // [P]
const float SCATTERING_RAD = 0.6;       // tilt over which haze fades: it is scattered, not mirrored [P]
const float ROUGHNESS_CORRELATION_M = 0.8e-3;  // pitch of the lattice of the surface's height [P]
const float CLUSTER_M = 2.6e-3;          // from cluster to cluster of traps: B3 is 3 mm and less [B]
const float WALL_GAS_M = 5e-4;          // nearer to gas in the chest wall than this, it is that gas which is met [P]
const float WALL_FILM = 0.60;            // of what rings as in lung: so near the face it is bright enough [P]
const float WALL_HAZE = 0.4;             // of the haze of lung [P]
const float WALL_GAS_ROUGHNESS = 0.5;   // of its bubbles, as of pleura [P]
const float WALL_FILM_M = 3.5e-3;        // size of the drops of film that ring on it (E-lines) [P]

vec2 probe_plane(float line, float depth_m) {
    return (beam_origin_m(line) + beam_direction(line) * depth_m).xz;
}

// Point (x, z) in the probe plane where a neighbouring line meets the surface; this line's own where it is another one.
vec2 on_same_surface(int neighbour, int line, vec4 here) {
    int i = clamp(neighbour, 0, int(array.x) - 1);
    vec4 there = texelFetch(gas_lines, ivec2(i, 0), 0);
    bool same = there.y == here.y && abs(there.x - here.x) < 3e-3;
    return same ? probe_plane(float(i) + 0.5, there.x) : probe_plane(float(line) + 0.5, here.x);
}

float smooth_height(vec3 point_lung, float pitch_m) {
    vec3 q = point_lung / pitch_m;
    vec3 f = fract(q);
    vec3 power = 1.0 - 2.0 * f + 2.0 * f * f;
    return texture(noise, (q + 0.5) / NOISE_SIZE).b * inversesqrt(power.x * power.y * power.z);
}

// Complex excitation of comet tails: at most one start in each cell of a coarse lattice, weighted by the beam there.
vec2 comets_at(vec3 point, vec3 on_lateral, vec3 on_elevation, vec3 normal, vec2 width_m, float cell_m, float share, uint salt) {
    ivec3 base = ivec3(floor(point / cell_m));
    vec2 sum = vec2(0.0);
    for (int n = 0; n < 27; ++n) {
        ivec3 cell = base + ivec3(n % 3, (n / 3) % 3, n / 9) - 1;
        uint h = hash_cell(cell, uint(indices.x) ^ salt);
        if (unit_float(h) > share) continue;
        uint h2 = pcg(h), h3 = pcg(h2), h4 = pcg(h3);
        vec3 away = (vec3(cell) + vec3(unit_float(h2), unit_float(h3), unit_float(h4))) * cell_m - point;
        if (abs(dot(away, normal)) > 0.5 * cell_m) continue;
        vec2 off = vec2(dot(away, on_lateral), dot(away, on_elevation)) / width_m;
        float angle = 6.2831853 * unit_float(pcg(h4));
        sum += exp(-0.5 * dot(off, off)) * (0.5 + unit_float(pcg(h4 ^ 77u))) * vec2(cos(angle), sin(angle));
    }
    return sum;
}

void main() {
    int line = int(gl_FragCoord.x);
    vec4 here = texelFetch(gas_lines, ivec2(line, 0), 0);
    float depth_m = here.x;
    float in_plane = 0.0;
    {
        // Tilt against the beam, from neighbours on the same surface.
        int reach = max(1, int(beam_shape.w));
        vec2 tangent = on_same_surface(line + reach, line, here) - on_same_surface(line - reach, line, here);
        vec3 d = beam_direction(float(line) + 0.5);
        float across = dot(tangent, vec2(d.z, -d.x));
        in_plane = abs(across) > 1e-6 ? atan(dot(tangent, d.xz) / across) : 0.0;
    }
    surface = vec4(depth_m, in_plane, here.z, here.y);
    screens = vec4(0.0);
    traps_01 = traps_23 = traps_45 = traps_67 = anchor = comets = vec4(0.0);
    if (here.y != 1.0) return;

    vec3 p = torso_point(float(line) + 0.5, depth_m);
    vec4 between = in_pleural_space(p);
    bool in_wall = soft_gas_m(p) < WALL_GAS_M;  // gas in the chest wall stands still, in a wet film
    vec4 still = texture(organs, body_coordinate(p));
    bool in_trachea = great_vessels(texture(thorax, body_coordinate(p)), still).x < WALL_GAS_M;  // smooth, still, no lung
    float joined = in_trachea ? 0.0 : in_wall ? 1.0 : attached(between.z);  // free air has neither the lung's disease nor its traps
    vec3 pl = in_lung(p, between, still.x);
    if (in_wall || in_trachea) pl = p;
    vec4 disease = in_wall ? vec4(0.5, 0.0, WALL_GAS_ROUGHNESS, 0.0) : texture(lung, lung_coordinate(pl)) * joined;
    // Diseased pleura is indented and broken at a scale that the beam resolves: deeper in places, and uneven.
    float indented = disease.z * (0.75 * abs(smooth_height(pl, INDENTATION_M)) + 0.45 * abs(smooth_height(pl, 0.37 * INDENTATION_M)));
    surface.x = depth_m + INDENTATION_DEPTH_M * indented;
    float rms_m = ROUGHNESS_HEALTHY_M + ROUGHNESS_DISEASED_M * disease.z + ROUGHNESS_WET_M * disease.x;
    int row = clamp(int(depth_m / array.w), 0, textureSize(beam, 0).x - 1);
    vec4 widths = texelFetch(beam, ivec2(row, 2), 0);  // transmit sigma m, slice sigma m, relative strength
    vec3 d = beam_direction(float(line) + 0.5);
    vec3 beam_torso = axis_x.xyz * d.x + axis_z.xyz * d.z;
    vec3 lateral_torso = axis_x.xyz * d.z - axis_z.xyz * d.x;
    vec3 elevation_torso = axis_y.xyz;
    // Surface normal from the two tilts, and the directions on the surface.
    vec3 on_lateral = normalize(lateral_torso + beam_torso * tan(clamp(in_plane, -1.2, 1.2)));
    vec3 on_elevation = normalize(elevation_torso - beam_torso * tan(clamp(here.z, -1.2, 1.2)));
    vec3 normal = normalize(cross(on_lateral, on_elevation));

    // Roughness screen: mean of exp(i k phi) over the beam's footprint.
    vec2 first = vec2(0.0);
    vec2 second = vec2(0.0);
    float weight_sum = 0.0;
    for (int i = -3; i <= 3; ++i) {
        for (int j = -2; j <= 2; ++j) {
            vec2 o = vec2(float(i) / 1.8, float(j) / 1.3);
            vec3 q = pl + on_lateral * (o.x * min(widths.x, 1.2e-3)) + on_elevation * (o.y * widths.y);
            float phi = 12.566371 * rms_m * smooth_height(q, ROUGHNESS_CORRELATION_M) / pulse.x;
            float weight = exp(-0.5 * dot(o, o));
            first += weight * vec2(cos(phi), sin(phi));
            second += weight * vec2(cos(2.0 * phi), sin(2.0 * phi));
            weight_sum += weight;
        }
    }
    // Healthy pleura is not evenly bright along its length either.
    float uneven = exp((0.34 + 0.8 * disease.z) * smooth_height(pl + vec3(0.37), 4.5e-3)
        - 0.06 - 0.9 * indented);
    float shine = uneven * exp(0.45 * smooth_height(pl + vec3(0.71), 1.3e-2) - 0.15);  // of the mirror, in longer waves
    // What a bounce scatters goes wide: of the second bounce only part of it comes back to the face.
    float coherent = coherent_amplitude(2.0 * rms_m, pulse.x);
    second = mix(vec2(coherent * weight_sum, 0.0), second, 0.6);
    // A wet patch takes sound in instead of sending it back; what meets it twice loses most of it.
    float kept = 1.0 - WET_LOSS * disease.x;
    screens = vec4(first, second * kept * kept) * (shine / weight_sum);

    // Traps: one at most in each cell of a lattice fixed to the lung, near the surface, weighted by the beam there.
    vec3 size = abs(normal);
    int major = size.x > size.y ? (size.x > size.z ? 0 : 2) : (size.y > size.z ? 1 : 2);
    ivec3 unit_a = major == 0 ? ivec3(0, 1, 0) : ivec3(1, 0, 0);
    ivec3 unit_b = major == 2 ? ivec3(0, 1, 0) : ivec3(0, 0, 1);
    ivec3 unit_n = ivec3(1) - unit_a - unit_b;
    ivec3 base = ivec3(floor(pl / CELL_M));
    float normal_major = dot(normal, vec3(unit_n));
    vec2 sum[8];
    for (int k = 0; k < 8; ++k) sum[k] = vec2(0.0);
    for (int i = -5; i <= 5; ++i) {
        for (int j = -5; j <= 5; ++j) {
            ivec3 column = base + i * unit_a + j * unit_b;
            // where the tangent plane crosses this column
            vec3 centre = (vec3(column) + 0.5) * CELL_M;
            float rise = -dot(normal, centre - pl) / normal_major;
            int step_n = int(floor(rise / CELL_M + 0.5));
            for (int k = -1; k <= 1; ++k) {
                ivec3 cell = column + (step_n + k) * unit_n;
                uint h = hash_cell(cell, uint(indices.x));
                uint h2 = pcg(h);
                uint h3 = pcg(h2);
                vec3 trap = (vec3(cell) + vec3(unit_float(h2), unit_float(h3), unit_float(pcg(h3)))) * CELL_M;
                vec3 away = trap - pl;
                float x = dot(away, on_lateral) / widths.x;
                float y = dot(away, on_elevation) / widths.y;
                float z = dot(away, normal) / CELL_M;
                float reach = x * x + y * y;
                if (reach > 9.0 || abs(z) > 1.5) continue;
                float weight = exp(-0.5 * reach) * (1.0 - z * z / 2.25);
                float chance = unit_float(h);
                uint h4 = pcg(h ^ 0x9e3779b9u);
                float angle = 6.2831853 * unit_float(h4);
                float strength = 0.4 + 1.2 * unit_float(pcg(h4));
                vec2 excitation = weight * strength * vec2(cos(angle), sin(angle));
                // A thin cover of traps rings apart; only where it is dense do they make a line that is seen.
                float film = in_wall ? 0.4 + 0.3 * smooth_height(trap, WALL_FILM_M) : texture(lung, lung_coordinate(trap)).x;
                float density = smoothstep(0.3, 0.7, film);
                // Short of white lung, traps stand in clusters some 3 mm apart (B3), so that a band has lines in it.
                float cluster = 0.45 + 1.1 * unit_float(hash_cell(ivec3(floor(trap / CLUSTER_M)), uint(indices.x) ^ 13u));
                density *= mix(cluster, 1.0, smoothstep(0.80, 0.92, film));
                if (chance < WET_SHARE * density * joined) sum[int(h4 & 7u)] += excitation * TRAP_WET;
            }
        }
    }
    float through = texture(transmission, vec2((float(line) + 0.5) / array.x, depth_m / (array.w * beam_shape.z) / BLOCKS)).r;
    // Sound enters the traps best when the beam meets the surface squarely, over +-10..15 degrees (clinical.md B.4 [P]).
    float entering_rad = ENTERING_RAD + ENTERING_ROUGH_RAD * disease.z;
    float entering = exp(-(in_plane * in_plane + here.z * here.z) / (2.0 * entering_rad * entering_rad));
    float gain = through * entering * widths.z * pulse.y * (in_wall ? WALL_FILM : 1.0);
    vec2 lung_comets = comets_at(pl, on_lateral, on_elevation, normal, widths.xy, I_CELL_M, I_SHARE * joined * body_texture.y, 11u);
    vec2 wall_comets = comets_at(p, on_lateral, on_elevation, normal, widths.xy, Z_CELL_M, Z_SHARE * body_texture.y, 12u);
    comets = vec4((lung_comets + wall_comets) * (COMET * uneven * through * entering * pulse.y), disease.z, 0.0);
    traps_01 = vec4(sum[0], sum[1]) * gain;
    traps_23 = vec4(sum[2], sum[3]) * gain;
    traps_45 = vec4(sum[4], sum[5]) * gain;
    traps_67 = vec4(sum[6], sum[7]) * gain;
    float wet = 0.0;
    for (int k = 0; k < 8; ++k) wet += dot(sum[k], sum[k]);
    float arc_lung = atan(pl.x, pl.y - body_shape.x) * 0.15;
    float scattering = exp(-(in_plane * in_plane + here.z * here.z) / (2.0 * SCATTERING_RAD * SCATTERING_RAD));
    anchor = vec4(arc_lung / BEAM_WIDTH_M, pl.z / BEAM_WIDTH_M, TRAP_DRY * uneven * through * scattering * looks.w * (in_wall ? WALL_HAZE : 1.0),
                  sqrt(wet) * gain);
}
