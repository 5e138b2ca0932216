"""Disease of the lung's surface where fluid parts it from the wall: carried from the pleura to the lung line.

Findings are drawn on the wall's inner surface and reach a little below it. Behind deeper fluid the lung's surface is
the lung line, and the same wet or rough lung lies there: B-lines start from it all the same (B.1, sub-B-lines [V17]).
"""

from __future__ import annotations

import numpy as np

from simulator.pathology.canvas import Canvas
from simulator.pathology.noise import smoothstep
from simulator.pathology.region import Lungs
from simulator.units import MM

BAND_M = 16.0 * MM  # to both sides of the lung line: it moves by half of this with the breath [P]
FROM_DEPTH_M = 6.0 * MM  # nearer the wall than this the findings themselves reach [P]
TAKEN_AT_M = 1.0 * MM  # below the pleura


def carry_to_lung_line(lungs: Lungs, canvas: Canvas) -> None:
    """Raise traps and roughness around the surface of the fluid to what they are at the pleura next to it."""
    depth = -lungs.pleura
    worth = (np.abs(canvas.fluid) < BAND_M) & (depth > FROM_DEPTH_M) & lungs.aerated
    worth[[0, -1]] = worth[:, [0, -1]] = worth[:, :, [0, -1]] = False  # the gradient needs a neighbour on each side
    flat = np.flatnonzero(worth)
    if flat.size == 0:
        return
    _nz, ny, nx = lungs.grid.shape
    field = lungs.pleura.ravel()
    outward = np.stack([field[flat + step] - field[flat - step] for step in (1, nx, nx * ny)], axis=-1)
    outward /= np.maximum(np.linalg.norm(outward, axis=-1, keepdims=True), 1e-9)
    iz, iy, ix = np.unravel_index(flat, lungs.grid.shape)
    x, y, z = lungs.grid.axes_m()
    below = depth.ravel()[flat]
    foot = np.stack([x[ix], y[iy], z[iz]], axis=-1) + (below - TAKEN_AT_M)[:, None] * outward
    fading = smoothstep(FROM_DEPTH_M, 2.0 * FROM_DEPTH_M, below)
    for name in ("interstitial", "roughness"):
        canvas.raise_at(name, flat, fading * lungs.grid.sample(getattr(canvas, name), foot))
