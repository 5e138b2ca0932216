// From an envelope to a share of the dynamic range, for one look and for several.
#include "blocks.glsl"
#include "lib/display.glsl"

uniform sampler2D beam;

// TGC, gain and output power of a sample, linear.
float display_gain(int row) { return texelFetch(beam, ivec2(row, 0), 0).w; }

// Share of the dynamic range, 1 white; what lies just outside is kept, so that smoothing does not feel the limits.
float compressed(float amplitude) { return clamp(grey_share(amplitude, display.x, display.y), -0.25, 1.1); }
