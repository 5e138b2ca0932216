"""Where is the dome of the diaphragm at end-expiration, and where does the lung end on the wall?

A height over every (x, y): two domes with the heart's saddle between, falling with a power of the distance from the
long axis to the lung's lower border: rib 6 in the mid-clavicular line, 8 in the mid-axillary, 10 behind [V64]. Below it
the diaphragm lies against the wall (zone of apposition), which is what lies inside the inner wall and below the dome.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.anatomy.cage import Cage
from simulator.anatomy.polar import Array, azimuth_columns_rad, curve_through
from simulator.anatomy.ribs import RibCage
from simulator.units import MM

BORDER_UNDER_RIB = 0.4  # lung border under the middle of its rib, of the rib's height [P]
FRONT_BORDER_MM = -150.0  # in the midline, at the lower end of the sternum's body [B]
RIGHT_DOME_ABOVE_RIB5_M = 23.0 * MM  # above the fifth rib in the mid-clavicular line: fourth space [B]
LEFT_DOME_LOWER_M = 15.0 * MM  # [B]
SADDLE_LOWER_M = 21.0 * MM  # under the heart [B]
MCL_OF_BIACROMIAL = 0.25  # mid-clavicular line from the midline, of the biacromial breadth [D V62]
DOME_POWER = 3.5  # how flat a dome is: the power of the distance from the axis with which it falls [P]
LEAN = 0.35  # a dome's top lies in front of its middle: it falls the more steeply in front and gently behind [P]
BEYOND_WALL = 1.6  # the dome goes on falling outside the wall, to this part of the way to it
BEYOND_POWER = 3.5  # and so steeply
BEYOND_WALL_BMI = (31.0, 36.0)  # but not where the flanks go out below it, or lung would follow them down
# posture: how much lower the domes stand, and the lung's border on the wall (metres) [B: FRC grows about 0.7 l sitting]
POSTURE_DROP_M = {
    "supine": (0.0, 0.0), "semi_recumbent": (10.0 * MM, 4.0 * MM), "sitting": (20.0 * MM, 8.0 * MM),
    "lateral_left": (0.0, 0.0), "lateral_right": (0.0, 0.0),
}  # fmt: skip
# The belly of the obese holds the domes up however they lie: FRC falls by 730 ml when controls of BMI < 27 lie down and
# by 70 at BMI 44 [V80a]; by 680 and nothing at 43.6 [V80b]; by 510 and 40 [V80c]. In between in proportion to BMI [P].
LEAN_BMI, MORBID_BMI, MORBID_SHARE = 27.0, 44.0, 0.10
DEPENDENT_RISE_M = 10.0 * MM  # lying on a side its dome rises, the other sinks by as much [B]


@dataclass(frozen=True)
class Dome:
    """How far the belly lifts the domes over the reference man's level, metres, and how flat they are.

    `power` is that of the distance from the axis with which they fall. See filling.py for what sets both.
    """

    rise_m: float
    power: float


@dataclass(frozen=True)
class Diaphragm:
    """`border_z_m` (AZIMUTHS,) of the lung on the wall, and the tops of the domes, metres."""

    cage: Cage
    dome: Dome
    border_z_m: Array
    right_top_m: float
    left_top_m: float
    saddle_m: float

    def border(self, azimuth_rad: Array | float) -> Array:
        """Lower border of the lung on the wall at azimuths, z in metres."""
        columns = azimuth_columns_rad()
        return np.asarray(np.interp(azimuth_rad, columns, self.border_z_m, period=2.0 * np.pi))

    def top(self, x: Array) -> Array:
        """Height of the dome in the middle of the body at x, metres."""
        s = self.cage.x_scale
        knots = np.array([-0.20, -0.065, -0.015, 0.060, 0.20]) * s
        values = [self.left_top_m, self.left_top_m, self.saddle_m, self.right_top_m, self.right_top_m]
        return curve_through(knots, values, x)

    def height(self, x: Array, y: Array) -> Array:
        """z of the dome over (x, y) (broadcast together), metres; also beyond the wall."""
        surface = self.cage.surface
        x, y = np.broadcast_arrays(x, y)
        azimuth = np.arctan2(x, y - surface.axis_y_m)
        border = self.border(azimuth)
        reach = np.interp(self.cage.habitus.bmi, BEYOND_WALL_BMI, (BEYOND_WALL, 1.0))
        ratio = np.minimum(np.hypot(x, y - surface.axis_y_m) / surface.radius(azimuth, border), reach)
        power = self.dome.power * (1.0 + LEAN * np.cos(azimuth))
        fall = np.where(ratio < 1.0, ratio**power, ratio**BEYOND_POWER)
        return np.asarray(self.top(x) + (border - self.top(x)) * fall)


def mid_clavicular_deg(cage: Cage) -> float:
    """Azimuth of the mid-clavicular line on the wall, degrees."""
    across = MCL_OF_BIACROMIAL * cage.dimensions.biacromial_m
    radius = float(cage.surface.radius(0.8, -0.15))
    return float(np.degrees(np.arcsin(min(0.95, across / (radius + 0.02)))))


def rib_height_m(cage: Cage, ribs: RibCage, number: int, azimuth_deg: float) -> float:
    """Height of the right rib `number` on an azimuth; a rib that ends before is taken at its end, metres."""
    line = ribs.ribs[f"R{number}"].centre_m
    azimuth = np.degrees(np.arctan2(line[:, 0], line[:, 1] - cage.surface.axis_y_m))
    return float(np.interp(azimuth_deg, azimuth[::-1], line[::-1, 2]))


def reference_dome_m(cage: Cage, ribs: RibCage) -> float:
    """Height of the right dome of the reference man, lying, in this cage, metres."""
    return rib_height_m(cage, ribs, 5, mid_clavicular_deg(cage)) + RIGHT_DOME_ABOVE_RIB5_M * cage.z_scale


def posture_share(bmi: float) -> float:
    """How much of a lean person's change of lung volume with posture somebody of this BMI has, 0..1."""
    return float(np.interp(bmi, (LEAN_BMI, MORBID_BMI), (1.0, MORBID_SHARE)))


def build_diaphragm(cage: Cage, ribs: RibCage, posture: str, dome: Dome) -> Diaphragm:
    """The diaphragm of a body in a posture; `dome` is that of the body lying on its back."""
    mcl_deg = mid_clavicular_deg(cage)
    under = BORDER_UNDER_RIB * cage.dimensions.rib_height_m
    share = posture_share(cage.habitus.bmi)
    lower, border = (share * drop for drop in POSTURE_DROP_M[posture])
    beside = [rib_height_m(cage, ribs, n, at) for n, at in ((6, mcl_deg), (8, 90.0), (10, 150.0), (10, 162.0))]
    levels = np.array([FRONT_BORDER_MM * MM * cage.z_scale, *beside])
    levels[1:] -= under
    right = reference_dome_m(cage, ribs) - lower + dome.rise_m
    left = right - LEFT_DOME_LOWER_M * cage.z_scale
    saddle = right - SADDLE_LOWER_M * cage.z_scale
    tilt = DEPENDENT_RISE_M * {"lateral_right": 1.0, "lateral_left": -1.0}.get(posture, 0.0)
    columns = np.degrees(np.abs(azimuth_columns_rad()))
    border_z = curve_through([0.0, mcl_deg, 90.0, 150.0, 180.0], levels - border, columns)
    return Diaphragm(cage, dome, border_z, right + tilt, left - tilt, saddle)
