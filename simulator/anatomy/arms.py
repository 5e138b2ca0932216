"""How are the arms held? Per posture and side, for the drawn person and for the scapulae under the skin alike.

The patient can be asked to hold the arms otherwise where they are free to. A scapula follows its arm in two ways: it is
protracted (drawn forwards round the chest) when the arm reaches forwards, and rotated upwards as the arm is raised.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simulator.geometry import normalized
from simulator.units import MM

Direction = tuple[float, float, float]  # outwards, forwards, up: of either side

# Upward rotation of the scapula for each degree that the arm is raised: 0.43 for each degree of the shoulder joint
# itself, 0.43 / 1.43 of both together [D V83]. The old rule of one in three [B] differs by less than 6 degrees.
ROTATION_PER_ELEVATION = 0.43 / 1.43


@dataclass(frozen=True)
class Hold:
    """One way to hold an arm: where its parts point, and how far the collar bone and the scapula go with it."""

    upper_arm: Direction
    forearm: Direction
    clavicle_deg: tuple[float, float]  # of the drawn person: up (negative) about y, forwards about z
    # Of the inner border of the reference man's scapula along the muscle of the back, from where it is with the arm
    # beside the body; others' in proportion to the breadth of the cage.
    protraction_m: float

    @property
    def elevation_deg(self) -> float:
        """Angle between the upper arm and straight down."""
        return math.degrees(math.acos(-float(normalized(np.array(self.upper_arm))[2])))

    @property
    def rotation_deg(self) -> float:
        """Upward rotation of the scapula."""
        return ROTATION_PER_ELEVATION * self.elevation_deg


# Directions are chosen by eye [P]; how far each draws the scapula is said beside it.
HOLDS: dict[str, Hold] = {
    # Hanging, the hand on the thigh: rest.
    "beside": Hold((0.30, 0.02, -0.95), (-0.06, 0.62, -0.78), (2.0, 0.0), 0.0),
    # Reaching forwards, as over a table: 30-50 mm (clinical.md E.3 [B]), such that the borders of people of usual size
    # are 50-70 mm from the midline with the arms beside the body (E.3 [B]).
    "forward": Hold((0.12, 0.85, -0.51), (-0.30, 0.95, -0.06), (-3.0, 14.0), 41.0 * MM),
    # Out and a little up, the hand beside the head: between the two [P].
    "abducted": Hold((0.94, -0.06, 0.33), (-0.42, -0.02, 0.90), (-13.0, 0.0), 31.0 * MM),
    # Over or under the head, lying on a side: turning so far swings the border outwards by itself [P].
    "overhead": Hold((0.16, 0.42, 0.89), (-0.62, 0.10, 0.78), (-22.0, 8.0), 49.0 * MM),
}

# Ways to hold both arms that are possible in a posture, the usual one first. On the bed the back is not reached, and
# arms out of the way of front and side are usual; sitting, the back is what one sits up for [P]. Lying on a side, the
# arm below is under the head and the other out of the way.
ARMS_OF_POSTURE: dict[str, tuple[str, ...]] = {
    "supine": ("abducted", "beside"),
    "semi_recumbent": ("abducted", "beside", "forward"),
    "sitting": ("forward", "beside", "abducted"),
    "lateral_left": ("turned",),
    "lateral_right": ("turned",),
}
ARMS = tuple(dict.fromkeys(arms for known in ARMS_OF_POSTURE.values() for arms in known))

Stance = tuple[str, str]  # posture, and how the arms are held in it


@dataclass(frozen=True)
class Held:
    """How the two arms are held."""

    right: Hold
    left: Hold

    def side(self, side: str) -> Hold:
        """Of "R" or "L"."""
        return self.right if side == "R" else self.left


def arms_or_usual(posture: str, arms: str = "") -> str:
    """`arms` if the posture allows them; the usual way of the posture where nothing, or nothing known, is asked."""
    known = ARMS_OF_POSTURE.get(posture, ("",))
    return arms if arms in known else known[0]


def stance(posture: str, arms: str = "") -> Stance:
    """Posture and arms, the usual ones named too: what a body is baked for."""
    return posture, arms_or_usual(posture, arms)


def held(posture: str, arms: str = "") -> Held:
    """The arms in a posture; "" is as usual."""
    if posture not in ARMS_OF_POSTURE:
        raise ValueError(f"posture is {posture!r}, must be one of {sorted(ARMS_OF_POSTURE)}")
    if arms and arms not in ARMS_OF_POSTURE[posture]:
        raise ValueError(f"arms is {arms!r}, must be one of {ARMS_OF_POSTURE[posture]} in posture {posture}")
    arms = arms_or_usual(posture, arms)
    if arms != "turned":
        return Held(HOLDS[arms], HOLDS[arms])
    below, above = HOLDS["overhead"], HOLDS["abducted"]
    return Held(below, above) if posture == "lateral_right" else Held(above, below)
