"""How verticals stand side by side in a band: B3 apart by 3 mm and less, B7 by some 7 mm; white lung has none."""

from __future__ import annotations

import numpy as np

from simulator.reading import limits
from simulator.reading.lung import LungLines
from simulator.reading.picture import Array, Picture, runs, shifted

FEWEST = 5  # lines that make a group [P; 6-8 a view and more, B]


def column_db(picture: Picture, lung: LungLines) -> Array:
    """(lines,) mean level of what lies below the pleura, each line by itself, dB: a vertical is one of its peaks."""
    power = picture.envelope[0].astype(np.float64) ** 2
    rows = np.round(np.nan_to_num(lung.pleura_m) / picture.settings.sample_spacing_m).astype(int)
    below = picture.band(shifted(power, rows), *limits.COLUMN_MM)
    # Every depth counts alike, however much the haze falls with it.
    relative = below / np.nanmean(below[lung.readable], axis=0, keepdims=True)
    return np.asarray(10.0 * np.log10(np.nan_to_num(np.nanmean(relative, axis=1)) + 1e-9))


def peaks(level_db: Array, least_db: float) -> list[int]:
    """Indices of peaks that stand at least `least_db` over the dips on both sides of them, the ends being dips."""
    found: list[int] = []
    top, bottom, rising = 0, 0, True
    for k in range(len(level_db)):
        if rising:
            top = k if level_db[k] > level_db[top] else top
            if level_db[top] - level_db[k] >= least_db:
                if level_db[top] - level_db[bottom] >= least_db:
                    found.append(top)
                bottom, rising = k, False
        else:
            bottom = k if level_db[k] < level_db[bottom] else bottom
            if level_db[k] - level_db[bottom] >= least_db:
                top, rising = k, True
    return found


def spacing_mm(picture: Picture, lung: LungLines) -> float:
    """Median distance, mm, between lines that stand beside each other below one stretch of pleura; nan under five."""
    stretches = runs(lung.readable & lung.gas)
    if not stretches:
        return float("nan")
    along = np.cumsum(picture.length_mm)
    start, end = max(stretches, key=lambda run: float(along[run[1] - 1] - along[run[0]]))
    level = column_db(picture, lung)[start:end]
    at = along[start:end][peaks(level, limits.COLUMN_DB)]
    return float(np.median(np.diff(at))) if len(at) >= FEWEST else float("nan")
