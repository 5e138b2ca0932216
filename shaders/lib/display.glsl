// From echo to grey; twin: simulator/acoustics/display.py.

// Share of dynamic_range_db that an amplitude re liver takes, 1 at white_db; not limited.
float grey_share(float amplitude, float white_db, float dynamic_range_db) {
    float level_db = 8.6858896 * log(max(amplitude, 1e-9));
    return (level_db - white_db) / dynamic_range_db + 1.0;
}

// Grey 0..1 bent by the exponent of the grey map.
float bent_grey(float linear, float exponent) {
    return exponent == 1.0 ? linear : pow(max(linear, 1e-6), exponent);
}

// Grey 0..1 of an amplitude re liver over dynamic_range_db below white_db, bent by the exponent of the grey map.
float grey_level(float amplitude, float white_db, float dynamic_range_db, float exponent) {
    return bent_grey(clamp(grey_share(amplitude, white_db, dynamic_range_db), 0.0, 1.0), exponent);
}
