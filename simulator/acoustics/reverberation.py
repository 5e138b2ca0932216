"""Sound between the probe face and gas: mirrored and repeated chest wall, A-lines. Twins of lib/reverberation.glsl."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

FloatLike = float | npt.NDArray[np.floating]

R_PLEURA = 0.93  # amplitude, 0.9-0.97 (clinical.md D.2 [P])
R_FACE = 0.45  # amplitude at the probe face, 0.2-0.45 (D.7 [D/P])
ACCEPTANCE_IN_PLANE_RAD = math.radians(9.0)  # tilt at which the k = 1 echo is down to 1/e: half of atan(1 / (2 f#2))..
ACCEPTANCE_ELEVATION_RAD = math.radians(7.0)  # ..and of the 13.5 mm elevation aperture focused at 60 mm ([D], coarse)
ROUGHNESS_HEALTHY_M = 10e-6  # rms height of healthy pleura at the scale of the beam ([P]; 50 um rms is -9 dB)
ROUGHNESS_DISEASED_M = 75e-6  # added at roughness 1 ([P])
ROUGHNESS_WET_M = 45e-6  # added at trap density 1 ([P])


def coherent_amplitude(rms_height_m: FloatLike, wavelength_m: float) -> FloatLike:
    """Coherent part of a reflection from a rough surface: exp(-(4 pi h / lambda)^2 / 2) (Ament); -9 dB at 50 um."""
    phase = 4.0 * math.pi * np.asarray(rms_height_m) / wavelength_m
    return np.exp(-0.5 * phase * phase)


def acceptance(order: FloatLike, in_plane_rad: FloatLike, elevation_rad: FloatLike) -> FloatLike:
    """Share of the amplitude of the k-th return that reaches the aperture at a tilt; order k turns by 2 k tilt."""
    a = np.asarray(order) * in_plane_rad / ACCEPTANCE_IN_PLANE_RAD
    e = np.asarray(order) * elevation_rad / ACCEPTANCE_ELEVATION_RAD
    return np.exp(-(a * a) - e * e)
