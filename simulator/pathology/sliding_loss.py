"""Loss of sliding: the lung is stuck to the chest wall or not ventilated, so that it moves less with the breath."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simulator.pathology.canvas import Canvas
from simulator.pathology.noise import smoothstep
from simulator.pathology.region import SHELL_M, Lungs, Region
from simulator.units import MM

BORDER_M = 10.0 * MM  # half of the width over which sliding comes back: lung is soft, it does not tear at a line [P]


@dataclass(frozen=True)
class SlidingLoss:
    """In `region` the lung slides by (1 - `share`) of what it would; anchored to the chest wall."""

    KIND: ClassVar[str] = "sliding_loss"

    region: Region
    share: float = 1.0
    seed: int = 0


def place(finding: SlidingLoss, lungs: Lungs, canvas: Canvas) -> None:
    """Write the lost share into `canvas.sliding_loss`, to the full depth of the lung."""
    flat = np.flatnonzero((lungs.pleura < SHELL_M) & (lungs.pleura > -1.0))
    x, y, z = lungs.grid.axes_m()
    iz, iy, ix = np.unravel_index(flat, lungs.grid.shape)
    points = np.stack([x[ix], y[iy], z[iz]], axis=-1)
    distance = finding.region.distance_m(lungs.body, points)
    canvas.raise_at("sliding_loss", flat, finding.share * smoothstep(BORDER_M, -BORDER_M, distance))
