#version 330 core
// Pass 6b, point spread across the beam; then what does not pass through it: the ring-down of traps.
#include "blocks.glsl"
uniform sampler2D source;
uniform sampler2D beam;
uniform sampler2D surface;
uniform sampler2D gas_lines;
uniform sampler2D signals;  // against depth below the pleura: rows 0..3 two trap classes each, row 4 mean ring-down of dry lung, of wet lung, and of what has been to and fro in the wall
uniform sampler2D traps_01;
uniform sampler2D traps_23;
uniform sampler2D traps_45;
uniform sampler2D traps_67;
uniform sampler2D anchor;
uniform sampler2D haze;
uniform sampler2D comets;
uniform sampler3D noise;
out vec2 iq;

const float BAR_SHARE = 0.7;    // of a B-line's amplitude is common to its width: fine transverse bars
const float SIDE_M = 8.0e-3;     // depth over which haze from beside a line rises [P]
const float GRAIN_SHARE = 0.7;  // the rest is granular (together unit power)

vec2 times(vec2 a, vec2 b) { return vec2(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }

vec2 ring(sampler2D excitation, int line, float u, float row) {
    vec4 c = texelFetch(excitation, ivec2(line, 0), 0);
    vec4 g = texture(signals, vec2(u, (row + 0.5) / 5.0));
    return times(c.xy, g.xy) + times(c.zw, g.zw);
}

// Two independent complex noises of unit power on the lattice of the noise volume: for near and for far haze.
vec4 grains(vec3 q) {
    vec3 f = fract(q);
    vec3 power = 1.0 - 2.0 * f + 2.0 * f * f;
    return texture(noise, (q + 0.5) / NOISE_SIZE) * vec4(1.0, 1.0, 0.7071, 0.7071) * inversesqrt(power.x * power.y * power.z);
}

// Of several focal zones: what rings at a sample was excited by the transmit that is shown there, not by the one that is
// shown at the pleura [m]. Amplitude of the one over the other, at the pleura; 1 with one zone.
float stitched(float pleura_m, int row) {
    if (texelFetch(beam, ivec2(textureSize(beam, 0).x - 1, 1), 0).w == 0.0) return 1.0;  // one zone down to the bottom
    int pleura = int(pleura_m / array.w);
    vec4 strengths = texelFetch(beam, ivec2(pleura, 3), 0);
    int shown = int(texelFetch(beam, ivec2(row, 1), 0).w + 0.5);
    int at_pleura = int(texelFetch(beam, ivec2(pleura, 1), 0).w + 0.5);
    return shown == at_pleura ? 1.0 : strengths[shown] / strengths[at_pleura];
}

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    int last = int(array.x) - 1;
    float sigma = texelFetch(beam, ivec2(at.y, 0), 0).x;
    if (sector.w == 0.0 && array.z > 0.0) {  // a beam steered from a flat face leaves through a shortened aperture
        sigma /= cos((0.5 - gl_FragCoord.x / array.x) * array.y * array.z);
    }
    // Gaussian weights by their ratios: w(i + 1) / w(i) = exp(-(2 i + 1) / (2 sigma^2)).
    int reach = int(ceil(2.6 * sigma));
    float step_ratio = exp(-0.5 / (sigma * sigma));
    float ratio = step_ratio;
    float w = 1.0;
    vec2 sum = texelFetch(source, at, 0).rg;
    float weights = 1.0;
    for (int i = 1; i <= reach; ++i) {
        w *= ratio;
        ratio *= step_ratio * step_ratio;
        weights += 2.0 * w;
        sum += w * (texelFetch(source, ivec2(abs(at.x - i), at.y), 0).rg
                  + texelFetch(source, ivec2(last - abs(last - at.x - i), at.y), 0).rg);
    }
    iq = sum / weights;
    vec4 s = texelFetch(surface, ivec2(at.x, 0), 0);
    float below_m = (float(at.y) + 0.5) * array.w - s.x;
    if (s.w == 1.0 && below_m > 0.0) {
        // Ring-down counts from the smooth surface, so that the bars of a B-line do not follow every indentation.
        float depth_m = (float(at.y) + 0.5) * array.w;
        float ringing_m = depth_m - texelFetch(gas_lines, ivec2(at.x, 0), 0).x;
        float u = (ringing_m / array.w + 0.5) / float(textureSize(signals, 0).x);
        vec2 bars = ring(traps_01, at.x, u, 0.0) + ring(traps_23, at.x, u, 1.0) + ring(traps_45, at.x, u, 2.0)
            + ring(traps_67, at.x, u, 3.0);
        // What many small traps give: noise fixed to the lung, so that it twinkles as the lung slides under the beam.
        vec4 place = texelFetch(anchor, ivec2(at.x, 0), 0);
        vec4 cloud = texelFetch(haze, ivec2(at.x, 0), 0);
        vec4 fall = texture(signals, vec2(u, 4.5 / 5.0));
        vec4 grain = grains(vec3(place.xy, depth_m / beam_shape.x));
        // What comes from beside a line has farther to go: under a rib haze rises slowly.
        float own = clamp(place.z / max(cloud.x, 1e-6), 0.0, 1.0);
        cloud.xy *= mix(1.0 - exp(-ringing_m / SIDE_M), 1.0, own);
        vec2 tails = texelFetch(comets, ivec2(at.x, 0), 0).xy;
        vec2 rung = BAR_SHARE * bars + tails * fall.w
            + grain.xy * (cloud.x * fall.x + GRAIN_SHARE * place.w * fall.y) + grain.zw * (cloud.y * fall.z);
        iq += rung * stitched(s.x, at.y);
    }
}
