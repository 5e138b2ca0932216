// What moves with breath and heart, and what pressing does; twins: simulator/physiology/respiration.py, sliding.py,
// airways.py and floating.py, simulator/geometry.py.

// Sliding amplitude over diaphragm excursion at height fraction h (0 notch, 1 tenth rib).
float sliding_fraction(float height_fraction) {
    float h = clamp(height_fraction, 0.0, 1.05);
    return 0.14 + 0.86 * h * sqrt(h);
}

// How far free lung has slid [m] at that height; descent of the diaphragm, and its excursion in quiet breathing [m].
float slide_m(float descent_m, float quiet_m, float height_fraction) {
    float h = clamp(height_fraction, 0.0, 1.05);
    float deep = 0.08 + 0.92 * h * h * sqrt(h);
    return min(descent_m, quiet_m) * sliding_fraction(h) + max(descent_m - quiet_m, 0.0) * deep;
}

// What the heartbeat moves the lung by [m], at a signed distance from the heart [m]; contraction 0..1.
float pulse_m(float heart_distance_m, float contraction) {
    return 6.0e-4 * contraction * exp(-max(heart_distance_m, 0.0) / 0.070);
}

// Signed distance to free air [m] when the diaphragm has descended [m]: the lung fills out and the air gives way.
float air_now_m(float air_distance_m, float descent_m) { return air_distance_m + min(0.3 * descent_m, 8.0e-3); }

// Signed distance to pleural fluid [m] when the diaphragm has descended [m]: the fluid follows it, the lung fills out.
float fluid_now_m(float fluid_distance_m, float descent_m) { return fluid_distance_m + min(0.45 * descent_m, 0.020); }

// Share in the sway of floating lung at a point [m]: 1 at its tip [m], and falling off over reach_m.
float floating_share(vec3 point_torso, vec3 tip, float reach_m) {
    vec3 away = point_torso - tip;
    return exp(-dot(away, away) / (reach_m * reach_m));
}

// How far the tip of floating lung has swung [m]; descent of the diaphragm [m], contraction of the heart 0..1.
float sway_m(float descent_m, float contraction) { return min(0.35 * descent_m, 0.012) + 1.5e-3 * contraction; }

// 1 where the lung lies against the chest wall, 0 where free air [m] parts them.
float attached(float air_distance_m) { return smoothstep(-1.0e-3, 1.0e-3, air_distance_m); }

// How far the lung is caudal of its place at rest [m]: descent of the diaphragm and its quiet excursion [m], share of
// sliding lost 0..1, signed distances to free air now and to the heart at rest [m], contraction of the heart 0..1.
float lung_descent_m(float descent_m, float quiet_m, float height_fraction, float sliding_loss, float air_distance_m,
                     float heart_distance_m, float contraction) {
    float breath_m = slide_m(descent_m, quiet_m, height_fraction) * (1.0 - sliding_loss);
    return (breath_m + pulse_m(heart_distance_m, contraction)) * attached(air_distance_m);
}

// Unit vector away from the hilum of the side that a point of the torso [m] is on; the body's long axis and length [m].
vec3 from_hilum(vec3 point_torso, float axis_y_m, float notch_to_rib10_m) {
    float hilum_x_m = point_torso.x < 0.0 ? -0.045 : 0.045;
    vec3 away = point_torso - vec3(hilum_x_m, axis_y_m, -0.42 * notch_to_rib10_m);
    return away / max(length(away), 1e-6);
}

// Depth in the resting body [m] of a point shown at depth_m below the face, when a soft layer compressible_m thick is
// squeezed by compression_m and skin is drawn over gap_m to the face.
float uncompressed_depth_m(float depth_m, float compressible_m, float compression_m, float gap_m) {
    float squeezed_m = max(compressible_m - compression_m, 1e-6);
    return depth_m < squeezed_m ? gap_m + depth_m * (compressible_m - gap_m) / squeezed_m : depth_m + compression_m;
}
