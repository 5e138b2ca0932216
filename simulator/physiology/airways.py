"""How air moves in open bronchi: away from the hilum with each inspiration. Twin: shaders/lib/motion.glsl."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simulator.units import MM

Array = npt.NDArray[np.floating]

DYNAMIC_SHIFT_M = 3.0 * MM  # of the air in an open bronchus over a quiet inspiration; over 1 mm is dynamic [V26], [P]
HILUM_X_M = 45.0 * MM  # of either hilum from the midline [B]
HILUM_HEIGHT = 0.42  # height fraction of the hila: about the fifth thoracic vertebra [B]


def from_hilum(points_torso: Array, axis_y_m: float, notch_to_rib10_m: float) -> Array:
    """Unit vectors (..., 3) away from the hilum of the side that points (..., 3) are on."""
    points = np.asarray(points_torso)
    hilum_x = np.where(points[..., 0] < 0.0, -HILUM_X_M, HILUM_X_M)
    away = np.stack(
        [points[..., 0] - hilum_x, points[..., 1] - axis_y_m, points[..., 2] + HILUM_HEIGHT * notch_to_rib10_m], axis=-1
    )
    return np.asarray(away / np.maximum(np.linalg.norm(away, axis=-1, keepdims=True), 1e-6))
