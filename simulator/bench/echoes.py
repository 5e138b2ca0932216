"""How strong is an echo, and where does it lie? Measures on the complex samples before the display."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simulator.probe import Settings

Array = npt.NDArray[np.floating]
Echo = npt.NDArray[np.complex64]


def level_db(iq: Echo) -> float:
    """Mean power in dB."""
    return float(10.0 * np.log10(np.mean(np.abs(iq) ** 2) + 1e-30))


def rows_between(settings: Settings, start_m: float, stop_m: float) -> slice:
    """Samples between two depths."""
    spacing = settings.sample_spacing_m
    return slice(round(start_m / spacing), round(stop_m / spacing))


def centre_profile(iq: Echo, half: int = 4) -> Array:
    """Mean power against depth over the central lines."""
    middle = iq.shape[0] // 2
    return np.asarray(np.mean(np.abs(iq[middle - half : middle + half]) ** 2, axis=0))


def peak_depth_m(profile: Array, settings: Settings, near_m: float, window_m: float = 1.5e-3) -> float:
    """Depth of the strongest echo within `window_m` of a depth; between samples by a parabola through the levels."""
    rows = rows_between(settings, near_m - window_m, near_m + window_m)
    part = np.log(profile[rows] + 1e-30)
    k = int(np.argmax(part))
    a, b, c = part[max(k - 1, 0)], part[k], part[min(k + 1, len(part) - 1)]
    bend = a - 2.0 * b + c
    offset = 0.5 * (a - c) / bend if abs(bend) > 1e-12 else 0.0
    return float((rows.start + k + 0.5 + offset) * settings.sample_spacing_m)
