"""How airless lung that floats in an effusion sways with breath and heartbeat. Twin: shaders/lib/motion.glsl."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simulator.units import MM

Array = npt.NDArray[np.floating]

SWAY_BREATH = 0.35  # of the diaphragm's descent by which the tip of floating lung is swung [P]; jellyfish sign [V24]
SWAY_BEAT_M = 1.5 * MM  # by which a heartbeat swings it [P]
IN_FLUID = ("fluid", "echoes")  # the fields that sway: floating lung is a gap in the fluid


def sway_m(
    points_torso: Array, tip_m: tuple[float, float, float], reach_m: float, descent_m: float, contraction: float
) -> Array:
    """How far (...) what is in the fluid at points (..., 3) has swung from its place at rest, metres.

    Most at the tip of the floating lung, and falling off smoothly over `reach_m` to all sides.
    """
    away = np.asarray(points_torso) - np.asarray(tip_m)
    share = np.exp(-np.sum(away * away, axis=-1) / (reach_m * reach_m))
    return np.asarray((SWAY_BREATH * descent_m + SWAY_BEAT_M * contraction) * share)
