"""How chest and belly rise with the breath. Twin: shaders/lib/chest_wall.glsl.

The probe is held against the skin and rides on it: in the frame of the image the wall stands still. So this moves what
is seen from outside, and nothing in the image.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simulator.geometry import smooth_step
from simulator.units import MM

Array = npt.NDArray[np.floating]

USUAL_EXCURSION_M = 17.0 * MM  # of the diaphragm, in the breath that these are of: between men's and women's [V63]
# In a quiet breath the ribs move 3-5 mm forwards and upwards and 1-2 mm to the side, the belly forwards only [V79];
# in a deep breath all of them over three times as far [V79b].
RIBS_FORWARD_M = 3.2 * MM  # [V79]
RIBS_UP_M = 2.4 * MM  # [V79]
RIBS_ASIDE_M = 1.5 * MM  # [V79]
BELLY_FORWARD_M = 8.0 * MM  # [P]
MARGIN_MIDDLE, MARGIN_SIDE = 0.62, 1.0  # height fraction of the costal margin at the midline and at the side (E.2 [B])
SIDE_M = 0.12  # from the midline to the side [P]


def wall_shift_m(points_torso: Array, breath: float, axis_y_m: float, notch_to_rib10_m: float) -> Array:
    """How far skin, muscle or rib at points (..., 3) has moved since end-expiration, metres (..., 3).

    `breath` is 1 in a quiet breath of USUAL_EXCURSION_M. The back, on which a patient lies, stands still.
    """
    p = np.asarray(points_torso)
    h = -p[..., 2] / notch_to_rib10_m
    out = p[..., 1] - axis_y_m
    aside = np.clip(p[..., 0] / SIDE_M, -1.0, 1.0)
    front = smooth_step(out, -0.03, 0.07)
    margin = MARGIN_MIDDLE + (MARGIN_SIDE - MARGIN_MIDDLE) * np.abs(aside)
    soft = smooth_step(h - margin, -0.12, 0.25)
    ribs = smooth_step(h, -0.05, 0.15) * (1.0 - soft)
    belly = soft * (1.0 - smooth_step(h, 1.45, 2.0))
    return np.asarray(
        breath
        * np.stack(
            [
                RIBS_ASIDE_M * ribs * aside * smooth_step(out, -0.07, 0.0),
                (RIBS_FORWARD_M * ribs + BELLY_FORWARD_M * belly) * front,
                RIBS_UP_M * ribs * front,
            ],
            axis=-1,
        )
    )
