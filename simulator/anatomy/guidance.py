"""Where would a guiding hand put the probe? Over the next intercostal space, or square to the pleura under it.

Help for practice. It looks at the body's fields and curves alone, so it finds spaces over liver and heart as well.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from simulator.anatomy.body import Body
from simulator.anatomy.contact import (
    angles_towards,
    place,
    rest_axes,
    settle,
    skin_normal,
    turned,
)
from simulator.geometry import Pose
from simulator.units import MM

Vector = npt.NDArray[np.float64]

CRANIAL, CAUDAL = 1, -1  # which way to the next space
SAME_SPACE_M = 6.0 * MM  # a space whose middle is this near is the one that the probe is over [P]
ANGLE_NEAR_DEG = 4.0  # how far from the probe's azimuth a rib's nearest point may lie [P]
TILT_LIMIT_RAD = math.radians(45.0)  # no hand tilts a probe farther [P]
_REACH_M = 6.0 * MM  # half width of the difference that gives the pleura's normal
_STEP_M = 1.0 * MM
_FARTHEST_M = 0.12  # how deep the pleura is looked for
_ROUNDS = 5  # nearly linear: a few rounds settle below a millimetre
_TURNS = 10  # each leaves half of what is left or less, so that these settle below a degree


def next_space(body: Body, pose: Pose, way: int) -> Pose | None:
    """The pose over the next intercostal space cranially (`way` 1) or caudally (-1), held as it is now.

    The central beam then meets the pleura half-way between two ribs. None where there is no further space.
    """
    pose = settle(body, pose)
    under = _under(body, pose)
    if under is None:
        return None
    start_m = float(under[2])
    beyond = [m for m in _middles(body, under) if way * (float(m[2]) - start_m) > SAME_SPACE_M]
    if not beyond:
        return None
    target = min(beyond, key=lambda m: abs(float(m[2]) - start_m))
    for _ in range(_ROUNDS):
        pose = replace(pose, height_m=pose.height_m + float(target[2] - under[2]))  # along one line of the trunk
        under = _under(body, pose)
        if under is None:
            return None
    return pose


def square_to_pleura(body: Body, pose: Pose) -> Pose | None:
    """The same place and rotation, fanned and rocked until the central beam meets the pleura at a right angle.

    None where the beam meets no pleura within a hand's reach.
    """
    placement = place(body, pose)
    face, normal = np.array(placement.face_torso), skin_normal(body, np.array(placement.face_torso))
    axes = turned(rest_axes(normal), pose.rotate_rad, 0.0, 0.0)
    beam = placement.rotation[:, 2]
    if _along(body, face, beam) is None:
        beam = axes[:, 2]
    for _ in range(_TURNS):
        point = _along(body, face, beam)
        if point is None:
            return None
        # Half-way: where the wall bends sharply under much fat, more would overshoot.
        beam = beam - _outward(body, point)
        beam /= np.linalg.norm(beam)
    fan, rock = angles_towards(axes, beam)
    if max(abs(fan), abs(rock)) > TILT_LIMIT_RAD:
        return None
    return replace(pose, fan_rad=fan, rock_rad=rock)


def _under(body: Body, pose: Pose) -> Vector | None:
    """Where the central beam of a pose meets the pleura (3,); straight in where it passes by."""
    placement = place(body, pose)
    face = np.array(placement.face_torso)
    point = _along(body, face, placement.rotation[:, 2])
    return point if point is not None else _along(body, face, -skin_normal(body, face))


def _along(body: Body, start: Vector, beam: Vector) -> Vector | None:
    """First point (3,) of the inner chest wall on a ray, or None."""
    depth = np.arange(0.0, _FARTHEST_M, _STEP_M)
    distance = np.asarray(body.sample("pleura", start + depth[:, None] * beam), dtype=float)
    inside = np.flatnonzero(distance < 0.0)
    if len(inside) == 0 or inside[0] == 0:
        return None
    i = int(inside[0])
    share = distance[i - 1] / (distance[i - 1] - distance[i])
    return np.asarray(start + (depth[i - 1] + share * _STEP_M) * beam)


def _outward(body: Body, point: Vector) -> Vector:
    """Outward unit normal (3,) of the inner chest wall near a point."""
    steps = np.concatenate([np.eye(3), -np.eye(3)]) * _REACH_M
    values = np.asarray(body.sample("pleura", point + steps), dtype=float)
    gradient = values[:3] - values[3:]
    return np.asarray(gradient / max(1e-12, float(np.linalg.norm(gradient))))


def _middles(body: Body, here: Vector) -> list[Vector]:
    """Points of the pleura (3,) half-way between neighbouring ribs at the azimuth of `here`, from above down."""
    side = "R" if here[0] >= 0.0 else "L"
    azimuth = float(body.azimuth_rad(here))
    crossings: list[Vector | None] = [_crossing(body, f"{side}{number}", azimuth) for number in range(1, 13)]
    found = []
    for upper, lower in itertools.pairwise(crossings):
        if upper is None or lower is None or upper[2] <= lower[2]:
            continue
        middle = 0.5 * (upper + lower)
        found.append(middle - float(body.sample("pleura", middle)) * _outward(body, middle))
    return found


def _crossing(body: Body, rib: str, azimuth_rad: float) -> Vector | None:
    """Where a rib, or its cartilage, crosses an azimuth; None where it does not reach."""
    for kind in ("rib", "cartilage"):
        line = body.curves.get(f"{kind}_{rib}")
        if line is None:
            continue
        points = line.astype(np.float64)
        away = np.angle(np.exp(1j * (np.asarray(body.azimuth_rad(points), dtype=float) - azimuth_rad)))
        i = int(np.argmin(np.abs(away)))
        for a, b in ((i - 1, i), (i, i + 1)):  # exactly there, between two points of the curve
            if a >= 0 and b < len(points) and away[a] * away[b] <= 0.0 and away[a] != away[b]:
                share = away[a] / (away[a] - away[b])
                return np.asarray(points[a] + share * (points[b] - points[a]))
        if abs(away[i]) < math.radians(ANGLE_NEAR_DEG):
            return np.asarray(points[i])
    return None
