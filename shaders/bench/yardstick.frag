#version 330 core
// A fixed amount of work that `bench speed` holds frames against: arithmetic and lookups like those of the passes. It
// must never change, or ratios to it mean something else.
uniform sampler3D noise;
out vec4 done;

void main() {
    vec3 p = vec3(gl_FragCoord.xy / 512.0, 0.5);
    vec4 sum = vec4(0.0);
    for (int i = 0; i < 8; ++i) {
        vec4 n = texture(noise, p + sum.xyz * 1e-3);
        sum += n * exp(-0.5 * dot(n, n));
        p = p.yzx * 1.7 + 0.13;
    }
    done = sum;
}
