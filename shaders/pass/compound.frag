#version 330 core
// Pass 7 with spatial compounding: the mean of the envelopes of three looks, where they reach.
#include "scan.glsl"
uniform sampler2D iq_0;
uniform sampler2D iq_1;
uniform sampler2D iq_2;
out vec4 grey;

void main() {
    vec2 q = shown_at(gl_FragCoord.xy);
    vec2 sum = seen(iq_0, straight(q));
    if (sum.y == 0.0) { grey = vec4(0.0, 0.0, 0.0, 1.0); return; }
    sum += seen(iq_1, steered(q, -looks.y)) + seen(iq_2, steered(q, looks.y));
    grey = shown_grey(sum.x / sum.y, gl_FragCoord.xy);
}
