"""Where is the skin, and where do fat and muscle meet?

The chest wall of clinical.md D.4 laid on the inner wall along its normal, with shoulders and neck above, the breast in
women, and the waist below. The arms are cut off, and the skin is the same however they are held.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from simulator.anatomy.body import Habitus
from simulator.anatomy.cage import (
    BELLY_WALL_FRONT_M,
    BELLY_WALL_LATERAL_M,
    Cage,
    back_wall_m,
    belly_wall_m,
    sternum_wall_m,
    superellipse_radius,
)
from simulator.anatomy.dimensions import SKIN_M, UNCOMPRESSED, fat_thickness_m, wall_thickness_m
from simulator.anatomy.polar import Array, PolarSurface, azimuth_columns_rad, curve_through
from simulator.geometry import smooth_step
from simulator.units import MM

# Shoulders and neck of the reference man, mm: height, half width, front y, back y [P, to fit E.1]
_SHOULDER_MM = np.array([
    [60.0,    66.0, -32.0, -146.0],
    [48.0,    82.0, -32.0, -152.0],
    [36.0,   112.0, -26.0, -158.0],
    [22.0,   150.0, -16.0, -166.0],
    [6.0,    176.0,  -6.0, -174.0],
    [-20.0,  188.0,  -1.0, -184.0],
    [-50.0,  184.0,  -8.0, -190.0],
    [-75.0,  168.0, -18.0, -190.0],
    [-100.0, 122.0, -30.0, -180.0],
    [-120.0,  60.0, -60.0, -140.0],
    [-600.0,  40.0, -70.0, -120.0],
])  # fmt: skip
SHOULDER_EXPONENT = 2.4  # [P]
STUMP_OF_BIACROMIAL = 188.0 / 208.0  # where the arm is cut off, of half the biacromial breadth [P]
BREAST_AZIMUTH_RAD = np.radians(38.0)  # [P]
BREAST_RADIUS_M = 46.0 * MM  # standard deviation x 1.6 [P]
BREAST_ABOVE_NIPPLE_M = 12.0 * MM  # its middle [P]
BREAST_HEIGHT_M = 5.5 * MM  # at BMI 22, lying; more with BMI [P]
BREAST_PER_BMI_M = 0.9 * MM  # [P]
CLAVICLE = ((14.0, -5.0), (30.0, 4.0), (48.0, 12.0), (65.0, 15.0), (80.0, 10.0))  # azimuth in degrees, z in mm [P]
CLAVICLE_RELIEF_M = 3.0 * MM  # [P]
NIPPLE_RELIEF_M = 2.5 * MM  # [P]
NAVEL_DEPTH_M = 5.0 * MM  # [P]
NAVEL_BELOW_RIB10_M = 55.0 * MM  # [B]
# Bulk of the axillary folds, which the tape goes round and the calliper leaves out (E.1): pectoralis, latissimus [P].
# With BREADTH_EXCESS_M they are what makes breadth, depth and girth follow E.1 together (`pleura bench anatomy`).
FOLD_M = {"male": (22.0 * MM, 20.5 * MM), "female": (6.0 * MM, 12.0 * MM)}
FOLD_PER_BMI_M = {"male": (2.4 * MM, 2.5 * MM), "female": (0.8 * MM, 1.5 * MM)}  # growth with BMI from 25: fat
FOLD_AZIMUTH_DEG = (66.0, 116.0)
FOLD_Z_M = (-125.0 * MM, -135.0 * MM)  # of the reference man
FOLD_AROUND_M = (28.0 * MM, 34.0 * MM)
FOLD_ALONG_M = ((45.0 * MM, 60.0 * MM), (50.0 * MM, 65.0 * MM))  # up, down
FAT_FOLD_ALONG_M = (70.0 * MM, 118.0 * MM)  # up, down: what fat adds runs on to the flank
FLANK_FROM_BMI = 32.0  # from there on what is added is fat of the whole flank, from the arm to the belly [P]
FLANK_PER_BMI_M = {"male": (2.3 * MM, 2.4 * MM), "female": (0.8 * MM, 1.4 * MM)}
FLANK_AZIMUTH_DEG = (67.0, 119.0)
FLANK_AROUND_M = (28.0 * MM, 35.0 * MM)
FLANK_ALONG_M = (120.0 * MM, 220.0 * MM)  # up, down


def smooth_max(a: Array, b: Array, width_m: float) -> Array:
    """Maximum with a rounded edge; exceeds the true one by width/4 where the two are equal."""
    h = np.clip(0.5 + 0.5 * (a - b) / width_m, 0.0, 1.0)
    return np.asarray(b + (a - b) * h + width_m * h * (1.0 - h))


def _around(values_m: tuple[float, ...], nodes_deg: tuple[float, ...]) -> Array:
    """(AZIMUTHS,) smooth interpolation over |azimuth|."""
    azimuth = np.abs(np.degrees(azimuth_columns_rad()))
    return curve_through(nodes_deg, values_m, azimuth)


def _bump(azimuth_rad: Array, z_m: Array, at: tuple[float, float], radius_m: tuple[float, ...], r_m: float) -> Array:
    """(nz, AZIMUTHS) a Gaussian on both sides, 1 at (|azimuth|, z) = `at`; radii around, along (upwards, downwards)."""
    across = (np.abs(azimuth_rad)[None, :] - at[0]) * r_m / radius_m[0]
    above = z_m[:, None] - at[1]
    return np.exp(-(across**2) - (above / np.where(above > 0.0, radius_m[1], radius_m[-1])) ** 2)


def wall_map_m(cage: Cage) -> tuple[Array, Array]:
    """Chest wall (skin to pleura) and its fat without skin, each (nz, AZIMUTHS) metres, without the breast."""
    habitus, z = cage.habitus, cage.surface.z_m
    h = -z / cage.dimensions.notch_to_rib10_m
    nodes = (0.0, 16.0, 38.0, 62.0, 90.0, 118.0, 150.0, 168.0, 180.0)
    sternum, back = sternum_wall_m(habitus), back_wall_m(habitus)

    def level(name: str) -> Array:
        a, lat, p = (UNCOMPRESSED * wall_thickness_m(habitus, r, name) for r in ("anterior", "lateral", "posterior"))
        return _around(
            (sternum, 0.5 * (sternum + a), a, 0.5 * (a + lat), lat, 0.5 * (lat + p), p, 1.03 * p, back), nodes
        )

    front = belly_wall_m(habitus, BELLY_WALL_FRONT_M)
    side = belly_wall_m(habitus, BELLY_WALL_LATERAL_M)
    belly = _around((front, front, front, side, side, side, 36.0 * MM + side - 26.0 * MM, 30.0 * MM, 28.0 * MM), nodes)
    lower = smooth_step(h, 0.32, 0.56)[:, None]
    below = smooth_step(h, 0.92, 1.20)[:, None]
    wall = (level("upper") * (1.0 - lower) + level("lower") * lower) * (1.0 - below) + belly * below
    flat = wall.ravel()
    fat = np.array([fat_thickness_m(habitus, t) for t in np.unique(np.round(flat, 4))])
    fat = np.interp(flat, np.unique(np.round(flat, 4)), fat).reshape(wall.shape)
    return wall, fat


def build_torso(cage: Cage) -> tuple[PolarSurface, PolarSurface]:
    """Skin, and the border between fat and muscle."""
    habitus, size, inner = cage.habitus, cage.dimensions, cage.surface
    z, azimuth = inner.z_m, azimuth_columns_rad()
    wall, fat = wall_map_m(cage)
    sz = cage.z_scale
    oblique = np.minimum(inner.slope(), 1.5)
    fatter = max(0.0, min(habitus.bmi, FLANK_FROM_BMI) - 25.0)
    obese = max(0.0, habitus.bmi - FLANK_FROM_BMI)
    bulk, soft = np.zeros_like(wall), np.zeros_like(wall)
    for i, azimuth_deg in enumerate(FOLD_AZIMUTH_DEG):
        at = (np.radians(azimuth_deg), FOLD_Z_M[i] * sz)
        flank = (np.radians(FLANK_AZIMUTH_DEG[i]), FOLD_Z_M[i] * sz)
        firm_m, soft_m = FOLD_M[habitus.sex][i], FOLD_PER_BMI_M[habitus.sex][i] * fatter
        bulk += firm_m * _bump(azimuth, z, at, (FOLD_AROUND_M[i], *FOLD_ALONG_M[i]), 0.14)
        bulk += soft_m * _bump(azimuth, z, at, (FOLD_AROUND_M[i], *FAT_FOLD_ALONG_M), 0.14)
        flank_m = FLANK_PER_BMI_M[habitus.sex][i] * obese
        soft += flank_m * _bump(azimuth, z, flank, (FLANK_AROUND_M[i], *FLANK_ALONG_M), 0.14)
    chest = inner.radius_m + oblique * (wall + bulk + soft)
    shoulder = shoulder_radius_m(cage)
    middle = (BREAST_AZIMUTH_RAD, size.nipple_height_m + BREAST_ABOVE_NIPPLE_M)
    breast = breast_m(habitus) * _bump(azimuth, z, middle, (BREAST_RADIUS_M, BREAST_RADIUS_M), 0.13)
    outer = _soften(smooth_max(chest, shoulder, 0.02), z)
    skin = PolarSurface(inner.axis_y_m, z, outer + breast + details_m(cage))
    bare = PolarSurface(inner.axis_y_m, z, outer)
    under = np.minimum(bare.slope(), 2.5)
    muscle = outer - under * (fat + SKIN_M) - oblique * soft
    return skin, PolarSurface(inner.axis_y_m, z, muscle)


def breast_m(habitus: Habitus) -> float:
    """How far the breast stands out, metres."""
    if habitus.sex != "female":
        return 0.0
    return min(20.0 * MM, max(2.5 * MM, BREAST_HEIGHT_M + BREAST_PER_BMI_M * (habitus.bmi - 22.0)))


def details_m(cage: Cage) -> Array:
    """(nz, AZIMUTHS) what an eye looks for on a torso: clavicles, nipples, navel; metres, fat and skin only."""
    z, azimuth = cage.surface.z_m, azimuth_columns_rad()
    line = np.array(CLAVICLE)
    ridge_z = np.interp(np.abs(np.degrees(azimuth)), line[:, 0], line[:, 1] * MM * cage.z_scale)
    along = smooth_step(np.abs(azimuth), 0.15, 0.4) * smooth_step(np.abs(azimuth), 1.45, 1.15)
    out = CLAVICLE_RELIEF_M * along[None, :] * np.exp(-(((z[:, None] - ridge_z[None, :]) / (9.0 * MM)) ** 2))
    nipple = (BREAST_AZIMUTH_RAD, cage.dimensions.nipple_height_m)
    out += NIPPLE_RELIEF_M * _bump(azimuth, z, nipple, (4.0 * MM, 4.0 * MM), 0.13)
    navel_z = -cage.dimensions.notch_to_rib10_m - NAVEL_BELOW_RIB10_M
    out -= NAVEL_DEPTH_M * _bump(azimuth, z, (0.0, navel_z), (9.0 * MM, 6.0 * MM), 0.12)
    return np.asarray(out)


def shoulder_radius_m(cage: Cage) -> Array:
    """(nz, AZIMUTHS) radius of shoulders and neck alone."""
    stump = STUMP_OF_BIACROMIAL * 0.5 * cage.dimensions.biacromial_m / (188.0 * MM)
    thick = 0.9 * (cage.habitus.bmi - 25.0) * MM
    rows = _SHOULDER_MM[::-1] * MM * np.array([cage.z_scale, stump, cage.y_scale, cage.y_scale])
    rows += np.array([0.0, thick, 0.5 * thick, -0.5 * thick])
    half, front, back = (curve_through(rows[:, 0], rows[:, i], cage.surface.z_m) for i in (1, 2, 3))
    return superellipse_radius(half, front, back, cage.surface.axis_y_m, SHOULDER_EXPONENT)


def _soften(radius_m: Array, z_m: Array) -> Array:
    """Rounds what the pieces leave: 4 mm in height, 2 degrees in azimuth."""
    rows = ndimage.gaussian_filter1d(radius_m, 0.004 / float(z_m[1] - z_m[0]), axis=0, mode="nearest")  # type: ignore[attr-defined]
    return np.asarray(ndimage.gaussian_filter1d(rows, 2.0, axis=1, mode="wrap"))  # type: ignore[attr-defined]
