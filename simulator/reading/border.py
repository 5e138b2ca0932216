"""The deep border of airless lung: followed from line to line where it turns bright, and how ragged it is."""

from __future__ import annotations

import numpy as np

from simulator.reading import limits
from simulator.reading.lung import BLACK_DB, LungLines
from simulator.reading.picture import Array, Picture, runs, smoothed

NEAR_MM = 2.0  # below the pleura, where the search begins [P]
OVER_MM = 2.0  # above and below the border over which levels are compared [P]
STIFF_DB_MM = 1.5  # what a step of a millimetre from one line to the next has to be worth [P]


def deep_border_mm(picture: Picture, lines: slice, deepest_mm: float) -> tuple[Array, Array]:
    """(n,) depth below the pleura, mm, of the most visible turn from dark to bright, and (n,) by how much, dB.

    The path through neighbouring lines that gathers most contrast for the steps that it takes.
    """
    step = picture.spacing_mm
    level = np.nan_to_num(picture.below[lines], nan=BLACK_DB)[:, : round((deepest_mm + OVER_MM) / step)]
    half = max(1, round(0.5 * OVER_MM / step))
    mean = smoothed(level, 2 * half + 1, axis=1)
    first, last = round(NEAR_MM / step) + half, level.shape[1] - half
    rise = mean[:, first + half : last] - mean[:, first - half : last - 2 * half]
    steps = np.arange(rise.shape[1])
    price = STIFF_DB_MM * step * np.abs(steps[:, None] - steps[None, :])
    total, came = rise[0].copy(), []
    for line in range(1, len(rise)):
        best = total[None, :] - price
        came.append(np.argmax(best, axis=1))
        total = rise[line] + best.max(axis=1)
    path = [int(np.argmax(total))]
    for back in reversed(came):
        path.append(int(back[path[-1]]))
    rows = np.array(path[::-1])
    return (first + rows) * step, rise[np.arange(len(rise)), rows]


def ragged_mm(picture: Picture, lung: LungLines, deepest_mm: float = 60.0) -> float:
    """How uneven the deep border of airless lung is: middle deviation from its smooth course, mm; nan without one.

    The rib space with the clearest border decides.
    """
    found = [(0.0, float("nan"))]
    solid = picture.over_lung & ~lung.shadow & (lung.fluid_mm <= 0.0)
    for start, end in runs(solid):
        if picture.length_mm[start:end].sum() < limits.BORDER_MM:
            continue
        inner = slice(start + 1, end - 1)
        if end - start < 8:
            continue
        depth, contrast = deep_border_mm(picture, inner, deepest_mm)
        x = np.linspace(-1.0, 1.0, len(depth))
        course = np.polynomial.Polynomial.fit(x, depth, 2)(x)
        found.append((float(np.median(contrast)), float(np.mean(np.abs(depth - course)))))
    contrast_db, uneven = max(found)
    return uneven if contrast_db >= limits.BORDER_DB else float("nan")
