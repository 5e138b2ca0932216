"""How wide the beam is: pulse length, lateral width by depth and focus, slice thickness, and what the blur costs.

Widths are full widths at half amplitude (-6 dB of the envelope), metres. Lateral ones come from aperture.py.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.acoustics.aperture import beam_widths_m, receive_elements, slice_widths_m, transmit_elements
from simulator.probe import TRANSMIT_LINES, Settings, Transducer, scanned_span_m
from simulator.units import CM, MHZ, MM, SPEED_OF_SOUND_M_S

FWHM_PER_SIGMA = 2.0 * math.sqrt(2.0 * math.log(2.0))  # 2.355, Gaussian
AXIAL_WAVELENGTHS = 0.79  # envelope FWHM over the wavelength at 75 % bandwidth: 0.35 mm at 3.5 MHz, 0.15 mm at 8 MHz
LATTICE_PER_AXIAL = 0.25  # pitch of the scatterer lattice over the axial width


def wavelength_m(frequency_hz: float) -> float:
    """Wavelength at the display speed of sound."""
    return SPEED_OF_SOUND_M_S / frequency_hz


def axial_width_m(frequency_hz: float) -> float:
    """Pulse length on the screen, FWHM of the envelope (reference: 0.34-0.38 mm at 3.5 MHz, 75 % bandwidth)."""
    return AXIAL_WAVELENGTHS * wavelength_m(frequency_hz)


# Slice thickness at -6 dB by depth (image-formation.md): convex 6.0 / 1.8 / 3.6 mm at 25 / 60 / 100 mm, linear
# 1.75 / 0.7 / 1.95 mm at 10 / 20 / 40 mm. Other probes: from the field of their elevation aperture, which gives these
# two within 12 %.
_SLICE_MM = {
    "convex": ((0.0, 25.0, 60.0, 100.0, 160.0), (9.5, 6.0, 1.8, 3.6, 6.6)),
    "linear": ((0.0, 10.0, 20.0, 40.0, 80.0), (3.2, 1.75, 0.7, 1.95, 4.6)),
}


def slice_width_m(transducer: Transducer, depth_m: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Elevation width of the slice by depth, -6 dB, two-way."""
    if transducer.key not in _SLICE_MM:
        return slice_widths_m(transducer, depth_m)
    depths, widths = _SLICE_MM[transducer.key]
    return np.asarray(np.interp(depth_m, np.array(depths) * MM, np.array(widths) * MM))


@dataclass(frozen=True)
class BeamTable:
    """Per-sample numbers that only change when a knob moves, (samples,) float32 each."""

    lateral_sigma_lines: npt.NDArray[np.float32]
    speckle_gain: npt.NDArray[np.float32]  # makes blurred speckle keep unit power
    noise_gain: npt.NDArray[np.float32]  # the same for white noise
    elevation_offset_m: npt.NDArray[np.float32]  # where the two outer elevation samples lie
    transmit_width_m: npt.NDArray[np.float32]  # one-way, of the zone that is shown at this depth
    zone: npt.NDArray[np.int32]  # which focal zone that is
    zone_widths_m: npt.NDArray[np.float32]  # (zones, samples): the transmit widths of each
    transmit_half_lines: npt.NDArray[np.float32]
    receive_half_lines: npt.NDArray[np.float32]
    axial_sigma_samples: float
    lattice_m: float


def line_spacing_m(
    transducer: Transducer, settings: Settings, depth_m: npt.NDArray[np.floating]
) -> npt.NDArray[np.floating]:
    """Distance between neighbouring scan lines at a depth below the face."""
    return scanned_span_m(transducer, settings) / settings.lines * (1.0 + depth_m / transducer.apex_m)


def interpolated_width_m(
    transducer: Transducer, settings: Settings, depth_m: npt.NDArray[np.floating]
) -> npt.NDArray[np.floating]:
    """FWHM by which lines that are not transmitted but interpolated widen the point spread.

    Linear interpolation over a spacing D has a variance of D^2 / 6. At medium density and above the lines lie as close
    as the beam is wide; what counts is by how much they are wider apart than that.
    """
    apart = transducer.span_m * (1.0 + depth_m / transducer.apex_m)  # all lines together
    excess = (apart / TRANSMIT_LINES[settings.line_density]) ** 2 - (apart / TRANSMIT_LINES["medium"]) ** 2
    return np.asarray(FWHM_PER_SIGMA * np.sqrt(np.maximum(excess, 0.0) / 6.0))


def beam_table(transducer: Transducer, settings: Settings) -> BeamTable:
    """All beam numbers of a set-up."""
    frequency_hz = settings.frequency_mhz * MHZ
    dz, depth = settings.sample_spacing_m, settings.sample_depths_m
    spacing = line_spacing_m(transducer, settings, depth)
    focus = np.array(settings.focus_depths_cm) * CM
    shots = [beam_widths_m(transducer, f, frequency_hz, depth) for f in focus]
    zone = np.abs(depth[None] - focus[:, None]).argmin(axis=0)  # the images of the transmits, stitched by depth
    at = (zone, np.arange(settings.samples))
    lateral, transmit = np.array([s[0] for s in shots])[at], np.array([s[1] for s in shots])[at]
    lateral = np.hypot(lateral, interpolated_width_m(transducer, settings, depth))
    axial = axial_width_m(frequency_hz)
    lattice = LATTICE_PER_AXIAL * axial
    sigma_lines = np.clip(lateral / FWHM_PER_SIGMA / spacing, 0.3, 8.0)
    axial_sigma = axial / FWHM_PER_SIGMA / dz
    power = _noise_power(np.array([axial_sigma]), np.array([dz / lattice]))[0] * _noise_power(
        sigma_lines, spacing / lattice
    )
    white = _noise_power(np.array([axial_sigma]), np.array([9.0]))[0] * _noise_power(
        sigma_lines, np.full(settings.samples, 9.0)
    )
    sending = np.array([transmit_elements(transducer, f) for f in focus])[zone]
    lines_per_element = transducer.pitch_m * settings.lines / scanned_span_m(transducer, settings)
    hearing = np.array([receive_elements(transducer, z) for z in depth])
    return BeamTable(
        lateral_sigma_lines=sigma_lines.astype(np.float32),
        speckle_gain=(1.0 / np.sqrt(power)).astype(np.float32),
        noise_gain=(1.0 / np.sqrt(white)).astype(np.float32),
        elevation_offset_m=(0.6 * slice_width_m(transducer, depth)).astype(np.float32),
        transmit_width_m=transmit.astype(np.float32),
        zone=zone.astype(np.int32),
        zone_widths_m=np.array([s[1] for s in shots], dtype=np.float32),
        transmit_half_lines=(0.5 * sending * lines_per_element).astype(np.float32),
        receive_half_lines=(0.5 * hearing * lines_per_element).astype(np.float32),
        axial_sigma_samples=float(axial_sigma),
        lattice_m=float(lattice),
    )


def _noise_power(sigma: npt.NDArray[np.floating], step: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Power of unit lattice noise after a normalised Gaussian of `sigma` samples that are `step` lattice cells apart.

    Linear interpolation between lattice points correlates neighbours; its autocorrelation is the cubic B-spline,
    normalised to 1 at zero.
    """
    taps = np.arange(-24, 25)
    kernel = np.exp(-0.5 * (taps[None, :] / sigma[:, None]) ** 2)
    kernel /= kernel.sum(axis=1, keepdims=True)
    lag = np.arange(-48, 49)
    autocorrelation = np.array([np.convolve(k, k) for k in kernel])
    x = np.abs(lag[None, :] * step[:, None])
    spline = np.where(x < 1.0, 2.0 / 3.0 - x**2 + x**3 / 2.0, np.where(x < 2.0, (2.0 - x) ** 3 / 6.0, 0.0)) * 1.5
    return np.asarray((autocorrelation * spline).sum(axis=1))
