// What moves with the breath, and what pressing does; twins: simulator/physiology/respiration.py, simulator/geometry.py.

// Sliding amplitude over diaphragm excursion at height fraction h (0 notch, 1 tenth rib).
float sliding_fraction(float height_fraction) {
    float h = clamp(height_fraction, 0.0, 1.05);
    return 0.14 + 0.86 * h * h;
}

// Depth in uncompressed tissue [m] of a point shown at depth_m below the face, when a soft layer compressible_m thick
// is squeezed by compression_m.
float uncompressed_depth_m(float depth_m, float compressible_m, float compression_m) {
    float squeezed_m = compressible_m - compression_m;
    return depth_m < squeezed_m ? depth_m * compressible_m / max(squeezed_m, 1e-6) : depth_m + compression_m;
}
