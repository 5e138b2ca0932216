"""Findings as baked fields: the interface between disease and everything that looks at it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from simulator.geometry import FloatArray, Grid

# Channels of the lung-anchored texture; sampled at x - u_lung(x, t).
LUNG_CHANNELS = ("interstitial", "consolidation", "roughness", "bronchogram")
# Channels of the torso-anchored texture: what lies between the pleural layers, and how freely they slide.
SPACE_CHANNELS = ("fluid", "sliding_loss", "air", "echoes")
# The channel of the chest wall, on a grid of its own; the wall does not breathe.
SOFT_CHANNEL = "soft_gas"

FAR_M = 0.05  # signed distances are clipped to +- this
SEPTA_AT = 2.0  # value of "echoes" in the middle of a membrane
SEPTA_UNIT_M = 0.016  # distance from a membrane that changes it by 1
SEPTA_REACH_M = 0.008  # distances to membranes are clipped to +- this
BRONCHUS_REACH_M = 0.010  # bronchi are known within this; a bronchus filled with fluid is stored beyond FAR_M


NOWHERE = Grid((0.0, 0.0, 0.0), 0.001, (2, 2, 2))  # the grid of what is not there


@dataclass(frozen=True)
class FineField:
    """Signed distance `distance_m` (nz, ny, nx, 1) float16 to thin bodies, on a finer `grid` of their own, torso frame.

    The outermost voxels are outside all bodies, so that what is beyond the grid is too. Where there are none there are
    2 x 2 x 2 voxels of FAR_M.
    """

    grid: Grid = NOWHERE
    distance_m: npt.NDArray[np.float16] = field(default_factory=lambda: np.full((2, 2, 2, 1), FAR_M, dtype=np.float16))

    @property
    def present(self) -> bool:
        """Whether there are any."""
        return bool(self.distance_m.size > 8)

    def sample(self, points_torso: FloatArray) -> FloatArray:
        """Signed distance (...) at points (..., 3), metres; FAR_M where there are none."""
        if not self.present:
            return np.full(np.shape(points_torso)[:-1], FAR_M, dtype=np.float32)
        return self.grid.sample(self.distance_m[..., 0], points_torso)


class SoftGas(FineField):
    """Gas in the chest wall, anchored to the torso."""


class Bronchi(FineField):
    """Bronchi in airless lung, anchored to the lung; `distance_m` as in the channel "bronchogram"."""


@dataclass(frozen=True)
class Floating:
    """Airless lung that floats in an effusion and sways: how far `direction` (3,), a unit vector, the lookup of the
    fluid moves falls off from `tip_m` (3,), torso frame, over `reach_m`; 0 when nothing floats."""

    tip_m: tuple[float, float, float] = (0.0, 0.0, 0.0)
    direction: tuple[float, float, float] = (0.0, 0.0, 0.0)
    reach_m: float = 0.0


@dataclass(frozen=True)
class FindingFields:
    """What disease does to the lungs, on the grid `grid` (torso frame at end-expiration).

    `lung` (nz, ny, nx, 4) float16, anchored to the lung:
      interstitial   density of acoustic traps 0..1 at the pleural surface (0 healthy, 1 every cell of it is a trap);
      consolidation  signed distance to airless lung, metres, negative inside;
      roughness      of the pleural surface 0..1 (1: fragmented);
      bronchogram    signed distance to air-filled bronchi inside consolidation, metres, negative inside; near bronchi
                     filled with fluid it is FAR_M + BRONCHUS_REACH_M - their signed distance (see `in_fluid_bronchus`);
                     FAR_M everywhere where `bronchi` stand for it.
    `space` (nz, ny, nx, 4) float16, the pleural space, anchored to the torso:
      fluid          signed distance to the surface of free pleural fluid at end-expiration, metres, negative inside;
      sliding_loss   share of the lung's sliding that is lost, 0 (healthy) to 1 (none left);
      air            signed distance to free air between the layers at end-expiration, metres, negative inside;
      echoes         of what floats in the fluid, 0 (clear) to 1 (as dense as fibrin); where membranes hang in it,
                     SEPTA_AT + signed distance to the nearest one / SEPTA_UNIT_M: they are thinner than a voxel.
    `bronchi`, where there are any, stand for the channel "bronchogram", whose voxels are wider than they are.
    `lenses` (n, 3, 4) float32 are small airless lenses, anchored to the lung (see `pathology/lenses.py`): they are not
    in the channel "consolidation"; who asks for it unites both. `soft` is gas in the chest wall, anchored to the torso;
    `floating` the lung that sways in an effusion.
    `names` are the findings placed, for the layer view and the debrief.
    """

    grid: Grid
    lung: npt.NDArray[np.float16]
    space: npt.NDArray[np.float16]
    names: tuple[str, ...] = ()
    content_hash: str = ""
    bronchi_shift_m: float = 0.0  # how far the air in the bronchi moves out over a breath; 0 where they are blocked
    soft: SoftGas = field(default_factory=SoftGas)
    floating: Floating = field(default_factory=Floating)
    bronchi: Bronchi = field(default_factory=Bronchi)
    lenses: npt.NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 3, 4), dtype=np.float32))
    meta: dict[str, str] = field(default_factory=dict)

    @property
    def textures_mb(self) -> float:
        """Size of all fields that become textures, megabytes."""
        fields = (self.lung, self.space, self.soft.distance_m, self.bronchi.distance_m)
        return float(sum(field.nbytes for field in fields)) / 1e6

    @property
    def fluid(self) -> npt.NDArray[np.float16]:
        """Signed distance (nz, ny, nx) to free pleural fluid, metres."""
        return np.asarray(self.space[..., 0])


def in_fluid_bronchus(bronchogram: FloatArray) -> npt.NDArray[np.bool_]:
    """Where the channel "bronchogram" says that a bronchus is filled with fluid."""
    return np.asarray(np.asarray(bronchogram) > FAR_M + BRONCHUS_REACH_M)


def healthy(grid: Grid) -> FindingFields:
    """Fields of lungs without any finding."""
    lung = np.zeros((*grid.shape, 4), dtype=np.float16)
    lung[..., 1] = FAR_M
    lung[..., 3] = FAR_M
    return FindingFields(grid, lung, empty_space(grid))


def empty_space(grid: Grid) -> npt.NDArray[np.float16]:
    """A pleural space (nz, ny, nx, 4) without fluid and air, in which the lung slides freely."""
    space = np.zeros((*grid.shape, len(SPACE_CHANNELS)), dtype=np.float16)
    space[..., 0] = space[..., 2] = FAR_M
    return space
