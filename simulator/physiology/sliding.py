"""How the lung moves along the chest wall: by breath and heartbeat, as far as it is free to and touches the wall.

Twins: shaders/lib/motion.glsl.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simulator.physiology.respiration import slide_m
from simulator.units import MM

Array = npt.NDArray[np.floating]

SINUSOID_SHARE = 0.45  # of its descent by which the lung line nears the wall through fluid; 5-20 mm in all [B], [P]
PULSE_M = 0.6 * MM  # what a beat moves the lung's surface beside the heart by; 0.3-0.6 mm [P], sign of [V30]
EDGE_SHARE = 0.3  # of the diaphragm's descent by which the surface of free air gives way to the lung: x0 + A breath [P]
SINUSOID_MOST_M = 20.0 * MM  # and no more in a deep breath [B], [P]
EDGE_MOST_M = 8.0 * MM  # and no more in a deep breath: free air is driven aside, it does not vanish [P]
EDGE_M = 1.0 * MM  # half of the width over which the layers part at the edge of free air [P]
PULSE_LENGTH_M = 70.0 * MM  # over which distance from the heart it falls to 1/e [P]


def pulse_m(heart_distance_m: Array, contraction: float) -> Array:
    """What the heartbeat moves the lung by, metres, at a signed distance from the heart at end-diastole.

    Bodies keep distances up to 60 mm: farther away the pulse stays at 0.25 mm, as the whole lung is shaken a little.
    """
    return np.asarray(PULSE_M * contraction * np.exp(-np.maximum(heart_distance_m, 0.0) / PULSE_LENGTH_M))


def lung_descent_m(
    descent_m: float,
    quiet_m: float,
    height_fraction: Array,
    sliding_loss: Array,
    air_distance_m: Array,
    heart_distance_m: Array,
    contraction: float,
) -> Array:
    """How far the lung is caudal of its place at end-expiration and end-diastole, metres, at points now.

    `quiet_m` is the excursion of the diaphragm in quiet breathing. `air_distance_m` is that of `air_now_m`: where free
    air lies against the wall, what is seen there stands still.
    """
    breath = slide_m(descent_m, quiet_m, height_fraction) * (1.0 - sliding_loss)
    return np.asarray((breath + pulse_m(heart_distance_m, contraction)) * attached(air_distance_m))


def air_now_m(air_distance_m: Array, descent_m: float) -> Array:
    """Signed distance to free air when the diaphragm has descended: the lung fills out and the air gives way."""
    return np.asarray(air_distance_m + min(EDGE_SHARE * descent_m, EDGE_MOST_M))


def fluid_now_m(fluid_distance_m: Array, descent_m: float | Array) -> Array:
    """Signed distance to pleural fluid when the diaphragm has descended: the fluid follows it, the lung fills out."""
    return np.asarray(fluid_distance_m + np.minimum(SINUSOID_SHARE * descent_m, SINUSOID_MOST_M))


def attached(air_distance_m: Array) -> Array:
    """1 where the lung lies against the chest wall, 0 where free air parts them, smooth at the edge."""
    t = np.clip(0.5 + 0.5 * np.asarray(air_distance_m) / EDGE_M, 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t))
