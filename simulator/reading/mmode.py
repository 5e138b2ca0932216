"""What an M-mode shows: what stands still and what moves above and below the pleural line, and what nears it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.reading import limits
from simulator.reading.picture import Array, smoothed

LAG_S = 0.35  # between the columns that are compared: a still part comes back alike, a sliding one does not [P]
ABOVE_MM = (-10.0, -2.0)  # from the pleura
BELOW_MM = (1.5, 14.0)
GRAIN_MM = 2.4  # what is thicker than this is no grain [P]
DARK_GREY = 40.0  # of 255: fluid and shadow are darker [P]


@dataclass(frozen=True)
class MMode:
    """`grey` (samples, times) 0..255 of one scan line, `rate_hz` columns a second; the pleura at `pleura_mm`."""

    grey: Array
    spacing_mm: float
    rate_hz: float
    pleura_mm: float

    def rows(self, between_mm: tuple[float, float]) -> Array:
        """(n, times) grey between two depths from the pleura."""
        start, stop = (round((self.pleura_mm + mm) / self.spacing_mm) for mm in between_mm)
        return self.grey[max(0, start) : max(1, stop)].astype(np.float64)


def _grain(mmode: MMode, between_mm: tuple[float, float]) -> Array:
    part = mmode.rows(between_mm)
    return part - smoothed(part, 2 * round(0.5 * GRAIN_MM / mmode.spacing_mm) + 1, axis=0)


def likeness(mmode: MMode, between_mm: tuple[float, float], lag_s: float = LAG_S) -> Array:
    """(times - lag,) correlation over depth of each column with the one `lag_s` later."""
    part = _grain(mmode, between_mm)
    lag = max(1, round(lag_s * mmode.rate_hz))
    a, b = part[:, :-lag], part[:, lag:]
    return np.asarray((a * b).sum(axis=0) / np.sqrt(np.maximum((a * a).sum(axis=0) * (b * b).sum(axis=0), 1e-9)))


def contrast(mmode: MMode) -> float:
    """Seashore: likeness of the wall over time less that of what is below the pleura; about 0 on a barcode."""
    return float(np.median(likeness(mmode, ABOVE_MM)) - np.median(likeness(mmode, BELOW_MM)))


def still(mmode: MMode) -> float:
    """Barcode: median likeness over time below the pleura."""
    return float(np.median(likeness(mmode, BELOW_MM)))


def still_share(mmode: MMode) -> float:
    """Share of the breath in which the grain below the pleura is what it was at rest, when the M-mode begins.

    Little on a sliding lung, all of it on a barcode, in between at a lung point.
    """
    part = _grain(mmode, BELOW_MM)
    rest = part[:, :1]
    product = (part * rest).sum(axis=0)
    alike = product / np.sqrt(np.maximum((part * part).sum(axis=0) * (rest * rest).sum(axis=0), 1e-9))
    return float(np.mean(alike > limits.STILL))


def approach_mm(mmode: MMode) -> float:
    """Sinusoid: how far the far border of the dark below the wall moves over the breath, mm; 0 without such a dark."""
    below = smoothed(smoothed(mmode.rows((2.0, 1e3)), 7, axis=0), 5, axis=1)
    dark = below < DARK_GREY
    seen = dark[: round(3.0 / mmode.spacing_mm)].mean(axis=0) > 0.5
    ends = seen & (~dark).any(axis=0)
    if ends.mean() < 0.5:
        return 0.0
    depth = np.argmax(~dark[round(3.0 / mmode.spacing_mm) :], axis=0)[ends] * mmode.spacing_mm
    return float(np.quantile(depth, 0.95) - np.quantile(depth, 0.05))


def beats_per_min(mmode: MMode) -> float:
    """Rate at which what is below the pleura jerks."""
    part = smoothed(mmode.rows(BELOW_MM), 3, axis=1)
    jerk = np.abs(np.diff(part, axis=1)).mean(axis=0)
    jerk = jerk - jerk.mean()
    spectrum = np.abs(np.fft.rfft(jerk, n=8 * len(jerk)))
    rate = np.fft.rfftfreq(8 * len(jerk), 1.0 / mmode.rate_hz) * 60.0
    heart = (rate > 40.0) & (rate < 180.0)
    return float(rate[heart][np.argmax(spectrum[heart])])
