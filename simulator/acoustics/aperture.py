"""How wide a focused array's beam is: element contributions summed over aperture, band and depth.

Monochromatic fields of point-like elements with a soft baffle, summed over the pulse's band; the peak over time of the
envelope is the beam profile. Fixed transmit focus with a rectangular aperture, dynamic receive focus with a Hann
aperture. Agrees within 6 % with an independent array simulation (PyMUST SIMUS) at 3.5 MHz convex and 8 MHz linear.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from simulator.probe import Transducer
from simulator.units import MM, SPEED_OF_SOUND_M_S

TRANSMIT_FNUMBER = 3.0  # [P], as in the simulation compared with
RECEIVE_FNUMBER = 2.0  # [P], the same
APERTURE_FRACTION = 0.5  # of the elements are used at most: 64 of 128, 96 of 192 [P]
FREQUENCIES = 7  # samples of the band
TIMES = 61  # samples of the pulse
POSITIONS = 121  # samples across the beam
DEEPEST_M = 0.24  # the deepest setting of the console
DEPTHS = 40  # at which widths are computed; between them they are interpolated

Array = npt.NDArray[np.floating]


def transmit_elements(transducer: Transducer, focus_m: float) -> int:
    """Elements that transmit for a focus: focus / f-number, limited by the elements in use."""
    wanted = round(focus_m / TRANSMIT_FNUMBER / transducer.pitch_m)
    return int(min(max(2, wanted), transducer.elements * APERTURE_FRACTION))


def receive_elements(transducer: Transducer, depth_m: float) -> int:
    """Elements that receive from a depth: depth / f-number, limited by the elements in use."""
    wanted = round(depth_m / RECEIVE_FNUMBER / transducer.pitch_m)
    return int(min(max(2, wanted), transducer.elements * APERTURE_FRACTION))


def beam_widths_m(transducer: Transducer, focus_m: float, frequency_hz: float, depth_m: Array) -> tuple[Array, Array]:
    """(two-way, transmit) lateral widths at half amplitude by depth (n,), metres along the arc at that depth."""
    nodes, two_way, transmit = _widths(transducer, round(focus_m, 5), round(frequency_hz))
    return np.asarray(np.interp(depth_m, nodes, two_way)), np.asarray(np.interp(depth_m, nodes, transmit))


@lru_cache(maxsize=32)
def _widths(transducer: Transducer, focus_m: float, frequency_hz: float) -> tuple[Array, Array, Array]:
    nodes = np.linspace(math.sqrt(2.0 * MM), math.sqrt(DEEPEST_M), DEPTHS) ** 2  # closer together near the face
    spread = 0.6 * transducer.bandwidth_fraction
    frequency = frequency_hz * (1.0 + np.linspace(-spread, spread, FREQUENCIES))
    sigma = transducer.bandwidth_fraction * frequency_hz / 2.355  # -6 dB width of a Gaussian band
    band = np.exp(-0.5 * ((frequency - frequency_hz) / sigma) ** 2)
    wavenumber = 2.0 * math.pi * frequency / SPEED_OF_SOUND_M_S
    time = np.linspace(-3.0, 3.0, TIMES) / frequency_hz
    carrier = np.exp(2j * math.pi * (frequency - frequency_hz)[:, None] * time[None])
    two_way: list[float] = []
    one_way: list[float] = []
    for depth in nodes:
        across = np.linspace(0.0, min(12.0 * MM, 2.0 * MM + 0.25 * depth), POSITIONS)
        sent = _field(transducer, transmit_elements(transducer, focus_m), focus_m, depth, across, wavenumber, False)
        heard = _field(transducer, receive_elements(transducer, depth), depth, depth, across, wavenumber, True)
        for spectrum, passes, out in ((sent * heard, 2, two_way), (sent, 1, one_way)):
            centred = spectrum * (band * np.exp(1j * wavenumber * passes * depth))[:, None]
            profile = np.abs(np.einsum("fp,ft->pt", centred, carrier)).max(axis=1)
            out.append(_full_width(across, profile))
    return nodes, np.array(two_way), np.array(one_way)


def _field(
    transducer: Transducer,
    elements: int,
    focus_m: float,
    depth_m: float,
    across_m: Array,
    wavenumber: Array,
    hann: bool,
) -> npt.NDArray[np.complexfloating]:
    """(frequencies, positions) field at `depth_m` of an aperture focused at `focus_m` on the line of its centre."""
    s = (np.arange(elements) - (elements - 1) / 2.0) * transducer.pitch_m
    inverse_radius = 0.0 if math.isinf(transducer.radius_m) else 1.0 / transducer.radius_m
    place, normal = _on_arc(s, 0.0, inverse_radius)
    target, _ = _on_arc(across_m / (1.0 + depth_m * inverse_radius), depth_m, inverse_radius)
    delay = np.linalg.norm(place - np.array([0.0, focus_m]), axis=1) - focus_m
    path = target[:, None] - place[None]
    distance = np.linalg.norm(path, axis=2)
    baffle = np.clip((path * normal[None]).sum(axis=2) / distance, 0.0, 1.0)
    apodisation = 0.5 + 0.5 * np.cos(2.0 * math.pi * s / (elements * transducer.pitch_m)) if hann else np.ones(elements)
    weight = apodisation * baffle / np.sqrt(distance)
    return np.stack([(weight * np.exp(-1j * k * (distance - delay))).sum(axis=1) for k in wavenumber])


def _on_arc(s: Array, depth_m: float, inverse_radius: float) -> tuple[Array, Array]:
    """Points (n, 2) as (x, z) at arc lengths `s` on the face and `depth_m` below it, and the outward normals there."""
    if inverse_radius == 0.0:
        return np.stack([s, np.full_like(s, depth_m)], axis=-1), np.tile([0.0, 1.0], (len(s), 1))
    angle = s * inverse_radius
    normal = np.stack([np.sin(angle), np.cos(angle)], axis=-1)
    return normal * (1.0 / inverse_radius + depth_m) - np.array([0.0, 1.0 / inverse_radius]), normal


def _full_width(across_m: Array, profile: Array) -> float:
    """Twice the distance from the axis at which the profile has fallen to half of its value there."""
    relative = profile / profile[0]
    below = np.flatnonzero(relative < 0.5)
    if len(below) == 0:
        return float(2.0 * across_m[-1])
    i = below[0]
    return float(2.0 * np.interp(0.5, [relative[i], relative[i - 1]], [across_m[i], across_m[i - 1]]))
