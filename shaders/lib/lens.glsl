// Small airless lenses on the pleura, kept as shapes; twin: simulator/pathology/lenses.py.

const float LENS_ALONG_M = 25.0e-3;  // a lens ends this far from its centre along its axis, beyond its depth
const float LENS_MARGIN_M = 1.0e-3;  // farther off than this its distance need not be exact
const float SHRED_MOST = 2.02;       // the heights of all waves together

// The waves of a ragged border: turns a metre along x, y and z, one a column, and their heights.
const mat3 LONG_WAVES = mat3(0.0, 65.716387, 106.331350, 0.0, -86.185426, 139.450951, 122.263047, 197.825767, 0.0);
const mat3 SHORT_WAVES = mat3(-169.590677, 274.403484, 0.0, 386.659455, 0.0, 238.968682, 531.656750, 0.0, -328.581937);
const vec3 LONG_HEIGHTS = vec3(0.60, 0.48, 0.37);
const vec3 SHORT_HEIGHTS = vec3(0.26, 0.18, 0.13);

// A wave of two parabolas, -1..1: a software rasteriser pays more for sines.
vec3 wave(vec3 turns) {
    vec3 s = 2.0 * fract(turns) - 1.0;
    return 4.0 * s * (1.0 - abs(s));
}

// How far a ragged border is out at a point from where its waves are counted [m]: mean 0, deviation 0.67.
float shred(vec3 from_origin) {
    return dot(wave(from_origin * LONG_WAVES), LONG_HEIGHTS) + dot(wave(from_origin * SHORT_WAVES), SHORT_HEIGHTS);
}

// Signed distance [m] to half an ellipse with its flat side up, at a distance from its axis and a depth below it [m].
float half_ellipse_m(float across_m, float depth_m, float half_width_m, float lens_depth_m) {
    vec2 per_size = 1.0 / vec2(half_width_m, lens_depth_m);
    vec2 p = vec2(across_m, max(depth_m, 0.0)) * per_size;
    float k0 = length(p);
    return k0 > 0.05 ? k0 * (k0 - 1.0) / max(length(p * per_size), 1e-9) : -min(half_width_m, lens_depth_m);
}

// Signed distance [m] to a lens at a point of the lung that is now depth_m below the pleura; near it exact, elsewhere a
// lower bound. `centre` on the pleura and half width, `inward` unit vector and depth, `waves` where they are counted from
// and their height.
float lens_m(vec4 centre, vec4 inward, vec4 waves, vec3 point_lung, float depth_m) {
    vec3 away = point_lung - centre.xyz;
    float along = dot(away, inward.xyz);
    float across = sqrt(max(dot(away, away) - along * along, 0.0));
    float end = abs(along) - (inward.w + LENS_ALONG_M);
    float beyond = max(max(across - centre.w, depth_m - inward.w), end);
    float uneven = waves.w * clamp(depth_m / (0.6 * inward.w), 0.0, 1.0) * shred(point_lung - waves.xyz);
    float border = half_ellipse_m(across, depth_m, centre.w, inward.w) + uneven;
    return beyond < LENS_MARGIN_M + SHRED_MOST * waves.w ? max(end, border) : beyond;
}
