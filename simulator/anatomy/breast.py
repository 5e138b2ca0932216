"""Where is glandular tissue in the breast? A lens in the fat before the pectoral muscle, jagged, smaller with age.

Analytic, as the muscles by region are: from azimuth, height and the place between skin and muscle. The twin of
shaders/lib/breast.glsl.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.anatomy.body import Body, Habitus
from simulator.anatomy.dimensions import dimensions
from simulator.anatomy.torso import BREAST_ABOVE_NIPPLE_M, BREAST_AZIMUTH_RAD
from simulator.geometry import FloatArray
from simulator.units import MM

# How much of the fat's thickness is gland in the middle of the breast, by age: less and less, and least after the
# menopause [B]; the shares are ours [P].
GLAND_OF_FAT = {20.0: 0.75, 45.0: 0.6, 60.0: 0.35, 85.0: 0.2}
GLAND_RADIUS_M = 46.0 * MM  # of the lens at twenty; over the muscle it is as wide as the breast's base [P]
AROUND_RADIUS_M = 0.13  # of the chest there, which turns azimuth into way
MIDDLE = 0.46  # of the lens between muscle (0) and skin (1): there is more fat before than behind [P]
JAGGED = 0.16  # by how much its border goes in and out, of the lens [P]
JAG_M = ((5.2 * MM, 11.0 * MM), (13.0 * MM, 6.7 * MM))  # over how far, around and along [P]


@dataclass(frozen=True)
class Gland:
    """The lens of both breasts: middle (|azimuth| in radians, z in metres), radius m and share of the fat 0..1."""

    azimuth_rad: float
    z_m: float
    radius_m: float
    share: float


NO_GLAND = Gland(0.0, 0.0, 0.0, 0.0)


def gland_of(body: Body) -> Gland:
    """The glandular tissue of a body; `NO_GLAND` for men and for test bodies."""
    if body.habitus.sex != "female" or body.one_muscle or body.phantom is not None:
        return NO_GLAND
    return _gland(body.habitus)


def _gland(habitus: Habitus) -> Gland:
    share = float(np.interp(habitus.age_years, list(GLAND_OF_FAT), list(GLAND_OF_FAT.values())))
    most = max(GLAND_OF_FAT.values())
    z_m = dimensions(habitus).nipple_height_m + BREAST_ABOVE_NIPPLE_M
    return Gland(float(BREAST_AZIMUTH_RAD), z_m, GLAND_RADIUS_M * float(np.sqrt(share / most)), share)


def gland_level(
    gland: Gland, azimuth_rad: FloatArray, z_m: FloatArray, fat_m: FloatArray, under_skin_m: FloatArray
) -> FloatArray:
    """(...) below 0 in gland, above 0 in fat: at points `fat_m` before the muscle and `under_skin_m` below the skin."""
    around = (np.abs(azimuth_rad) - gland.azimuth_rad) * AROUND_RADIUS_M
    along = z_m - gland.z_m
    depth = fat_m / np.maximum(fat_m + under_skin_m, 1e-4) - MIDDLE
    (a, b), (c, d) = JAG_M
    jags = np.sin(around / a + along / b) + np.sin(along / d - around / c)
    wide = (around**2 + along**2) / max(gland.radius_m, 1e-6) ** 2
    return np.asarray(np.sqrt(wide + (depth / max(0.5 * gland.share, 1e-6)) ** 2) - 1.0 + JAGGED * jags)


def in_gland(body: Body, points_torso: FloatArray, skin_m: FloatArray, muscle_m: FloatArray) -> npt.NDArray[np.bool_]:
    """(...) which points of fat are gland; `skin_m` and `muscle_m` are their signed distances."""
    gland = gland_of(body)
    if gland.radius_m == 0.0:
        return np.zeros(np.shape(skin_m), dtype=bool)
    points = np.asarray(points_torso)
    under_skin = -np.asarray(skin_m) - body.skin_thickness_m
    level = gland_level(gland, body.azimuth_rad(points), points[..., 2], np.asarray(muscle_m), under_skin)
    return np.asarray((level < 0.0) & (np.asarray(muscle_m) > 0.0) & (under_skin > 0.0))
