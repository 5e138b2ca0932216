// Scan conversion of one look, and grey. The complex echo is interpolated, not its envelope.
#include "blocks.glsl"
#include "lib/display.glsl"

uniform sampler2D beam;
uniform sampler2D previous;  // the last image, for persistence

// Envelope after TGC of one look at a point (x, z) of the probe plane; y is 0 where the look does not reach.
vec2 seen(sampler2D iq, vec2 q, float sine) {
    float cosine = sqrt(1.0 - sine * sine);
    float arc_m;
    float depth_m;
    if (array.z == 0.0) {
        depth_m = q.y / cosine;
        arc_m = q.x - depth_m * sine;
    } else {
        float radius = 1.0 / array.z;
        vec2 from_centre = vec2(q.x, q.y + radius);
        float reach = length(from_centre);
        depth_m = sqrt(max(reach * reach - radius * radius * sine * sine, 0.0)) - radius * cosine;
        arc_m = (atan(from_centre.x, from_centre.y) - asin(clamp(depth_m * sine / reach, -1.0, 1.0))) * radius;
    }
    float u = 0.5 - arc_m / array.y;
    float v = depth_m / (array.w * float(textureSize(iq, 0).y));
    if (u < 0.0 || u > 1.0 || v < 0.0 || v > 1.0) return vec2(0.0);
    return vec2(length(texture(iq, vec2(u, v)).rg) * texture(beam, vec2(v, 0.5 / 3.0)).w, 1.0);
}

// Point (x, z) of the probe plane shown at a pixel; row 0 of the target is the top of the image.
vec2 shown_at(vec2 pixel) {
    return vec2(sector.y - pixel.x, pixel.y) * sector.x + vec2(0.0, sector.z);
}

// Grey of an envelope after TGC at a pixel, with what persistence keeps of the last image.
vec4 shown_grey(float envelope, vec2 pixel) {
    float level = grey_level(envelope, display.x, display.y, display.z);
    if (display.w > 0.0) level = mix(level, texelFetch(previous, ivec2(pixel), 0).r, display.w);
    return vec4(vec3(level), 1.0);
}
