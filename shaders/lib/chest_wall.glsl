// How chest and belly rise with the breath; twin: simulator/physiology/chest_wall.py.

// How far skin, muscle or rib at a point [m] has moved since end-expiration [m]; breath is 1 in a usual quiet breath, then
// the body's long axis [m] and length [m].
vec3 wall_shift_m(vec3 p, float breath, float axis_y_m, float notch_to_rib10_m) {
    float h = -p.z / notch_to_rib10_m;
    float out_m = p.y - axis_y_m;
    float aside = clamp(p.x / 0.12, -1.0, 1.0);
    float front = smoothstep(-0.03, 0.07, out_m);
    float soft = smoothstep(-0.12, 0.25, h - 0.62 - 0.38 * abs(aside));
    float ribs = smoothstep(-0.05, 0.15, h) * (1.0 - soft);
    float belly = soft * (1.0 - smoothstep(1.45, 2.0, h));
    return breath * vec3(1.5e-3 * ribs * aside * smoothstep(-0.07, 0.0, out_m),
                         (3.2e-3 * ribs + 8.0e-3 * belly) * front,
                         2.4e-3 * ribs * front);
}
