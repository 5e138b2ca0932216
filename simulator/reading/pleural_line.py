"""How thick the pleural line is on the screen."""

from __future__ import annotations

import numpy as np

from simulator.reading import limits
from simulator.reading.lung import LungLines
from simulator.reading.picture import Array, Picture, shifted, smoothed


def thickness_mm(picture: Picture, lung: LungLines) -> float:
    """Median thickness of the line, mm, where the beam is square to it: over neighbours, as far as it is bright.

    A ragged line is as thick as the strip in which it goes up and down, which is what is seen at arm's length.
    """
    power = picture.envelope[0].astype(np.float64) ** 2
    lines = np.flatnonzero(lung.readable & lung.gas & (picture.incidence_deg < limits.SQUARE_DEG))
    if len(lines) < 8:
        return float("nan")
    reach = round(4.0 / picture.spacing_mm)
    rows = np.round(np.nan_to_num(picture.expected_m) / picture.settings.sample_spacing_m).astype(int)
    across = 2 * round(0.5 * limits.THICK_OVER_MM / float(np.median(picture.length_mm[lines]))) + 1
    strip: Array = smoothed(np.nan_to_num(shifted(power, rows - reach)[:, : 2 * reach + 1]), across, axis=0)
    level = 10.0 * np.log10(strip + 1e-14)
    bright = level >= level.max(axis=1, keepdims=True) - limits.THICK_DB
    return float(np.median(bright[lines].sum(axis=1)) * picture.spacing_mm)
