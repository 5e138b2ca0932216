"""How high do the domes stand? So high that the lungs hold what people of this habitus hold after a quiet breath out.

The cage follows E.1, so that its content is given; what varies between people is how far the belly lifts the domes. The
volume is summed on a coarse grid, within a few per cent of the baked lungs'.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from simulator.anatomy.body import Habitus
from simulator.anatomy.cage import Cage
from simulator.anatomy.diaphragm import (
    DOME_POWER,
    Dome,
    build_diaphragm,
    mid_clavicular_deg,
    posture_share,
    reference_dome_m,
    rib_height_m,
)
from simulator.anatomy.dimensions import MEAN_STATURE_M
from simulator.anatomy.organs import heart_distance, mediastinum_distance
from simulator.anatomy.polar import Array, PolarSurface
from simulator.anatomy.ribs import RibCage
from simulator.anatomy.spine import bulge_distance
from simulator.geometry import Grid

# Functional residual capacity sitting, litres: ECSC regressions, height m, age a (Quanjer 1993) [B]
FRC_MALE = (2.34, 0.009, -1.09)
FRC_FEMALE = (2.24, 0.001, -1.00)
FRC_OF_POSTURE = {
    "supine": 0.78, "semi_recumbent": 0.88, "sitting": 1.0, "lateral_left": 0.87, "lateral_right": 0.87,
}  # fmt: skip  # of the lean [B]; see `posture_share` for the obese
FRC_PER_BMI = -0.022  # exponent per BMI point from 24 (Jones and Nzekwu 2006: some -2 to -3 % a point) [B]
FRC_RESIDUAL_L = {"male": 0.60, "female": 0.50}  # residual SD of the regressions, litres [B]
TISSUE_L = {"male": 0.85, "female": 0.68}  # lung tissue and blood, litres, at mean stature [B]

# Level of the right dome in the mid-clavicular line, lying, as the number of the rib there: fourth space to fifth rib
# [B, E.4], with a margin; from BMI 25 to 35 the belly may lift it as far as the third rib [P].
HIGHEST_RIB = 4.3
HIGHEST_OBESE_RIB = 3.2
OBESE_BMI = (25.0, 35.0)
LOWEST_RIB = 5.1
MOST_POINTED = 2.6  # how pointed or flat a dome may be where its level alone does not do [P]
# By BMI, at mean stature, in proportion to it: a lifted and flat one would leave no lung before the lower zones [P]
FLATTEST = {25.0: 3.9, 40.0: 3.4}
STRIDE = 3  # rows of the cage's table to one of the coarse grid: 6 mm
ROUNDS = 12  # of bisection: to 1/4096 of the range


@dataclass(frozen=True)
class _Chest:
    """What of the chest does not move with the domes, on a coarse grid."""

    cage: Cage
    ribs: RibCage
    grid: Grid
    wall: Array  # (nz, ny, nx) signed distance to the inner wall and the spine

    def lungs_l(self, dome: Dome) -> float:
        """Volume of both lungs under domes, litres."""
        diaphragm = build_diaphragm(self.cage, self.ribs, "supine", dome)
        x, y, z = _broadcast(self.grid)
        above = z - diaphragm.height(x[0], y[0]).astype(np.float32)[None]
        heart = heart_distance(self.cage, dome.rise_m, x, y, z)
        between = mediastinum_distance(self.cage, x, y, z, heart)
        outside = np.maximum(np.maximum(self.wall, -above), np.maximum(-heart, -between))
        size = self.grid.spacing_m
        return float(np.clip(0.5 - outside / size, 0.0, 1.0).sum(dtype=np.float64)) * size**3 * 1e3


def expected_lung_volume_l(habitus: Habitus, posture: str) -> float:
    """Gas (FRC by height, age, sex, BMI and posture) and tissue of both lungs at end-expiration, litres."""
    per_height, per_year, constant = FRC_MALE if habitus.sex == "male" else FRC_FEMALE
    gas = per_height * habitus.height_m + per_year * habitus.age_years + constant
    gas *= 1.0 - (1.0 - FRC_OF_POSTURE[posture]) * posture_share(habitus.bmi)
    gas *= math.exp(FRC_PER_BMI * (max(habitus.bmi, 20.0) - 24.0))
    return gas + TISSUE_L[habitus.sex] * habitus.height_m / MEAN_STATURE_M[habitus.sex]


def fitting_dome(cage: Cage, ribs: RibCage) -> Dome:
    """The domes of a body lying on its back: their level within what is published, then their shape."""
    wanted_l = expected_lung_volume_l(cage.habitus, "supine")
    chest = _chest(cage, ribs)
    highest = float(np.interp(cage.habitus.bmi, OBESE_BMI, (HIGHEST_RIB, HIGHEST_OBESE_RIB)))
    azimuth_deg = mid_clavicular_deg(cage)
    numbers = (6, 5, 4, 3)
    levels = [rib_height_m(cage, ribs, number, azimuth_deg) for number in numbers]
    reference = reference_dome_m(cage, ribs)
    low, high = (float(np.interp(-n, [-m for m in numbers], levels)) - reference for n in (LOWEST_RIB, highest))
    rise = _where(lambda r: wanted_l - chest.lungs_l(Dome(r, DOME_POWER)), low, high)
    power = DOME_POWER
    if rise in (low, high):
        flattest = float(np.interp(cage.habitus.bmi, list(FLATTEST), list(FLATTEST.values())))
        flattest *= cage.habitus.height_m / MEAN_STATURE_M[cage.habitus.sex]
        power = _where(lambda p: wanted_l - chest.lungs_l(Dome(rise, p)), MOST_POINTED, flattest)
    return Dome(rise, power)


def _chest(cage: Cage, ribs: RibCage) -> _Chest:
    table = cage.surface
    rows = PolarSurface(table.axis_y_m, table.z_m[::STRIDE], table.radius_m[::STRIDE])
    size = float(rows.z_m[1] - rows.z_m[0])
    reach = math.ceil(float(rows.radius_m.max()) / size)
    origin = (-reach * size, table.axis_y_m - reach * size, float(rows.z_m[0]))
    grid = Grid(origin, size, (len(rows.z_m), 2 * reach + 1, 2 * reach + 1))
    x, y, z = _broadcast(grid)
    wall = np.maximum(rows.distance_on(grid), z - np.float32(cage.apex_z_m))
    return _Chest(cage, ribs, grid, np.maximum(wall, -bulge_distance(cage, x, y, z)))


def _broadcast(grid: Grid) -> tuple[Array, Array, Array]:
    x, y, z = grid.axes_m()
    return x[None, None, :], y[None, :, None], z[:, None, None]


def _where(grows: Callable[[float], float], low: float, high: float) -> float:
    """Where a growing function is 0 between two limits, or the limit nearer to it."""
    if grows(low) >= 0.0:
        return low
    if grows(high) <= 0.0:
        return high
    for _ in range(ROUNDS):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if grows(middle) > 0.0 else (middle, high)
    return 0.5 * (low + high)
