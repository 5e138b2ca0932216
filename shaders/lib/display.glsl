// From echo to grey; twin: simulator/acoustics/display.py.

// Grey 0..1 of an amplitude re liver over dynamic_range_db below white_db, bent by the exponent of the grey map.
float grey_level(float amplitude, float white_db, float dynamic_range_db, float exponent) {
    float level_db = 8.6858896 * log(max(amplitude, 1e-9));
    float linear = clamp((level_db - white_db) / dynamic_range_db + 1.0, 0.0, 1.0);
    return exponent == 1.0 ? linear : pow(max(linear, 1e-6), exponent);
}
