"""Lookup tables that the passes read, as numpy arrays: beam, trap signals, noise volume. No GL here."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simulator.acoustics.beam import FWHM_PER_SIGMA, beam_table, slice_width_m
from simulator.acoustics.display import tgc_db
from simulator.acoustics.traps import WET, comet_tail, far_haze, mean_ring_down, ring_down_signals
from simulator.probe import Settings, Transducer
from simulator.render.blocks import NOISE_SIZE
from simulator.units import MHZ, MM

REFERENCE_BEAM_M = 1.7 * MM  # transmit width at which traps are excited with strength 1


def beam_texture(transducer: Transducer, settings: Settings) -> npt.NDArray[np.float32]:
    """(4, samples, 4) float32, one row each:

    0: lateral sigma in lines, speckle gain, elevation offset m, display gain (linear);
    1: half transmit aperture in lines, half receive aperture in lines, noise gain, focal zone shown here;
    2: transmit sigma m, slice sigma m, strength of the transmit beam, unused;
    3: strength here of the transmit beam of each focal zone.
    """
    table = beam_table(transducer, settings)
    depth = settings.sample_depths_m
    out = np.zeros((4, settings.samples, 4), dtype=np.float32)
    out[0, :, 0] = table.lateral_sigma_lines
    out[0, :, 1] = table.speckle_gain
    out[0, :, 2] = table.elevation_offset_m
    out[0, :, 3] = 10.0 ** (tgc_db(settings, depth) / 20.0)
    out[1, :, 0] = table.transmit_half_lines
    out[1, :, 1] = table.receive_half_lines
    out[1, :, 2] = table.noise_gain
    out[1, :, 3] = table.zone
    out[2, :, 0] = table.transmit_width_m / FWHM_PER_SIGMA
    out[2, :, 1] = slice_width_m(transducer, depth) / FWHM_PER_SIGMA
    out[2, :, 2] = np.sqrt(REFERENCE_BEAM_M / table.transmit_width_m)
    out[3, :, : settings.focal_zones] = np.sqrt(REFERENCE_BEAM_M / table.zone_widths_m).T
    return out


def signal_texture(settings: Settings, seed: int) -> npt.NDArray[np.float32]:
    """(classes / 2 + 1, samples, 4) float32 against depth below the pleura.

    Complex ring-down of two trap classes a row; in the last row the mean ring-down of dry and of wet lung, the fall of
    far haze, and a comet tail.
    """
    spacing = settings.sample_spacing_m
    signals = ring_down_signals(settings.frequency_mhz * MHZ, spacing, settings.samples, seed)
    out = np.zeros((len(WET) // 2 + 1, settings.samples, 4), dtype=np.float32)
    out[:-1, :, 0] = signals[0::2].real
    out[:-1, :, 1] = signals[0::2].imag
    out[:-1, :, 2] = signals[1::2].real
    out[:-1, :, 3] = signals[1::2].imag
    depth = np.arange(settings.samples) * spacing
    out[-1, :, 0], out[-1, :, 1] = mean_ring_down(settings.frequency_mhz * MHZ, depth)
    out[-1, :, 2] = far_haze(settings.frequency_mhz * MHZ, depth)
    out[-1, :, 3] = comet_tail(settings.frequency_mhz * MHZ, depth)
    return out


def noise_volume(seed: int) -> npt.NDArray[np.float16]:
    """(N, N, N, 4) float16 wrapping noise: a complex sample of unit power, and two real ones of unit variance."""
    rng = np.random.default_rng((seed, 0x5EED))
    volume = rng.standard_normal((NOISE_SIZE, NOISE_SIZE, NOISE_SIZE, 4), dtype=np.float32)
    volume[..., :2] *= np.float32(np.sqrt(0.5))
    return volume.astype(np.float16)
