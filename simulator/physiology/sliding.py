"""How the lung moves along the chest wall: by the breath as far as it is free to, and by the heartbeat.

Twins: shaders/lib/motion.glsl.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simulator.physiology.respiration import sliding_fraction
from simulator.units import MM

Array = npt.NDArray[np.floating]

PULSE_M = 0.6 * MM  # what a beat moves the lung's surface beside the heart by; 0.3-0.6 mm [P], sign of [V30]
PULSE_LENGTH_M = 70.0 * MM  # over which distance from the heart it falls to 1/e [P]


def pulse_m(heart_distance_m: Array, contraction: float) -> Array:
    """What the heartbeat moves the lung by, metres, at a signed distance from the heart at end-diastole.

    Bodies keep distances up to 60 mm: farther away the pulse stays at 0.25 mm, as the whole lung is shaken a little.
    """
    return np.asarray(PULSE_M * contraction * np.exp(-np.maximum(heart_distance_m, 0.0) / PULSE_LENGTH_M))


def lung_descent_m(
    descent_m: float, height_fraction: Array, sliding_loss: Array, heart_distance_m: Array, contraction: float
) -> Array:
    """How far the lung is caudal of its place at end-expiration and end-diastole, metres, at points now."""
    breath = descent_m * sliding_fraction(height_fraction) * (1.0 - sliding_loss)
    return np.asarray(breath + pulse_m(heart_distance_m, contraction))
