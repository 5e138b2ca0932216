"""The irregular pleural line: patches where the visceral surface is rough, thick and interrupted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simulator.pathology.canvas import Canvas
from simulator.pathology.noise import fractal_noise
from simulator.pathology.patches import affected, filled, patch_of
from simulator.pathology.region import Lungs, Region
from simulator.units import MM

PATCH_M = 25.0 * MM  # thickening is patchy in 83 % [V36]; size of the patches [P]
LEAST = 0.55  # roughness that is still seen as irregular [P]
GRAIN_M = 8.0 * MM  # indentations within a patch [P]


@dataclass(frozen=True)
class PleuralIrregularity:
    """Roughness `strength` 0..1 (1: fragmented) over `percent` of the surface of each part of `region`."""

    KIND: ClassVar[str] = "pleural_irregularity"

    region: Region
    percent: float = 60.0
    strength: float = 0.7
    seed: int = 0


def place(finding: PleuralIrregularity, lungs: Lungs, canvas: Canvas) -> None:
    """Write the roughness into `canvas.roughness`."""
    for number, part in enumerate(finding.region.parts()):
        patch = patch_of(lungs, part)
        if patch.flat.size == 0:
            continue
        inside = affected(lungs, patch, finding.percent, PATCH_M, (finding.seed, number, 11), octaves=2)
        grain = fractal_noise(patch.foot(lungs), GRAIN_M, (finding.seed, number, 12), octaves=1)
        rough = filled(inside, np.clip(finding.strength * (1.0 + 0.15 * grain), LEAST, 1.0))
        canvas.raise_at("roughness", patch.flat, rough * patch.inside * patch.reach)
