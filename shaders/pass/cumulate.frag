#version 330 core
// Pass 2b: attenuation from the face to the end of each block, nepers (two-way).
uniform sampler2D blocks;
out float nepers;
void main() {
    ivec2 cell = ivec2(gl_FragCoord.xy);
    float sum = 0.0;
    for (int i = 0; i <= cell.y; ++i) sum += texelFetch(blocks, ivec2(cell.x, i), 0).r;
    nepers = sum;
}
