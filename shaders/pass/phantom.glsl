// Targets of a test block, which are smaller than a voxel of the baked fields: cylinders along x of the torso frame.
// `label` becomes fluid inside an anechoic cyst; `level` is the amplitude of what scatters here, background 1; `pin` is
// what wires add to the echo: each a pulse before blur, whose four neighbouring samples keep its place and its energy.
#include "blocks.glsl"

const float PIN_LEVEL = 50.0;  // peak of a pin in a beam of the reference widths, background 1: +34 dB [P]
const float PIN_CELL_M2 = 0.35e-3 * 1.7e-3 / (2.355 * 2.355);  // those widths, as sigmas multiplied
const float TWO_PI = 6.2831853;

// `across` and `along` are the steps in the torso [m] to the next line and to the next sample.
void in_phantom(vec3 point, vec3 across, vec3 along, float sigma_lines, float slice_m,
                inout int label, out float level, out vec2 pin) {
    level = 1.0;
    pin = vec2(0.0);
    float cc = dot(across, across);
    float ca = dot(across, along);
    float aa = dot(along, along);
    float det = max(cc * aa - ca * ca, 1e-20);
    float gain = PIN_LEVEL * TWO_PI * sqrt(pulse.z * sigma_lines * PIN_CELL_M2 * inversesqrt(det));
    for (int i = 0; i < phantom.x; ++i) {
        vec4 target = targets[i];  // z m, depth m, radius m (0 a pin), level
        vec3 to_axis = vec3(0.0, -target.y - point.y, target.x - point.z);
        if (target.z > 0.0) {
            if (dot(to_axis, to_axis) > target.z * target.z) continue;
            level = target.w;
            if (target.w == 0.0) label = TISSUE_FLUID;
        } else {
            float c = dot(to_axis, across);
            float a = dot(to_axis, along);
            float aside = abs(aa * c - ca * a) / det;  // lines
            float deep = abs(cc * a - ca * c) / det;   // samples
            float out_of_plane = dot(to_axis, axis_y.xyz) / slice_m;
            pin.x += max(0.0, 1.0 - deep) * max(0.0, 1.0 - aside) * exp(-0.5 * out_of_plane * out_of_plane) * gain;
        }
    }
}
