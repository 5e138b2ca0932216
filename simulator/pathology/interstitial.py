"""Interstitial syndrome: acoustic traps at the pleural surface, from single B-lines to white lung.

The field is a density of traps 0..1 on the surface, in lung coordinates, and resolves each B-line: a focus 2-3 mm wide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from simulator.pathology.canvas import Canvas
from simulator.pathology.noise import fractal_noise, hash_uniform, smooth_noise, smoothstep
from simulator.pathology.patches import Patch, affected, filled, patch_of
from simulator.pathology.region import Lungs, Region
from simulator.units import MM

Pattern = Literal["b_lines", "coalescent", "white_lung", "light_beam"]

SEPTAL_SPACING_M = 7.0 * MM  # B7: "no more than 7 mm" [V21]
FOCUS_HALF_WIDTH_M = 1.4 * MM  # apex of a B-line 1-3 mm wide (B.4 [P])
FOCUS_LENGTH_M = 6.5 * MM  # along the chest's girth; shorter than the 7 mm that counts as fused [P]
FOCUS_PITCH_M = 8.5 * MM  # of foci in one row [P]
ROW_WARP_M = 2.5 * MM  # rows of foci are not straight: deviation of the warp [P]
ROW_WARP_LENGTH_M = 45.0 * MM  # its wavelength [P]
B_LINE_PATCH_M = 30.0 * MM  # clusters of B-lines and the spared areas between them [P]
COALESCENT_PATCH_M = 16.0 * MM  # fused stretches of 8-25 mm [P]
LIGHT_BEAM_PATCH_M = 18.0 * MM  # bands 8-25 mm wide (B.4 [P])
SOFT_BORDER = 0.35  # so that borders are as wide as a voxel, and 0.5 is met where it should be [P]
FINE_GRAIN_M = 5.0 * MM  # variation of density within a patch [P]


@dataclass(frozen=True)
class Interstitial:
    """Traps over `percent` of the pleural surface of each part of `region`.

    `strength` 0..1 scales the density: 1 is what the pattern has at its densest. `spacing_m` is between B-lines of
    `b_lines`, along the body's axis.
    """

    KIND: ClassVar[str] = "interstitial"

    region: Region
    pattern: Pattern
    percent: float = 100.0
    strength: float = 1.0
    spacing_m: float = SEPTAL_SPACING_M
    seed: int = 0


def place(finding: Interstitial, lungs: Lungs, canvas: Canvas) -> None:
    """Write the density of traps into `canvas.interstitial`."""
    for number, part in enumerate(finding.region.parts()):
        patch = patch_of(lungs, part)
        if patch.flat.size == 0:
            continue
        seed = (finding.seed, number)
        density = _PATTERNS[finding.pattern](finding, lungs, patch, seed)
        canvas.raise_at("interstitial", patch.flat, density * patch.inside * patch.reach)


def _b_lines(finding: Interstitial, lungs: Lungs, patch: Patch, seed: tuple[int, ...]) -> npt.NDArray[np.float32]:
    """Rows of foci around the chest, `spacing_m` apart: a longitudinal plane meets one line per row."""
    foot = patch.foot(lungs)
    body = lungs.body
    radius = np.hypot(foot[:, 0], foot[:, 1] - body.axis_y_m)
    along_girth = body.azimuth_rad(foot) * float(np.median(radius))
    warp = ROW_WARP_M * smooth_noise(foot, ROW_WARP_LENGTH_M, (*seed, 1))
    rows = (foot[:, 2] + warp) / finding.spacing_m
    row = np.round(rows).astype(np.int64)
    shift = hash_uniform((*seed, 2), row) * FOCUS_PITCH_M
    cells = (along_girth + shift) / FOCUS_PITCH_M
    cell = np.floor(cells).astype(np.int64)
    jitter = 0.18 * finding.spacing_m * (2.0 * hash_uniform((*seed, 3), row, cell) - 1.0)
    across = np.abs((rows - row) * finding.spacing_m - jitter)
    along = np.abs(cells - cell - 0.5) * FOCUS_PITCH_M
    focus = smoothstep(2.0 * FOCUS_HALF_WIDTH_M - 0.6 * MM, 0.6 * MM, across)
    focus = focus * smoothstep(0.5 * FOCUS_LENGTH_M + 1.2 * MM, 0.5 * FOCUS_LENGTH_M - 1.2 * MM, along)
    strength = 0.72 + 0.28 * hash_uniform((*seed, 4), row, cell)  # neighbours differ in brightness
    cluster = affected(lungs, patch, finding.percent, B_LINE_PATCH_M, (*seed, 5), octaves=2)
    return np.asarray(focus * strength * _scaled(finding) * smoothstep(0.3, 0.6, cluster), dtype=np.float32)


def _coalescent(finding: Interstitial, lungs: Lungs, patch: Patch, seed: tuple[int, ...]) -> npt.NDArray[np.float32]:
    """Fused stretches with ragged borders."""
    inside = affected(lungs, patch, finding.percent, COALESCENT_PATCH_M, seed, softness=SOFT_BORDER)
    grain = fractal_noise(patch.foot(lungs), FINE_GRAIN_M, (*seed, 1), octaves=1)
    density = _scaled(finding) * np.clip(0.76 + 0.08 * grain, 0.68, 0.84)  # denser is white lung
    return filled(inside, density)


def _white_lung(finding: Interstitial, lungs: Lungs, patch: Patch, seed: tuple[int, ...]) -> npt.NDArray[np.float32]:
    """Traps everywhere, but for the spared rest that `percent` leaves."""
    inside = affected(lungs, patch, finding.percent, 2.0 * COALESCENT_PATCH_M, seed, softness=SOFT_BORDER)
    grain = fractal_noise(patch.foot(lungs), FINE_GRAIN_M, (*seed, 1), octaves=1)
    density = _scaled(finding) * np.clip(0.97 + 0.04 * grain, 0.9, 1.0)
    return filled(inside, density)


def _light_beam(finding: Interstitial, lungs: Lungs, patch: Patch, seed: tuple[int, ...]) -> npt.NDArray[np.float32]:
    """Uniform bands with smooth, sharp borders over a regular pleura."""
    inside = affected(lungs, patch, finding.percent, LIGHT_BEAM_PATCH_M, seed, octaves=1, softness=0.06)
    return filled(inside, np.full(inside.shape, 0.95 * _scaled(finding)))


def _scaled(finding: Interstitial) -> float:
    """Density at full strength 1, at no strength still seen as a line: 0.8."""
    return 0.8 + 0.2 * finding.strength


_PATTERNS = {"b_lines": _b_lines, "coalescent": _coalescent, "white_lung": _white_lung, "light_beam": _light_beam}
