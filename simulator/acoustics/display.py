"""From echo to grey: TGC, gain and log compression. Twins of shaders/lib/display.glsl."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simulator.probe import Settings
from simulator.units import CM

TGC_DB_CM_MHZ = 0.55  # time-gain compensation that the machine applies by itself (clinical.md D.6: 0.5-0.7 [B])
WHITE_DB = 29.5  # level re liver that is drawn white at gain 0 ([P], set by looking at real frames)
NOISE_DB = -80.0  # electronic noise re liver before TGC ([P]: equals liver behind a chest wall at about 18 cm, 3.5 MHz)
HARMONIC_CLUTTER = 0.4  # of the reverberation is left in the second harmonic, which builds up below the wall ([P])
# Speckle reduction takes the mean with neighbours this many sigmas of the point spread away ([P]).
SMOOTHING_SIGMAS = {"off": 0.0, "low": 1.3, "high": 2.2}
GREY_EXPONENTS = {"linear": 1.0, "soft": 0.8, "hard": 1.35}  # what the grey maps do to grey ([P])


def tgc_db(settings: Settings, depth_m: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Gain by depth in dB: automatic TGC, the eight sliders (linear between their depths), gain, and output power.

    Power belongs here because the echo is counted re liver at full power, and the electronic noise with it.
    """
    automatic = 2.0 * TGC_DB_CM_MHZ * settings.frequency_mhz * depth_m / CM
    slider_depth = (np.arange(8) + 0.5) / 8.0 * settings.depth_cm * CM
    return np.asarray(
        automatic + np.interp(depth_m, slider_depth, settings.tgc_db) + settings.gain_db + settings.power_db
    )


def noise_amplitude(settings: Settings) -> float:
    """Electronic noise before TGC, re liver at the output power that is set: what power loses, noise gains on it."""
    return float(10.0 ** ((NOISE_DB - settings.power_db) / 20.0))


def grey_level(level_db: npt.ArrayLike, dynamic_range_db: float, grey_map: str = "linear") -> npt.NDArray[np.float64]:
    """Grey 0..1 of a level in dB re liver: over the dynamic range below white, bent by the grey map."""
    linear = np.clip((np.asarray(level_db) - WHITE_DB) / dynamic_range_db + 1.0, 0.0, 1.0)
    return np.asarray(linear ** GREY_EXPONENTS[grey_map])
