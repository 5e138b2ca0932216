"""How wide is a point, and how wide the grain that many points make?"""

from __future__ import annotations

import numpy as np

from simulator.acoustics.beam import line_spacing_m
from simulator.bench.imaging.speckle import liver_envelopes
from simulator.bench.reference import POINT_SPREAD
from simulator.bench.report import Row, near
from simulator.bench.scenes import Array, EchoBench, slab_patient
from simulator.probe import TRANSDUCERS

FINE = {"lines": 384, "samples": 1024}  # grid at which point spread and grain are judged


def full_width(curve: Array, step: float) -> float:
    """Full width at half of the first value of a falling curve."""
    relative = curve / curve[0]
    i = int(np.argmax(relative < 0.5))
    return float(2.0 * step * (i - 1 + (relative[i - 1] - 0.5) / (relative[i - 1] - relative[i])))


def point_spread(bench: EchoBench) -> list[Row]:
    """Widths of a point target at the reference's depths, within 15 %."""
    rows = []
    for (probe, mhz, focus_cm), reference in POINT_SPREAD.items():
        one = EchoBench(bench.renderer, probe)
        settings = one.preset.replace(**FINE, frequency_mhz=mhz, focus_cm=focus_cm, depth_cm=11.0 if mhz < 5 else 5.0)
        spacing = settings.sample_spacing_m
        patient = slab_patient()
        for depth_mm, axial, lateral, _, _ in reference:
            echo = np.zeros((settings.lines, settings.samples), dtype=np.complex64)
            line, row = settings.lines // 2, round(depth_mm * 1e-3 / spacing)
            echo[line, row] = 1.0
            envelope = np.abs(one.blurred(echo, patient, settings))
            lines_mm = 1e3 * line_spacing_m(TRANSDUCERS[probe], settings, np.array([depth_mm * 1e-3]))[0]
            name = f"point spread, {probe} focus {10 * focus_cm:g} mm, at {depth_mm:g} mm"
            rows.append(
                near(f"{name}, axial", full_width(envelope[line, row:], 1e3 * spacing), "mm", axial, 0.15 * axial)
            )
            rows.append(
                near(f"{name}, lateral", full_width(envelope[line:, row], lines_mm), "mm", lateral, 0.15 * lateral)
            )
    return rows


def grain(bench: EchoBench) -> list[Row]:
    """Widths of the envelope's autocovariance at the reference's depths, within 20 %."""
    rows = []
    for (probe, mhz, focus_cm), reference in POINT_SPREAD.items():
        one = EchoBench(bench.renderer, probe)
        settings = one.preset.replace(**FINE, frequency_mhz=mhz, focus_cm=focus_cm)
        spacing = settings.sample_spacing_m
        envelopes = liver_envelopes(one, settings, 7)
        for depth_mm, _, _, axial, lateral in reference:
            centre = round(depth_mm * 1e-3 / spacing)
            if depth_mm * 1e-3 > (settings.samples - 40) * spacing:
                continue
            total = np.zeros((288, 160))
            for envelope in envelopes:
                part = envelope[120:264, centre - 40 : centre + 40]
                part = part - part.mean(axis=0, keepdims=True)
                total += np.fft.ifft2(np.abs(np.fft.fft2(part, s=total.shape)) ** 2).real
            lines_mm = 1e3 * line_spacing_m(TRANSDUCERS[probe], settings, np.array([depth_mm * 1e-3]))[0]
            name = f"grain, {probe} focus {10 * focus_cm:g} mm, at {depth_mm:g} mm"
            measured = full_width(total[0, :40] / (80.0 - np.arange(40)), 1e3 * spacing)
            rows.append(near(f"{name}, axial", measured, "mm", axial, 0.2 * axial))
            measured = full_width(total[:60, 0] / (144.0 - np.arange(60)), float(lines_mm))
            rows.append(near(f"{name}, lateral", measured, "mm", lateral, 0.2 * lateral))
    return rows
