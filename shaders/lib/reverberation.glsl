// Sound between the probe face and gas; twin: simulator/acoustics/reverberation.py.
const float R_PLEURA = 0.93;
const float R_FACE = 0.30;

// Coherent part of a reflection from a surface of rms height [m] at a wavelength [m].
float coherent_amplitude(float rms_height_m, float wavelength_m) {
    float phase = 12.566371 * rms_height_m / wavelength_m;
    return exp(-0.5 * phase * phase);
}

// Share of the amplitude of the k-th return (k = 1: the pleural line) that reaches the aperture, tilts in radians.
float acceptance(float order, float in_plane_rad, float elevation_rad) {
    float a = order * in_plane_rad / 0.15707963;
    float e = order * elevation_rad / 0.12217305;
    return exp(-a * a - e * e);
}
