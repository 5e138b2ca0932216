"""Point spread and speckle of an independent array simulation, by probe, focus and depth.

PyMUST 0.1.9 SIMUS, two-dimensional, no attenuation, Hann receive apodisation at f-number 2, transmit at f-number 3.
Columns: depth mm, axial and lateral -6 dB width of the point spread mm (maximum projection), axial and lateral width
of the envelope's autocovariance mm.
"""

from __future__ import annotations

Rows = tuple[tuple[float, float, float, float, float], ...]

POINT_SPREAD: dict[tuple[str, float, float], Rows] = {
    ("convex", 3.5, 6.0): (
        (20, 0.360, 1.82, 0.318, 1.76), (40, 0.340, 2.13, 0.295, 1.63), (60, 0.360, 1.35, 0.316, 1.31),
        (80, 0.370, 2.05, 0.338, 1.83), (100, 0.360, 3.20, 0.322, 2.37),
    ),
    ("convex", 3.5, 2.5): (
        (20, 0.360, 1.18, 0.327, 1.24), (40, 0.360, 1.64, 0.316, 1.46), (60, 0.370, 1.91, 0.339, 1.69),
        (80, 0.380, 2.41, 0.334, 2.27), (100, 0.380, 3.02, 0.346, 2.85),
    ),
    ("linear", 8.0, 2.0): (
        (10, 0.170, 0.78, 0.136, 0.67), (20, 0.160, 0.55, 0.132, 0.56), (30, 0.160, 0.75, 0.133, 0.60),
        (40, 0.160, 0.90, 0.159, 0.81),
    ),
}  # fmt: skip
