"""Seeded smooth noise in the torso frame: what makes disease patchy, and its borders ragged."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from simulator.geometry import FloatArray, rotation_matrix

LATTICE = 32  # cells until the noise repeats; with cells of half a wavelength that is 16 wavelengths


def smooth_noise(points: FloatArray, wavelength_m: float, seed: tuple[int, ...]) -> npt.NDArray[np.float32]:
    """Noise of one wavelength at points (n, 3), metres: (n,) float32, mean 0 and deviation about 0.6.

    Random numbers on a periodic, turned lattice of half a wavelength; between them each axis is followed by the fade
    6t^5 - 15t^4 + 10t^3, so that slopes are continuous. It depends on nothing but the point and the seed.
    """
    rng = np.random.default_rng((*seed, 0x6E6F6973))
    lattice = rng.standard_normal((LATTICE, LATTICE, LATTICE), dtype=np.float32)
    cells = (_TURN @ np.asarray(points, dtype=np.float32).T) / np.float32(0.5 * wavelength_m)
    whole = np.floor(cells)
    t = cells - whole
    faded = whole + t * t * t * (t * (6.0 * t - 15.0) + 10.0)
    values = ndimage.map_coordinates(lattice, faded, order=1, mode="grid-wrap")  # type: ignore[attr-defined]
    return np.asarray(values, dtype=np.float32)


# Turns the lattice out of the body's axes, so that no border runs along them: a rotation of 0.6, 0.8 and 0.5 rad.
_TURN = (rotation_matrix((1, 0, 0), 0.6) @ rotation_matrix((0, 1, 0), 0.8) @ rotation_matrix((0, 0, 1), 0.5)).astype(
    np.float32
)


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
