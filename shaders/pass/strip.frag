#version 330 core
// M-mode: the echo of one scan line as a column of the strip, shallow first, in the grey of the image.
#include "scan.glsl"
uniform sampler2D iq_0;
uniform float line_share;  // where the line is: share of the sector from the marked side
uniform float rows;
out vec4 grey;

void main() {
    float depth = gl_FragCoord.y / rows;
    float amplitude = length(texture(iq_0, vec2(line_share, depth)).rg) * texture(beam, vec2(depth, 0.5 / 3.0)).w;
    grey = vec4(vec3(grey_level(amplitude, display.x, display.y, display.z)), 1.0);
}
