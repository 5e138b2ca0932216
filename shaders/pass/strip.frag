#version 330 core
// M-mode: the echo of one scan line as a column of the strip, shallow first, in the grey of the image.
#include "scan.glsl"
uniform sampler2D iq_0;
uniform float line_share;  // where the line is: share of the sector from the marked side
uniform float rows;
out vec4 grey;

void main() {
    float depth_m = gl_FragCoord.y / rows * array.w * float(textureSize(iq_0, 0).y);
    vec2 echo = seen(iq_0, vec2((0.5 - line_share) * array.y, depth_m));
    grey = vec4(vec3(grey_level(echo.x, display.x, display.y, display.z)), 1.0);
}
