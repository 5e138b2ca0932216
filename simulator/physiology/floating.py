"""How airless lung that floats in an effusion sways with breath and heartbeat. Twin: shaders/lib/motion.glsl."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simulator.units import MM

Array = npt.NDArray[np.floating]

SWAY_BREATH = 0.35  # of the diaphragm's descent by which the tip of floating lung is swung [P]; jellyfish sign [V24]
SWAY_MOST_M = 12.0 * MM  # by which a deep breath swings it at most [P]
SWAY_BEAT_M = 1.5 * MM  # by which a heartbeat swings it [P]
IN_FLUID = ("fluid", "echoes")  # the fields that sway: floating lung is a gap in the fluid


def floating_share(points_torso: Array, tip_m: tuple[float, float, float], reach_m: float) -> Array:
    """Share (...) in the sway of floating lung at points (..., 3): 1 at its tip, falling off smoothly over `reach_m`.

    As far as lung floats it sways instead of filling out with the breath. Where nothing floats (`reach_m` 0) it is 0.
    """
    away = np.asarray(points_torso) - np.asarray(tip_m)
    if reach_m == 0.0:
        return np.zeros(away.shape[:-1])
    return np.asarray(np.exp(-np.sum(away * away, axis=-1) / (reach_m * reach_m)))


def sway_m(descent_m: float, contraction: float) -> float:
    """How far the tip of floating lung has swung from its place at end-expiration and end-diastole, metres."""
    return min(SWAY_BREATH * descent_m, SWAY_MOST_M) + SWAY_BEAT_M * contraction
