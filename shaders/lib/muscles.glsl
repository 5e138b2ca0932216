// Where the muscles of the chest wall meet; twin: simulator/anatomy/muscles.py.

// How much there is of the outer muscles together, 0..1, at |azimuth| a in degrees and height fraction h; the scapula
// lies so many degrees back from where it is with the arms forward.
float outer_muscles(float a, float h, float back) {
    float pectoralis = smoothstep(-72.0, -60.0, -a) * smoothstep(-0.08, 0.08, 0.70 - h - 0.0036 * a);
    float latissimus = smoothstep(96.0, 112.0, a) * smoothstep(0.24, 0.40, h + 0.002 * (130.0 - a));
    float trapezius = smoothstep(-7.0, 7.0, a - 128.0 - back - (52.0 - back) * (60.0 / 52.0) * h);
    float shoulder = smoothstep(70.0, 84.0, a) * smoothstep(-150.0, -134.0, back - a) * smoothstep(-0.36, -0.22, -h);
    float oblique = smoothstep(-126.0, -108.0, -a) * smoothstep(-0.09, 0.09, h - 0.40 - 0.004 * a);
    return min(pectoralis + latissimus + trapezius + shoulder + oblique, 1.0);
}

// Relative thickness of the inner muscles together.
float inner_muscles(float a, float h, float back) {
    float minor = 0.55 * smoothstep(20.0, 32.0, a) * smoothstep(-64.0, -52.0, -a) * smoothstep(-0.46, -0.34, -h);
    float serratus = 0.8 * smoothstep(46.0, 62.0, a) * smoothstep(-152.0, -134.0, back - a - 30.0 * h)
        * smoothstep(-0.09, 0.09, 0.40 + 0.004 * a - h);
    float rhomboids = 0.9 * smoothstep(134.0, 144.0, a - back) * smoothstep(-0.40, -0.28, -h);
    float erector = 2.6 * smoothstep(154.0, 166.0, a);
    return minor + serratus + rhomboids + erector;
}

// Share of the inner muscle in what lies outside the intercostals.
float inner_share(float a, float h, float back) {
    float inner = inner_muscles(a, h, back);
    return inner / (inner + outer_muscles(a, h, back) + 1e-3);
}

// Signed distances [m], negative deeper, to the outer border of the intercostals and of the inner muscle; thickness of
// the intercostals [m], share of the inner muscle, distances to the muscles' border with fat and to the pleura [m].
vec2 muscle_borders_m(float intercostal_m, float share, float muscle_m, float pleura_m) {
    float ribs_m = pleura_m - intercostal_m;
    return vec2(ribs_m, mix(ribs_m, muscle_m, share));
}
