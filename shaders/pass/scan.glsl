// Scan conversion of one look, and grey. The complex echo is interpolated, not its envelope.
#include "blocks.glsl"
#include "lib/display.glsl"
#include "lib/sector.glsl"

uniform sampler2D beam;
uniform sampler2D previous;  // the last image, for persistence

// Line and depth shown at a point (x, z) of the probe plane: without steering, and in a look steered by this sine.
vec2 straight(vec2 q) { return line_through(q, array.z, sector.w); }
vec2 steered(vec2 q, float sine) {
#if defined(PARALLEL_LINES)
    return steered_parallel(q, sine);
#elif defined(FLAT_FACE)
    return steered_fan(q, sine, array.z);
#else
    return steered_arc(q, sine, array.z);
#endif
}

// Envelope after TGC of one look at an arc length and depth; y is 0 where the look does not reach.
vec2 seen(sampler2D iq, vec2 line_and_depth) {
    float u = 0.5 - line_and_depth.x / array.y;
    float v = line_and_depth.y / (array.w * float(textureSize(iq, 0).y));
    if (u < 0.0 || u > 1.0 || v < 0.0 || v > 1.0) return vec2(0.0);
    float gain = texelFetch(beam, ivec2(int(v * float(textureSize(beam, 0).x)), 0), 0).w;
    return vec2(length(texture(iq, vec2(u, v)).rg) * gain, 1.0);
}

// Point (x, z) of the probe plane shown at a pixel; row 0 of the target is the top of the image.
vec2 shown_at(vec2 pixel) {
    return vec2(sector.y - pixel.x, pixel.y) * sector.x + vec2(0.0, sector.z);
}

// Grey of an envelope after TGC at a pixel, with what persistence keeps of the last image.
vec4 shown_grey(float envelope, vec2 pixel) {
#ifdef BENT_GREYS
    float level = grey_level(envelope, display.x, display.y, display.z);
#else
    float level = grey_level(envelope, display.x, display.y, 1.0);
#endif
#ifdef PERSISTENCE
    level = mix(level, texelFetch(previous, ivec2(pixel), 0).r, display.w);
#endif
    return vec4(vec3(level), 1.0);
}
