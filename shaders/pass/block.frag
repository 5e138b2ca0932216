#version 330 core
// Pass 2a: attenuation summed over blocks of samples, nepers (two-way).
#include "blocks.glsl"
uniform sampler2D medium;
out float nepers;
void main() {
    ivec2 cell = ivec2(gl_FragCoord.xy);
    int size = int(beam_shape.z);
    float sum = 0.0;
    for (int i = 0; i < size; ++i) sum += texelFetch(medium, ivec2(cell.x, cell.y * size + i), 0).r;
    nepers = sum * array.w;
}
