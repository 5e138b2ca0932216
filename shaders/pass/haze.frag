#version 330 core
// Pass 4b, haze: sound that the lung's surface scatters comes back from a wider stretch of it than the beam meets, so
// what each line hears is the power of its neighbours on the same surface. That is what greys and softens rib shadows.
#include "blocks.glsl"
uniform sampler2D surface;
uniform sampler2D anchor;
out vec4 haze;  // amplitude of near and far haze, unused, unused

const float NEAR_M = 1.5e-3;   // deviation of the stretch that near haze comes from [P]
const float WIDE_M = 3.2e-3;   // that far haze comes from: it has been to and fro more often [P]
const float FAR_SHARE = 0.36;   // amplitude of far over near haze [P]
const float SAME_M = 8.0e-3;   // neighbours whose depth differs by more are another surface [P]
const int REACH = 16;

void main() {
    int line = int(gl_FragCoord.x);
    int last = int(array.x) - 1;
    vec4 here = texelFetch(surface, ivec2(line, 0), 0);
    haze = vec4(0.0);
    if (here.w != 1.0) return;
    float spacing_m = array.y / array.x * (1.0 + here.x * array.z);
    float stride = max(1.0, 2.5 * WIDE_M / spacing_m / float(REACH));
    vec2 power = vec2(0.0);
    vec2 weights = vec2(0.0);
    for (int i = -REACH; i <= REACH; ++i) {
        int other = line + int(round(float(i) * stride));
        if (other < 0 || other > last) continue;
        vec4 there = texelFetch(surface, ivec2(other, 0), 0);
        if (there.w != 1.0 || abs(there.x - here.x) > SAME_M) continue;
        float amplitude = texelFetch(anchor, ivec2(other, 0), 0).z;
        float x = float(other - line) * spacing_m;
        vec2 w = exp(-0.5 * vec2(x * x / (NEAR_M * NEAR_M), x * x / (WIDE_M * WIDE_M)));
        power += w * amplitude * amplitude;
        weights += w;
    }
    haze = vec4(sqrt(power / max(weights, 1e-6)) * vec2(1.0, FAR_SHARE), 0.0, 0.0);
}
