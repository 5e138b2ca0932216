#version 330 core
// Pass 6a, point spread along the beam: a normalised Gaussian of the complex echo.
#include "blocks.glsl"
uniform sampler2D source;
out vec2 blurred;
void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    int rows = textureSize(source, 0).y;
    float inv = 1.0 / pulse.z;
    int reach = int(ceil(3.0 * pulse.z));
    vec2 sum = vec2(0.0);
    float weights = 0.0;
    for (int i = -reach; i <= reach; ++i) {
        float x = float(i) * inv;
        float w = exp(-0.5 * x * x);
        weights += w;
        sum += w * texelFetch(source, ivec2(at.x, clamp(at.y + i, 0, rows - 1)), 0).rg;
    }
    blurred = sum / weights;
}
