"""What lies at and below the pleural line, scan line by scan line: gas, verticals, A-lines, airless lung, fluid."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from simulator.reading import limits
from simulator.reading.picture import Array, BoolArray, Picture, shifted, smoothed
from simulator.units import MM

BLACK_DB = -80.0  # stands for no level at all


@dataclass(frozen=True)
class LungLines:
    """Every array is (lines,). Lines that look past the lung are False or nan throughout.

    `pleura_m` depth of the brightest echo near the expected pleura, `rise_db` its level over the tissue above it.
    `readable`: neither shadow nor too oblique. `vertical`: below it the picture hardly falls with depth. `deep_db` the
    level of the lower field. `horizontal`: an A-line at twice the depth. `airless_mm`, `fluid_mm`: depth of solid and
    of echo-free area between wall and the first gas.
    """

    pleura_m: Array
    rise_db: Array
    gas: BoolArray
    readable: BoolArray
    vertical: BoolArray
    deep_db: Array
    fall_db: Array
    horizontal: BoolArray
    a_line_db: Array
    airless_mm: Array
    fluid_mm: Array
    shadow: BoolArray


def _middle(levels: Array) -> Array:
    """Median over depth (lines,), black where nothing is left."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.nan_to_num(np.nanmedian(levels, axis=1), nan=BLACK_DB)


def read_lung(picture: Picture) -> LungLines:
    """What each scan line shows."""
    spacing = picture.settings.sample_spacing_m
    search = round(limits.SEARCH_MM / picture.spacing_mm)
    start = np.round(np.nan_to_num(picture.expected_m) / spacing).astype(int)
    near = shifted(picture.level_db, start - search)[:, : 2 * search + 1]
    peak = np.argmax(np.nan_to_num(near, nan=-np.inf), axis=1)
    rows = start - search + peak
    at = shifted(picture.level_db, rows)
    above = shifted(picture.level_db, rows - round(4.0 / picture.spacing_mm))[:, : round(3.0 / picture.spacing_mm)]
    rise = at[:, 0] - _middle(above)
    oblique = picture.incidence_deg > limits.SQUARE_DEG
    lung = picture.over_lung
    gas = lung & (rise >= np.where(oblique, limits.OBLIQUE_BRIGHT_DB, limits.BRIGHT_DB))

    single = shifted(picture.line_db, rows)
    lateral = _middle(picture.band(single, 28.0, 45.0))
    shadow = shaded(picture)
    readable = lung & ~shadow & (picture.incidence_deg <= limits.READABLE_DEG)
    fall = _middle(picture.band(single, 4.0, 12.0)) - lateral
    contrast = a_line_contrast(picture, np.where(lung, rows * spacing, np.nan))
    # A line of gas is brighter than a layer of tissue; judged over a few lines, as the eye does.
    line_db = median_over(rise, 5)
    faint = readable & (line_db < np.where(oblique, limits.OBLIQUE_FAINT_DB, limits.FAINT_DB))
    airless, fluid = _thickness(picture, faint, readable & (line_db < limits.OVER_NOTCH_DB))
    column = lateral - fall  # bright in the lower field, and hardly less bright than under the line
    vertical = (
        readable & (fluid <= 0.0) & (column >= limits.VERTICAL_DB - limits.VERTICAL_DB_PER_DEG * picture.incidence_deg)
    )
    return LungLines(
        pleura_m=np.where(lung, (rows + 0.5) * spacing, np.nan),
        rise_db=np.where(lung, rise, np.nan),
        gas=gas,
        readable=readable,
        vertical=vertical,
        deep_db=lateral,
        fall_db=fall,
        horizontal=gas & (contrast >= limits.A_LINE_DB),
        a_line_db=contrast,
        airless_mm=airless,
        fluid_mm=fluid,
        shadow=shadow,
    )


def a_line_contrast(picture: Picture, pleura_m: Array, order: int = 2) -> Array:
    """(lines,) level at `order` times the pleura's depth over what lies above and below it, dB; nan past the bottom."""
    spacing = picture.settings.sample_spacing_m
    rows = np.round(order * np.nan_to_num(pleura_m) / spacing).astype(int)
    reach = round(6.0 / picture.spacing_mm)
    around = smoothed(shifted(smoothed(picture.level_db, 3, axis=0), rows - reach), 1, axis=0)[:, : 2 * reach + 1]
    inner, outer = round(1.2 / picture.spacing_mm), round(2.0 / picture.spacing_mm)
    centre = around[:, reach - inner : reach + inner + 1]
    beside = np.concatenate([around[:, : reach - outer], around[:, reach + outer + 1 :]], axis=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        contrast = np.nanmax(centre, axis=1) - np.nanmedian(beside, axis=1)
    return np.where(np.isfinite(pleura_m) & np.isfinite(around).all(axis=1), contrast, np.nan)


def _thickness(picture: Picture, faint: BoolArray, fair: BoolArray) -> tuple[Array, Array]:
    """Depth (lines,) of solid and of echo-free area between wall and gas, mm; 0 where there is none.

    Lines of the wall that are no line of gas are `faint`, or only `fair`: then solid lung needs a plain deep border.

    An echo-free area begins at the wall and has to end at an echo, or it is a shadow. A solid area begins at the wall
    and has no bright line there; it ends where the picture turns darker, or at the bright edge of aerated lung.
    """
    step = picture.spacing_mm
    at = np.nan_to_num(picture.below, nan=BLACK_DB)
    width, skip = 2 * round(1.0 / step) + 1, round(1.5 / step)
    level = smoothed(at, width, axis=1)
    first = _middle(picture.band(picture.below, 1.5, 5.0))
    low, high = round(limits.SUBPLEURAL_MM / step), round(limits.TISSUE_LIKE_MM / step)
    over = np.stack([at[:, k] - np.median(at[:, skip : k - 2], axis=1) for k in range(low, high)], axis=1)
    edge_db = median_over(over.max(axis=1), 5)
    edge = low + np.argmax(smoothed(over, 5, axis=0), axis=1)
    # Behind the edge of a notch is lung, white or black; behind a bright spot the tissue goes on.
    behind = shifted(at, edge + round(3.0 / step))[:, : round(6.0 / step)]
    inside = np.array([np.median(row[skip : max(k - 2, skip + 2)]) for row, k in zip(at, edge, strict=True)])
    beyond_db = median_over(_middle(behind) - inside, 5)
    notch = (edge_db >= limits.NOTCH_DB) & ((beyond_db > limits.GOES_ON_DB[1]) | (beyond_db < limits.GOES_ON_DB[0]))
    solid, fluid = np.zeros((2, len(at)))
    for line in np.flatnonzero(faint):
        if (level[line, skip : skip + width] < limits.ANECHOIC_DB).mean() > 0.5:
            ends = np.flatnonzero(level[line, skip + width :] >= limits.ANECHOIC_DB)
            fluid[line] = (skip + width + ends[0]) * step if len(ends) else 0.0
        elif first[line] >= limits.TISSUE_DB and picture.incidence_deg[line] <= limits.SOLID_DEG:
            ends = np.flatnonzero(level[line, skip:] < first[line] - limits.TISSUE_ENDS_DB)
            deep = (skip + int(ends[0])) * step if len(ends) else picture.settings.depth_cm * 10.0
            solid[line] = edge[line] * step if notch[line] else deep
    plain = fair & ~faint & (edge_db >= limits.PLAIN_NOTCH_DB) & (beyond_db > limits.GOES_ON_DB[1])
    plain &= inside >= limits.TISSUE_DB
    solid[plain] = edge[plain] * step
    return solid, fluid


def pleura_by_line(picture: Picture) -> tuple[Array, BoolArray]:
    """Depth (lines,) of the brightest echo near the expected pleura, mm, each line by itself, and where it is open."""
    start = np.round(np.nan_to_num(picture.expected_m) / picture.settings.sample_spacing_m).astype(int)
    reach = round(1.25 * limits.SEARCH_MM / picture.spacing_mm)
    near = np.nan_to_num(shifted(picture.line_db, start - reach)[:, : 2 * reach + 1], nan=BLACK_DB)
    return (start - reach + np.argmax(near, axis=1)) * picture.spacing_mm, picture.over_lung & ~shaded(picture)


def shaded(picture: Picture) -> BoolArray:
    """(lines,) where a rib's shadow lies over the pleura: the muscle above it is dark already."""
    start = np.round(np.nan_to_num(picture.expected_m) / picture.settings.sample_spacing_m).astype(int)
    muscle = shifted(picture.level_db, start - round(3.2 / picture.spacing_mm))
    return picture.over_lung & (_middle(picture.band(muscle, 0.0, 2.5)) < limits.SHADOW_DB)


def median_over(values: Array, count: int) -> Array:
    """Running median over `count` neighbours (odd); the ends are repeated."""
    padded = np.pad(values, count // 2, mode="edge")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(padded, count), axis=1))


def depth_mm(picture: Picture, lung: LungLines) -> float:
    """Depth of the pleural line where the beam is most square to it, mm."""
    usable = lung.gas & lung.readable
    if not usable.any():
        return float("nan")
    line = int(np.argmin(np.where(usable, picture.incidence_deg, np.inf)))
    return float(lung.pleura_m[line] / MM)
