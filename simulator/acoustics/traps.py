"""Acoustic traps: why a wet lung draws vertical lines. Slopes and ring-down signals by trap class.

A trap of thickness t rings: on the screen its tail falls by `20 log10(g) / t - 0.2 f alpha` dB per mm before TGC
(clinical.md D.8 [D]), with bars every t. Traps of one class share one ring-down signal; what differs between lines is
the complex amplitude with which each class is excited, summed over the traps in the beam at the pleura.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.acoustics.beam import FWHM_PER_SIGMA, axial_width_m
from simulator.acoustics.display import TGC_DB_CM_MHZ
from simulator.units import MHZ, MM

ROUND_TRIP_GAIN = 0.87  # g = R_air R_open (D.8 [D])
FLUID_DB_CM_MHZ = 0.02  # water-like filling (D.1)
TISSUE_DB_CM_MHZ = 0.5  # tissue-like filling (D.8)
BEST_FREQUENCY_MHZ = 3.8  # sources resonate at 3-5 MHz (D.8 recipe [P])
HARMONIC_TRAPS = 0.42  # of the excitation is left in the second harmonic, which weakens B-lines [V12] [P]
HARMONIC_HAZE = 0.65  # of haze, some of which is reverberation in the wall, where the harmonic is not yet built up [P]
FREQUENCY_WIDTH_MHZ = 4.0  # so that 8 MHz is 6-12 dB weaker (image-formation.md)


WANDER = 0.35  # log-amplitude by which a B-line's brightness wanders along it, about 3 dB ([P] after D.8)..
WANDER_M = 5.0 * MM  # ..and over which depth
FAR_FALL_DB_MM = 0.19  # what is left of haze deep down, after TGC, at 3.5 MHz ([P], set by looking at real frames)


@dataclass(frozen=True)
class TrapClass:
    """Thickness in metres, attenuation of the filling in dB/cm/MHz."""

    thickness_m: float
    filling_db_cm_mhz: float


# Eight classes of the wet lung, and the thin, tissue-filled septa of any aerated lung: they fade, and together are the
# haze below a healthy pleura. Thickness ranges: examples of D.8, 0.3-5 mm ([D/P]).
WET: tuple[TrapClass, ...] = tuple(TrapClass(t * MM, FLUID_DB_CM_MHZ) for t in (1.1, 1.5, 1.9, 2.3, 2.7, 3.1, 3.7, 4.4))
DRY: tuple[TrapClass, ...] = tuple(TrapClass(t * MM, TISSUE_DB_CM_MHZ) for t in (0.4, 0.9, 1.6, 2.6))
COMET = TrapClass(1.1 * MM, TISSUE_DB_CM_MHZ)  # I- and Z-lines: tissue-filled, so that they fade (D.8)
DRY_STRENGTH = (1.0, 0.6, 0.42, 0.3)  # amplitudes: the thinner, the commoner ([P], set by looking)


def ring_down_slope_db_m(trap: TrapClass, frequency_hz: float) -> float:
    """Fall of the ring-down per metre of depth before TGC, dB (negative)."""
    per_bounce = 20.0 * math.log10(ROUND_TRIP_GAIN) / trap.thickness_m
    return per_bounce - 2.0 * 100.0 * trap.filling_db_cm_mhz * frequency_hz / MHZ


def frequency_response(frequency_hz: float) -> float:
    """Amplitude of trap excitation at a centre frequency, 1 at the best one."""
    detuning = (frequency_hz / MHZ - BEST_FREQUENCY_MHZ) / FREQUENCY_WIDTH_MHZ
    return math.exp(-detuning * detuning)


def ring_down_signals(
    frequency_hz: float, sample_spacing_m: float, samples: int, seed: int
) -> npt.NDArray[np.complex64]:
    """(classes, samples) complex64 ring-down of each wet class by depth below the pleura, unit power at its start."""
    out = np.empty((len(WET), samples), dtype=np.complex64)
    depth = np.arange(samples) * sample_spacing_m
    sigma = axial_width_m(frequency_hz) / FWHM_PER_SIGMA / sample_spacing_m
    taps = np.arange(-math.ceil(3 * sigma) - 1, math.ceil(3 * sigma) + 2)
    pulse = np.exp(-0.5 * (taps / sigma) ** 2)
    pulse /= np.sqrt((pulse**2).sum())
    for k, trap in enumerate(WET):
        rng = np.random.default_rng((seed, k))
        raw = 0.8 * _complex_noise(rng, samples)
        position = 0.0
        while position < depth[-1]:  # bars: one every thickness, a little uneven
            index = int(position / sample_spacing_m)
            strength = math.sqrt(trap.thickness_m / sample_spacing_m) * 0.45
            raw[index] += strength * _complex_noise(rng, 1)[0]
            position += trap.thickness_m * (1.0 + 0.15 * rng.standard_normal())
        ring = np.convolve(raw, pulse, mode="same")
        ring *= np.exp(
            WANDER * _smooth_noise(rng, samples, WANDER_M / sample_spacing_m)
        )  # brightness changes along the line
        ring *= 10.0 ** (ring_down_slope_db_m(trap, frequency_hz) * depth / 20.0)
        out[k] = ring
    return out


def _smooth_noise(rng: np.random.Generator, samples: int, sigma: float) -> npt.NDArray[np.float64]:
    """(samples,) noise of unit variance that changes over about `sigma` samples."""
    taps = np.arange(-math.ceil(3.0 * sigma), math.ceil(3.0 * sigma) + 1)
    kernel = np.exp(-0.5 * (taps / sigma) ** 2)
    white = rng.standard_normal(samples + len(taps) - 1)
    return np.asarray(np.convolve(white, kernel / np.sqrt((kernel**2).sum()), mode="valid"))


def mean_ring_down(
    frequency_hz: float, depth_m: npt.NDArray[np.floating]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """RMS amplitude of many traps by depth below the pleura, (dry, wet), each 1 at its start."""

    def rms(classes: tuple[TrapClass, ...], strengths: tuple[float, ...]) -> npt.NDArray[np.float64]:
        powers = [
            a * a * 10.0 ** (ring_down_slope_db_m(trap, frequency_hz) * depth_m / 10.0)
            for trap, a in zip(classes, strengths, strict=True)
        ]
        return np.asarray(np.sqrt(sum(powers) / sum(a * a for a in strengths)))

    return rms(DRY, DRY_STRENGTH), rms(WET, (1.0,) * len(WET))


def far_haze(frequency_hz: float, depth_m: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """RMS amplitude by depth below the pleura of sound that goes to and fro between wall and lung, 1 at its start.

    On the screen, after TGC, it falls by FAR_FALL_DB_MM at 3.5 MHz and faster the higher the frequency.
    """
    mhz = frequency_hz / MHZ
    fall_db_mm = FAR_FALL_DB_MM * mhz / 3.5 + 0.2 * TGC_DB_CM_MHZ * mhz
    return np.asarray(10.0 ** (-fall_db_mm * depth_m / MM / 20.0))


def comet_tail(frequency_hz: float, depth_m: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Amplitude of a comet tail by depth below its start, 1 there: a trap that fades, with a bar every thickness."""
    fall_db = -ring_down_slope_db_m(COMET, frequency_hz) * depth_m
    bars = 0.5 + 0.5 * np.cos(2.0 * math.pi * depth_m / COMET.thickness_m)
    return np.asarray(10.0 ** (-fall_db / 20.0) * (0.25 + 0.75 * bars**2))


def _complex_noise(rng: np.random.Generator, n: int) -> npt.NDArray[np.complex128]:
    return np.asarray((rng.standard_normal(n) + 1j * rng.standard_normal(n)) / math.sqrt(2.0))
