"""Seeded smooth noise in the torso frame: what makes disease patchy, and its borders ragged."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from simulator.geometry import FloatArray

LATTICE = 32  # cells until the noise repeats; with cells of half a wavelength that is 16 wavelengths


def smooth_noise(points: FloatArray, wavelength_m: float, seed: tuple[int, ...]) -> npt.NDArray[np.float32]:
    """Noise of one wavelength at points (n, 3), metres: (n,) float32, mean 0 and deviation about 0.7.

    Random numbers on a periodic lattice of half a wavelength, between them a cubic spline. It depends on nothing but
    the point and the seed, so cropping a grid does not change it.
    """
    lattice = np.random.default_rng((*seed, 0x6E6F6973)).standard_normal((LATTICE, LATTICE, LATTICE))
    spline = ndimage.spline_filter(lattice, order=3, mode="grid-wrap", output=np.float32)  # type: ignore[attr-defined]
    cells = (np.asarray(points, dtype=np.float64) / (0.5 * wavelength_m)).T
    values = ndimage.map_coordinates(  # type: ignore[attr-defined]
        spline, cells, order=3, mode="grid-wrap", prefilter=False
    )
    return np.asarray(values, dtype=np.float32)


def fractal_noise(
    points: FloatArray, wavelength_m: float, seed: tuple[int, ...], octaves: int = 3, gain: float = 0.45
) -> npt.NDArray[np.float32]:
    """Sum of `octaves` of smooth noise, each at 0.46 of the wavelength and `gain` of the height of the one before."""
    total = np.zeros(len(points), dtype=np.float32)
    for octave in range(octaves):
        total += gain**octave * smooth_noise(points, wavelength_m * 0.46**octave, (*seed, octave))
    return total


def hash_uniform(seed: tuple[int, ...], *cells: npt.NDArray[np.integer]) -> npt.NDArray[np.float32]:
    """Uniform 0..1 from integer cell coordinates: the same cell and seed give the same number everywhere."""
    state = np.full(cells[0].shape, 0x9E3779B9, dtype=np.uint64)
    for value in seed:
        state = _mix(state ^ np.uint64(value & 0xFFFFFFFFFFFFFFFF))
    for cell in cells:
        state = _mix(state ^ cell.astype(np.int64).view(np.uint64))
    return ((state >> np.uint64(40)).astype(np.float32)) / np.float32(1 << 24)


def _mix(state: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The finaliser of splitmix64."""
    state = state + np.uint64(0x9E3779B97F4A7C15)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(state ^ (state >> np.uint64(31)))


def smoothstep(low: float, high: float, value: FloatArray) -> FloatArray:
    """0 below `low`, 1 above `high`, smooth between; also with `low` > `high`, falling."""
    t = np.clip((value - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t))
