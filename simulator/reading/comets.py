"""Comet tails: short verticals that fade, of the lung (I-lines, they slide) and of the wall (Z-lines, they stay)."""

from __future__ import annotations

import numpy as np

from simulator.reading import limits
from simulator.reading.lung import LungLines
from simulator.reading.picture import Array, BoolArray, Picture, runs, shifted

BESIDE_LINES = 4  # neighbours on each side that a tail is compared with [P]


def _over_neighbours(levels: Array) -> Array:
    """(lines,) level over the middle level of the lines beside it."""
    lines = np.arange(len(levels))
    near = np.abs(lines[:, None] - lines[None, :])
    beside = (near >= 2) & (near <= BESIDE_LINES)
    return np.array([levels[k] - np.median(levels[beside[k]]) for k in lines])


def tails(picture: Picture, lung: LungLines, frame: int = 0) -> BoolArray:
    """(lines,) where a comet tail begins: brighter than its neighbours below the pleura, and not farther down."""
    power = picture.envelope[frame].astype(np.float64) ** 2
    rows = np.round(np.nan_to_num(lung.pleura_m) / picture.settings.sample_spacing_m).astype(int)
    at = shifted(power, rows)
    upper, lower = (
        10.0 * np.log10(np.nan_to_num(picture.band(at, *between)).mean(axis=1) + 1e-14)
        for between in ((2.0, 9.0), (30.0, 45.0))
    )
    stands_out = _over_neighbours(upper) >= limits.COMET_DB
    return lung.readable & lung.gas & stands_out & (_over_neighbours(lower) < limits.COMET_FADED_DB)


def counts(picture: Picture, lung: LungLines, rest: int = 0, inspired: int = 1) -> tuple[int, int]:
    """How many tails have moved away with the breath (I-lines), and how many stand where they were (Z-lines)."""
    before, after = tails(picture, lung, rest), tails(picture, lung, inspired)
    there = np.convolve(after, np.ones(3), mode="same") > 0
    found = runs(before)
    stay = sum(bool(there[a:b].any()) for a, b in found)
    return len(found) - stay, stay
