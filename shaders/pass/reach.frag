#version 330 core
// Pass 1a: how far down each line there is anything to compute. The tissue pass has run on every STRIDE-th sample; below
// the first gas that it met, with a margin, the full pass need not look: nothing there is shown.
#include "blocks.glsl"
uniform sampler2D coarse_medium;
out float reach;  // share of the depth

void main() {
    int line = int(gl_FragCoord.x);
    int rows = textureSize(coarse_medium, 0).y;
    reach = 1.0;
    for (int i = 0; i < rows; ++i) {
        if (texelFetch(coarse_medium, ivec2(line, i), 0).z < 0.0) {
            reach = min(1.0, (float(i) + 2.0) / float(rows));
            return;
        }
    }
}
