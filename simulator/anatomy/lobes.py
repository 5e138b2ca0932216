"""Lobes of the lungs: which one lies under a point, by two analytic fissures.

Oblique fissure from T2-T3 behind to the sixth costochondral junction in front, horizontal fissure at the right fourth
cartilage [V64]; both are drawn as planes, level from side to side.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from simulator.anatomy.body import Body
from simulator.geometry import FloatArray, Grid

LOBES = ("RUL", "RML", "RLL", "LUL", "LLL")  # right upper, middle, lower; left upper (with the lingula), lower
OBLIQUE_BACK_H = 0.05  # height fraction of T2-T3 behind: the notch itself is at T2-T3 [V66b]
OBLIQUE_FRONT_H = 0.62  # height fraction of the sixth costochondral junction, as `ribs` has it [V64]
HORIZONTAL_H = 0.32  # height fraction of the sternal end of the right fourth cartilage, as `ribs` has it [V64]
PROBE_X_M = 0.06  # how far from the midline the front and back of a lung are looked for [P]


def lung_front_back_m(body: Body, side: float) -> tuple[float, float]:
    """Most anterior and most posterior y inside the chest wall on `side` (+1 right, -1 left), metres."""
    _x, y, _z = body.grid.axes_m()
    heights = np.array([0.1, 0.3, 0.5, 0.7])
    points = np.empty((heights.size, y.size, 3))
    points[..., 0] = side * PROBE_X_M
    points[..., 1] = y
    points[..., 2] = -heights[:, None] * body.notch_to_rib10_m
    inside = np.flatnonzero((body.sample("pleura", points) < 0.0).any(axis=0))
    if inside.size == 0:
        return float(y[-1]), float(y[0])
    return float(y[inside[-1]]), float(y[inside[0]])


def lobe_distance_m(body: Body, lobe: str, points_torso: FloatArray) -> FloatArray:
    """Signed distance to lobe `lobe` (without its outer border) at points (..., 3), metres, negative inside."""
    side = 1.0 if lobe[0] == "R" else -1.0
    return _of_side(body, side, (lobe,), points_torso)[lobe]


def lobe_distances_m(body: Body, points_torso: FloatArray) -> dict[str, FloatArray]:
    """`lobe_distance_m` of all LOBES, in their order."""
    right = _of_side(body, 1.0, LOBES[:3], points_torso)
    return right | _of_side(body, -1.0, LOBES[3:], points_torso)


def _of_side(body: Body, side: float, lobes: tuple[str, ...], points_torso: FloatArray) -> dict[str, FloatArray]:
    """Signed distances to `lobes` of the lung on `side`."""
    points = np.asarray(points_torso)
    front, back = lung_front_back_m(body, side)
    length = body.notch_to_rib10_m
    z_back, z_front = -OBLIQUE_BACK_H * length, -OBLIQUE_FRONT_H * length
    slope = (z_front - z_back) / max(front - back, 1e-3)
    fissure_z = z_back + slope * (points[..., 1] - back)
    lower = (points[..., 2] - fissure_z) / math.hypot(1.0, slope)  # negative in the lower lobe
    other_lung = -side * points[..., 0]
    found = {}
    for lobe in lobes:
        if lobe.endswith("LL"):
            inside = lower
        elif lobe == "LUL":
            inside = -lower
        else:
            middle = points[..., 2] + HORIZONTAL_H * length  # negative in the middle lobe
            inside = np.maximum(-lower, middle if lobe == "RML" else -middle)
        found[lobe] = np.asarray(np.maximum(inside, other_lung))
    return found


def lobe_at(body: Body, points_torso: FloatArray) -> list[str]:
    """The lobe of each point (n, 3)."""
    distances = np.stack(list(lobe_distances_m(body, points_torso).values()))
    return [LOBES[i] for i in np.argmin(distances, axis=0)]


def channel_on(body: Body, name: str, grid: Grid) -> npt.NDArray[np.float32]:
    """Body channel `name` (nz, ny, nx) on `grid`, which is a part of the body's own."""
    start = np.round((np.array(grid.origin_m) - np.array(body.grid.origin_m)) / body.grid.spacing_m).astype(int)
    nz, ny, nx = grid.shape
    x, y, z = (int(n) for n in start)
    return body.channel(name)[z : z + nz, y : y + ny, x : x + nx].astype(np.float32)


def lung_on(body: Body, grid: Grid) -> npt.NDArray[np.float32]:
    """Signed distance (nz, ny, nx) to both lungs, as they are in health, on `grid`, a part of the body's own."""
    out = np.maximum(channel_on(body, "pleura", grid), -channel_on(body, "diaphragm", grid))
    out = np.maximum(out, -channel_on(body, "heart", grid))
    return np.asarray(np.maximum(out, -channel_on(body, "mediastinum", grid)))
