"""Is this body right? Measures taken on the baked fields, against the ranges of clinical.md."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy.spatial import ConvexHull

from simulator.anatomy.body import VESSELS, Body
from simulator.anatomy.contact import point_on_skin
from simulator.anatomy.dimensions import MEAN_STATURE_M, dimensions, wall_thickness_m
from simulator.anatomy.filling import FRC_RESIDUAL_L, expected_lung_volume_l
from simulator.anatomy.mesh import organ_distance
from simulator.anatomy.windows import zone_windows
from simulator.anatomy.zones import ZONES
from simulator.units import MM

GAP_RANGE_MM = (12.0, 25.0)  # bone to bone, at mean stature [P, E.2]; small and tall people's are in proportion
# Where each space is measured, azimuth in degrees: anterior for the first, mid-axillary, then where the ribs still are.
GAP_AZIMUTH_DEG = {
    1: 60.0,
    2: 70.0,
    3: 80.0,
    4: 80.0,
    5: 80.0,
    6: 80.0,
    7: 80.0,
    8: 80.0,
    9: 80.0,
    10: 100.0,
    11: 135.0,
}
DEPTH_TOLERANCE = 0.25  # of D.4's T(zone, BMI, sex)
FAT_LEAST_MM = 2.0  # [P, D.4]
# Residual SD of the ANSUR regressions, mm (E.1) [D V62]
RESIDUAL_MM = {"male": {"breadth": 13.0, "depth": 12.0, "circumference": 32.0},
               "female": {"breadth": 13.0, "depth": 15.0, "circumference": 42.0}}  # fmt: skip
RESIDUALS_ALLOWED = 2.0
OVERLAP_ML = 0.3  # of two organs: rounding on the grid


@dataclass(frozen=True)
class Check:
    """One measure and the range that it should be in."""

    name: str
    value: float
    unit: str
    low: float
    high: float

    @property
    def ok(self) -> bool:
        """Is the value in its range?"""
        return self.low <= self.value <= self.high


def examine(body: Body, posture: str = "supine") -> list[Check]:
    """All checks of a body that was baked in `posture`."""
    return [
        *intercostal_gaps(body), *pleural_depths(body), least_fat(body), lung_volume(body, posture), *girths(body),
        *overlaps(body),
    ]  # fmt: skip


def intercostal_gaps(body: Body) -> list[Check]:
    """Bone-to-bone width of the eleven spaces on each side, at GAP_AZIMUTH_DEG, across the ribs."""
    own = body.habitus.height_m / MEAN_STATURE_M[body.habitus.sex]
    checks = []
    for side, sign in (("R", 1.0), ("L", -1.0)):
        for space, azimuth_deg in GAP_AZIMUTH_DEG.items():
            upper = body.curves[f"rib_{side}{space}"].astype(float)
            lower = body.curves[f"rib_{side}{space + 1}"].astype(float)
            azimuth = np.degrees(np.asarray(body.azimuth_rad(upper), dtype=float)) * sign
            start = upper[int(np.argmin(np.abs(azimuth - azimuth_deg)))]
            end = lower[int(np.argmin(np.linalg.norm(lower - start, axis=1)))]
            t = np.linspace(0.0, 1.0, 400)[:, None]
            distance = np.asarray(body.sample("bone", start + t * (end - start)), dtype=float)
            gap_mm = float(np.linalg.norm(end - start)) * float((distance > 0.0).mean()) / MM
            low, high = GAP_RANGE_MM[0] * min(1.0, own), GAP_RANGE_MM[1] * max(1.0, own)
            name = f"intercostal gap {side}{space} at {azimuth_deg:g} deg"
            checks.append(Check(name, gap_mm, "mm", low, high))
    return checks


def pleural_depths(body: Body) -> list[Check]:
    """Skin to pleura at each zone's window, along the beam and without pressure, against D.4."""
    checks = []
    for key, zone in ZONES.items():
        try:
            window = zone_windows(body, key)[0]
            depth_mm = float(np.linalg.norm(window.skin_torso - window.pleura_torso)) / MM
        except LookupError:  # no window over lung
            depth_mm = math.nan
        expected = wall_thickness_m(body.habitus, zone.region, zone.level) / MM
        low, high = (1.0 - DEPTH_TOLERANCE) * expected, (1.0 + DEPTH_TOLERANCE) * expected
        checks.append(Check(f"pleural depth {key}", depth_mm, "mm", low, high))
    return checks


def least_fat(body: Body) -> Check:
    """The thinnest fat under the skin of the twelve zones."""
    points = []
    for azimuth in np.radians(np.arange(-165.0, 166.0, 15.0)):
        for height in np.arange(0.05, 1.0, 0.1):
            points.append(point_on_skin(body, float(azimuth), -float(height) * body.notch_to_rib10_m))
    fat = np.asarray(body.sample("muscle", np.array(points)), dtype=float) - body.skin_thickness_m
    return Check("least fat under the skin", float(fat.min()) / MM, "mm", FAT_LEAST_MM, 80.0)


def volume_l(body: Body, distance: npt.NDArray[np.floating]) -> float:
    """Volume inside a signed distance (nz, ny, nx), litres; voxels at the border count in part."""
    share = np.clip(0.5 - distance / body.grid.spacing_m, 0.0, 1.0)
    return float(share.sum(dtype=np.float64)) * body.grid.spacing_m**3 * 1e3


def lung_volume(body: Body, posture: str) -> Check:
    """Volume of both lungs at end-expiration against the expected one."""
    expected = expected_lung_volume_l(body.habitus, posture)
    spread = RESIDUALS_ALLOWED * FRC_RESIDUAL_L[body.habitus.sex]
    value = volume_l(body, organ_distance(body, "lung"))
    return Check("lung volume at end-expiration", value, "l", expected - spread, expected + spread)


def girths(body: Body, residuals: float = RESIDUALS_ALLOWED) -> list[Check]:
    """Breadth, depth and tape circumference of the chest at nipple level against ANSUR; `residuals` SD are allowed.

    The breadth is a calliper's, between the mid-axillary lines: the tape goes round the pectoral and latissimus folds
    in front of them and behind, and the calliper leaves them out (E.1).
    """
    size, sex = dimensions(body.habitus), body.habitus.sex
    azimuths = np.radians(np.arange(-180.0, 180.0, 3.0))
    ring = np.array([point_on_skin(body, float(a), size.nipple_height_m)[:2] for a in azimuths])
    sides = [point_on_skin(body, math.radians(a), size.nipple_height_m)[0] for a in (-90.0, 90.0)]
    measured = {
        "breadth": (float(np.ptp(sides)), size.chest_breadth_m),
        "depth": (float(np.ptp(ring[:, 1])), size.chest_depth_m),
        "circumference": (float(ConvexHull(ring).area), size.chest_circumference_m),
    }
    checks = []
    for name, (value, expected) in measured.items():
        spread_mm = residuals * RESIDUAL_MM[sex][name]
        checks.append(Check(f"chest {name}", value / MM, "mm", expected / MM - spread_mm, expected / MM + spread_mm))
    return checks


def overlaps(body: Body) -> list[Check]:
    """Volumes, millilitres, that two structures claim both, or that stick out of where they belong."""
    names = ("bone", "cartilage", "lung", "heart", "liver", "spleen", "kidney", "stomach", *VESSELS)
    inside = {name: organ_distance(body, name) < -0.25 * body.grid.spacing_m for name in names}
    voxel_ml = body.grid.spacing_m**3 * 1e6
    checks = []
    for a, b in combinations(names, 2):
        if {a, b} == {"bone", "cartilage"}:
            continue  # they are joined
        shared = float(np.count_nonzero(inside[a] & inside[b])) * voxel_ml
        checks.append(Check(f"{a} in {b}", shared, "ml", 0.0, OVERLAP_ML))
    outside_pleura = np.asarray(body.channel("pleura") > 0.25 * body.grid.spacing_m)
    outside_skin = np.asarray(body.channel("skin") > -1.0 * MM)
    for name in ("heart", "liver", "spleen", "kidney", "stomach"):
        out = float(np.count_nonzero(inside[name] & outside_pleura)) * voxel_ml
        checks.append(Check(f"{name} outside the inner wall", out, "ml", 0.0, OVERLAP_ML))
    for name in ("bone", "cartilage", *VESSELS):
        out = float(np.count_nonzero(inside[name] & outside_skin)) * voxel_ml
        checks.append(Check(f"{name} through the skin", out, "ml", 0.0, OVERLAP_ML))
    return checks
