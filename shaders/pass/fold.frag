#version 330 core
// Pass 5, echo: the direct echo above gas; below it the folded path. The beam reflects at the gas, travels back through
// the chest wall, reflects again at the probe face: mirrored and repeated chest wall, A-lines at multiples of the depth.
#include "blocks.glsl"
#include "lib/hash.glsl"
#include "lib/reverberation.glsl"

uniform sampler2D echo;
uniform sampler2D transmission;
uniform sampler2D surface;
uniform sampler2D screens;
uniform sampler2D beam;
uniform sampler2D comets;
out vec2 complex_echo;

const float FOLD_TILT_RAD = 0.40;  // beyond, little of the mirrored wall finds its way back to the face [P]
const float STEEP_M = 2.0e-3;  // a steep surface is drawn no thicker than this [P]
const float THICK_M = 1.1e-3;  // that alveoli behind the surface still echo from [P]
const float THICKENING = 1.8;  // of a rough surface: over 3 mm on the convex probe is thickened (B.5 [B])
const float BEHIND_M = 5.5e-4;  // and over which that echo falls to 1/e [P]
const float GHOST = 0.29;  // borders of the chest wall are uneven, so their ghosts are weaker than a flat wall's [P]

float transmitted(float line, float depth_m) {
    return texture(transmission, vec2(line / array.x, depth_m / (array.w * beam_shape.z) / BLOCKS)).r;
}

vec2 direct(float line, float depth_m) {
    vec2 at = vec2(line / array.x, depth_m / array.w / float(textureSize(echo, 0).y));
    return texture(echo, at).rg * transmitted(line, depth_m);
}

vec2 times(vec2 a, vec2 b) { return vec2(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }

// A specular echo as the pulse before blur: a triangle that keeps its energy at fractional depths, one sample wide; wider
// on a surface so steep that its depth changes by more from line to line.
float impulse(float offset_m, float half_m) { return max(0.0, 1.0 - abs(offset_m) / half_m) * sqrt(array.w / half_m); }

void main() {
    float line = gl_FragCoord.x;
    float depth_m = gl_FragCoord.y * array.w;
    vec4 s = texelFetch(surface, ivec2(int(line), 0), 0);
    float d = s.x;
    complex_echo = vec2(0.0);

    // Electronic noise passes the same filters as the echo; its level is restored for that.
    vec4 filters = texelFetch(beam, ivec2(int(gl_FragCoord.y), 1), 0);
    complex_echo += complex_noise(hash_cell(ivec3(gl_FragCoord.xy, indices.y), uint(indices.x))) * (pulse.w * filters.z);

    // The face itself: matching layers and lens ring for some millimetres, in bands.
    float ring = 3.2 * looks.z * exp(-depth_m / 1.5e-3) * (0.35 + 0.65 * pow(0.5 + 0.5 * cos(depth_m * 5200.0), 2.0));
    complex_echo += vec2(ring, 0.3 * ring);

    if (s.w == 2.0) {  // no contact: only the probe's own reverberation
        float bounces = depth_m / 1.6e-3;
        float amplitude = 9.0 * pow(0.45, bounces);
        float bar = pow(0.5 + 0.5 * cos(6.2831853 * bounces), 3.0);
        complex_echo += vec2(amplitude * bar, 0.12 * amplitude);
        return;
    }
    if (depth_m < d || s.w == 0.0) {
        complex_echo += direct(line, depth_m);
    }
    if (s.w != 1.0) return;

    float through = transmitted(line, d);
    vec4 screen = texelFetch(screens, ivec2(int(line), 0), 0);
    float spacing_lines = array.y / array.x * (1.0 + d * array.z);
    // Orders: between k d and (k + 1) d the chest wall appears mirrored and repeated; at (k + 1) d an A-line.
    float order = floor(depth_m / d);
    if (d > 3e-3 && order >= 1.0 && order <= 4.0) {
        float v = depth_m - order * d;
        float lean = 2.0 * order * s.y;
        float mirror_line = line + (d - v) * sin(lean) / spacing_lines;
        float back = max(d - v, 0.0);
        float order_gain = pow(through * R_FACE, order - 1.0) * pow(R_PLEURA, order);
        float accepted = mix(acceptance(order, 0.0, s.z, ACCEPTANCE_IN_PLANE_RAD, ACCEPTANCE_ELEVATION_RAD), 1.0, 0.35)
            * exp(-s.y * s.y / (FOLD_TILT_RAD * FOLD_TILT_RAD));
        vec2 mirrored = direct(mirror_line, back) * (R_PLEURA * through * through / max(transmitted(mirror_line, back), 0.02));
        vec2 repeated = direct(line - v * sin(lean) / spacing_lines, v) * ((order + 1.0) * R_FACE * through);
        // Every path here meets the pleura at least twice: it twinkles as the lung slides.
        complex_echo += times(mirrored + repeated, screen.zw) * (order_gain * accepted * GHOST * looks.z);
    }
    // Specular pulses: the pleural line (order 1) and A-lines (orders 2..5). At most one of them is near this depth.
    float half_m = clamp(0.6 * spacing_lines * abs(tan(clamp(s.y, -1.4, 1.4))), array.w, STEEP_M);
    float k = clamp(floor((depth_m + half_m + array.w) / max(d, 1e-4)), 1.0, 5.0);
    float offset = depth_m - k * d;
    float thickened = 1.0 + THICKENING * texelFetch(comets, ivec2(int(line), 0), 0).z;
    float thick_m = THICK_M * thickened;
    if (offset < -half_m - array.w || offset > thick_m + half_m) return;
    float amplitude = SPECULAR_GAIN * R_PLEURA * through * pow(R_PLEURA * through * R_FACE, k - 1.0);
    vec2 coherent = (k == 1.0 ? screen.xy : screen.zw) * acceptance(k, s.y, s.z, ACCEPTANCE_IN_PLANE_RAD, ACCEPTANCE_ELEVATION_RAD);
    // A rough surface scatters what it does not reflect, over a wide angle.
    vec2 diffuse = k == 1.0 ? vec2(0.03 + 0.36 * (1.0 - length(screen.xy)), 0.0) : vec2(0.0);
    // The first layers of alveoli send a little more behind the surface: the line is 1.5 to 2 mm thick.
    vec2 turn = screen.wz / max(length(screen.zw), 1e-3);
    vec2 turned = vec2(1.0, 0.0);
    vec2 layers = vec2(impulse(offset, half_m), 0.0);
    float apart_m = 1.15 * beam_shape.x;
    for (float behind_m = apart_m; behind_m < thick_m; behind_m += apart_m) {
        turned = times(turned, turn);
        layers += turned * (0.62 * exp(-behind_m / (BEHIND_M * thickened)) * impulse(offset - behind_m, half_m));
    }
    complex_echo += times(coherent + diffuse, layers) * amplitude;
}
