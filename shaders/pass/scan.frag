#version 330 core
// Pass 7, display: scan conversion of the complex echo, TGC and gain, log compression, grey.
#include "scan.glsl"
uniform sampler2D iq_0;
out vec4 grey;

void main() {
    vec2 echo = seen(iq_0, straight(shown_at(gl_FragCoord.xy)));
    grey = echo.y == 0.0 ? vec4(0.0, 0.0, 0.0, 1.0) : shown_grey(echo.x, gl_FragCoord.xy);
}
