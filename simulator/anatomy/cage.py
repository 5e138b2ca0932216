"""Where is the inner wall of the chest, and of the belly below it?

A superellipse section at every height: half width, front and back are listed for the reference man and scaled by the
body's breadth, depth and length. Levels: the suprasternal notch is 0, opposite T2/T3 [V66b].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from simulator.anatomy.body import Habitus
from simulator.anatomy.dimensions import (
    BREADTH_EXCESS_FROM_BMI,
    BREADTH_EXCESS_M,
    BREADTH_EXCESS_PER_BMI_M,
    DEPTH_EXCESS_M,
    UNCOMPRESSED,
    Dimensions,
    dimensions,
    wall_thickness_m,
)
from simulator.anatomy.polar import Array, PolarSurface, azimuth_columns_rad, curve_through
from simulator.units import MM

# Inner wall of the reference man, mm: height, half width, front y, back y (the gutters) [P, to fit E.1-E.4]
_LEVELS_MM = np.array([
    # z       half   front   back
    [30.0,     9.0,  -80.0, -106.0],
    [27.0,    21.0,  -73.0, -112.0],
    [20.0,    40.0,  -58.0, -122.0],
    [10.0,    55.0,  -42.0, -132.0],
    [0.0,     67.0,  -29.0, -141.0],
    [-15.0,   82.0,  -15.0, -150.0],
    [-45.0,  101.0,   2.0,  -166.0],
    [-75.0,  112.0,  13.0,  -176.0],
    [-105.0, 119.0,  20.0,  -183.0],
    [-147.0, 124.0,  26.0,  -187.0],
    [-190.0, 127.0,  29.0,  -186.0],
    [-220.0, 127.5,  30.0,  -183.0],
    [-250.0, 126.0,  31.0,  -178.0],
    [-290.0, 124.0,  31.0,  -172.0],
])  # fmt: skip
APEX_MM = 31.0  # top of the pleura, about 25 mm above the medial clavicle [V64]
_NIPPLE_ROW = 9
SECTION_EXPONENT = 3.8  # superellipse of the cage; E.1's girth needs more than the 2.5-3 of bare ribs [P]
AXIS_Y_MM = -95.0  # long axis of the reference man
STERNUM_WALL_M = 22.0 * MM  # skin to the back of the sternum in the midline [P]
STERNUM_WALL_PER_BMI_M = 1.4 * MM  # [P]
BACK_WALL_M = 31.0 * MM  # skin to the gutters' depth in the midline [P]
BACK_WALL_PER_BMI_M = 2.2 * MM  # [P]
BELLY_WALL_LATERAL_M = 26.0 * MM  # abdominal wall at BMI 25 [B]
BELLY_WALL_FRONT_M = 26.0 * MM  # [B]
BELLY_WALL_PER_BMI_M = 1.6 * MM  # [P]
# How far the wall has already gone from the cage to the waist, by level of the table: half width, front, back [P]
TOWARDS_WAIST = {-220.0: (0.05, 0.15, 0.0), -250.0: (0.20, 0.40, 0.2), -290.0: (0.50, 0.75, 0.6)}
BELLY_ROUNDING_M = 14.0 * MM  # [P]
WAIST_BELOW_RIB10_M = 60.0 * MM  # level from which the waist's measures hold [P]


@dataclass(frozen=True)
class Cage:
    """The inner wall and the scales that it was made with."""

    habitus: Habitus
    dimensions: Dimensions
    surface: PolarSurface
    back_y_m: Array  # (nz,) of the gutters, at the rows of the surface
    apex_z_m: float
    x_scale: float
    y_scale: float

    @property
    def z_scale(self) -> float:
        """Levels of the reference man times this are the levels of this body."""
        return self.dimensions.z_scale

    def back(self, height_m: Array | float) -> Array:
        """y of the paravertebral gutters at heights, metres."""
        return np.asarray(np.interp(height_m, self.surface.z_m, self.back_y_m))


def sternum_wall_m(habitus: Habitus) -> float:
    """Skin to the back of the sternum in the midline."""
    return max(17.0 * MM, STERNUM_WALL_M + STERNUM_WALL_PER_BMI_M * (habitus.bmi - 25.0))


def back_wall_m(habitus: Habitus) -> float:
    """Skin in the posterior midline to the depth of the gutters."""
    return max(24.0 * MM, BACK_WALL_M + BACK_WALL_PER_BMI_M * (habitus.bmi - 25.0))


def belly_wall_m(habitus: Habitus, at_20_m: float) -> float:
    """Thickness of the abdominal wall that is `at_20_m` at BMI 25."""
    return max(14.0 * MM, at_20_m + BELLY_WALL_PER_BMI_M * (habitus.bmi - 25.0))


def build_cage(habitus: Habitus, z_m: Array) -> Cage:
    """The inner wall of a body, with rows at the heights `z_m` (nz,), ascending, metres."""
    size = dimensions(habitus)
    lateral = 0.5 * (wall_thickness_m(habitus, "lateral", "upper") + wall_thickness_m(habitus, "lateral", "lower"))
    excess = BREADTH_EXCESS_M[habitus.sex]
    excess += BREADTH_EXCESS_PER_BMI_M[habitus.sex] * max(0.0, habitus.bmi - BREADTH_EXCESS_FROM_BMI)
    half = 0.5 * (size.chest_breadth_m + excess) - UNCOMPRESSED * lateral
    depth = size.chest_depth_m + DEPTH_EXCESS_M[habitus.sex] - sternum_wall_m(habitus) - back_wall_m(habitus)
    row = _LEVELS_MM[_NIPPLE_ROW] * MM
    sx, sy, sz = half / row[1], depth / (row[2] - row[3]), size.z_scale
    levels = _LEVELS_MM * MM * np.array([sz, sx, sy, sy])
    waist_z = -size.notch_to_rib10_m - WAIST_BELOW_RIB10_M
    waist_back = levels[-1, 3] + 6.0 * MM  # lumbar lordosis [B]
    waist_front = waist_back - 28.0 * MM + size.waist_depth_m - belly_wall_m(habitus, BELLY_WALL_FRONT_M)
    waist_half = 0.5 * size.waist_breadth_m - belly_wall_m(habitus, BELLY_WALL_LATERAL_M)
    target = np.array([waist_half, waist_front, waist_back])
    for row_z, share in TOWARDS_WAIST.items():
        i = int(np.argmin(np.abs(_LEVELS_MM[:, 0] - row_z)))
        levels[i, 1:] += np.array(share) * (target - levels[i, 1:])
    waist = np.array([[waist_z - d, waist_half, waist_front, waist_back] for d in (0.03, 0.0)])
    levels = np.concatenate([waist, levels[::-1]])
    width, front, back = (curve_through(levels[:, 0], levels[:, i], z_m) for i in (1, 2, 3))
    low = np.clip((-0.17 * sz - z_m) / (0.05 * sz), 0.0, 1.0)  # below the nipples the way to the waist is rounded off
    rows = BELLY_ROUNDING_M / float(z_m[1] - z_m[0])
    width, front, back = (
        v + low * (ndimage.gaussian_filter1d(v, rows, mode="nearest") - v)  # type: ignore[attr-defined]
        for v in (width, front, back)
    )
    axis_y = AXIS_Y_MM * MM * sy
    surface = PolarSurface(axis_y, z_m, superellipse_radius(width, front, back, axis_y, SECTION_EXPONENT))
    return Cage(habitus, size, surface, back, APEX_MM * MM * sz, sx, sy)


def superellipse_radius(half: Array, front: Array, back: Array, axis_y_m: float, exponent: float) -> Array:
    """(nz, AZIMUTHS) radius from the axis of sections |x/half|^n + |(y - centre)/half depth|^n = 1, metres."""
    azimuth = azimuth_columns_rad()
    s, c = np.abs(np.sin(azimuth))[None, :], np.cos(azimuth)[None, :]
    centre, deep = 0.5 * (front + back)[:, None], 0.5 * (front - back)[:, None]
    low, high = np.zeros((len(half), len(azimuth))), np.full((len(half), len(azimuth)), 0.5)
    for _ in range(24):  # bisection to 0.5 m / 2^24
        middle = 0.5 * (low + high)
        inside = (middle * s / half[:, None]) ** exponent + (
            np.abs(axis_y_m + middle * c - centre) / deep
        ) ** exponent < 1.0
        low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    return np.asarray(0.5 * (low + high))
