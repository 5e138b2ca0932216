"""Randomness as an integer hash of integer coordinates and a seed: the twin of shaders/lib/hash.glsl, bit for bit."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

UintArray = npt.NDArray[np.uint32]


def pcg(value: npt.ArrayLike) -> UintArray:
    """PCG output hash of 32-bit integers (Jarzynski & Olano 2020, JCGT 9(3))."""
    with np.errstate(over="ignore"):
        v = np.asarray(value, dtype=np.uint32)
        state = v * np.uint32(747796405) + np.uint32(2891336453)
        shift = (state >> np.uint32(28)) + np.uint32(4)
        word = ((state >> shift) ^ state) * np.uint32(277803737)
        return np.asarray((word >> np.uint32(22)) ^ word)


def hash_cell(cell: npt.NDArray[np.integer], seed: int) -> UintArray:
    """Hash of integer cells (..., 3) and a seed, (...) uint32."""
    c = np.asarray(cell).astype(np.int64).astype(np.uint32)
    with np.errstate(over="ignore"):
        return pcg(c[..., 0] + pcg(c[..., 1] + pcg(c[..., 2] + pcg(np.uint32(seed)))))


def unit_float(hashed: UintArray) -> npt.NDArray[np.float32]:
    """Uniform float in [0, 1) from the upper 24 bits."""
    return np.asarray((hashed >> np.uint32(8)).astype(np.float32) * np.float32(1.0 / 16777216.0))
