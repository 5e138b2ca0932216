// Where scan lines lie in the probe frame; twin: simulator/probe.py scan_lines.

// Direction of the scan line at arc length arc_m from the centre (marker side positive), counted on an arc about the
// point where the lines meet; inv_apex is 1 / its distance behind the face, 0 for parallel lines.
vec3 line_direction(float arc_m, float inv_apex) {
    float phi = arc_m * inv_apex;
    return vec3(sin(phi), 0.0, cos(phi));
}

// Origin of that scan line on the face [m], probe frame; inv_face is 1 / radius of the face, 0 for a flat one.
vec3 line_origin_m(float arc_m, float inv_apex, float inv_face) {
    if (inv_apex == 0.0) return vec3(arc_m, 0.0, 0.0);
    if (inv_face == 0.0) return vec3(tan(arc_m * inv_apex) / inv_apex, 0.0, 0.0);
    return (line_direction(arc_m, inv_apex) - vec3(0.0, 0.0, 1.0)) / inv_face;
}

// Arc length [m] and depth below the face [m] of the unsteered line through a point (x, z) of the probe plane.
vec2 line_through(vec2 q, float inv_apex, float inv_face) {
    if (inv_apex == 0.0) return q;
    float apex = 1.0 / inv_apex;
    vec2 from_apex = vec2(q.x, q.y + apex);
    float reach_m = length(from_apex);
    float face_m = inv_face == 0.0 ? apex * reach_m / max(from_apex.y, 1e-9) : apex;
    return vec2(atan(from_apex.x, from_apex.y) * apex, reach_m - face_m);
}

// The same for a line that a look steers further, by an angle of this sine: of parallel lines..
vec2 steered_parallel(vec2 q, float sine) {
    float cosine = sqrt(1.0 - sine * sine);
    return vec2(q.x - q.y / cosine * sine, q.y / cosine);
}

// ..of lines that fan out from a flat face, which one leaves at apex tan(phi), at an angle of phi and a little more:
// quadratic in tan(phi)..
vec2 steered_fan(vec2 q, float sine, float inv_apex) {
    float cosine = sqrt(1.0 - sine * sine);
    float apex = 1.0 / inv_apex;
    float k = sine / cosine;
    float b = q.x * k + apex + q.y;
    float c = q.x - q.y * k;
    float tangent = 2.0 * c / (b + sqrt(max(b * b - 4.0 * apex * k * c, 0.0)));
    float phi = atan(tangent);
    return vec2(phi * apex, q.y / (cos(phi) * cosine - sin(phi) * sine));
}

// ..and of lines that leave a curved face squarely.
vec2 steered_arc(vec2 q, float sine, float inv_apex) {
    float cosine = sqrt(1.0 - sine * sine);
    float apex = 1.0 / inv_apex;
    vec2 from_centre = vec2(q.x, q.y + apex);
    float reach_m = length(from_centre);
    float depth_m = sqrt(max(reach_m * reach_m - apex * apex * sine * sine, 0.0)) - apex * cosine;
    float s = depth_m * sine / reach_m;  // at most the sine of the steering, so that a series does for the arc sine
    float turned = s * (1.0 + s * s * (1.0 / 6.0 + s * s * 0.075));
    return vec2((atan(from_centre.x, from_centre.y) - turned) * apex, depth_m);
}

vec2 steered_line_through(vec2 q, float sine, float inv_apex, float inv_face) {
    if (inv_apex == 0.0) return steered_parallel(q, sine);
    return inv_face == 0.0 ? steered_fan(q, sine, inv_apex) : steered_arc(q, sine, inv_apex);
}
