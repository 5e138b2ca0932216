#version 330 core
// Softens the steps of edges: blends along an edge where brightness changes sharply across it (after FXAA, T. Lottes).
// Much cheaper on a software rasteriser than four samples a pixel.
uniform sampler2D u_picture;
uniform vec2 u_pixel;          // size of a pixel in texture coordinates
in vec2 v_uv;
out vec4 o_colour;

float brightness(vec3 c) { return dot(c, vec3(0.299, 0.587, 0.114)); }

void main() {
    vec3 here = texture(u_picture, v_uv).rgb;
    float m = brightness(here);
    float nw = brightness(texture(u_picture, v_uv + vec2(-0.5, 0.5) * u_pixel).rgb);
    float ne = brightness(texture(u_picture, v_uv + vec2(0.5, 0.5) * u_pixel).rgb);
    float sw = brightness(texture(u_picture, v_uv + vec2(-0.5, -0.5) * u_pixel).rgb);
    float se = brightness(texture(u_picture, v_uv + vec2(0.5, -0.5) * u_pixel).rgb);
    float low = min(m, min(min(nw, ne), min(sw, se)));
    float high = max(m, max(max(nw, ne), max(sw, se)));
    if (high - low < max(0.022, high * 0.08)) {
        o_colour = vec4(here, 1.0);
        return;
    }
    vec2 along = vec2((sw + se) - (nw + ne), (nw + sw) - (ne + se));
    float reduce = max((nw + ne + sw + se) * 0.03125, 0.0078125);
    along = clamp(along / (min(abs(along.x), abs(along.y)) + reduce), -6.0, 6.0) * u_pixel;
    vec3 near = 0.5 * (texture(u_picture, v_uv - along * 0.1667).rgb + texture(u_picture, v_uv + along * 0.1667).rgb);
    vec3 far = 0.5 * near
             + 0.25 * (texture(u_picture, v_uv - along * 0.5).rgb + texture(u_picture, v_uv + along * 0.5).rgb);
    float b = brightness(far);
    o_colour = vec4(b < low || b > high ? near : far, 1.0);
}
