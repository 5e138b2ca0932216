"""Subcutaneous emphysema: gas in the chest wall, in flat pockets on the fascia and in the fat above it.

The gas is all there is to it: sound goes no further, so that ribs, pleura and A-lines are hidden, and a wet film on its
surface rings down (E-lines [V17, V19]). It lies in the wall and does not move with the breath.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from simulator.anatomy.body import Body
from simulator.geometry import Grid
from simulator.pathology.canvas import Canvas
from simulator.pathology.fields import FAR_M, SoftGas
from simulator.pathology.noise import fractal_noise, smooth_noise
from simulator.pathology.region import Lungs, Region
from simulator.units import MM

SPACING_M = 1.5 * MM  # of the grid: pockets are thin
POCKET_M = 8.0 * MM  # width of pockets, and of the gaps between them [P]
HALF_THICKNESS_M = (1.8 * MM, 2.6 * MM)  # of pockets, at strength 0 and 1 [P]; gas dissects in sheets [B]
TAPER_M = 2.0 * MM  # over which a pocket thins out to its rim [P]
WOBBLE_M = 1.0 * MM  # how far a sheet strays from its layer [P]
BUBBLES_M = (5.0 * MM, 0.8 * MM)  # wavelength and height of the bubbles of its surface [P]
UNDER_SKIN_M = 2.5 * MM  # gas keeps below the dermis, 1-2 mm (D.4 [B])
SHALLOWEST_M = 5.0 * MM  # the sheet on the fascia lies no nearer to the surface of the skin than this [P]
CLEAR_OF_PLEURA_M = 3.0 * MM  # and outside the parietal pleura [P]
CLEAR_OF_BONE_M = 0.8 * MM  # and off the ribs' periosteum [P]
FAT_LAYER_FROM = 0.6  # strength from which gas lies in the middle of the fat as well [P]
MARGIN_M = 9.0 * MM  # of the grid around the region: beyond it is no gas
COARSE = 4  # voxels of the body a step of the first look


@dataclass(frozen=True)
class SubcutaneousEmphysema:
    """Gas under `percent` of the skin of `region`; `strength` 0..1 thickens it and brings it into the fat."""

    KIND: ClassVar[str] = "subcutaneous_emphysema"

    region: Region
    percent: float = 60.0
    strength: float = 0.7
    seed: int = 0


def place(finding: SubcutaneousEmphysema, lungs: Lungs, canvas: Canvas) -> None:
    """Add the gas to `canvas.pockets`."""
    body = lungs.body
    grid = _grid_over(body, finding.region)
    if grid is None:
        return
    points = grid.points_m().reshape(-1, 3)
    near = np.flatnonzero(finding.region.distance_m(body, points) < MARGIN_M - SPACING_M)
    points = points[near]
    skin, muscle, pleura = (body.sample(name, points) for name in ("skin", "muscle", "pleura"))
    wall = (skin < 0.0) & (pleura > 0.0)
    near, points = near[wall], points[wall]
    skin, muscle, pleura = skin[wall], muscle[wall], pleura[wall]
    limits = [
        skin + UNDER_SKIN_M,
        CLEAR_OF_PLEURA_M - pleura,
        CLEAR_OF_BONE_M - body.sample("bone", points),
        finding.region.distance_m(body, points),
    ]
    layers = [np.maximum(muscle, skin + SHALLOWEST_M)]  # the fascia, or below it where the fat is thin
    if finding.strength >= FAT_LAYER_FROM:
        layers.append(0.5 * (muscle + skin))  # zero half way between skin and fascia
    # Layers are filled independently: together they cover the share asked for.
    share = 100.0 * (1.0 - (1.0 - min(finding.percent, 99.5) / 100.0) ** (1.0 / len(layers)))
    inside = limits[-1] < 0.0
    pockets = [
        _pockets(finding, points, layer, share, inside, (finding.seed, 51, number))
        for number, layer in enumerate(layers)
    ]
    distance = np.maximum(np.min(pockets, axis=0), np.max(limits, axis=0))
    field = np.full(grid.shape, FAR_M, dtype=np.float32)
    field.reshape(-1)[near] = np.minimum(distance, FAR_M)
    for side in (0, -1):  # what is beyond the grid is read from its outermost voxels
        field[side] = field[:, side] = field[:, :, side] = FAR_M
    canvas.pockets.append(SoftGas(grid, field[..., None].astype(np.float16)))


def _pockets(
    finding: SubcutaneousEmphysema,
    points: npt.NDArray[np.floating],
    layer_m: npt.NDArray[np.floating],
    percent: float,
    inside: npt.NDArray[np.bool_],
    seed: tuple[int, ...],
) -> npt.NDArray[np.floating]:
    """Signed distance (n,) to flat pockets on the sheet where `layer_m` (n,) is zero, over `percent` of it."""
    noise = fractal_noise(points, 2.0 * POCKET_M, (*seed, 1), octaves=3)
    counted = inside & (np.abs(layer_m) < SPACING_M)
    chosen = noise[counted] if counted.any() else noise
    slope = 4.0 / (2.0 * POCKET_M)  # of the noise, a metre, on average
    across = (float(np.quantile(chosen, 1.0 - percent / 100.0)) - noise) / slope
    thin, thick = HALF_THICKNESS_M
    half = (thin + (thick - thin) * finding.strength) * np.clip(-across / TAPER_M, 0.0, 1.0)
    wavelength, height = BUBBLES_M
    sheet = layer_m + WOBBLE_M * smooth_noise(points, 30.0 * MM, (*seed, 2))
    bubbles = height * smooth_noise(points, wavelength, (*seed, 3))
    return np.asarray(np.maximum(across, np.abs(sheet) - half + bubbles * (half > 0.0)))


def _grid_over(body: Body, region: Region) -> Grid | None:
    """The smallest grid of the finding's lattice that holds the chest wall over `region`; None where there is none."""
    x, y, z = (axis[::COARSE].astype(np.float64) for axis in body.grid.axes_m())
    zz, yy, xx = np.meshgrid(z, y, x, indexing="ij")
    points = np.stack([xx, yy, zz], axis=-1)
    cut = (slice(None, None, COARSE),) * 3
    wall = (body.channel("skin")[cut] < 0.01) & (body.channel("pleura")[cut] > -0.01)
    wall &= region.distance_m(body, points) < MARGIN_M
    if not wall.any():
        return None
    origin = np.asarray(body.grid.origin_m)
    margin = COARSE * body.grid.spacing_m
    first = np.floor((points[wall].min(axis=0) - margin - origin) / SPACING_M)
    size = np.ceil((points[wall].max(axis=0) + margin - origin) / SPACING_M) - first + 1
    x0, y0, z0 = (float(v) for v in origin + first * SPACING_M)
    nx, ny, nz = (int(n) for n in size)
    return Grid((x0, y0, z0), SPACING_M, (nz, ny, nx))
