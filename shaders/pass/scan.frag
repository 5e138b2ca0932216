#version 330 core
// Pass 7, display: scan conversion of the complex echo, TGC and gain, log compression, grey.
#include "blocks.glsl"
#include "lib/display.glsl"
uniform sampler2D iq_0;
uniform sampler2D iq_1;
uniform sampler2D iq_2;
uniform sampler2D beam;
uniform sampler2D previous;  // the last image, for persistence
out vec4 grey;

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

void main() {
    // Pixel to the probe plane; row 0 of the target is the top of the image.
    vec2 q = vec2(sector.y - gl_FragCoord.x, gl_FragCoord.y) * sector.x;
    q.y += sector.z;
    vec2 sum = seen(iq_0, q, 0.0);
    if (sum.y == 0.0) { grey = vec4(0.0, 0.0, 0.0, 1.0); return; }
    if (looks.x > 1.5) sum += seen(iq_1, q, -looks.y) + seen(iq_2, q, looks.y);
    float level = grey_level(sum.x / sum.y, display.x, display.y, display.z);
    if (display.w > 0.0) {
        float before = texelFetch(previous, ivec2(gl_FragCoord.xy), 0).r;
        level = mix(level, before, display.w);
    }
    grey = vec4(vec3(level), 1.0);
}
