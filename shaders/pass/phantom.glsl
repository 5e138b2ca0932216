// Targets of a test block, which are smaller than a voxel of the baked fields: cylinders along x of the torso frame.
// `label` becomes fluid inside an anechoic cyst; `level` is the amplitude of what scatters here, background 1; `pin` is
// what wires add to the echo: each a pulse before blur, whose four neighbouring samples keep its place and its energy.
#include "blocks.glsl"

const float PIN_LEVEL = 25.0;  // peak of a pin in a beam of the reference widths, background 1: +28 dB [P]
const float PIN_CELL_M2 = 0.35e-3 * 1.7e-3 / (2.355 * 2.355);  // those widths, as sigmas multiplied
const float TWO_PI = 6.2831853;

void in_phantom(vec3 point, vec3 along_beam, vec3 across_beam, float line_spacing_m, float sigma_lines, float slice_m,
                inout int label, out float level, out vec2 pin) {
    level = 1.0;
    pin = vec2(0.0);
    float cell = PIN_CELL_M2 / (array.w * line_spacing_m);
    float gain = PIN_LEVEL * TWO_PI * sqrt(pulse.z * sigma_lines * cell);
    for (int i = 0; i < phantom.x; ++i) {
        vec4 target = targets[i];  // z m, depth m, radius m (0 a pin), level
        vec2 away = vec2(target.x - point.z, -target.y - point.y);
        if (target.z > 0.0) {
            if (dot(away, away) > target.z * target.z) continue;
            level = target.w;
            if (target.w == 0.0) label = TISSUE_FLUID;
        } else {
            vec3 to_wire = vec3(0.0, away.y, away.x);
            float deep = abs(dot(to_wire, along_beam)) / array.w;
            float aside = abs(dot(to_wire, across_beam)) / line_spacing_m;
            float out_of_plane = dot(to_wire, axis_y.xyz) / slice_m;
            pin.x += max(0.0, 1.0 - deep) * max(0.0, 1.0 - aside) * exp(-0.5 * out_of_plane * out_of_plane) * gain;
        }
    }
}
