// The baked fields and how to look them up. Signed distances in metres, negative inside.
#include "blocks.glsl"
#include "lib/motion.glsl"
#include "lib/sector.glsl"
#include "lib/vessels.glsl"
#ifdef LENSES
#include "lib/lens.glsl"
#endif

uniform sampler3D wall;     // skin, muscle, bone, cartilage
uniform sampler3D thorax;   // pleura, diaphragm, liver, spleen; above the dome great veins in the last
uniform sampler3D organs;   // heart, mediastinum, kidney, stomach; above the dome arteries and trachea in the last two
uniform sampler3D lung;     // interstitial, consolidation, roughness, bronchogram
uniform sampler3D space;    // pleural space: fluid, share of sliding lost, free air, echoes of the fluid
uniform sampler3D soft;     // gas in the chest wall
uniform sampler3D bronchi;  // bronchi in airless lung, where the patient has any

vec3 body_coordinate(vec3 point_torso) { return (point_torso - body_origin.xyz) * body_scale.xyz; }
vec3 lung_coordinate(vec3 point_torso) { return (point_torso - lung_origin.xyz) * lung_scale.xyz; }

// Distances to the great vessels now [m]: trachea, arteries, veins, from the resting texels of `thorax` and `organs`.
vec3 great_vessels(vec4 thorax_texel, vec4 organs_texel) {
    float artery = artery_now_m(above_dome_m(organs_texel.z, thorax_texel.y), motion.y);
    return vec3(above_dome_m(organs_texel.w, thorax_texel.y), artery, above_dome_m(thorax_texel.w, thorax_texel.y));
}

// What the pleural space holds at a point now: distance to fluid, share of sliding lost, distance to free air, echoes.
vec4 in_pleural_space(vec3 point_torso) {
    vec4 between = texture(space, lung_coordinate(point_torso));
    float nearing_m = motion.x;  // by which fluid gives way to the lung
#ifdef FLOATING
    // Lung that floats in the fluid is a gap in it: it sways and does not fill out.
    float share = floating_share(point_torso, floating_tip.xyz, floating_tip.w);
    vec3 sway = share * sway_m(motion.x, motion.y) * floating_direction.xyz;
    between.xw = texture(space, lung_coordinate(point_torso - sway)).xw;
    nearing_m *= 1.0 - share;
#endif
    between.z = air_now_m(between.z, motion.x);
    between.x = max(fluid_now_m(between.x, nearing_m), -between.z);
    return between;
}

// Distance to gas in the chest wall [m], which stands still; far where the patient has none.
float soft_gas_m(vec3 point_torso) {
#ifdef SOFT_GAS
    return texture(soft, (point_torso - soft_origin.xyz) * soft_scale.xyz).x;
#else
    return FAR_M;
#endif
}

#ifdef LENSES
// Distance to the small airless lenses that a line can meet [m], at a point of the lung and its depth below the pleura now.
float in_lenses_m(float line, vec3 point_lung, float depth_m) {
    float nearest = FAR_M;
    ivec4 met = lens_strips[int(line) / LINES_A_STRIP];
    for (int i = met.x; i < met.y; ++i) {
        nearest = min(nearest, lens_m(lenses[3 * i], lenses[3 * i + 1], lenses[3 * i + 2], point_lung, depth_m));
    }
    return nearest;
}
#endif

// Where a point of the lung was at end-expiration and end-diastole; `between` is what the pleural space holds there.
vec3 in_lung(vec3 point_torso, vec4 between, float heart_distance_m) {
    float h = -point_torso.z / body_shape.y;
    float down_m = lung_descent_m(motion.x, body_texture.z, h, between.y, between.z, heart_distance_m, motion.y);
    return point_torso + vec3(0.0, 0.0, down_m);
}

// Where the air in the bronchi at a point of the lung was at end-expiration.
vec3 in_bronchi(vec3 point_lung) { return point_lung - motion.w * from_hilum(point_lung, body_shape.x, body_shape.y); }

// Where a point that hangs on the diaphragm was at end-expiration.
vec3 in_abdomen(vec3 point_torso) { return point_torso + vec3(0.0, 0.0, motion.x); }

// Direction of the beam of line coordinate `line` (0..lines), probe frame; steered looks lean away from the normal.
vec3 beam_direction(float line) {
    float arc_m = (0.5 - line / array.x) * array.y;
    vec3 d = line_direction(arc_m, array.z);
    return vec3(d.x * look.y + d.z * look.x, 0.0, d.z * look.y - d.x * look.x);
}

// Where that line leaves the face [m], probe frame.
vec3 beam_origin_m(float line) { return line_origin_m((0.5 - line / array.x) * array.y, array.z, sector.w); }

// Point of the torso shown at line coordinate `line` and depth below the face [m].
vec3 torso_point(float line, float depth_m) {
    vec3 direction = beam_direction(line);
    vec3 origin = beam_origin_m(line);
    float gap_m = coupling.z > 0.0 ? 0.0 : min(-origin.z / direction.z, coupling.w);
    float s = uncompressed_depth_m(depth_m, coupling.y, coupling.x, gap_m);
    vec3 p = origin + direction * s - vec3(0.0, 0.0, coupling.z);
    return face_torso.xyz + axis_x.xyz * p.x + axis_y.xyz * p.y + axis_z.xyz * p.z;
}
