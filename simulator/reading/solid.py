"""What is inside solid lung and fluid: bronchograms and their motion, ragged borders, swirling echoes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simulator.probe import scan_lines
from simulator.reading import limits
from simulator.reading.lung import BLACK_DB, LungLines
from simulator.reading.motion import likeness
from simulator.reading.picture import Array, BoolArray, Picture, runs, smoothed
from simulator.units import MM

SPOT_DB = 9.0  # of a bronchogram over the tissue around it [P]
DARK_SPOT_DB = -9.0  # of a fluid bronchogram [P]
SEPTUM_DB = 9.0  # of a membrane over the fluid on both sides [P]
DEEPEST_MM = 55.0  # within the solid lung
PATCH_MM, PATCH_LINES = 3.0, 3  # half sizes of what is followed from one frame to the next [P]
WAY_MM = 6.0  # that air goes in a bronchus with the breath at the most [P; over 1 mm is dynamic, V26]
BESIDE_MM = 30.0  # of wall within which the fluid beside a tongue lies [P]
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


def moving_percent(picture: Picture, places: list[tuple[int, int]], first: int, second: int) -> float:
    """Percent of the bright spots found again that have moved as air in a bronchus does; nan without any.

    What has gone farther belongs to something else, such as the diaphragm.
    """
    moved = np.array(shifts_mm(picture, places, first, second))
    return 100.0 * float(np.mean((moved >= 1.0) & (moved <= WAY_MM))) if len(moved) else float("nan")


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


def swirl(picture: Picture, lung: LungLines, first: int, second: int) -> float:
    """Likeness over time of the wall less that of the echoes in fluid: about 1 where they swirl, 0 if still."""
    wet = lung.fluid_mm >= limits.EFFUSION_MM
    if not wet.any():
        return float("nan")
    wall, fluid = (likeness(picture, first, second, mm)[wet] for mm in ((-9.0, -2.0), (2.0, 10.0)))
    return float(np.median(wall) - np.median(fluid))


def tongue_mask(picture: Picture, lung: LungLines, frame: int = 0) -> BoolArray:
    """(lines, samples) what floats: lit, in one rib space with fluid above it and on both of its sides."""
    dark = _wide(picture.frame_db(frame), picture) < limits.ANECHOIC_DB
    open_ = picture.over_lung & ~lung.shadow
    first = np.round(np.nan_to_num(picture.expected_m) / picture.settings.sample_spacing_m).astype(int)
    depth = np.arange(dark.shape[1])[None, :] - first[:, None]
    fluid = dark & open_[:, None] & (depth > round(2.0 / picture.spacing_mm))
    fluid &= depth < round(DEEPEST_MM / picture.spacing_mm)
    beside = round(BESIDE_MM / max(1e-9, float(np.median(picture.length_mm[picture.over_lung]))))
    left, right, above = np.zeros((3, *dark.shape), dtype=bool)
    for k in range(1, beside + 1):
        left[k:] |= fluid[:-k]
        right[:-k] |= fluid[k:]
    above[:, 1:] = np.cumsum(fluid, axis=1)[:, :-1] * picture.spacing_mm >= limits.EFFUSION_MM
    return np.asarray(~dark & open_[:, None] & left & right & above)


def _wide(levels: Array, picture: Picture) -> Array:
    """Levels smoothed over a couple of millimetres: a membrane or a speckle is no tongue."""
    return smoothed(smoothed(levels, 3, axis=0), 2 * round(1.0 / picture.spacing_mm) + 1, axis=1)


def _floats(picture: Picture, lung: LungLines, frame: int) -> tuple[float, float, float]:
    """Area, mm^2, and centre, mm along the face and deep, of what floats."""
    mask = tongue_mask(picture, lung, frame)
    depth = np.arange(mask.shape[1]) * picture.spacing_mm
    lines = scan_lines(picture.transducer, picture.settings)
    at = lines.origins_m[:, None, [0, 2]] / MM + lines.directions[:, None, [0, 2]] * depth[None, :, None]
    apart = np.linalg.norm(np.gradient(at, axis=0), axis=-1)
    weight = np.where(mask, apart * picture.spacing_mm, 0.0)
    total = float(weight.sum())
    if total <= 0.0:
        return 0.0, float("nan"), float("nan")
    x, z = (float((weight * at[..., k]).sum()) / total for k in (0, 1))
    return total, x, z


def floating_mm2(picture: Picture, lung: LungLines, frame: int = 0) -> float:
    """Area, mm^2, of airless lung that has fluid above and on both sides; 0 without."""
    return _floats(picture, lung, frame)[0]


def sway_mm(picture: Picture, lung: LungLines, inspired: LungLines, first: int = 0, second: int = 1) -> float:
    """How far the middle of what floats in the fluid moves between two frames, mm; nan unless something floats."""
    rest, later = _floats(picture, lung, first), _floats(picture, inspired, second)
    if min(rest[0], later[0]) < limits.FLOATING_MM2:
        return float("nan")
    return float(np.hypot(rest[1] - later[1], rest[2] - later[2]))


def septa_mm(picture: Picture, lung: LungLines) -> float:
    """Width, mm, over which thin bright lines with black fluid on both sides are crossed."""
    step, crossed = picture.spacing_mm, np.zeros(len(lung.fluid_mm), dtype=bool)
    near, far = round(1.5 / step), round(4.0 / step)
    for line in np.flatnonzero((lung.fluid_mm > 0.0) & ~lung.shadow):
        part = np.nan_to_num(picture.below[line, round(1.0 / step) : round(DEEPEST_MM / step)], nan=BLACK_DB)
        for k in range(far, len(part) - far):
            sides = max(float(part[k - far : k - near].max()), float(part[k + near + 1 : k + far + 1].max()))
            crossed[line] |= bool(sides < limits.ANECHOIC_DB and part[k] - sides >= SEPTUM_DB)
    return float(picture.length_mm[crossed].sum())


def quad_deg(picture: Picture, lung: LungLines) -> float:
    """Tilt, degrees, of the lung line against the wall, in the rib space where it is least; nan without fluid.

    The space lies between two shadows, is filled with fluid, and the fluid ends at a bright line that is straight.
    """
    along = np.cumsum(picture.length_mm)
    tilts = []
    for start, end in runs(picture.over_lung & ~lung.shadow):
        wet = np.flatnonzero(lung.fluid_mm[start:end] >= limits.EFFUSION_MM) + start
        if not (start > 0 and end < len(along)) or len(wet) < max(5, 0.8 * (end - start)):
            continue
        x, depth = along[wet], lung.fluid_mm[wet]
        slope, offset = np.polyfit(x, depth, 1)
        if float(np.std(depth - slope * x - offset)) <= limits.LUNG_LINE_MM:
            tilts.append(abs(float(np.degrees(np.arctan(slope)))))
    return min(tilts, default=float("nan"))


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
