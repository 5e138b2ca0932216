"""What is inside solid lung and fluid: bronchograms and their motion, ragged borders, swirling echoes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simulator.reading import limits
from simulator.reading.lung import BLACK_DB, LungLines
from simulator.reading.motion import likeness
from simulator.reading.picture import Array, BoolArray, Picture, runs, smoothed

SPOT_DB = 9.0  # of a bronchogram over the tissue around it [P]
DARK_SPOT_DB = -9.0  # of a fluid bronchogram [P]
SEPTUM_DB = 9.0  # of a membrane over the fluid on both sides [P]
DEEPEST_MM = 55.0  # within the solid lung
PATCH_MM, PATCH_LINES = 3.0, 3  # half sizes of what is followed from one frame to the next [P]
REACH_MM, REACH_LINES = 5.0, 5  # how far it is followed


def tissue_mask(picture: Picture, lung: LungLines) -> BoolArray:
    """(lines, samples) behind open pleura without a bright line: solid lung, a little off its border."""
    depth = np.arange(picture.level_db.shape[1])[None, :] * picture.spacing_mm
    top = np.nan_to_num(picture.expected_m)[:, None] * 1e3
    lines = lung.readable & ~lung.vertical & (lung.fluid_mm <= 0.0) & (lung.rise_db < limits.FAINT_DB)
    return (depth > top + 4.0) & (depth < top + DEEPEST_MM) & lines[:, None]


def _relief(picture: Picture, levels: Array) -> Array:
    """Levels over the middle level of the same line, 25 mm deep: the edge of a shadow is no relief."""
    return levels - smoothed(levels, 2 * round(12.5 / picture.spacing_mm) + 1, axis=1)


def spots(picture: Picture, lung: LungLines, sign: float = 1.0) -> list[tuple[int, int]]:
    """(line, sample) of bright (or, with -1, dark) spots inside solid lung, the strongest of each neighbourhood."""
    relief = np.where(tissue_mask(picture, lung), sign * _relief(picture, picture.level_db), -np.inf)
    found: list[tuple[int, int]] = []
    limit = SPOT_DB if sign > 0.0 else -DARK_SPOT_DB
    reach = round(PATCH_MM / picture.spacing_mm)
    while relief.max() >= limit and len(found) < 30:
        line, sample = (int(k) for k in np.unravel_index(int(np.argmax(relief)), relief.shape))
        found.append((line, sample))
        relief[
            max(0, line - PATCH_LINES) : line + PATCH_LINES + 1, max(0, sample - reach) : sample + reach + 1
        ] = -np.inf
    return found


def still_percent(picture: Picture, places: list[tuple[int, int]], first: int, second: int) -> float:
    """Percent of the bright spots found again that have not moved between two frames; nan without any."""
    moved = shifts_mm(picture, places, first, second)
    return 100.0 * float(np.mean(np.array(moved) < 1.0)) if moved else float("nan")


def shift_mm(picture: Picture, places: list[tuple[int, int]], first: int, second: int) -> float:
    """Median distance that bright spots have moved between two frames, mm; nan without any."""
    moved = shifts_mm(picture, places, first, second)
    return float(np.median(moved)) if moved else float("nan")


def shifts_mm(picture: Picture, places: list[tuple[int, int]], first: int, second: int) -> list[float]:
    """Distance, mm, that each spot that is found again has moved between two frames."""
    a, b = picture.frame_db(first), picture.frame_db(second)
    high, across = round(PATCH_MM / picture.spacing_mm), PATCH_LINES
    moved = []
    for line, sample in places:
        patch = a[line - across : line + across + 1, sample - high : sample + high + 1]
        if patch.shape != (2 * across + 1, 2 * high + 1):
            continue
        best, at = -np.inf, (0, 0)
        for dl in range(-REACH_LINES, REACH_LINES + 1):
            for ds in range(-round(REACH_MM / picture.spacing_mm), round(REACH_MM / picture.spacing_mm) + 1):
                other = b[line + dl - across : line + dl + across + 1, sample + ds - high : sample + ds + high + 1]
                if other.shape == patch.shape:
                    value = float(np.corrcoef(patch.ravel(), other.ravel())[0, 1])
                    if value > best:
                        best, at = value, (dl, ds)
        width_mm = picture.length_mm[picture.over_lung].mean() * (1.0 + sample * picture.spacing_mm / 75.0)
        if best > 0.5:
            moved.append(float(np.hypot(at[0] * width_mm, at[1] * picture.spacing_mm)))
    return moved


def border_step_mm(picture: Picture, lung: LungLines) -> float:
    """Raggedness: mean step of a solid area's deep border from line to line, mm; nan without one."""
    steps = []
    for start, end in runs((lung.airless_mm >= limits.SUBPLEURAL_MM) & (lung.airless_mm < 60.0)):
        if end - start >= 4:
            steps.append(np.abs(np.diff(lung.airless_mm[start:end])))
    return float(np.mean(np.concatenate(steps))) if steps else float("nan")


def swirl(picture: Picture, lung: LungLines, first: int, second: int) -> float:
    """Likeness over time of the wall less that of the echoes in fluid: about 1 where they swirl, 0 if still."""
    wet = lung.fluid_mm >= limits.EFFUSION_MM
    if not wet.any():
        return float("nan")
    wall, fluid = (likeness(picture, first, second, mm)[wet] for mm in ((-9.0, -2.0), (2.0, 10.0)))
    return float(np.median(wall) - np.median(fluid))


def _tongue(picture: Picture, lung: LungLines) -> tuple[Array, Array]:
    """Airless lung behind fluid, ending in fluid or at a bright border: depth of its middle, length, mm (lines,).

    What goes on to the bottom is an organ; nan where there is none.
    """
    step, count = picture.spacing_mm, len(lung.fluid_mm)
    middle, thick = np.full(count, np.nan), np.full(count, np.nan)
    level = smoothed(np.nan_to_num(picture.below, nan=BLACK_DB), 2 * round(1.0 / step) + 1, axis=1)
    for line in np.flatnonzero(lung.fluid_mm >= limits.EFFUSION_MM):
        after = level[line, round(lung.fluid_mm[line] / step) :]
        skip = round(4.0 / step)
        over = after[skip:] - np.median(after[: 2 * skip])
        ends = np.flatnonzero((after[skip:] < limits.ANECHOIC_DB) | (over > limits.NOTCH_DB))
        if len(ends) and (skip + ends[0]) * step < DEEPEST_MM:
            thick[line] = (skip + int(ends[0])) * step
            middle[line] = lung.fluid_mm[line] + 0.5 * thick[line]
    return middle, thick


def behind_fluid_mm(picture: Picture, lung: LungLines) -> float:
    """Depth, mm, of airless lung that floats in fluid, where there is most of it; 0 without."""
    _, thick = _tongue(picture, lung)
    return float(np.nanquantile(thick, 0.9)) if np.isfinite(thick).sum() >= 3 else 0.0


def sway_mm(picture: Picture, rest: LungLines, inspired: LungLines) -> float:
    """How far the middle of what floats in the fluid moves over the breath, mm; nan without anything that floats."""
    places = []
    for lung in (rest, inspired):
        middle, thick = _tongue(picture, lung)
        lines = np.flatnonzero(np.isfinite(middle))
        if len(lines) < 3:
            return float("nan")
        weight = thick[lines]
        across = float(np.average(picture.points_mm[lines, 0], weights=weight))
        places.append((across, float(np.average(middle[lines], weights=weight))))
    return float(np.hypot(places[0][0] - places[1][0], places[0][1] - places[1][1]))


def septa_mm(picture: Picture, lung: LungLines) -> float:
    """Width, mm, over which thin bright lines with dark fluid on both sides are crossed."""
    step, crossed = picture.spacing_mm, np.zeros(len(lung.fluid_mm), dtype=bool)
    reach = round(3.0 / step)
    for line in np.flatnonzero(lung.fluid_mm > 0.0):
        part = np.nan_to_num(picture.below[line, round(1.0 / step) : round(50.0 / step)], nan=BLACK_DB)
        for k in range(reach, len(part) - reach):
            before, after = part[k - reach : k].min(), part[k + 1 : k + reach + 1].min()
            dark = max(before, after) < limits.ANECHOIC_DB
            crossed[line] |= bool(dark and part[k] - max(before, after) >= SEPTUM_DB)
    return float(picture.length_mm[crossed].sum())


def ridge_mm(picture: Picture, first_mm: float, last_mm: float, least_db: float = 7.0) -> tuple[Array, Array]:
    """The strongest bright line between two depths below the face: its depth (lines,), mm, and contrast (lines,), dB.

    Contrast is over both what lies 2 to 6 mm above and below; nan where it is less than `least_db`.
    """
    step = picture.spacing_mm
    level = picture.level_db
    near, far = round(2.0 / step), round(6.0 / step)
    count = far - near + 1
    mean = smoothed(np.pad(level, ((0, 0), (far, far)), mode="edge"), 2 * (count // 2) + 1, axis=1)
    middle = (near + far) // 2
    above, below = mean[:, far - middle : -far - middle], mean[:, far + middle : level.shape[1] + far + middle]
    relief = level - np.maximum(above, below)
    rows = slice(round(first_mm / step), min(level.shape[1] - far, round(last_mm / step)))
    at: npt.NDArray[np.intp] = np.argmax(relief[:, rows], axis=1)
    best = relief[np.arange(len(level)), at + rows.start]
    seen = (best >= least_db) & (level[np.arange(len(level)), at + rows.start] > limits.ANECHOIC_DB)
    return np.where(seen, (at + rows.start) * step, np.nan), np.where(seen, best, np.nan)


def ridge_lines(depth_mm: Array, jump_mm: float = 3.0) -> BoolArray:
    """(lines,) the longest stretch of a ridge whose depth hardly jumps from line to line; single gaps are bridged."""
    longest: tuple[int, int] = (0, 0)
    start, last = None, None
    for line in range(len(depth_mm)):
        if np.isnan(depth_mm[line]):
            if last is not None and line - last > 2:
                start = last = None
            continue
        if last is None or abs(depth_mm[line] - depth_mm[last]) > jump_mm * (line - last):
            start = line
        last = line
        assert start is not None
        if line + 1 - start > longest[1] - longest[0]:
            longest = (start, line + 1)
    out = np.zeros(len(depth_mm), dtype=bool)
    out[longest[0] : longest[1]] = True
    return out
