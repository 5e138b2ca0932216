"""Consolidation: airless, tissue-like lung that fills a region from the pleura to some depth, or to a fissure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from simulator.geometry import Grid
from simulator.pathology.bronchi import AIR, FLUID, VOXEL_M, bronchi_distance_m
from simulator.pathology.canvas import Canvas
from simulator.pathology.fields import FAR_M, FineField
from simulator.pathology.noise import fractal_noise, smoothstep
from simulator.pathology.patches import patch_of
from simulator.pathology.region import Lungs, Region
from simulator.physiology.airways import DYNAMIC_SHIFT_M
from simulator.units import MM

SHRED_M = 4.0 * MM  # deviation of a shred border: non-translobar (B.6 [P])
REGULAR_M = 0.7 * MM  # deviation of a regular border: translobar, along a fissure (B.6 [P])
BORDER_LENGTH_M = 16.0 * MM  # wavelength of the border's coarsest waves [P]
TRAIL_M = 4.0 * MM  # traps lie this far around a shred border (B.6 [P])
BRONCHUS_MARGIN_M = 2.0 * MM  # bronchi end this far from the border of the consolidation [P]
REACH_M = 15.0 * MM  # the border moves no further than this [P]
HEMILOBAR_DOWN = (0.0, -0.94, -0.34)  # a hemilobar consolidation keeps the half that lies lowest in the supine [P]


@dataclass(frozen=True)
class Consolidation:
    """Airless lung of `region` to `depth_m` below the pleura; `extent` hemilobar keeps the dependent half of it.

    `border` is shred (ragged, against aerated lung) or regular (to a fissure); `bronchograms` puts air-filled bronchi
    in it, blocked or open (in open ones the air moves out with each inspiration), or bronchi filled with fluid.
    """

    KIND: ClassVar[str] = "consolidation"

    region: Region
    depth_m: float = 50.0 * MM
    extent: Literal["lobar", "hemilobar"] = "lobar"
    border: Literal["shred", "regular"] = "regular"
    bronchograms: Literal["none", "static", "dynamic", "fluid"] = "static"
    seed: int = 0


def place(finding: Consolidation, lungs: Lungs, canvas: Canvas) -> None:
    """Write the airless lung, its bronchi and the trails of its border."""
    patch = patch_of(lungs, finding.region)
    surface = patch.member[patch.counted(lungs)]
    if surface.size == 0:
        return
    feet = lungs.foot[surface]
    pad = finding.depth_m + REACH_M
    box, points = lungs.box(feet.min(axis=0) - pad, feet.max(axis=0) + pad)
    depth = -lungs.pleura[box]
    distance = np.full(depth.shape, FAR_M, dtype=np.float32)
    worth = (depth > -REACH_M) & (depth < finding.depth_m + REACH_M)  # farther off it is only "far"
    distance[worth] = np.maximum(depth[worth] - finding.depth_m, finding.region.distance_m(lungs.body, points[worth]))
    if finding.extent == "hemilobar":
        lowness = points @ np.array(HEMILOBAR_DOWN, dtype=np.float32)
        whole = (distance < 0.0) & lungs.aerated[box]
        if whole.any():
            distance = np.maximum(distance, float(np.median(lowness[whole])) - lowness)
    deviation = SHRED_M if finding.border == "shred" else REGULAR_M
    reach = 2.5 * deviation + 1.0 * MM  # farther from the border than this its waves change nothing
    near = np.abs(distance) < reach
    noise = fractal_noise(points[near], BORDER_LENGTH_M, (finding.seed, 31), octaves=3)
    distance[near] += deviation * noise * smoothstep(reach, 0.6 * reach, np.abs(distance[near]))
    canvas.unite("consolidation", box, distance)
    if finding.border == "shred":
        trail = smoothstep(TRAIL_M, 0.5 * TRAIL_M, np.abs(distance)) * smoothstep(2.0 * MM, 4.0 * MM, depth)
        canvas.interstitial[box] = np.maximum(canvas.interstitial[box], 0.85 * trail)
        canvas.roughness[box] = np.maximum(canvas.roughness[box], trail)
    if finding.bronchograms == "dynamic":  # of all bronchi of a patient: there is one such pneumonia at a time
        canvas.bronchi_shift_m[:] = DYNAMIC_SHIFT_M
    if finding.bronchograms != "none":
        bronchi = _bronchi(finding, lungs, distance, points, box)
        if bronchi is not None:
            (canvas.fluid_bronchi if finding.bronchograms == "fluid" else canvas.air_bronchi).append(bronchi)


def _bronchi(
    finding: Consolidation,
    lungs: Lungs,
    distance: npt.NDArray[np.float32],
    points: npt.NDArray[np.float32],
    box: tuple[slice, slice, slice],
) -> FineField | None:
    """Signed distance to bronchi that run from the deep side of the consolidation towards the pleura, on a grid as
    fine as they need."""
    inside = (distance < -3.0 * MM) & lungs.aerated[box]
    if not inside.any():
        return None
    candidates = points[inside]
    calibre = FLUID if finding.bronchograms == "fluid" else AIR
    margin = calibre.stem_radius_m + 2.0 * VOXEL_M
    origin = np.asarray(lungs.body.grid.origin_m)
    first = np.floor((candidates.min(axis=0) - margin - origin) / VOXEL_M)
    nx, ny, nz = (int(n) for n in np.ceil((candidates.max(axis=0) + margin - origin) / VOXEL_M) - first + 1)
    x, y, z = (float(v) for v in origin + first * VOXEL_M)
    grid = Grid((x, y, z), VOXEL_M, (nz, ny, nx))
    finer = grid.points_m()
    field = bronchi_distance_m(finer, candidates, -lungs.pleura[box][inside], (finding.seed, 32), calibre)
    near = np.flatnonzero(field.ravel() < FAR_M)
    x, y, z = (float(v) for v in points[0, 0, 0])
    coarse = Grid((x, y, z), lungs.grid.spacing_m, distance.shape)
    ends = coarse.sample(distance, finer.reshape(-1, 3)[near]) + BRONCHUS_MARGIN_M
    field.ravel()[near] = np.minimum(np.maximum(field.ravel()[near], ends), FAR_M)
    for side in (0, -1):  # what is beyond the grid is read from its outermost voxels
        field[side] = field[:, side] = field[:, :, side] = FAR_M
    return FineField(grid, field[..., None].astype(np.float16))
