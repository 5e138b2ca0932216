"""The breath as a pure function of time, and what it moves."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

# Share of the diaphragm's excursion that the lung surface slides at the apex; the rest grows with the height fraction
# to the power 1.5. Fits the zones of clinical.md E.6 (quiet, [P]) where probes are held, at an excursion of 16-18 mm:
# 3.7-4.1 mm at h 0.22 (anterior upper), 5-6 at 0.38, 7-8 at 0.55, 9-11 at 0.65 (lateral lower), 10-12 at 0.72.
APEX_SLIDING_FRACTION = 0.14


@dataclass(frozen=True)
class Respiration:
    """Breathing: `rate_per_min`, `inspiration_fraction` of the cycle (I:E 1:2 is 1/3), `excursion_m` of the diaphragm.

    Quiet excursion 18 mm in men, 16 mm in women [V63]. `rate_per_min` 0 is apnoea.
    """

    rate_per_min: float = 15.0
    inspiration_fraction: float = 1.0 / 3.0
    excursion_m: float = 0.017

    def breath(self, time_s: float) -> float:
        """Lung filling 0 (end-expiration, at time 0) to 1 (end-inspiration): (1 - cos)/2 with a faster inspiration."""
        if self.rate_per_min <= 0.0:
            return 0.0
        phase = (time_s * self.rate_per_min / 60.0) % 1.0
        if phase < self.inspiration_fraction:
            return 0.5 * (1.0 - math.cos(math.pi * phase / self.inspiration_fraction))
        rest = (phase - self.inspiration_fraction) / (1.0 - self.inspiration_fraction)
        return 0.5 * (1.0 + math.cos(math.pi * rest))


def sliding_fraction(height_fraction: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Sliding amplitude over diaphragm excursion at height fraction h (0 notch, 1 tenth rib); twin in GLSL."""
    h = np.clip(height_fraction, 0.0, 1.05)
    return np.asarray(APEX_SLIDING_FRACTION + (1.0 - APEX_SLIDING_FRACTION) * h * np.sqrt(h))
