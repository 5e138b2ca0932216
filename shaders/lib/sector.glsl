// Where scan lines lie in the probe frame; twin: simulator/probe.py scan_lines.

// Direction of the scan line at arc length arc_m from the centre (marker side positive); inv_radius 0 is a flat face.
vec3 line_direction(float arc_m, float inv_radius) {
    float phi = arc_m * inv_radius;
    return vec3(sin(phi), 0.0, cos(phi));
}

// Origin of that scan line on the face [m], probe frame.
vec3 line_origin_m(float arc_m, float inv_radius) {
    if (inv_radius == 0.0) return vec3(arc_m, 0.0, 0.0);
    return (line_direction(arc_m, inv_radius) - vec3(0.0, 0.0, 1.0)) / inv_radius;
}
