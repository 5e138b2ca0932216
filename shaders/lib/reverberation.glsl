// Sound between the probe face and gas; twin: simulator/acoustics/reverberation.py.

// Coherent part of a reflection from a surface of rms height [m] at a wavelength [m].
float coherent_amplitude(float rms_height_m, float wavelength_m) {
    float phase = 12.566371 * rms_height_m / wavelength_m;
    return exp(-0.5 * phase * phase);
}

// Share of the amplitude of the k-th return (k = 1: the pleural line) that reaches the aperture; tilts and the tilts
// that are accepted to 1/e, radians.
float acceptance(float order, float in_plane_rad, float elevation_rad, float accept_in_plane_rad, float accept_elevation_rad) {
    float a = order * in_plane_rad / accept_in_plane_rad;
    float e = order * elevation_rad / accept_elevation_rad;
    return exp(-a * a - e * e);
}
