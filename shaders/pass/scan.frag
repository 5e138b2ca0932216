#version 330 core
// Pass 7b, display: scan conversion of the compressed picture, smoothing, grey map, persistence.
#include "blocks.glsl"
#include "lib/display.glsl"
#include "lib/sector.glsl"

uniform sampler2D levels;    // shares of the dynamic range, lines x samples
uniform sampler2D beam;
uniform sampler2D previous;  // the last image, for persistence
out vec4 grey;

// Line and depth of a point (x, z) of the probe plane.
vec2 straight(vec2 q) {
#if defined(PARALLEL_LINES)
    return q;
#else
    return line_through(q, array.z, sector.w);
#endif
}

// Point (x, z) of the probe plane shown at a pixel; row 0 of the target is the top of the image.
vec2 shown_at(vec2 pixel) { return vec2(sector.y - pixel.x, pixel.y) * sector.x + vec2(0.0, sector.z); }

void main() {
    vec2 line_and_depth = straight(shown_at(gl_FragCoord.xy));
    vec2 size = vec2(textureSize(levels, 0));
    vec2 uv = vec2(0.5 - line_and_depth.x / array.y, line_and_depth.y / (array.w * size.y));
    if (uv.x < 0.0 || uv.x > 1.0 || uv.y < 0.0 || uv.y > 1.0) { grey = vec4(0.0, 0.0, 0.0, 1.0); return; }
    float level = texture(levels, uv).r;
#ifdef SMOOTHING
    // Speckle reduction, as machines do it after detection: the mean with four neighbours less than a grain away.
    vec2 grain = vec2(texelFetch(beam, ivec2(int(uv.y * size.y), 0), 0).x, pulse.z) * display_more.x / size;
    level += texture(levels, uv + vec2(grain.x, 0.0)).r + texture(levels, uv - vec2(grain.x, 0.0)).r
        + texture(levels, uv + vec2(0.0, grain.y)).r + texture(levels, uv - vec2(0.0, grain.y)).r;
    level *= 0.2;
#endif
    level = clamp(level, 0.0, 1.0);
#ifdef BENT_GREYS
    level = bent_grey(level, display.z);
#endif
#ifdef PERSISTENCE
    level = mix(level, texelFetch(previous, ivec2(gl_FragCoord.xy), 0).r, display.w);
#endif
    grey = vec4(vec3(level), 1.0);
}
