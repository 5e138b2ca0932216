"""Which landmarks does an eye find on the drawn skin? What shading lifts or sinks, metres; the surface stays as it is.

Sonographers go by clavicles, notch, sternal angle, costal margin, the tips of the scapulae and the spinous processes.
Each is where the body's own bone is; fat hides them as it does on people, and none quite, so that they can be found.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simulator.anatomy.body import Body
from simulator.anatomy.spine import LUMBAR_M
from simulator.anatomy.torso import NAVEL_BELOW_RIB10_M
from simulator.geometry import smooth_step
from simulator.units import MM

Array = npt.NDArray[np.float64]

# Height of the shading, half width, and what is left of it in the obese [P: chosen by eye]
CLAVICLE = (8.0 * MM, 8.0 * MM, 0.3)
FOSSA = (-6.0 * MM, 13.0 * MM, 0.2)  # above the clavicle
FOSSA_ABOVE_M = 25.0 * MM
NOTCH = (-9.0 * MM, 9.0 * MM, 0.8)
NOTCH_ABOVE_M = 5.0 * MM  # the pit lies on the manubrium's edge
STERNAL_ANGLE = (4.5 * MM, 7.0 * MM, 0.5)
STERNUM_HALF_M = 24.0 * MM
MARGIN = (7.0 * MM, 13.0 * MM, 0.2)  # a step: the cage stands out over the belly
MARGIN_POINTS = 12
HALF_CARTILAGE_M = 6.0 * MM  # [B]
MARGIN_REACH_M = 32.0 * MM
SCAPULA_TIP = (5.0 * MM, 14.0 * MM, 0.6)
SPINOUS = (4.5 * MM, 6.5 * MM, 0.35)
FURROW = (-5.0 * MM, 13.0 * MM, 0.8)  # between the erector spinae, in which the processes lie
FURROW_BMI = (17.0, 23.0)  # the processes of the thinnest stand out without one
SPINOUS_BELOW_HEAD_M = 22.0 * MM  # a thoracic process points at the vertebra below [B]
LOWEST_FURROW_M = -100.0 * MM  # its lower end, of the tenth ribs' level
LEAN_BMI = (24.0, 38.0)  # below the first landmarks show fully; from the second on the given rest [P]
NAVEL_M = 24.0 * MM  # around the navel, that of the baked skin is the only one


def landmark_lift(body: Body, vertices: Array) -> Array:
    """(n,) metres by which shading lifts vertices (n, 3) of the trunk."""
    if "notch" not in body.landmarks:
        return np.zeros(len(vertices))
    x, y, z = np.abs(vertices[:, 0]), vertices[:, 1], vertices[:, 2]
    front = smooth_step(y - body.axis_y_m, 0.0, 0.03)
    behind = 1.0 - smooth_step(y - body.axis_y_m, -0.03, 0.0)
    fat = float(np.clip((body.habitus.bmi - LEAN_BMI[0]) / (LEAN_BMI[1] - LEAN_BMI[0]), 0.0, 1.0))

    def high(landmark: tuple[float, float, float]) -> float:
        return landmark[0] * (1.0 - fat * (1.0 - landmark[2]))

    def hump(distance_m: Array, landmark: tuple[float, float, float]) -> Array:
        return np.asarray(high(landmark) * np.exp(-((distance_m / landmark[1]) ** 2)))

    clavicle = body.curves["clavicle_R"].astype(np.float64)
    bone_z = np.interp(x, clavicle[:, 0], clavicle[:, 2])
    beyond = smooth_step(x, clavicle[0, 0] - 10.0 * MM, clavicle[0, 0]) * smooth_step(
        x, clavicle[-1, 0] + 10.0 * MM, clavicle[-1, 0] - 20.0 * MM
    )
    lift = front * beyond * (hump(z - bone_z, CLAVICLE) + hump(z - bone_z - FOSSA_ABOVE_M, FOSSA))
    lift += front * hump(np.hypot(x, z - NOTCH_ABOVE_M), NOTCH)
    angle_z = body.landmarks["sternal_angle"][2]
    lift += front * smooth_step(x, STERNUM_HALF_M, 0.6 * STERNUM_HALF_M) * hump(z - angle_z, STERNAL_ANGLE)
    lift += front * high(MARGIN) * _costal_step(body, x, z)
    for side in "RL":
        tip = np.array(body.landmarks[f"scapula_tip_{side}"])
        lift += behind * hump(np.linalg.norm(vertices - tip, axis=1), SCAPULA_TIP)
    furrow = float(np.interp(body.habitus.bmi, FURROW_BMI, (0.0, 1.0)))
    ends = smooth_step(z, LOWEST_FURROW_M - body.notch_to_rib10_m, LOWEST_FURROW_M - body.notch_to_rib10_m + 0.05)
    lift += behind * furrow * ends * hump(x, FURROW)
    lift += behind * hump(np.hypot(x, _from_nearest(z, spinous_heights_m(body))), SPINOUS)
    return lift


def spinous_heights_m(body: Body) -> Array:
    """Heights of the tips of the thoracic and lumbar spinous processes, from above."""
    heads = np.array([body.curves[f"rib_R{n}"][0, 2] for n in range(1, 13)], dtype=np.float64)
    thoracic = heads - SPINOUS_BELOW_HEAD_M
    return np.concatenate([thoracic, thoracic[-1] - LUMBAR_M * np.arange(1, 6)])


def costal_margin(body: Body) -> Array:
    """(k, 2) |x| and z of the costal margin from the xiphoid outwards: the lower border of the cartilages."""
    curves = [body.curves[f"cartilage_R{number}"].astype(np.float64)[::-1] for number in (7, 8, 9, 10)]
    x = np.linspace(0.0, max(float(c[:, 0].max()) for c in curves), MARGIN_POINTS)
    lowest = np.full(len(x), body.landmarks["xiphoid"][2])
    for curve in curves:
        z = np.interp(x, np.maximum.accumulate(curve[:, 0]), curve[:, 2], left=0.0, right=curve[-1, 2])
        lowest = np.minimum(lowest, z - HALF_CARTILAGE_M)
    return np.stack([x, np.minimum.accumulate(lowest)], axis=1)


def _costal_step(body: Body, x: Array, z: Array) -> Array:
    """(n,) -1 below the margin, +1 above it, 0 far from it."""
    margin = costal_margin(body)
    line = np.interp(x, margin[:, 0], margin[:, 1])
    steep = np.interp(x, margin[:, 0], -np.gradient(margin[:, 1], margin[:, 0]))
    off = (z - line) / np.sqrt(1.0 + np.minimum(steep, 2.5) ** 2)
    inside = smooth_step(x, margin[-1, 0] + 20.0 * MM, margin[-1, 0])
    return np.asarray(inside * np.tanh(off / MARGIN[1]) * np.exp(-((off / MARGIN_REACH_M) ** 2)))


def _from_nearest(z: Array, heights_m: Array) -> Array:
    """(n,) distance in height from the nearest of `heights_m`."""
    return np.asarray(np.abs(z[:, None] - heights_m[None, :]).min(axis=1))


def off_the_navel(body: Body, vertices: Array) -> Array:
    """(n,) 0 at the navel .. 1 away from it."""
    below = vertices[:, 2] + body.notch_to_rib10_m + NAVEL_BELOW_RIB10_M
    apart = np.hypot(vertices[:, 0], below) + 1.0 * (vertices[:, 1] < body.axis_y_m)
    return np.asarray(smooth_step(apart, 0.5 * NAVEL_M, NAVEL_M))
