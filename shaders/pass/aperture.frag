#version 330 core
// Pass 2c, transmission: amplitude that reaches each depth and returns, averaged over the transmit and the receive
// aperture separately, along straight paths from the elements (so shadows have a penumbra).
#include "blocks.glsl"
uniform sampler2D cumulated;
uniform sampler2D beam;
out float transmission;

const float SPREAD = 1.7;  // side lobes and refraction reach round an edge farther than the aperture alone [P]
const int ELEMENTS = 5;
const int SEGMENTS = 5;

float nepers_at(float line, float rows) {  // rows: depth in blocks
    float value = texture(cumulated, vec2(line / array.x, (rows - 0.5) / BLOCKS)).r;
    return value * clamp(rows, 0.0, 1.0);
}

float mean_amplitude(float line, float rows, float half_lines) {
    float sum = 0.0;
    for (int j = 0; j < ELEMENTS; ++j) {
        float offset = SPREAD * half_lines * (2.0 * (float(j) + 0.5) / float(ELEMENTS) - 1.0);
        float nepers = 0.0;
        for (int s = 0; s < SEGMENTS; ++s) {
            float from = rows * float(s) / float(SEGMENTS);
            float to = rows * float(s + 1) / float(SEGMENTS);
            float down = (float(s) + 0.5) / float(SEGMENTS);
            // Lines that fan out lie farther apart at depth: there an element is fewer lines away.
            float at = line + offset * (1.0 - down) / (1.0 + down * rows * beam_shape.z * array.w * array.z);
            nepers += nepers_at(at, to) - nepers_at(at, from);
        }
        sum += exp(-0.5 * nepers);
    }
    return sum / float(ELEMENTS);
}

void main() {
    float rows = gl_FragCoord.y;  // centre of the block
    int sample_index = int(rows * beam_shape.z);
    vec4 widths = texelFetch(beam, ivec2(sample_index, 1), 0);
    transmission = mean_amplitude(gl_FragCoord.x, rows, widths.x) * mean_amplitude(gl_FragCoord.x, rows, widths.y);
}
