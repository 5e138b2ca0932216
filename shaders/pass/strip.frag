#version 330 core
// M-mode: the echo of one scan line as a column of the strip, shallow first, in the grey of the image.
#include "detect.glsl"
uniform sampler2D iq_0;
uniform float line_share;  // where the line is: share of the sector from the marked side
uniform float rows;
out vec4 grey;

void main() {
    float samples = float(textureSize(iq_0, 0).y);
    float v = gl_FragCoord.y / rows;
    float envelope = length(texture(iq_0, vec2(line_share, v)).rg) * display_gain(int(v * samples));
    grey = vec4(vec3(bent_grey(clamp(compressed(envelope), 0.0, 1.0), display.z)), 1.0);
}
