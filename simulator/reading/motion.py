"""What moves below the pleural line and what stands still: sliding, beating, and the edge between."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.reading import limits
from simulator.reading.picture import Array, BoolArray, Picture, smoothed
from simulator.units import MM

BELOW_MM = (1.5, 14.0)  # below the pleura: where the likeness of two frames is judged [P]
ABOVE_MM = (-9.0, -2.0)  # in the wall above it [P]
GRAIN_LINES, GRAIN_MM = 5, 2.4  # what is broader than this is no grain: A-lines, shadows, bands [P]
ACROSS_LINES = 7  # lines over which it is judged [P]
DARKEST = 1e-6  # added to amplitudes before their logarithm


def likeness(picture: Picture, first: int, second: int, between_mm: tuple[float, float] = BELOW_MM) -> Array:
    """(lines,) correlation of the grain of two frames between two depths from the pleura; nan where there is no lung.

    Grain only: A-lines stand still on a sliding lung, and the edge of a shadow stands still on everything.
    """
    step = picture.settings.sample_spacing_m
    rows = np.round((np.nan_to_num(picture.expected_m) + between_mm[0] * MM) / step).astype(int)
    count = round((between_mm[1] - between_mm[0]) / picture.spacing_mm)
    index = np.clip(rows[:, None] + np.arange(count)[None, :], 0, picture.envelope.shape[2] - 1)
    high = 2 * round(0.5 * GRAIN_MM / picture.spacing_mm) + 1
    grain = []
    for frame in (first, second):
        part = np.log(np.take_along_axis(picture.envelope[frame].astype(np.float64), index, axis=1) + DARKEST)
        part = part - smoothed(part, GRAIN_LINES, axis=0)
        grain.append(part - smoothed(part, high, axis=1))

    def over_lines(values: Array) -> Array:
        return smoothed(values.mean(axis=1), ACROSS_LINES, axis=0)

    a, b = grain
    product = over_lines(a * b) / np.sqrt(np.maximum(over_lines(a * a) * over_lines(b * b), 1e-12))
    return np.where(picture.over_lung, product, np.nan)


@dataclass(frozen=True)
class Motion:
    """(lines,) `still`: the grain below the pleura comes back unchanged after a breath; `beating`: of it, what a
    heartbeat alone changes; `sliding`: the grain has gone."""

    still: BoolArray
    sliding: BoolArray
    beating: BoolArray


def read_motion(picture: Picture, rest: int, inspired: int, beat: int) -> Motion:
    """From frames at rest, at another filling of the lung in the same phase of the heart, and at end-systole."""
    over_breath = np.nan_to_num(likeness(picture, rest, inspired), nan=0.5)
    over_beat = np.nan_to_num(likeness(picture, rest, beat), nan=1.0)
    lung = picture.over_lung
    still = lung & (over_breath > limits.STILL)
    return Motion(still, lung & (over_breath < limits.GONE), still & (over_beat < limits.BEATING))
