#version 330 core
// Pass 7a, detection: envelope of the complex echo, TGC and gain, log compression; shares of the dynamic range.
#include "detect.glsl"
uniform sampler2D iq_0;
out float level;

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    level = compressed(length(texelFetch(iq_0, at, 0).rg) * display_gain(at.y));
}
