"""Where are scapulae and clavicles, for the way the arms are held?

The scapula is a bent plate at a given distance from the inner wall, its outline a triangle in azimuth and height. It
glides on the wall as one piece: along it by what the arm protracts it, and about a point of its own as the arm is
raised (arms.py). Arms forward protract by 30-50 mm and uncover the interscapular window [B, E.3].
"""

from __future__ import annotations

import numpy as np

from simulator.anatomy.arms import HOLDS, Held, Hold
from simulator.anatomy.cage import Cage
from simulator.anatomy.polar import AZIMUTHS, Array, PolarSurface, azimuth_columns_rad
from simulator.anatomy.torso import CLAVICLE
from simulator.anatomy.tubes import Tube, make_tube
from simulator.units import MM

# Corners (azimuth in degrees, z in mm of the reference man), arms forward: superior angle at T2, inferior at T7 [B].
SUPERIOR_ANGLE = (138.0, 8.0)
INFERIOR_ANGLE = (126.0, -112.0)
GLENOID = (86.0, -26.0)
CORNERS_HELD = HOLDS["forward"]
# Where the scapula turns as the arm is raised above that, or lowered: a point this part of the way from its middle to
# the glenoid, or to the root of its spine, between which the centre goes as the arm goes up [B]; how far is [P].
TURNS_TOWARDS_GLENOID, TURNS_TOWARDS_SPINE = 0.6, 0.7
SPINE_ROOT = 0.3  # of the inner border from above [B]
PLATE_HALF_M = 2.5 * MM  # half thickness of the plate [B]
PLATE_OFFSET_M = 18.0 * MM  # middle of the plate from the pleura: rib, serratus and subscapularis [B]
GLENOID_OFFSET_M = 44.0 * MM  # likewise at its lateral corner [P]
CORNER_RADIUS_M = 6.0 * MM  # [P]
OUTLINE_RADIUS_M = 150.0 * MM  # of the reference man, where the plate is: arcs are nearly true distances [P]
CLAVICLE_RADIUS_M = 5.5 * MM  # [B]
CLAVICLE_UNDER_SKIN_M = 11.0 * MM  # skin to its middle [B]


def scapula_maps(cage: Cage, muscle: PolarSurface, arms: Held) -> tuple[Array, Array]:
    """Signed distance to the scapula's outline along the wall, and the plate's distance from the pleura.

    Each (nz, AZIMUTHS), metres, for both sides.
    """
    signed, z = azimuth_columns_rad(), cage.surface.z_m
    radius = OUTLINE_RADIUS_M * cage.x_scale
    corners = [_in_plane(cage, *corner) for corner in (SUPERIOR_ANGLE, INFERIOR_ANGLE, GLENOID)]
    s, h = np.meshgrid(np.abs(signed) * radius, z)
    ds, dh = _back(cage, muscle, arms.left, s, h)
    if arms.right != arms.left:
        right, (ds_right, dh_right) = signed >= 0.0, _back(cage, muscle, arms.right, s, h)
        ds, dh = np.where(right, ds_right, ds), np.where(right, dh_right, dh)
    outline = _triangle(s + ds, h + dh, corners) - CORNER_RADIUS_M
    lateral = np.clip((np.radians(118.0) - (np.abs(signed) + ds / radius)) / np.radians(118.0 - 86.0), 0.0, 1.0)
    offset = PLATE_OFFSET_M + (GLENOID_OFFSET_M - PLATE_OFFSET_M) * lateral**2
    room = (muscle.radius_m - cage.surface.radius_m) / np.minimum(cage.surface.slope(), 1.5) - 6.0 * MM
    return outline, np.minimum(np.broadcast_to(offset, (len(z), AZIMUTHS)), np.maximum(room, 13.0 * MM))


def scapula_place(cage: Cage, muscle: PolarSurface, hold: Hold, corner: tuple[float, float]) -> tuple[float, float]:
    """|azimuth| in radians and z in metres of a corner of the scapula, or of a point that is given as they are."""
    radius = OUTLINE_RADIUS_M * cage.x_scale
    (s, h), (along, turn) = _in_plane(cage, *corner), _glide(cage, muscle, hold)
    pivot_s, pivot_h = _pivot(cage, turn)
    x, y = s - pivot_s, h - pivot_h
    s += along + (np.cos(turn) - 1.0) * x + np.sin(turn) * y
    h += (np.cos(turn) - 1.0) * y - np.sin(turn) * x
    return float(s / radius), float(h)


def _in_plane(cage: Cage, azimuth_deg: float, z_mm: float) -> Array:
    """(2,) the plane of the outline: along the wall backwards from in front, and up; metres."""
    return np.array([np.radians(azimuth_deg) * (OUTLINE_RADIUS_M * cage.x_scale), z_mm * MM * cage.z_scale])


def _pivot(cage: Cage, turn_rad: float) -> Array:
    """(2,) the point of the scapula about which it turns, in that plane, arms forward."""
    corners = np.array([_in_plane(cage, *c) for c in (SUPERIOR_ANGLE, INFERIOR_ANGLE, GLENOID)])
    middle, root = corners.mean(axis=0), corners[0] + SPINE_ROOT * (corners[1] - corners[0])
    if turn_rad > 0.0:
        return np.asarray(middle + TURNS_TOWARDS_GLENOID * (corners[2] - middle))
    return np.asarray(middle + TURNS_TOWARDS_SPINE * (root - middle))


def _glide(cage: Cage, muscle: PolarSurface, hold: Hold) -> tuple[float, float]:
    """From where the corners are: metres backwards in the plane of the outline, and upward rotation in radians.

    The middle of the inner border comes to lie where the arm has it, measured along the muscle of the back under the
    fat, turning included.
    """
    back_m = (CORNERS_HELD.protraction_m - hold.protraction_m) * cage.x_scale
    turn = float(np.radians(hold.rotation_deg - CORNERS_HELD.rotation_deg))
    if back_m == 0.0 and turn == 0.0:
        return 0.0, 0.0
    radius = OUTLINE_RADIUS_M * cage.x_scale
    edge_s, edge_h = 0.5 * (_in_plane(cage, *SUPERIOR_ANGLE) + _in_plane(cage, *INFERIOR_ANGLE))  # of the inner border
    azimuth = np.linspace(0.5 * np.pi, np.pi, 180)
    steps = np.linalg.norm(np.diff(muscle.points(azimuth, edge_h), axis=0), axis=1)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    there = np.interp(np.interp(edge_s / radius, azimuth, along) + back_m, along, azimuth)
    x, y = np.array([edge_s, edge_h]) - _pivot(cage, turn)
    return float(there * radius - edge_s - (np.cos(turn) - 1.0) * x - np.sin(turn) * y), turn


def _back(cage: Cage, muscle: PolarSurface, hold: Hold, s: Array, h: Array) -> tuple[Array, Array]:
    """What must be added to points of the plane to come to where they would be, were the arms held forward."""
    along, turn = _glide(cage, muscle, hold)
    pivot_s, pivot_h = _pivot(cage, turn)
    x, y = s - along - pivot_s, h - pivot_h
    ds = (np.cos(turn) - 1.0) * x - np.sin(turn) * y - along
    return ds, (np.cos(turn) - 1.0) * y + np.sin(turn) * x


def _triangle(s: Array, h: Array, corners: list[Array]) -> Array:
    """Signed distance in the plane to a triangle."""
    inside: Array = np.full(s.shape, -np.inf)
    nearest: Array = np.full(s.shape, np.inf)
    middle = sum(corners) / 3.0
    for a, b in zip(corners, [*corners[1:], corners[0]], strict=True):
        edge = b - a
        normal = np.array([edge[1], -edge[0]]) / np.hypot(*edge)
        if np.dot(middle - a, normal) > 0:
            normal = -normal
        inside = np.maximum(inside, (s - a[0]) * normal[0] + (h - a[1]) * normal[1])
        t = np.clip(((s - a[0]) * edge[0] + (h - a[1]) * edge[1]) / np.dot(edge, edge), 0.0, 1.0)
        nearest = np.minimum(nearest, np.hypot(s - a[0] - t * edge[0], h - a[1] - t * edge[1]))
    return np.where(inside < 0.0, inside, nearest)


def clavicles(cage: Cage, skin: PolarSurface) -> dict[str, Tube]:
    """The two clavicles under the skin."""
    points = np.array(CLAVICLE)
    azimuth = np.radians(np.interp(np.linspace(0, 1, 60), np.linspace(0, 1, len(points)), points[:, 0]))
    z = np.interp(np.linspace(0, 1, 60), np.linspace(0, 1, len(points)), points[:, 1]) * MM * cage.z_scale
    line = skin.points(azimuth, z, -CLAVICLE_UNDER_SKIN_M)
    up = np.tile([0.0, 0.0, 1.0], (60, 1))
    right = make_tube(line, up, CLAVICLE_RADIUS_M, CLAVICLE_RADIUS_M)
    left = make_tube(line * np.array([-1.0, 1.0, 1.0]), up, CLAVICLE_RADIUS_M, CLAVICLE_RADIUS_M)
    return {"R": right, "L": left}
