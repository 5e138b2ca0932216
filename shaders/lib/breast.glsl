// Where fat of the breast is gland; twin: simulator/anatomy/breast.py.

// Below 0 in gland, above 0 in fat, at azimuth [rad] and height z [m], `fat_m` before the muscle, `under_skin_m` below the
// skin. gland: |azimuth| [rad] and z [m] of its middle, radius [m], share of the fat.
float gland_level(vec4 gland, float azimuth, float z, float fat_m, float under_skin_m) {
    float around = (abs(azimuth) - gland.x) * 0.13;
    float along = z - gland.y;
    float depth = (fat_m / max(fat_m + under_skin_m, 1e-4) - 0.46) / max(0.5 * gland.w, 1e-6);
    float jags = sin(around / 5.2e-3 + along / 1.1e-2) + sin(along / 6.7e-3 - around / 1.3e-2);
    float wide = (around * around + along * along) / (gland.z * gland.z);
    return sqrt(wide + depth * depth) - 1.0 + 0.16 * jags;
}
