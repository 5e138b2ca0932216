"""Pneumothorax: free air between the layers of the pleura, which gathers where gravity does not take the lung."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simulator.pathology.canvas import Canvas
from simulator.pathology.effusion import down
from simulator.pathology.region import Lungs

AZIMUTH_HEIGHT = 0.45  # height fraction at which the edge's azimuth is given: mid-chest [P]


@dataclass(frozen=True)
class Pneumothorax:
    """Air on one `side` (+1 right, -1 left): `volume_share` of the cavity of the lung, or as far round the chest as
    `edge_azimuth_deg` from the front at mid-chest, where the lung point is at end-expiration."""

    KIND: ClassVar[str] = "pneumothorax"

    side: float
    volume_share: float | None = None
    edge_azimuth_deg: float | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if (self.volume_share is None) == (self.edge_azimuth_deg is None):
            raise ValueError("a pneumothorax has either a volume or an edge")


def place(finding: Pneumothorax, lungs: Lungs, canvas: Canvas) -> None:
    """Write the air into `canvas.air`. It is a body that reaches through the chest wall: what it is between is known
    from the pleura."""
    x, y, z = lungs.grid.axes_m()
    ux, uy, uz = (-float(part) for part in down(lungs.posture))
    height = (ux * x[None, None, :] + uy * y[None, :, None] + uz * z[:, None, None]).astype(np.float32)
    other_side = np.broadcast_to(-finding.side * x[None, None, :], height.shape)
    cavity = lungs.aerated & (other_side < 0.0)
    if not cavity.any():
        return
    if finding.volume_share is not None:
        level = float(np.quantile(height[cavity], 1.0 - finding.volume_share))
    else:
        level = _level_at(finding, lungs, height.ravel()[lungs.shell])
    canvas.unite("air", (slice(None), slice(None), slice(None)), np.maximum(level - height, other_side))


def _level_at(finding: Pneumothorax, lungs: Lungs, height_m: np.ndarray) -> float:
    """Height of the surface point next to the azimuth that was asked for."""
    assert finding.edge_azimuth_deg is not None
    azimuth_deg, along, _radius = lungs.around
    off = np.hypot((azimuth_deg - finding.side * finding.edge_azimuth_deg) / 10.0, (along - AZIMUTH_HEIGHT) / 0.1)
    return float(height_m[int(np.argmin(np.where(lungs.surface, off, np.inf)))])
