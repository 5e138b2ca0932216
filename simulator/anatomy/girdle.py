"""Where are scapulae and clavicles, with the arms brought forward?

The scapula is a bent plate at a given distance from the inner wall, its outline a triangle in azimuth and height. The
arms forward protract it by 30-50 mm and uncover the interscapular window [B, E.3].
"""

from __future__ import annotations

import numpy as np

from simulator.anatomy.cage import Cage
from simulator.anatomy.polar import AZIMUTHS, Array, PolarSurface, azimuth_columns_rad
from simulator.anatomy.torso import CLAVICLE
from simulator.anatomy.tubes import Tube, make_tube
from simulator.units import MM

# Corners (azimuth in degrees, z in mm of the reference man), arms forward: superior angle at T2, inferior at T7 [B].
SUPERIOR_ANGLE = (138.0, 8.0)
INFERIOR_ANGLE = (126.0, -112.0)
GLENOID = (86.0, -26.0)
PLATE_HALF_M = 2.5 * MM  # half thickness of the plate [B]
PLATE_OFFSET_M = 18.0 * MM  # middle of the plate from the pleura: rib, serratus and subscapularis [B]
GLENOID_OFFSET_M = 44.0 * MM  # likewise at its lateral corner [P]
CORNER_RADIUS_M = 6.0 * MM  # [P]
CLAVICLE_RADIUS_M = 5.5 * MM  # [B]
CLAVICLE_UNDER_SKIN_M = 11.0 * MM  # skin to its middle [B]


def scapula_maps(cage: Cage, muscle: PolarSurface) -> tuple[Array, Array]:
    """Signed distance to the scapula's outline along the wall, and the plate's distance from the pleura.

    Each (nz, AZIMUTHS), metres, for both sides.
    """
    azimuth, z = np.abs(azimuth_columns_rad()), cage.surface.z_m
    radius = 0.150 * cage.x_scale  # where the plate is, so that its outline is nearly a true distance
    corners = [
        np.array([np.radians(a) * radius, h * MM * cage.z_scale]) for a, h in (SUPERIOR_ANGLE, INFERIOR_ANGLE, GLENOID)
    ]
    s, h = np.meshgrid(azimuth * radius, z)
    outline = _triangle(s, h, corners) - CORNER_RADIUS_M
    lateral = np.clip((np.radians(118.0) - azimuth) / np.radians(118.0 - 86.0), 0.0, 1.0)
    offset = PLATE_OFFSET_M + (GLENOID_OFFSET_M - PLATE_OFFSET_M) * lateral**2
    room = (muscle.radius_m - cage.surface.radius_m) / np.minimum(cage.surface.slope(), 1.5) - 6.0 * MM
    return outline, np.minimum(np.broadcast_to(offset, (len(z), AZIMUTHS)), np.maximum(room, 13.0 * MM))


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
