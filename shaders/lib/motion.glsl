// What moves with the breath, and what pressing does; twins: simulator/physiology/respiration.py, simulator/geometry.py.

// Sliding amplitude over diaphragm excursion at height fraction h (0 notch, 1 tenth rib).
float sliding_fraction(float height_fraction) {
    float h = clamp(height_fraction, 0.0, 1.05);
    return 0.14 + 0.86 * h * h;
}

// Depth in the resting body [m] of a point shown at depth_m below the face, when a soft layer compressible_m thick is
// squeezed by compression_m and skin is drawn over gap_m to the face.
float uncompressed_depth_m(float depth_m, float compressible_m, float compression_m, float gap_m) {
    float squeezed_m = max(compressible_m - compression_m, 1e-6);
    return depth_m < squeezed_m ? gap_m + depth_m * (compressible_m - gap_m) / squeezed_m : depth_m + compression_m;
}
