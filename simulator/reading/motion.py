"""What moves below the pleural line and what stands still: sliding, beating, and the edge between."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from simulator.reading import limits
from simulator.reading.picture import Array, BoolArray, Picture, runs, smoothed
from simulator.units import MM

BELOW_MM = (1.5, 14.0)  # below the pleura: where the likeness of two frames is judged [P]
ABOVE_MM = (-9.0, -2.0)  # in the wall above it [P]
GRAIN_LINES, GRAIN_MM = 5, 2.4  # what is broader than this is no grain: A-lines, shadows, bands [P]
ACROSS_LINES = 7  # lines over which it is judged [P]
REACH_LINES = 6  # how far grain is followed from one frame to the next
FOLLOWED = 0.35  # least likeness of grain that is followed [P]
PARTED = 0.3  # between the likeness of what stands still and of what slides, from frame to frame [P]
DARKEST = 1e-6  # added to amplitudes before their logarithm


def likeness(picture: Picture, first: int, second: int, between_mm: tuple[float, float] = BELOW_MM) -> Array:
    """(lines,) correlation of the grain of two frames between two depths from the pleura; nan where there is no lung.

    Grain only: A-lines stand still on a sliding lung, and the edge of a shadow stands still on everything.
    """

    def over_lines(values: Array) -> Array:
        return smoothed(values.mean(axis=1), ACROSS_LINES, axis=0)

    a, b = (grain(picture, frame, between_mm) for frame in (first, second))
    product = over_lines(a * b) / np.sqrt(np.maximum(over_lines(a * a) * over_lines(b * b), 1e-12))
    return np.where(picture.over_lung, product, np.nan)


def grain(picture: Picture, frame: int, between_mm: tuple[float, float] = BELOW_MM) -> Array:
    """(lines, n) log amplitude of one frame between two depths from the pleura, without what is broader than grain."""
    step = picture.settings.sample_spacing_m
    rows = np.round((np.nan_to_num(picture.expected_m) + between_mm[0] * MM) / step).astype(int)
    count = round((between_mm[1] - between_mm[0]) / picture.spacing_mm)
    index = np.clip(rows[:, None] + np.arange(count)[None, :], 0, picture.envelope.shape[2] - 1)
    high = 2 * round(0.5 * GRAIN_MM / picture.spacing_mm) + 1
    part = np.log(np.take_along_axis(picture.envelope[frame].astype(np.float64), index, axis=1) + DARKEST)
    part = part - smoothed(part, GRAIN_LINES, axis=0)
    return np.asarray(part - smoothed(part, high, axis=1))


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


def travel_mm(picture: Picture, readable: BoolArray) -> float:
    """How far the grain below the pleura has gone along the array over the frames of a film, mm, whichever way.

    From one frame to the next by correlation along the lines; nan where the grain is lost between frames.
    """
    lines = _longest(readable)
    if lines is None:
        return float("nan")
    line_mm, total = float(np.median(picture.length_mm[lines])), 0.0
    parts = [grain(picture, frame)[lines] for frame in range(len(picture.times_s))]
    lags = range(-REACH_LINES, REACH_LINES + 1)
    for a, b in itertools.pairwise(parts):
        alike = np.array([_alike(a, b, lag) for lag in lags])
        best = int(np.argmax(alike))
        if alike[best] < FOLLOWED or best in (0, len(alike) - 1):
            return float("nan")
        before, here, after = alike[best - 1 : best + 2]
        total += lags[best] + 0.5 * float(before - after) / float(before - 2.0 * here + after)
    return abs(total) * line_mm


def _alike(a: Array, b: Array, lag: int) -> float:
    """Correlation of two grains (lines, n), the second `lag` lines on."""
    count = len(a) - abs(lag)
    x, y = a[max(0, -lag) :][:count], b[max(0, lag) :][:count]
    return float((x * y).sum() / np.sqrt(max(1e-12, float((x * x).sum() * (y * y).sum()))))


def _longest(flags: BoolArray) -> slice | None:
    found = runs(flags)
    if not found:
        return None
    start, end = max(found, key=lambda run: run[1] - run[0])
    return slice(start, end) if end - start > 4 * REACH_LINES else None


def border_mm(picture: Picture, readable: BoolArray, first: int) -> float:
    """Where along the pleura, mm, what stands still from frame `first` to the next meets what slides; nan if nowhere.

    The place that parts the likeness of the two frames best, with at least EDGE_MM of either kind on its sides.
    """
    alike = likeness(picture, first, first + 1)
    lines = np.flatnonzero(readable)
    along = np.cumsum(picture.length_mm)[lines]
    if len(lines) < 8:
        return float("nan")
    best, place = 0.0, float("nan")
    for k in range(2, len(lines) - 2):
        sides = float(alike[lines[:k]].mean()), float(alike[lines[k:]].mean())
        wide = min(along[k] - along[0], along[-1] - along[k]) >= limits.EDGE_MM
        if wide and max(sides) > limits.STILL and abs(sides[0] - sides[1]) > best:
            best, place = abs(sides[0] - sides[1]), float(along[k])
    return place if best >= PARTED else float("nan")
