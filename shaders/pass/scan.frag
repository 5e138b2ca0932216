#version 330 core
// Pass 7, display: scan conversion of the complex echo, TGC and gain, log compression, grey.
#include "blocks.glsl"
#include "lib/display.glsl"
uniform sampler2D iq;
uniform sampler2D beam;
out vec4 grey;

void main() {
    // Pixel to the probe plane; row 0 of the target is the top of the image.
    vec2 q = vec2(sector.y - gl_FragCoord.x, gl_FragCoord.y) * sector.x;
    q.y += sector.z;
    float arc_m;
    float depth_m;
    if (array.z == 0.0) {
        arc_m = q.x;
        depth_m = q.y;
    } else {
        float radius = 1.0 / array.z;
        vec2 from_centre = vec2(q.x, q.y + radius);
        depth_m = length(from_centre) - radius;
        arc_m = atan(from_centre.x, from_centre.y) * radius;
    }
    float u = 0.5 - arc_m / array.y;
    float rows = float(textureSize(iq, 0).y);
    float v = depth_m / (array.w * rows);
    if (u < 0.0 || u > 1.0 || v < 0.0 || v > 1.0) { grey = vec4(0.0, 0.0, 0.0, 1.0); return; }
    float gain = texture(beam, vec2(v, 0.5 / 3.0)).w;
    float level = grey_level(length(texture(iq, vec2(u, v)).rg) * gain, display.x, display.y);
    grey = vec4(vec3(level), 1.0);
}
