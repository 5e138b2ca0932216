// Randomness as an integer hash; twin: simulator/acoustics/hashing.py.

// PCG output hash of a 32-bit integer (Jarzynski & Olano 2020).
uint pcg(uint value) {
    uint state = value * 747796405u + 2891336453u;
    uint word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
    return (word >> 22u) ^ word;
}

// Hash of an integer cell and a seed.
uint hash_cell(ivec3 cell, uint seed) {
    return pcg(uint(cell.x) + pcg(uint(cell.y) + pcg(uint(cell.z) + pcg(seed))));
}

// Uniform in [0, 1) from the upper 24 bits.
float unit_float(uint hashed) {
    return float(hashed >> 8u) * (1.0 / 16777216.0);
}

// Complex sample of about unit power: each part is a sum of four bytes (Irwin-Hall), scaled to variance 1/2.
vec2 complex_noise(uint hashed) {
    uint other = pcg(hashed);
    vec4 a = vec4(float(hashed & 255u), float((hashed >> 8u) & 255u), float((hashed >> 16u) & 255u), float(hashed >> 24u));
    vec4 b = vec4(float(other & 255u), float((other >> 8u) & 255u), float((other >> 16u) & 255u), float(other >> 24u));
    const float to_unit = 0.7071068 / 147.8;  // four bytes: variance 4 * (256^2 - 1) / 12 = 147.8^2
    return vec2(dot(a, vec4(1.0)) - 510.0, dot(b, vec4(1.0)) - 510.0) * to_unit;
}
