"""Patches of the pleural surface: which share of a region is affected, and where its ragged borders run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.pathology.noise import fractal_noise, smoothstep
from simulator.pathology.region import SHELL_M, Lungs, Region
from simulator.units import MM

BORDER_M = 1.0 * MM  # half of the width over which a region's own border fades [P]
FULL_DEPTH_M = 6.0 * MM  # patterns are unchanged to this distance from the surface, then fade to the shell's edge [P]


@dataclass(frozen=True)
class Patch:
    """A region of the shell: `flat` (n,) voxel indices, `member` (m,) positions of these in the shell's arrays,
    `inside` (n,) 0..1 of the region itself, `reach` (n,) 0..1 fading away from the surface."""

    flat: npt.NDArray[np.intp]
    member: npt.NDArray[np.intp]
    inside: npt.NDArray[np.float32]
    reach: npt.NDArray[np.float32]

    def foot(self, lungs: Lungs) -> npt.NDArray[np.float32]:
        """(n, 3) points of the surface next to each voxel, metres."""
        return lungs.foot[self.member]

    def counted(self, lungs: Lungs) -> npt.NDArray[np.bool_]:
        """(n,) which voxels are pleural surface inside the region: what a percentage is a percentage of."""
        return np.asarray(lungs.surface[self.member] & (self.inside >= 0.5))


def patch_of(lungs: Lungs, region: Region) -> Patch:
    """The shell voxels of `region`."""
    member, distance = lungs.near(region, BORDER_M)
    inside = smoothstep(BORDER_M, -BORDER_M, distance).astype(np.float32)
    reach = smoothstep(SHELL_M, FULL_DEPTH_M, np.abs(lungs.depth[member])).astype(np.float32)
    return Patch(lungs.shell[member], member, inside, reach)


def threshold(value: npt.NDArray[np.float32], counted: npt.NDArray[np.bool_], percent: float) -> float:
    """The level that `percent` of the counted surface is above; of an empty surface, of everything."""
    chosen = value[counted] if counted.any() else value
    if chosen.size == 0 or percent >= 100.0:
        return -np.inf
    return float(np.quantile(chosen, 1.0 - percent / 100.0)) if percent > 0.0 else np.inf


def affected(
    lungs: Lungs,
    patch: Patch,
    percent: float,
    size_m: float,
    seed: tuple[int, ...],
    *,
    octaves: int = 3,
    softness: float = 0.12,
) -> npt.NDArray[np.float32]:
    """How far each voxel of `patch` is in an affected patch: (n,) float32, 0..1, 0.5 on the border.

    Patches are about `size_m` wide, cover `percent` of the region's surface and have borders as ragged as the noise's
    `octaves`; `softness` is the width of the border in units of the noise.
    """
    noise = fractal_noise(patch.foot(lungs), 2.0 * size_m, seed, octaves)
    level = threshold(noise, patch.counted(lungs), percent)
    if not np.isfinite(level):
        return np.full(noise.shape, 1.0 if level < 0.0 else 0.0, dtype=np.float32)
    return np.asarray(np.clip(0.5 + (noise - level) / (2.0 * softness), 0.0, 1.0), dtype=np.float32)


def filled(inside: npt.NDArray[np.float32], level: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
    """`level` (over 0.5) inside patches, 0 outside; the border where it passes 0.5 is where `inside` does (n,)."""
    ramp = np.clip((inside - 0.5) / 0.3 * (1.0 - 0.5 / level) + 0.5 / level, 0.0, 1.0)
    return np.asarray(np.where(inside < 0.5, ramp * np.clip(inside / 0.4 - 0.25, 0.0, 1.0), ramp) * level, np.float32)
