"""How much sound goes in: the mechanical index that the console displays.

The index is the pressure at the focus, lowered by the attenuation that the standard assumes, over the root of the
frequency. Pressure follows from power, from what the aperture and the elevation lens gather at that depth, and from how
well the probe sends at that frequency. Its scale is set by each probe's lung preset, not by any real machine.
"""

from __future__ import annotations

import math

import numpy as np

from simulator.acoustics.aperture import elevation_gain, transmit_elements
from simulator.messages import N_
from simulator.probe import PRESETS, Settings, Transducer
from simulator.units import CM, MHZ, SPEED_OF_SOUND_M_S

PRESET_MI = 0.7  # of every probe's lung preset at full power: where to start (clinical.md A.5 [B]); the scale is [P]
HIGHEST_MI = 1.9  # what machines limit themselves to [B]
WARNING_MI = 0.7  # above it the console warns; one starts here and goes lower (clinical.md G.1 [B])
NEONATE_MI = 0.4  # below it for newborns, as teaching text [V14b]
DERATING_DB_CM_MHZ = 0.3  # attenuation that the displayed index assumes on the way [B]


def mechanical_index(transducer: Transducer, settings: Settings) -> float:
    """The displayed index: the highest of the focal zones, within what a machine lets out."""
    scale = PRESET_MI / _relative(transducer, PRESETS[transducer.key])
    return min(HIGHEST_MI, scale * _relative(transducer, settings))


def warns(index: float) -> bool:
    """Whether an index, as it is displayed with two decimals, is above what a lung is scanned with."""
    return round(index, 2) > WARNING_MI


def advice(index: float) -> str | None:
    """What the console teaches about an index, an English message; None where there is nothing to say."""
    if warns(index):
        return N_("MI above 0.7: start at 0.7 and lower the power as far as the image allows.")
    if round(index, 2) >= NEONATE_MI:
        return N_("In newborns, keep the MI below 0.4.")
    return None


def _relative(transducer: Transducer, settings: Settings) -> float:
    """Pressure at the focus over the root of the frequency, in units of one's own."""
    frequency_hz = settings.frequency_mhz * MHZ
    strongest = max(focal_pressure(transducer, f * CM, frequency_hz) for f in settings.focus_depths_cm)
    power = 10.0 ** (settings.power_db / 20.0)
    return float(power * strongest / math.sqrt(settings.frequency_mhz))


def focal_pressure(transducer: Transducer, focus_m: float, frequency_hz: float) -> float:
    """Derated pressure at a focus over that at the face when the probe sends at its own frequency."""
    wavelength_m = SPEED_OF_SOUND_M_S / frequency_hz
    aperture_m = transmit_elements(transducer, focus_m) * transducer.pitch_m
    in_plane = aperture_m / math.sqrt(wavelength_m * focus_m)
    sigma_hz = transducer.bandwidth_fraction * transducer.frequency_hz / 2.355  # two-way; one way is its root
    sent = math.exp(-0.25 * ((frequency_hz - transducer.frequency_hz) / sigma_hz) ** 2)
    derated = 10.0 ** (-DERATING_DB_CM_MHZ * frequency_hz / MHZ * focus_m / CM / 20.0)
    return float(np.asarray(in_plane * elevation_gain(transducer, focus_m, frequency_hz) * sent * derated))
