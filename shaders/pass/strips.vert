#version 330 core
// A quad for each strip of LINES_A_STRIP scan lines, as deep as the deepest of them reaches.
#include "blocks.glsl"
uniform sampler2D reach;
void main() {
    int lines = textureSize(reach, 0).x;
    int first = gl_InstanceID * LINES_A_STRIP;
    float deepest = 0.0;
    for (int i = 0; i < LINES_A_STRIP; ++i) {
        deepest = max(deepest, texelFetch(reach, ivec2(min(first + i, lines - 1), 0), 0).r);
    }
    float x = min(float(first + (gl_VertexID & 1) * LINES_A_STRIP) / float(lines), 1.0);
    float y = (gl_VertexID & 2) == 0 ? 0.0 : deepest;
    gl_Position = vec4(vec2(x, y) * 2.0 - 1.0, 0.0, 1.0);
}
