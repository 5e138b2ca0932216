"""A short series of pictures as levels on the screen, with the geometry that a reader sees: depth and place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from simulator.acoustics.display import tgc_db
from simulator.probe import Settings, Transducer, scan_lines
from simulator.units import MM

Array = npt.NDArray[np.floating]
BoolArray = npt.NDArray[np.bool_]

QUIET = 1e-7  # added to amplitudes before their logarithm; the noise lies far above
SMOOTH_LINES = 3  # speckle is averaged over this many lines..
SMOOTH_SAMPLES = 3  # ..and samples before a level is judged
NEAR_MM = 4.0  # skin and the face's own echo end here; the wall is judged below


@dataclass(frozen=True)
class Picture:
    """`envelope` (frames, lines, samples) linear, before TGC, of one pose at `times_s` (frames,).

    `expected_m` (lines,) is the depth at which an examiner expects the pleura over lung, from the ribs and from where
    the diaphragm was met when sweeping; nan where there is no lung. It says nothing of what the lung is like.
    """

    envelope: Array
    times_s: tuple[float, ...]
    transducer: Transducer
    settings: Settings
    expected_m: Array

    @property
    def spacing_mm(self) -> float:
        """Depth between samples, mm."""
        return self.settings.sample_spacing_m / MM

    @cached_property
    def level_db(self) -> Array:
        """(lines, samples) the first frame on the screen, smoothed over the grain, relative to the chest wall."""
        return self.frame_db(0)

    @cached_property
    def line_db(self) -> Array:
        """(lines, samples) likewise, each line by itself: for what is only one beam wide."""
        return self._levels(self.envelope[0].astype(np.float64) ** 2, lines=1) - self.wall_db

    @cached_property
    def wall_db(self) -> float:
        """Middle level of the chest wall on the screen, dB."""
        return self._wall(self._levels(self.envelope[0].astype(np.float64) ** 2))

    def frame_db(self, frame: int) -> Array:
        """(lines, samples) level of one frame of the series, on the scale of `level_db`."""
        return self._levels(self.envelope[frame].astype(np.float64) ** 2) - self.wall_db

    @cached_property
    def over_lung(self) -> BoolArray:
        """(lines,) where lung is expected below the wall."""
        return np.isfinite(self.expected_m)

    @cached_property
    def points_mm(self) -> Array:
        """(lines, 2) expected pleura in the image plane, mm: along the face, and deep."""
        lines = scan_lines(self.transducer, self.settings)
        at = lines.origins_m + lines.directions * np.nan_to_num(self.expected_m)[:, None]
        return at[:, [0, 2]] / MM

    @cached_property
    def length_mm(self) -> Array:
        """(lines,) each line's share of the pleura's length; 0 where there is no lung."""
        gap = np.linalg.norm(np.diff(self.points_mm, axis=0), axis=1)
        joined = self.over_lung[1:] & self.over_lung[:-1] & (gap < 5.0)
        half = np.where(joined, 0.5 * gap, 0.0)
        length = np.zeros(len(self.expected_m))
        length[:-1] += half
        length[1:] += half
        return length

    @cached_property
    def incidence_deg(self) -> Array:
        """(lines,) angle in the plane between beam and the pleura's normal."""
        lines = scan_lines(self.transducer, self.settings)
        course = smoothed(self.points_mm, 7, axis=0)
        along = np.gradient(course, axis=0)
        size = np.maximum(np.linalg.norm(along, axis=1), 1e-9)
        sine = np.abs(np.sum(along * lines.directions[:, [0, 2]], axis=1)) / size
        return np.asarray(np.degrees(np.arcsin(np.clip(sine, 0.0, 1.0))))

    @cached_property
    def below(self) -> Array:
        """(lines, samples) `level_db` counted from the expected pleura instead of the face; nan past the bottom."""
        rows = np.round(np.nan_to_num(self.expected_m) / self.settings.sample_spacing_m).astype(int)
        return shifted(self.level_db, rows)

    def band(self, levels: Array, start_mm: float, stop_mm: float) -> Array:
        """Columns of `levels` (lines, samples) between two depths, mm."""
        return levels[:, round(start_mm / self.spacing_mm) : max(1, round(stop_mm / self.spacing_mm))]

    def _levels(self, power: Array, lines: int = SMOOTH_LINES) -> Array:
        fine = smoothed(smoothed(power, lines, axis=0), SMOOTH_SAMPLES, axis=1)
        return np.asarray(10.0 * np.log10(fine + QUIET**2) + tgc_db(self.settings, self.settings.sample_depths_m))

    def _wall(self, levels: Array) -> float:
        """Middle level of the chest wall between skin and pleura (of the whole near field where there is no lung)."""
        first = round(NEAR_MM / self.spacing_mm)
        ends = np.round((self.expected_m - 2.0 * MM) / self.settings.sample_spacing_m)
        parts = [levels[i, first : int(ends[i])] for i in np.flatnonzero(self.over_lung) if ends[i] > first]
        if not parts:
            parts = [levels[:, first : 3 * first].ravel()]
        return float(np.median(np.concatenate(parts)))


def smoothed(values: Array, count: int, axis: int) -> Array:
    """Running mean over `count` neighbours (odd) along `axis`; the ends are repeated."""
    half = count // 2
    widths = [(0, 0)] * values.ndim
    widths[axis] = (half, half)
    padded = np.moveaxis(np.pad(values, widths, mode="edge"), axis, 0)
    size = values.shape[axis]
    total = np.zeros_like(padded[:size])
    for start in range(2 * half + 1):
        total += padded[start : start + size]
    return np.asarray(np.moveaxis(total / (2 * half + 1), 0, axis))


def shifted(levels: Array, rows: npt.NDArray[np.intp]) -> Array:
    """(lines, samples) each line moved up by its own number of rows; nan where it ends."""
    index = np.arange(levels.shape[1])[None, :] + rows[:, None]
    out = np.take_along_axis(levels, np.clip(index, 0, levels.shape[1] - 1), axis=1)
    return np.where((index >= 0) & (index < levels.shape[1]), out, np.nan)


def runs(flags: BoolArray | Sequence[bool]) -> list[tuple[int, int]]:
    """Start and end (exclusive) of each stretch of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
