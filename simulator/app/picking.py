"""Where does a ray meet the skin? Walks the skin's distance field, one scalar sample a step: well under 5 ms.

The field is the trunk's alone; arms, neck and head are drawn around it. What is drawn before the skin hides it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.anatomy.body import Body
from simulator.anatomy.mesh import Mesh
from simulator.anatomy.person import is_arm
from simulator.units import MM

_STEPS = 160
_NEAR_M = 0.0004
_SEAM = 1e-5  # of a triangle's edge: no ray slips between two
HIDES_M = (
    25.0 * MM
)  # drawn this far before the skin it is something else: breath lifts the skin by less, arms are thicker


def _sample(field: npt.NDArray[np.float16], i: float, j: float, k: float) -> float:
    """Trilinear value at the voxel coordinates (z, y, x) = (i, j, k), which must lie inside."""
    nz, ny, nx = field.shape
    a, b, c = min(int(i), nz - 2), min(int(j), ny - 2), min(int(k), nx - 2)
    block = field[a : a + 2, b : b + 2, c : c + 2].astype(np.float64)
    u, v, w = i - a, j - b, k - c
    plane = block[0] * (1.0 - u) + block[1] * u
    line = plane[0] * (1.0 - v) + plane[1] * v
    return float(line[0] * (1.0 - w) + line[1] * w)


def skin_point(
    body: Body, origin: npt.NDArray[np.float64], direction: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64] | None:
    """First point (3,) of the skin on a ray of the torso frame; None if it passes by or meets the stump of an arm.

    `direction` is of length 1.
    """
    grid, field = body.grid, body.channel("skin")
    nz, ny, nx = grid.shape
    low = np.array(grid.origin_m)
    high = low + grid.spacing_m * (np.array([nx, ny, nz]) - 1)
    with np.errstate(divide="ignore"):
        a, b = (low - origin) / direction, (high - origin) / direction
    enter = max(0.0, float(np.nanmax(np.minimum(a, b))) + 1e-6)
    leave = float(np.nanmin(np.maximum(a, b))) - 1e-6
    if not math.isfinite(leave) or leave <= enter:
        return None
    far = float(np.max(field[::8, ::8, ::8]))  # distances are clipped: a step is never longer than this
    t = enter
    for _ in range(_STEPS):
        p = (origin + t * direction - low) / grid.spacing_m
        distance = _sample(field, float(p[2]), float(p[1]), float(p[0]))
        if distance < _NEAR_M:
            point = np.asarray(origin + t * direction)
            return None if t == enter or is_arm(body, point) else point
        t += min(distance, far) * 0.9
        if t > leave:
            return None
    return np.asarray(origin + t * direction)


@dataclass(frozen=True)
class Outside:
    """The drawn skin, for rays: its triangles as a corner and two edges (m, 3), and a ball around each."""

    corner: npt.NDArray[np.float32]
    first: npt.NDArray[np.float32]
    second: npt.NDArray[np.float32]
    middle: npt.NDArray[np.float32]
    radius_m: npt.NDArray[np.float32]

    @classmethod
    def of(cls, mesh: Mesh) -> Outside:
        """Of a mesh in the torso frame."""
        corners = mesh.vertices[mesh.faces].astype(np.float32)
        middle = corners.mean(axis=1)
        radius = np.linalg.norm(corners - middle[:, None], axis=2).max(axis=1)
        return cls(corners[:, 0], corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0], middle, radius)

    def met_m(self, origin: npt.NDArray[np.float64], direction: npt.NDArray[np.float64]) -> float:
        """How far along a ray the first triangle is; infinite where it meets none. `direction` is of length 1."""
        start, way = origin.astype(np.float32), direction.astype(np.float32)
        apart = self.middle - start
        along = apart @ way
        off2 = np.einsum("ij,ij->i", apart, apart) - along * along
        near = np.flatnonzero((off2 <= self.radius_m**2) & (along > 0.0))
        first, second = self.first[near].astype(np.float64), self.second[near].astype(np.float64)
        from_corner = origin - self.corner[near]
        across = np.cross(direction, second)
        with np.errstate(divide="ignore", invalid="ignore"):
            scale = 1.0 / np.einsum("ij,ij->i", first, across)
            u = np.einsum("ij,ij->i", from_corner, across) * scale
            turned = np.cross(from_corner, first)
            v = (turned @ direction) * scale
            t = np.einsum("ij,ij->i", second, turned) * scale
            hit = (u >= -_SEAM) & (v >= -_SEAM) & (u + v <= 1.0 + _SEAM) & (t > 0.0)
        return float(t[hit].min()) if hit.any() else math.inf


def seen_point(
    body: Body, outside: Outside, origin: npt.NDArray[np.float64], direction: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64] | None, bool]:
    """(skin point (3,) or None, whether something else of the patient is seen there).

    The skin that an arm or the head hides is not met.
    """
    point, met_m = skin_point(body, origin, direction), outside.met_m(origin, direction)
    if point is not None and met_m > float(np.linalg.norm(point - origin)) - HIDES_M:
        return point, False
    return None, math.isfinite(met_m)
