#version 330 core
// Pass 3a, gas: the first gas interface on each line.
#include "blocks.glsl"
#include "tissue_labels.glsl"
uniform sampler2D medium;
out vec4 gas;  // depth m (far when none), kind (0 none, 1 gas in the body, 2 no contact), elevation tilt rad, unused

void main() {
    int line = int(gl_FragCoord.x);
    int samples = textureSize(medium, 0).y;
    float previous = 1.0;
    float entered_m = -1.0;
    gas = vec4(1.0, 0.0, 0.0, 0.0);
    for (int i = 0; i < samples; ++i) {
        vec4 m = texelFetch(medium, ivec2(line, i), 0);
        float depth_m = (float(i) + 0.5) * array.w;
        int label = int(m.y * 255.0 + 0.5);
        if (label == TISSUE_GEL && entered_m < 0.0) {
            if (depth_m > GEL_LIMIT_M || coupling.z > 0.0) { gas = vec4(0.0, 2.0, 0.0, 0.0); return; }
            previous = 1.0;
            continue;
        }
        entered_m = depth_m;
        if (m.z < 0.0) {
            float t = i > 0 && previous < 0.9 ? previous / max(previous - m.z, 1e-7) : 1.0;
            float along = max((previous - m.z) / array.w, 0.05);
            float tilt = previous < 0.9 ? atan(m.w, along) : 0.0;
            gas = vec4(depth_m - (1.0 - clamp(t, 0.0, 1.0)) * array.w, 1.0, tilt, 0.0);
            return;
        }
        previous = m.z;
    }
}
