"""How the lattice of scatterers is turned: long across the image plane, so that the slice's thickness holds the grain.

Unresolved scatterers are noise on a lattice fixed to the tissue. What a slice of some millimetres sums up changes only
as the plane moves by its thickness, so the lattice's cells are as long in elevation as the slice is thick. Their long
axis is the nearest of some thousand fixed directions of the torso: within one the grain stays with the tissue while
the probe slides and turns; from one to the next it is another grain, as it is in a plane tilted by that much.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

DIRECTIONS = 3000  # over the sphere: the nearest is within 2 degrees of any elevation
BASE_STEP_M = 0.064  # elevation is counted from the nearest multiple of this, so that it stays small ([P])
TURN_RAD = 0.51  # of the lattice in the plane, off the axes of the array ([P])

Vector = npt.NDArray[np.float64]


def _sphere() -> Vector:
    """(DIRECTIONS, 3) unit vectors, evenly spread (Fibonacci's spiral)."""
    k = np.arange(DIRECTIONS) + 0.5
    z = 1.0 - 2.0 * k / DIRECTIONS
    angle = math.pi * (1.0 + math.sqrt(5.0)) * k
    radius = np.sqrt(1.0 - z * z)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle), z], axis=1)


_DIRECTIONS = _sphere()


def lattice_axes(elevation_torso: Vector, face_torso: Vector) -> tuple[Vector, Vector, Vector, float]:
    """(u, v, long axis, base m): unit vectors (3,) of the lattice for a plane of this elevation axis and face."""
    across = np.asarray(_DIRECTIONS[int(np.argmax(np.abs(_DIRECTIONS @ elevation_torso)))])
    helper = np.eye(3)[int(np.argmin(np.abs(across)))]
    first = np.cross(across, helper)
    first /= np.linalg.norm(first)
    second = np.cross(across, first)
    u = math.cos(TURN_RAD) * first + math.sin(TURN_RAD) * second
    base_m = BASE_STEP_M * round(float(face_torso @ across) / BASE_STEP_M)
    return u, np.cross(across, u), across, base_m
