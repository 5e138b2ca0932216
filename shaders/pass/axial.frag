#version 330 core
// Pass 6a, point spread along the beam: a normalised Gaussian of the complex echo.
#include "blocks.glsl"
uniform sampler2D source;
out vec2 blurred;
void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    int rows = textureSize(source, 0).y;
    int reach = int(ceil(3.0 * pulse.z));
    float step_ratio = exp(-0.5 / (pulse.z * pulse.z));  // of neighbouring Gaussian weights, as in lateral.frag
    float ratio = step_ratio;
    float w = 1.0;
    vec2 sum = texelFetch(source, at, 0).rg;
    float weights = 1.0;
    for (int i = 1; i <= reach; ++i) {
        w *= ratio;
        ratio *= step_ratio * step_ratio;
        weights += 2.0 * w;
        sum += w * (texelFetch(source, ivec2(at.x, max(at.y - i, 0)), 0).rg
                  + texelFetch(source, ivec2(at.x, min(at.y + i, rows - 1)), 0).rg);
    }
    blurred = sum / weights;
}
