"""The tongue of airless lung that floats in a large effusion, and how it may sway (jellyfish sign [V24])."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simulator.geometry import normalized
from simulator.pathology.fields import Floating
from simulator.pathology.noise import fractal_noise
from simulator.pathology.region import Lungs
from simulator.units import MM

Field = npt.NDArray[np.floating]

LONGEST_M = 60.0 * MM  # of the tongue, from the surface of the fluid to its tip [P]
ROOT_SHARE = 0.45  # radius of its root over its length [P]
ROOT_MAX_M = 20.0 * MM  # and at most this [P]
TIP_M = 4.0 * MM  # radius of its edge [P]
BROAD_M = 28.0 * MM  # half of its breadth from front to back [P]
CAUDAL_SHARE = 0.8  # how much downwards counts beside sidewards in where it points [P]
CLEAR_OF_WALL_M = 16.0 * MM  # fluid between it and the wall; nearer to the wall lung would hold air [P]
CLEAR_OF_DIAPHRAGM_M = 10.0 * MM  # [P]
RAGGED_M = (14.0 * MM, 1.2 * MM)  # wavelength and height of its uneven surface [P]
REACH_SHARE = 0.75  # of the length over which the sway falls off from the tip [P]


def floating_lung(
    lungs: Lungs, above: Field, wet: npt.NDArray[np.bool_], side: float, seed: int
) -> tuple[Field, Floating]:
    """Signed distance (nz, ny, nx) to the tongue on the lungs' grid, and how it sways.

    `above` is the height over the fluid's surface, `wet` the voxels that hold fluid. The tongue hangs from where the
    surface is farthest from the chest wall sidewards and down, and is as broad as a lobe's edge: a longitudinal view
    from the side shows a wedge.
    """
    depth = -lungs.pleura
    points = lungs.grid.points_m()
    at_surface = (np.abs(above) < 2.0 * lungs.grid.spacing_m) & lungs.aerated & (side * points[..., 0] > 0.0)
    free = wet & (depth > CLEAR_OF_WALL_M) & (lungs.diaphragm > CLEAR_OF_DIAPHRAGM_M)
    nothing = np.full(above.shape, 1.0, dtype=np.float32), Floating()
    if not (at_surface.any() and free.any()):
        return nothing
    root = points[at_surface][int(np.argmax(depth[at_surface]))].astype(np.float64)
    lateral = side * points[free][:, 0] - CAUDAL_SHARE * points[free][:, 2]
    target = points[free][int(np.argmax(lateral))].astype(np.float64)
    length = min(float(np.linalg.norm(target - root)), LONGEST_M)
    if length < 2.0 * TIP_M:
        return nothing
    axis = normalized(target - root)
    tip = root + length * axis
    offset = points - root
    up = np.array([0.0, 0.0, 1.0])
    direction = normalized(up - float(axis @ up) * axis)  # across the tongue, in the plane of a longitudinal view
    breadth = np.maximum(np.abs(offset @ np.cross(axis, direction)) - BROAD_M, 0.0)
    along = np.clip(offset @ axis / length, 0.0, 1.0)
    across = np.sqrt((offset @ axis - along * length) ** 2 + (offset @ direction) ** 2 + breadth**2)
    radius = min(ROOT_SHARE * length, ROOT_MAX_M) * (1.0 - along) + TIP_M * along
    tongue = across - radius
    wavelength, height = RAGGED_M
    near = np.abs(tongue) < 4.0 * height
    tongue[near] += height * fractal_noise(points[near], wavelength, (seed, 43), octaves=2)
    tongue = np.maximum(tongue, CLEAR_OF_WALL_M - depth)
    x, y, z = (float(v) for v in tip)
    dx, dy, dz = (float(v) for v in direction)
    return tongue.astype(np.float32), Floating((x, y, z), (dx, dy, dz), REACH_SHARE * length)
