"""Findings as baked fields: the interface between disease and everything that looks at it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from simulator.geometry import Grid

# Channels of the lung-anchored texture; sampled at x - u_lung(x, t).
LUNG_CHANNELS = ("interstitial", "consolidation", "roughness", "bronchogram")
# Channels of the torso-anchored texture: what lies between the pleural layers, and how freely they slide.
SPACE_CHANNELS = ("fluid", "sliding_loss", "air", "echoes")


@dataclass(frozen=True)
class FindingFields:
    """What disease does to the lungs, on the grid `grid` (torso frame at end-expiration).

    `lung` (nz, ny, nx, 4) float16, anchored to the lung:
      interstitial   density of acoustic traps 0..1 at the pleural surface (0 healthy, 1 every cell of it is a trap);
      consolidation  signed distance to airless lung, metres, negative inside;
      roughness      of the pleural surface 0..1 (1: fragmented);
      bronchogram    signed distance to air-filled bronchi inside consolidation, metres, negative inside.
    `space` (nz, ny, nx, 4) float16, the pleural space, anchored to the torso:
      fluid          signed distance to the surface of free pleural fluid at end-expiration, metres, negative inside;
      sliding_loss   share of the lung's sliding that is lost, 0 (healthy) to 1 (none left);
      air            signed distance to free air between the layers at end-expiration, metres, negative inside;
      echoes         of what floats or hangs in the fluid, 0 (clear) to 1 (a membrane of fibrin).
    `names` are the findings placed, for the layer view and the debrief.
    """

    grid: Grid
    lung: npt.NDArray[np.float16]
    space: npt.NDArray[np.float16]
    names: tuple[str, ...] = ()
    content_hash: str = ""
    bronchi_shift_m: float = 0.0  # how far the air in the bronchi moves out over a breath; 0 where they are blocked
    meta: dict[str, str] = field(default_factory=dict)

    @property
    def fluid(self) -> npt.NDArray[np.float16]:
        """Signed distance (nz, ny, nx) to free pleural fluid, metres."""
        return np.asarray(self.space[..., 0])


FAR_M = 0.05  # signed distances are clipped to +- this


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
