"""The heartbeat as a pure function of time."""

from __future__ import annotations

import math
from dataclasses import dataclass

from simulator.geometry import FloatArray

ARTERY_PULSE_M = (
    5.0e-4  # by which the wall of a great artery moves outwards in systole; 5 % of the diameter and more [B]
)


def artery_now_m(resting_m: FloatArray, contraction: float) -> FloatArray:
    """Signed distance now to an artery that was `resting_m` away at end-diastole; twin: lib/vessels.glsl."""
    return resting_m - ARTERY_PULSE_M * contraction


@dataclass(frozen=True)
class Heart:
    """Heart rate in beats per minute; 60-100 at rest (clinical.md E.5)."""

    rate_per_min: float = 75.0

    def contraction(self, time_s: float) -> float:
        """Ventricular contraction 0 (end-diastole, at time 0) to 1 (end-systole); systole takes 35 % of the cycle."""
        if self.rate_per_min <= 0.0:
            return 0.0
        phase = (time_s * self.rate_per_min / 60.0) % 1.0
        if phase < 0.35:
            return 0.5 * (1.0 - math.cos(math.pi * phase / 0.35))
        rest = min(1.0, (phase - 0.35) / 0.30)
        return 0.5 * (1.0 + math.cos(math.pi * rest))
