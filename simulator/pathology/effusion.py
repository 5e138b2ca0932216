"""Pleural effusion: free fluid that lies where gravity takes it, what floats in it, and the lung that it compresses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from simulator.geometry import normalized
from simulator.pathology.canvas import Canvas
from simulator.pathology.fields import SEPTA_AT, SEPTA_REACH_M, SEPTA_UNIT_M
from simulator.pathology.floating_lung import floating_lung
from simulator.pathology.noise import fractal_noise, smooth_noise, smoothstep
from simulator.pathology.region import Lungs
from simulator.units import MM

ML = 1e-6  # cubic metres in a millilitre
# Where gravity pulls, as x (right), y (anterior), z (up along the body). A bed is seldom flat: in the supine and on the
# side the head is 20 degrees up, and fluid gathers above the diaphragm [P].
DOWN = {
    "supine": (0.0, -0.94, -0.34), "semi_recumbent": (0.0, -0.71, -0.71), "sitting": (0.0, -0.09, -1.0),
    "lateral_left": (-0.94, 0.0, -0.34), "lateral_right": (0.94, 0.0, -0.34),
}  # fmt: skip
ECHOES_BEYOND_M = 6.0 * MM  # echoes are given this far above the fluid, so that its surface does not dilute them
MENISCUS_M = 6.0 * MM  # how much higher the fluid stands at the chest wall [P]
MENISCUS_LENGTH_M = 10.0 * MM  # and over which distance from the wall [P]
MOST_OF_CAVITY = 0.8  # no more than this share of one side can be fluid [P]
COMPRESSING_M3 = 500.0 * ML  # more fluid collapses the lung above it; over 800 ml is large [V31b, P]
COMPRESSED_SHARE = 0.35  # thickness of the collapsed lung over the depth of the fluid [P]
COMPRESSED_MAX_M = 25.0 * MM  # and at most this [P]
FREE_OF_WALL_M = (8.0 * MM, 22.0 * MM)  # lung nearer the wall than this still holds air, beyond it is collapsed [P]
CLOUD = (0.50, 0.16)  # echoes of swirling fluid, mean and deviation: about -24 dB re liver [P]
CLOUD_LENGTH_M = 18.0 * MM  # wavelength of its clouds [P]
SEPTA_LENGTH_M = 45.0 * MM  # wavelength of the field between whose lobes the membranes hang [P]


@dataclass(frozen=True)
class Effusion:
    """Fluid on one `side` (+1 right, -1 left): `volume_m3` of it, or as much as is `depth_m` deep at its deepest.

    `content` is simple (clear), complex (cells and fibrin swirl in it) or septated (membranes hang in it as well).
    """

    KIND: ClassVar[str] = "effusion"

    side: float
    volume_m3: float | None = None
    depth_m: float | None = None
    content: Literal["simple", "complex", "septated"] = "simple"
    seed: int = 0

    def __post_init__(self) -> None:
        if (self.volume_m3 is None) == (self.depth_m is None):
            raise ValueError("an effusion has either a volume or a depth")


def down(posture: str) -> npt.NDArray[np.float64]:
    """Unit vector (3,) in which gravity pulls in the torso frame."""
    return normalized(DOWN[posture])


def place(finding: Effusion, lungs: Lungs, canvas: Canvas) -> None:
    """Write the fluid into `canvas.fluid`, what is in it into `canvas.echoes`, and the lung that it collapses.

    The fluid is given by its surface alone, and reaches through the walls of the cavity: these are known from the body.
    """
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
    voxel_m3 = lungs.grid.spacing_m**3
    level = _level(finding, level_of[cavity], depth[cavity], voxel_m3)
    above = np.maximum(level - level_of, other_side)
    wet = (above < 0.0) & cavity
    fluid = above
    if np.count_nonzero(wet) * voxel_m3 > COMPRESSING_M3:
        tongue, floating = floating_lung(lungs, above, wet, finding.side, finding.seed)
        if finding.volume_m3 is not None:  # the lung in it takes room: the fluid stands higher by as much
            room = float(np.count_nonzero(wet & (tongue < 0.0)) * voxel_m3)
            raised = replace(finding, volume_m3=finding.volume_m3 + room)
            above = np.maximum(_level(raised, level_of[cavity], depth[cavity], voxel_m3) - level_of, other_side)
        thick = min(COMPRESSED_SHARE * float(depth[wet].max()), COMPRESSED_MAX_M)
        airless = np.maximum(above - thick * smoothstep(*FREE_OF_WALL_M, depth), FREE_OF_WALL_M[0] - depth)
        canvas.unite("consolidation", _ALL, airless)
        fluid = np.maximum(above, -tongue)
        canvas.floating.append(floating)
    canvas.unite("fluid", _ALL, fluid)
    if finding.content != "simple":
        flat = np.flatnonzero(above.ravel() < ECHOES_BEYOND_M)
        canvas.raise_at("echoes", flat, _echoes(finding, lungs.grid.points_m().reshape(-1, 3)[flat]))


_ALL = (slice(None), slice(None), slice(None))


def _echoes(finding: Effusion, points: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Echoes (n,) at points (n, 3): clouds, or the distance to membranes, which hang where a field is zero."""
    if finding.content == "septated":
        return np.asarray(SEPTA_AT + _membranes_m(finding, points) / SEPTA_UNIT_M)
    mean, deviation = CLOUD
    clouds = mean + deviation * fractal_noise(points, CLOUD_LENGTH_M, (finding.seed, 41), octaves=2)
    return np.asarray(np.clip(clouds, 0.15, 0.7))


def _membranes_m(finding: Effusion, points: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Signed distance (n,) to the membranes at points (n, 3), metres: the field over the length of its gradient."""

    def field(at: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
        return smooth_noise(at, SEPTA_LENGTH_M, (finding.seed, 42))

    here, step = field(points), 1.0 * MM
    slope = np.linalg.norm([(field(points + step * axis) - here) / step for axis in np.eye(3)], axis=0)
    least = 1.0 / SEPTA_LENGTH_M  # where the field is level it passes no zero
    return np.asarray(np.clip(here / np.maximum(slope, least), -SEPTA_REACH_M, SEPTA_REACH_M))


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
