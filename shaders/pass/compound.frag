#version 330 core
// Pass 7a with spatial compounding: the mean of the envelopes of three looks, where they reach.
#include "detect.glsl"
#include "lib/sector.glsl"
uniform sampler2D iq_0;
uniform sampler2D iq_1;
uniform sampler2D iq_2;
out float level;

// Line and depth in a look steered by this sine of a point (x, z) of the probe plane.
vec2 steered(vec2 q, float sine) {
#if defined(PARALLEL_LINES)
    return steered_parallel(q, sine);
#elif defined(FLAT_FACE)
    return steered_fan(q, sine, array.z);
#else
    return steered_arc(q, sine, array.z);
#endif
}

// Envelope of one look at an arc length and depth; y is 0 where the look does not reach.
vec2 seen(sampler2D iq, vec2 line_and_depth) {
    float u = 0.5 - line_and_depth.x / array.y;
    float v = line_and_depth.y / (array.w * float(textureSize(iq, 0).y));
    bool reached = u >= 0.0 && u <= 1.0 && v >= 0.0 && v <= 1.0;
    return reached ? vec2(length(texture(iq, vec2(u, v)).rg), 1.0) : vec2(0.0);
}

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    float arc_m = (0.5 - gl_FragCoord.x / array.x) * array.y;
    vec2 q = (line_origin_m(arc_m, array.z, sector.w) + line_direction(arc_m, array.z) * (gl_FragCoord.y * array.w)).xz;
    vec2 sum = vec2(length(texelFetch(iq_0, at, 0).rg), 1.0)
        + seen(iq_1, steered(q, -looks.y)) + seen(iq_2, steered(q, looks.y));
    level = compressed(sum.x / sum.y * display_gain(at.y));
}
