"""Where are the points that a hand or an eye finds: notch, xiphoid, nipples, tips of the scapulae?"""

from __future__ import annotations

import numpy as np

from simulator.anatomy.arms import Held
from simulator.anatomy.cage import Cage
from simulator.anatomy.diaphragm import MCL_OF_BIACROMIAL, Diaphragm
from simulator.anatomy.girdle import INFERIOR_ANGLE, SUPERIOR_ANGLE, scapula_place
from simulator.anatomy.polar import PolarSurface
from simulator.anatomy.ribs import RibCage
from simulator.units import MM

Point = tuple[float, float, float]


def find_landmarks(
    cage: Cage, ribs: RibCage, skin: PolarSurface, muscle: PolarSurface, dome: Diaphragm, arms: Held
) -> dict[str, Point]:
    """Named points in the torso frame, metres; on the skin but for the tops of the domes."""

    def on_skin(azimuth_rad: float, z_m: float) -> Point:
        x, y, z = skin.points(azimuth_rad, z_m)
        return (float(x), float(y), float(z))

    def at_x(x_m: float, z_m: float) -> float:
        azimuth = np.radians(np.linspace(1.0, 85.0, 300))
        x = skin.radius(azimuth, z_m) * np.sin(azimuth)
        return float(azimuth[int(np.argmin(np.abs(x - x_m)))])

    size = cage.dimensions
    mcl = at_x(MCL_OF_BIACROMIAL * size.biacromial_m, size.nipple_height_m)
    xiphoid = float(ribs.sternum.centre_m[-1, 2])
    angle = float(np.interp(0.28, np.linspace(0.0, 1.0, len(ribs.sternum.centre_m)), ribs.sternum.centre_m[:, 2]))
    points = {
        "notch": on_skin(0.0, 0.0),
        "sternal_angle": on_skin(0.0, angle),
        "xiphoid": on_skin(0.0, xiphoid),
        "tenth_rib_R": on_skin(np.radians(90.0), -size.notch_to_rib10_m),
        "tenth_rib_L": on_skin(np.radians(-90.0), -size.notch_to_rib10_m),
        "dome_R": (0.06 * cage.x_scale, cage.surface.axis_y_m, dome.right_top_m),
        "dome_L": (-0.065 * cage.x_scale, cage.surface.axis_y_m, dome.left_top_m),
    }
    for side, sign in (("R", 1.0), ("L", -1.0)):
        points[f"nipple_{side}"] = on_skin(sign * mcl, size.nipple_height_m)
        tip, top = (scapula_place(cage, muscle, arms.side(side), c) for c in (INFERIOR_ANGLE, SUPERIOR_ANGLE))
        points[f"scapula_tip_{side}"] = on_skin(sign * tip[0], tip[1])
        points[f"scapula_border_{side}"] = on_skin(sign * 0.5 * (tip[0] + top[0]), 0.5 * (tip[1] + top[1]))
        points[f"clavicle_middle_{side}"] = on_skin(sign * np.radians(44.0), 10.0 * MM * cage.z_scale)
    return points
