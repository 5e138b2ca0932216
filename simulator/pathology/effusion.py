"""Pleural effusion: free fluid that lies where gravity takes it, anchored to the torso."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from simulator.geometry import normalized
from simulator.pathology.canvas import Canvas
from simulator.pathology.region import Lungs
from simulator.units import MM

ML = 1e-6  # cubic metres in a millilitre
# Where gravity pulls, as x (right), y (anterior), z (up along the body). A bed is seldom flat: in the supine and on the
# side the head is 20 degrees up, and fluid gathers above the diaphragm [P].
DOWN = {
    "supine": (0.0, -0.94, -0.34), "semi_recumbent": (0.0, -0.71, -0.71), "sitting": (0.0, -0.09, -1.0),
    "lateral_left": (-0.94, 0.0, -0.34), "lateral_right": (0.94, 0.0, -0.34),
}  # fmt: skip
MENISCUS_M = 6.0 * MM  # how much higher the fluid stands at the chest wall [P]
MENISCUS_LENGTH_M = 10.0 * MM  # and over which distance from the wall [P]
MOST_OF_CAVITY = 0.8  # no more than this share of one side can be fluid [P]


@dataclass(frozen=True)
class Effusion:
    """Fluid on one `side` (+1 right, -1 left): `volume_m3` of it, or as much as is `depth_m` deep at its deepest."""

    KIND: ClassVar[str] = "effusion"

    side: float
    volume_m3: float | None = None
    depth_m: float | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if (self.volume_m3 is None) == (self.depth_m is None):
            raise ValueError("an effusion has either a volume or a depth")


def down(posture: str) -> npt.NDArray[np.float64]:
    """Unit vector (3,) in which gravity pulls in the torso frame."""
    return normalized(DOWN[posture])


def place(finding: Effusion, lungs: Lungs, canvas: Canvas) -> None:
    """Write the fluid into `canvas.fluid`."""
    x, y, z = lungs.grid.axes_m()
    gx, gy, gz = (float(part) for part in down(lungs.posture))
    lowness = gx * x[None, None, :] + gy * y[None, :, None] + gz * z[:, None, None]
    depth = -lungs.pleura
    meniscus = MENISCUS_M * np.exp(-np.maximum(depth, 0.0) / MENISCUS_LENGTH_M)
    level_of = (lowness + meniscus).astype(np.float32)
    other_side = np.broadcast_to(-finding.side * x[None, None, :], depth.shape)
    cavity = lungs.aerated & (other_side < 0.0)
    if not cavity.any():
        return
    level = _level(finding, level_of[cavity], depth[cavity], lungs.grid.spacing_m**3)
    walls = np.maximum(np.maximum(lungs.pleura, -lungs.mediastinum), np.maximum(-lungs.heart, other_side))
    canvas.unite("fluid", (slice(None), slice(None), slice(None)), np.maximum(level - level_of, walls))


def _level(
    finding: Effusion, level_of: npt.NDArray[np.float32], depth_m: npt.NDArray[np.float32], voxel_m3: float
) -> float:
    """How far down the fluid's surface is, by bisection on the volume, or where its depth is first exceeded."""
    low, high = float(level_of.min()), float(level_of.max())
    if finding.depth_m is not None:
        beyond = level_of[depth_m > finding.depth_m]
        return float(beyond.max()) if beyond.size else low
    assert finding.volume_m3 is not None
    wanted = min(finding.volume_m3, MOST_OF_CAVITY * level_of.size * voxel_m3)
    for _ in range(24):
        middle = 0.5 * (low + high)
        if np.count_nonzero(level_of > middle) * voxel_m3 > wanted:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)
