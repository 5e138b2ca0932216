#version 330 core
// Pass 1, tissue: what lies at each line and depth, how strongly it scatters and attenuates, how far gas is.
#include "body.glsl"
#include "tissue_labels.glsl"
#include "phantom.glsl"
#include "lib/muscles.glsl"
#include "lib/breast.glsl"

uniform sampler3D noise;         // rg: complex unit noise, b, a: unit value noise; wraps
uniform sampler2D tissue_table;  // per tissue: two-way attenuation Np/m, backscatter amplitude, structure
uniform sampler2D beam;          // per sample, see render/tables.py

uniform float stride;  // samples from one row of the target to the next

layout(location = 0) out vec4 medium;  // attenuation Np/m, tissue / 255, gas distance m, elevation slope of gas
layout(location = 1) out vec4 echo;    // complex echo before transmission, unused, unused

const float CELLS_A_SLICE = 1.0;  // of the lattice of scatterers, across the image plane: as a Gaussian slice of that width [D]

const vec3 STREAK_M = vec3(0.010, 0.008, 7.0e-4);   // lattice of fascicles and fat lobules: girth, length, depth [P]
const vec3 WARP_M = vec3(0.024, 0.019, 5.0e-3);      // lattice that their sheets are warped on [P]
const float WARP = 0.75;                            // by up to this many sheets [P]
const float SHEETS_M = 3.2e-3;                      // from sheet to sheet: fascia, perimysium, septa [P]
const float SHEET_M = 2.2e-4;                       // half of a sheet's thickness [P]
const float STEEP_M = 2.0e-3;                        // a steep sheet is drawn no thicker than this [P]
const float INDENTED = 0.35;                         // echo of that layer re liver: dark beside the wall, -9 dB [P]
const float BETWEEN_MUSCLES = 3.4;                   // echo of the fascia between muscles re liver, +11 dB; +6..+12 [B]
const float FASCIA_HALF_M = 1.0e-4;                  // half of its thickness [P]
const float FASCIA_WAVE_M = 5.0e-4;                  // by which it is uneven in depth [P]
const vec2 IN_MUSCLE = vec2(0.85, 0.5);              // of fascicles, sheets, re intercostals: what fasciae add [P]
const vec2 PENNATION = vec2(-0.18, 0.06);            // slope of fascicles along the body: outer muscle, inner muscle [P]
const float CLUMP_M = 3.5e-3;                       // lattice of what is not layered [P]
const float VESSEL_M = 2.2e-2;  // lattice of the vessels of liver and spleen [P]
const float VESSEL = 0.17;      // their radius over it [P]
const float AIRWAY = 7.0;       // echo of air in a bronchus re liver, +17 dB [P]
const float AIRWAY_NP_M = 500.0;  // what air in a bronchus takes, two-way: 2 mm of it 9 dB, for the beam is wider [P]
const float ECHOES_NP = 5.07;       // amplitude of echoes at 1, a membrane, over clear fluid: 44 dB [P]
const float SEPTUM_HALF_M = 0.7e-3; // half of the thickness of a membrane; 1-3 mm are seen [P]
const float SEPTATED_CLOUD = 0.3;   // density of the fluid between membranes [P]
const float SWIRL_BREATH = 0.5;     // of the diaphragm's descent that fluid is stirred by [P]
const float SWIRL_BEAT_M = 1.5e-3;  // that a heartbeat stirs it by [P]

// Complex unit noise fixed to tissue: trilinear lattice of pitch `pitch_m` in the plane and half a slice across it,
// variance-normalised.
vec2 scatterers(vec3 anchor, float pitch_m, float slice_m) {
    float across = (dot(anchor, lattice_across.xyz) - lattice_across.w) * CELLS_A_SLICE / slice_m;
    vec3 q = vec3(dot(anchor, lattice_u.xyz) / pitch_m, dot(anchor, lattice_v.xyz) / pitch_m, across)
        + look.z * vec3(37.3, 53.7, 71.9);  // another look sees other interference
    vec3 f = fract(q);
    vec3 power = 1.0 - 2.0 * f + 2.0 * f * f;
    return texture(noise, (q + 0.5) / NOISE_SIZE).rg * inversesqrt(power.x * power.y * power.z);
}

// A bright sheet, thinner than the pulse, where the signed distance d is zero; strongest where the beam meets it squarely.
// `step_m` is how much d changes to the next line: a steep sheet must not fall between lines.
float sheet(float d, float along_beam, float step_m) {
    float square = clamp(abs(along_beam), 0.0, 1.0);
    float x = d / max(0.5 * beam_shape.x, 0.7 * min(abs(step_m), STEEP_M));
    return exp(-x * x) * (0.12 + 0.88 * smoothstep(0.75, 0.995, square));
}

// Density 0..1 of what floats in fluid, from the field of its echoes: clouds, or thin membranes with fluid between them.
float density_in_fluid(float field) {
    if (field < 1.25) return field;
    float x = (field - SEPTA_AT) * SEPTA_UNIT_M / SEPTUM_HALF_M;
    return mix(SEPTATED_CLOUD, 1.0, exp(-x * x));
}

// Where what floats in fluid was [m] before breath and heart stirred it.
vec3 swirl_m(vec3 p) {
    vec3 eddy = vec3(sin(p.z / 0.019), 0.6 * sin(p.x / 0.013 + 1.0), cos(p.y / 0.017 + p.z / 0.031));
    return eddy * (SWIRL_BREATH * motion.x + SWIRL_BEAT_M * motion.y);
}

void main() {
    float line = gl_FragCoord.x;
    int row = min(int(gl_FragCoord.y * stride), textureSize(beam, 0).x - 1);
    float depth_m = gl_FragCoord.y * array.w * stride;
    vec3 p = torso_point(line, depth_m);
    vec3 bc = body_coordinate(p);
    vec4 w = texture(wall, bc);
    vec4 b = texelFetch(beam, ivec2(row, 0), 0);
    float inv_step = 1.0 / (array.w * stride);
    vec4 w_along = dFdy(w) * inv_step;
    vec4 resting = texture(thorax, bc);
    vec4 still = texture(organs, bc);
    vec3 vessels = great_vessels(resting, still);
    float pleura = resting.x;

    float azimuth = atan(p.x, p.y - body_shape.x);
    int label = TISSUE_FAT;
    float gas = pleura;
    float slope = 0.0;
    float bone_share = step(w.z, 0.0);
    vec3 anchor = p;
    float heart_edge = 1.0;
    vec3 e = axis_y.xyz * b.z;
    float diaphragm_edge = FAR_M;
    float mediastinum_edge = FAR_M;
    float echoes = 1.0;
    float airway = FAR_M;  // to air in the bronchi of airless lung: too thin to hide all that lies behind

    if (w.x > 0.0) {
        label = TISSUE_GEL;
        gas = max(w.x, 1e-3);
    } else {
        if (w.x > -body_shape.z) label = TISSUE_SKIN;
        if (w.y < 0.0) label = TISSUE_MUSCLE;
#ifdef GLANDS
        if (label == TISSUE_FAT && gland_level(gland, azimuth, p.z, w.y, -w.x - body_shape.z) < 0.0)
            label = TISSUE_GLAND;
#endif
        if (pleura < 4e-3) {
            vec3 pa = in_abdomen(p);
            vec4 between = in_pleural_space(p);
            vec3 pl = in_lung(p, between, still.x);
            vec3 moved = texture(thorax, body_coordinate(pa)).yzw;  // diaphragm, liver, spleen
            float heart = still.x + HEART_INWARD_M * motion.y;
            heart_edge = heart;
            vec4 disease = texture(lung, lung_coordinate(pl));
#ifdef LENSES
            disease.y = min(disease.y, in_lenses_m(line, pl, -pleura));
#endif
            disease.y = max(disease.y, -between.z);
#ifdef OPEN_BRONCHI
            vec3 in_air = in_bronchi(pl);  // air moves in the bronchi of airless lung
            disease.w = texture(lung, lung_coordinate(in_air)).w;
#else
            vec3 in_air = pl;
#endif
#ifdef FINE_BRONCHI
            disease.w = texture(bronchi, (in_air - bronchi_origin.xyz) * bronchi_scale.xyz).x;
#endif
            float effusion = between.x;
            float airy = max(max(pleura, -moved.x), max(-heart, -still.y));
            gas = max(airy, max(-disease.y, -effusion));
            airway = max(max(airy, disease.y), disease.w);
            if (pleura < 0.0) {
                label = TISSUE_LUNG;
                anchor = pl;
                if (disease.y < 0.0) label = disease.w > FLUID_BRONCHUS_M ? TISSUE_FLUID : TISSUE_CONSOLIDATION;
                if (effusion < 0.0) {
                    label = TISSUE_FLUID;
                    anchor = p + swirl_m(p);
                    echoes = exp(ECHOES_NP * density_in_fluid(between.w));
                }
                if (still.y < 0.0) { label = TISSUE_MEDIASTINUM; anchor = p; }
                if (moved.x < 0.0) {
                    label = TISSUE_ABDOMEN;
                    anchor = pa;
                    vec2 hanging = texture(organs, body_coordinate(pa)).zw;  // kidney, stomach
                    if (hanging.x < 0.0) label = TISSUE_KIDNEY;
                    if (hanging.y < 0.0) label = TISSUE_STOMACH_GAS;
                    if (moved.z < 0.0) label = TISSUE_SPLEEN;
                    if (moved.y < 0.0) label = TISSUE_LIVER;
                    if (moved.x > -body_shape.w || pleura > -body_shape.w) label = TISSUE_DIAPHRAGM;
                    gas = min(gas, max(hanging.y, max(-moved.y, -moved.z)));
                } else if (heart < 0.0) {
                    label = heart > -HEART_WALL_M * (1.0 + HEART_THICKENING * motion.y) ? TISSUE_HEART : TISSUE_BLOOD;
                    anchor = p;
                }
            }
            diaphragm_edge = moved.x;
            mediastinum_edge = still.y;
        }
        // Blood and air of the great vessels, where neither heart nor abdomen has come.
        vessels = min(heart_edge, diaphragm_edge) > 0.0 ? vessels : vec3(FAR_M);
        if (min(vessels.y, vessels.z) < 0.0) { label = TISSUE_BLOOD; anchor = p; }
        if (vessels.x < 0.0) label = TISSUE_TRACHEA;
        gas = min(gas, vessels.x);
        if (w.w < 0.0) label = TISSUE_CARTILAGE;
        if (w.z < 0.0) label = TISSUE_BONE;
        float pocket = soft_gas_m(p);
        if (pocket < gas) {  // gas in the chest wall
            gas = pocket;
            if (pocket < 0.0) label = TISSUE_AIR;
        }
        if (gas > -6e-3) {
            // Thick slice: two more samples in elevation, for bone, and for the slope where gas begins.
            vec3 bp = body_coordinate(p + e);
            vec3 bm = body_coordinate(p - e);
            bone_share = 0.5 * bone_share + 0.25 * (step(texture(wall, bp).z, 0.0) + step(texture(wall, bm).z, 0.0));
            bool of_wall = abs(gas - pleura) <= 1e-4;  // otherwise the border is not the wall: the diaphragm's slope instead
            if (!of_wall) {
                bp = body_coordinate(in_abdomen(p + e));
                bm = body_coordinate(in_abdomen(p - e));
            }
            vec2 up = texture(thorax, bp).xy;
            vec2 um = texture(thorax, bm).xy;
            slope = of_wall ? up.x - um.x : um.y - up.y;
#ifdef SOFT_GAS
            if (gas == pocket) slope = soft_gas_m(p + e) - soft_gas_m(p - e);
#endif
            if (gas == vessels.x) slope = 0.0;  // the trachea lies nearly square to a transverse plane [P]
            slope /= 2.0 * max(b.z, 1e-5);
        }
    }

#if defined(PHANTOM) && !defined(COARSE)
    float target_level;
    vec2 pin;
    in_phantom(p, dFdx(p), dFdy(p), b.x, b.z / 1.413, label, target_level, pin);
#endif
    vec4 acoustics = texelFetch(tissue_table, ivec2(label, 0), 0);
#if defined(PHANTOM) && !defined(COARSE)
    if (label != TISSUE_FLUID) acoustics.y *= target_level;
#endif
    vec4 bone_acoustics = texelFetch(tissue_table, ivec2(TISSUE_BONE, 0), 0);
    float attenuation = acoustics.x;
    if (label != TISSUE_LUNG && label != TISSUE_GEL && label != TISSUE_STOMACH_GAS && label != TISSUE_TRACHEA) {
        attenuation = mix(label == TISSUE_BONE ? 0.3 * bone_acoustics.x : acoustics.x, bone_acoustics.x, bone_share);
    }

    float in_airway = label == TISSUE_CONSOLIDATION ? smoothstep(2.0e-4, -6.0e-4, airway) : 0.0;
    attenuation += AIRWAY_NP_M * in_airway;

    vec2 complex_echo = vec2(0.0);
#ifndef COARSE
    vec4 steps_m = dFdx(w);
    vec2 vessel_steps_m = dFdx(vessels.yz);
    vec2 vessels_along = dFdy(vessels.yz) * inv_step;
    vec4 deep_steps_m = dFdx(vec4(heart_edge, diaphragm_edge, mediastinum_edge, airway));
    float inner = inner_share(abs(azimuth) * 57.29578, -p.z / body_shape.y, azimuth < 0.0 ? scapulae.y : scapulae.x);
    vec2 muscle_edge = muscle_borders_m(body_texture.w, inner, w.y, pleura);
    vec2 muscle_steps_m = dFdx(muscle_edge);
    vec2 muscle_along = dFdy(muscle_edge) * inv_step;
    if (gas > -3e-3 && label != TISSUE_GEL) {
        // What is seen of lung is the airless layer over an indented surface; where it is smooth, none (pass fold).
        float amplitude = label == TISSUE_LUNG ? INDENTED : acoustics.y;
        vec2 speckle = scatterers(anchor, beam_shape.y, b.z / 0.6);
        float d_skin = -w.x;
        float arc = azimuth * 0.16;
        // One look at the noise for the texture of whatever lies here: a software rasteriser runs every branch.
        bool meat = label == TISSUE_MUSCLE;
        bool layered = meat || label == TISSUE_FAT || label == TISSUE_SKIN;  // gland is in clumps
        bool vascular = label == TISSUE_LIVER || label == TISSUE_SPLEEN;
        float pennation = muscle_edge.x < 0.0 ? 0.10 : (muscle_edge.y < 0.0 ? PENNATION.y : PENNATION.x);
        vec3 along = vec3(arc, p.z, d_skin + (meat ? pennation * p.z + 0.05 * arc : -0.04 * p.z));
        vec3 lattice = layered ? along / STREAK_M : anchor / (vascular ? VESSEL_M : CLUMP_M);
        vec3 within = fract(lattice);
        if (vascular) lattice += within * within * (3.0 - 2.0 * within) - within;  // round, without the lattice's creases
        vec2 grain = texture(noise, lattice / NOISE_SIZE).ba;
        float bright = grain.y;
        float texture_gain = exp(0.55 * grain.y);
        float layers = 0.0;
        if (layered) {
            // Fascicles and septa lie nearly parallel to the skin: grey streaks, and between them a few sheets, long
            // and wavy, that reflect where the beam meets them squarely.
            vec2 fold = texture(noise, along / WARP_M / NOISE_SIZE + 0.31).ba;
            texture_gain = exp((meat ? 1.1 : 0.85) * grain.x + 0.45 * fold.y - 0.35);
            // Sheets follow one another at SHEETS_M, warped so that they come together and part.
            float number = along.z / SHEETS_M + WARP * fold.x;
            float thin = (number - round(number)) * SHEETS_M / SHEET_M;
            float square = smoothstep(0.80, 0.99, abs(w_along.x));
            layers = exp(0.8 * grain.y - thin * thin) * smoothstep(-0.4, 0.7, fold.y) * (0.2 + 0.8 * square) * 4.5;
            if (meat && muscle_edge.x > 0.0) {
                texture_gain *= IN_MUSCLE.x;
                layers *= IN_MUSCLE.y;
            }
            bright = fold.y;
        } else if (vascular) {
            // Vessels run where two smooth fields pass zero together: dark lumen, brighter wall.
            float off = length(grain) / VESSEL;
            float rim = (off - 1.25) / 0.2;
            texture_gain = mix(1.0, smoothstep(0.7, 1.0, off) + 0.06, body_texture.x) + 0.5 * body_texture.x * exp(-rim * rim);
            bright = 0.0;
        }
        amplitude *= mix(1.0, texture_gain, acoustics.z);
        complex_echo = speckle * amplitude * (label == TISSUE_FLUID ? echoes : 1.0) * b.y;
        // Interfaces: coherent, so not subject to the speckle gain. Levels re liver: clinical.md D.3 [B]/[P].
        float uneven = 0.75 + 0.35 * bright;
        float outside = step(0.0, min(vessels.y, vessels.z));                        // of vessels, which push sheets aside
        float fascia = 5.0 * sheet(w.y, w_along.y, steps_m.y) * uneven * outside;    // fat to muscle, +14 dB
        // Between muscles, the nearer border: where a muscle ends two run together, or into that with fat.
        bool ribwards = abs(muscle_edge.x) < abs(muscle_edge.y);
        float between = ribwards ? 1.0 : min(6.0 * (1.0 - inner), 1.0);
        float edge_m = max(abs((ribwards ? muscle_edge.x : muscle_edge.y) + FASCIA_WAVE_M * bright) - FASCIA_HALF_M, 0.0);
        between *= BETWEEN_MUSCLES * sheet(edge_m, ribwards ? muscle_along.x : muscle_along.y,
            ribwards ? muscle_steps_m.x : muscle_steps_m.y) * (meat ? uneven : 0.0);
        float epidermis = 3.0 * sheet(w.x + 4e-4, w_along.x, steps_m.x);             // +10 dB
        float cortex = 16.0 * sheet(w.z, w_along.z, steps_m.z);                      // bone, +24 dB
        float perichondrium = 2.5 * sheet(w.w, w_along.w, steps_m.w);                // +8 dB
        float endothoracic = 4.0 * sheet(pleura - 1.2e-3, 1.0, 0.0) * step(0.0, gas) * uneven * outside;
        float pericardium = 5.0 * sheet(heart_edge, 1.0, deep_steps_m.x);                 // +14 dB
        float diaphragm = 9.0 * sheet(diaphragm_edge, 1.0, deep_steps_m.y) * step(0.0, gas) * uneven;  // +19 dB, under fluid or solid lung
        float mediastinal = 4.0 * sheet(mediastinum_edge, 1.0, deep_steps_m.z) * step(0.0, min(gas, diaphragm_edge)) * uneven;  // +12 dB
        float intima = 7.0 * sheet(vessels.y, vessels_along.x, vessel_steps_m.x)      // of arteries, +17 dB
            + 3.5 * sheet(vessels.z, vessels_along.y, vessel_steps_m.y);              // thinner of veins, +11 dB
        float bronchus = label == TISSUE_CONSOLIDATION ? AIRWAY * sheet(airway, 1.0, deep_steps_m.w) * uneven : 0.0;
        complex_echo += vec2(fascia + between + epidermis + cortex + perichondrium + endothoracic + pericardium + diaphragm + mediastinal + intima
            + 0.5 * layers * acoustics.y + bronchus, 0.0)
            + speckle * (0.5 * (fascia + cortex) + 0.35 * between + 0.7 * layers * acoustics.y + 0.4 * bronchus + 0.25 * AIRWAY * in_airway);
    }
#ifdef PHANTOM
    complex_echo += pin;
#endif
#endif
    medium = vec4(attenuation, float(label) / 255.0, clamp(gas, -0.05, 0.05), slope);
    echo = vec4(complex_echo, 0.0, 0.0);
}
