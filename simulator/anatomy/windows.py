"""Where can the lung be seen? Poses over intercostal windows, for every zone.

A window is a point of the pleura between two ribs, over lung, that a straight beam reaches square to the pleura and
without bone. The best one for a zone is the nearest to the zone's centre.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from simulator.anatomy.body import Body
from simulator.anatomy.contact import angles_towards, point_on_skin, pose_at_skin_point, rest_axes, skin_normal, turned
from simulator.anatomy.dimensions import UNCOMPRESSED, wall_thickness_m
from simulator.anatomy.known import Known
from simulator.anatomy.zones import ZONES, Zone
from simulator.geometry import Pose
from simulator.units import MM

Array = npt.NDArray[np.float64]

MAX_TILT_RAD = math.radians(15.0)  # from the skin's normal; more is not how a zone is scanned [P]
LUNG_DEPTH_M = 10.0 * MM  # what is this far behind the pleura must still be lung [P]
BONE_MARGIN_M = 2.0 * MM  # bone must stay this far from the central beam [P]
ABOVE_BORDER_M = 8.0 * MM  # a window's distance along the wall from the curtain at end-expiration [P]
THICK_COST = 15.0  # metres of detour that a metre of extra wall (the breast) is worth [P]
CLEAR_WORTH = 1.5  # likewise for distance from bone [P]
AZIMUTH_STEP_DEG = 3.0
SWEEP_POSES = (6, 12)  # fewest and most poses of a sweep [P]
_DEPTHS = np.arange(0.0, 0.10, 1.0 * MM)


@dataclass(frozen=True)
class Window:
    """A place to look through: skin and pleura points (3,), unit beam (3,), the ribs' direction there (3,)."""

    space: int  # between rib `space` and the next
    skin_torso: Array
    pleura_torso: Array
    beam: Array
    along_rib: Array
    azimuth_deg: float  # of the side, positive
    height: float  # height fraction
    clear_m: float  # least distance of bone from the central beam


def zone_pose(body: Body, zone_key: str, intercostal: bool = False) -> Pose:
    """The pose at the centre of a zone, moved to the nearest window, square to the pleura.

    Longitudinal (marker cranial, one space centred between two ribs), or along the ribs with `intercostal`.
    """
    return _pose(body, _ranked(body, zone_key)[0], intercostal)


def zone_sweep(body: Body, zone_key: str) -> list[Pose]:
    """Poses that cover the windows of a zone, from cranial to caudal, longitudinal."""
    windows = _ranked(body, zone_key)
    chosen = _spread(body, windows, SWEEP_POSES[1])
    chosen.sort(key=lambda w: (w.space, w.azimuth_deg))
    return [_pose(body, w, False) for w in chosen]


def zone_windows(body: Body, zone_key: str) -> list[Window]:
    """All windows of a zone, the nearest to its centre first."""
    return list(_ranked(body, zone_key))


def _pose(body: Body, window: Window, intercostal: bool) -> Pose:
    axes = rest_axes(skin_normal(body, window.skin_torso))
    rotate = 0.0
    if intercostal:
        x, y, _ = axes.T @ window.along_rib
        rotate = math.atan2(y, x)
        if abs(rotate) > math.pi / 2.0:  # the marker stays at the cranial end
            rotate -= math.copysign(math.pi, rotate)
    fan, rock = angles_towards(turned(axes, rotate, 0.0, 0.0), window.beam)
    start = Pose(0.0, 0.0, rotate_rad=rotate, fan_rad=_limited(fan), rock_rad=_limited(rock))
    return pose_at_skin_point(body, window.skin_torso, start)


def _limited(angle_rad: float) -> float:
    return min(MAX_TILT_RAD, max(-MAX_TILT_RAD, angle_rad))


def _spread(body: Body, windows: tuple[Window, ...], most: int) -> list[Window]:
    """Up to `most` windows, the first and then always the farthest from those already taken."""
    points = np.array([w.pleura_torso for w in windows])
    taken = [0]
    gap = np.linalg.norm(points - points[0], axis=1)
    while len(taken) < min(most, len(windows)):
        i = int(np.argmax(gap))
        if gap[i] < 6.0 * MM and len(taken) >= SWEEP_POSES[0]:
            break
        taken.append(i)
        gap = np.minimum(gap, np.linalg.norm(points - points[i], axis=1))
    return [windows[i] for i in sorted(set(taken))]


@lru_cache(maxsize=64)
def _cached(known: Known[Body], zone_key: str) -> tuple[Window, ...]:
    return _search(known.baked, ZONES[zone_key])


def _ranked(body: Body, zone_key: str) -> tuple[Window, ...]:
    windows = _cached(Known(body), zone_key)
    if not windows:
        raise LookupError(f"zone {zone_key} of {body.habitus} has no window over lung")
    return windows


def _search(body: Body, zone: Zone) -> tuple[Window, ...]:
    centre = point_on_skin(body, zone.sign * math.radians(zone.centre[0]), -zone.centre[1] * body.notch_to_rib10_m)
    found = []
    low, high = zone.azimuth_deg
    for azimuth in np.arange(low + 1.0, high, AZIMUTH_STEP_DEG):
        for space in range(1, 12):
            window = _window(body, zone, space, float(azimuth))
            if window is not None:
                found.append(window)
    usual = UNCOMPRESSED * wall_thickness_m(body.habitus, zone.region, zone.level)

    def cost_m(window: Window) -> float:
        away = float(np.linalg.norm(window.skin_torso - centre))
        too_thick = max(0.0, float(np.linalg.norm(window.skin_torso - window.pleura_torso)) - usual)
        return away + THICK_COST * too_thick - CLEAR_WORTH * min(window.clear_m, 8.0 * MM)

    found.sort(key=cost_m)
    return tuple(found)


def _window(body: Body, zone: Zone, space: int, azimuth_deg: float) -> Window | None:
    """The window of an intercostal space at an azimuth of the zone's side, if there is one over lung in the zone."""
    upper, lower = _rib_at(body, zone, space, azimuth_deg), _rib_at(body, zone, space + 1, azimuth_deg)
    if upper is None or lower is None:
        return None
    middle = 0.5 * (upper[0] + lower[0])
    if not zone.height[0] - 0.1 < -middle[2] / body.notch_to_rib10_m < zone.height[1] + 0.1:
        return None
    outward = _gradient(body, "pleura", middle)
    pleura = middle - float(body.sample("pleura", middle)) * outward
    outward = _gradient(body, "pleura", pleura)
    path = pleura + _DEPTHS[:, None] * outward
    skin = np.asarray(body.sample("skin", path), dtype=float)
    out = np.flatnonzero(skin > 0.0)
    if len(out) == 0 or out[0] == 0:
        return None
    i = int(out[0])
    depth = _DEPTHS[i - 1] + (_DEPTHS[1] - _DEPTHS[0]) * skin[i - 1] / (skin[i - 1] - skin[i])
    face = pleura + depth * outward
    height = float(body.height_fraction(face))
    azimuth = math.degrees(float(body.azimuth_rad(face))) * zone.sign
    inside_zone = zone.azimuth_deg[0] <= azimuth < zone.azimuth_deg[1] and zone.height[0] <= height < zone.height[1]
    if not inside_zone:
        return None
    clear = min(float(body.sample("bone", path[:i]).min()), float(body.sample("cartilage", path[:i]).min()))
    if clear < BONE_MARGIN_M or not _lung_behind(body, pleura, outward):
        return None
    along = upper[1] / np.linalg.norm(upper[1])
    return Window(space, face, pleura, -outward, along, azimuth, height, clear)


def _lung_behind(body: Body, pleura: Array, outward: Array) -> bool:
    behind = pleura - np.array([1.0 * MM, 0.5 * LUNG_DEPTH_M, LUNG_DEPTH_M])[:, None] * outward
    behind = np.concatenate([behind, [behind[0] - np.array([0.0, 0.0, ABOVE_BORDER_M])]])
    return (
        float(body.sample("diaphragm", behind).min()) > 0.0
        and float(body.sample("heart", behind[:3]).min()) > 0.0
        and float(body.sample("mediastinum", behind[:3]).min()) > 0.0
        and float(body.sample("pleura", behind[:3]).max()) < 0.0
    )


def _rib_at(body: Body, zone: Zone, number: int, azimuth_deg: float) -> tuple[Array, Array] | None:
    """Point and direction (3,) of a rib, or of its cartilage, at an azimuth; None where it does not reach."""
    for kind in ("rib", "cartilage"):
        line = body.curves.get(f"{kind}_{zone.side}{number}")
        if line is None:
            continue
        points = line.astype(np.float64)
        azimuth = np.degrees(np.asarray(body.azimuth_rad(points), dtype=float)) * zone.sign
        i = int(np.argmin(np.abs(azimuth - azimuth_deg)))
        if abs(azimuth[i] - azimuth_deg) < 3.0:
            j = min(max(i, 1), len(points) - 2)
            return points[i], points[j + 1] - points[j - 1]
    return None


def _gradient(body: Body, name: str, point: Array, reach_m: float = 4.0 * MM) -> Array:
    steps = np.concatenate([np.eye(3), -np.eye(3)]) * reach_m
    values = np.asarray(body.sample(name, point + steps), dtype=float)
    gradient = values[:3] - values[3:]
    return np.asarray(gradient / max(1e-12, float(np.linalg.norm(gradient))))
