"""Subpleural consolidation: a dark lens on the pleura with a ragged deep border, from which B-lines start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from simulator.pathology.canvas import Canvas
from simulator.pathology.lenses import border_m, lens
from simulator.pathology.noise import smoothstep
from simulator.pathology.patches import Patch, patch_of
from simulator.pathology.region import Lungs, Region
from simulator.units import MM

TRAIL_M = 4.0 * MM  # traps lie this far around the deep border: the trails of the shred line (B.6 [P])
ROUGH_MARGIN_M = 4.0 * MM  # the pleura is rough over the lens and this far around it [P]
WINDOW_DEPTHS_M = (4.0 * MM, 8.0 * MM, 12.0 * MM)  # where a rib would be, outward of the pleura [P]


@dataclass(frozen=True)
class SubpleuralConsolidation:
    """`count` lenses in each part of `region`, each `depth_m` deep and `width_m` wide at the pleura."""

    KIND: ClassVar[str] = "subpleural_consolidation"

    region: Region
    depth_m: float = 8.0 * MM
    width_m: float = 14.0 * MM
    count: int = 1
    seed: int = 0


def place(finding: SubpleuralConsolidation, lungs: Lungs, canvas: Canvas) -> None:
    """Add the lenses to `canvas.lenses`, and write their trails and rough pleura into the fields."""
    for number, part in enumerate(finding.region.parts()):
        patch = patch_of(lungs, part)
        for index, at in enumerate(_centres(finding, lungs, patch, (finding.seed, number))):
            _lens(finding, lungs, canvas, at, (finding.seed, number, index))


def _centres(
    finding: SubpleuralConsolidation, lungs: Lungs, patch: Patch, seed: tuple[int, ...]
) -> list[npt.NDArray[np.intp]]:
    """Where the lenses sit: surface points of the region, apart from one another, in intercostal windows if possible.

    Returns indices into the shell's arrays.
    """
    half = 0.5 * finding.width_m
    member = patch.member[patch.counted(lungs)]
    if member.size == 0:
        return []
    foot, outward = lungs.foot[member], lungs.outward[member]
    bone = np.min([lungs.body.sample("bone", foot + outward * step) for step in WINDOW_DEPTHS_M], axis=0)
    flat = lungs.shell[member]
    edge = np.min([field.ravel()[flat] for field in (lungs.diaphragm, lungs.heart, lungs.mediastinum)], axis=0)
    good = np.minimum(np.minimum(bone, edge - half), 6.0 * MM)  # 6 mm of clearance is enough anywhere
    score = good + 4.0 * MM * np.random.default_rng((*seed, 21)).random(member.size)
    chosen: list[npt.NDArray[np.intp]] = []
    free = np.ones(member.size, dtype=bool)
    while len(chosen) < finding.count and free.any():
        best = int(np.argmax(np.where(free, score, -np.inf)))
        chosen.append(member[best])
        free &= np.linalg.norm(foot - foot[best], axis=-1) > 1.4 * finding.width_m
    return chosen


def _lens(
    finding: SubpleuralConsolidation, lungs: Lungs, canvas: Canvas, at: npt.NDArray[np.intp], seed: tuple[int, ...]
) -> None:
    half, deep = 0.5 * finding.width_m, finding.depth_m
    centre = lungs.foot[at]
    shape = lens(centre, -lungs.outward[at], half, deep, seed)
    canvas.lenses.append(shape)
    pad = max(half, deep) + 12.0 * MM
    box, points = lungs.box(centre - pad, centre + pad)
    depth = -lungs.pleura[box]
    distance, across = border_m(shape, points, depth)
    trail = smoothstep(TRAIL_M, 0.5 * TRAIL_M, np.abs(distance)) * smoothstep(2.0 * MM, 4.0 * MM, depth)
    canvas.interstitial[box] = np.maximum(canvas.interstitial[box], 0.85 * trail)
    canvas.roughness[box] = np.maximum(canvas.roughness[box], trail)
    rough = smoothstep(half + ROUGH_MARGIN_M, half, across) * (np.abs(depth) < 8.0 * MM)
    canvas.roughness[box] = np.maximum(canvas.roughness[box], 0.8 * rough)
