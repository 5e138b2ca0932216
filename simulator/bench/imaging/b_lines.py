"""Are B-lines where the traps are, and do they answer to sliding, frequency and focus?"""

from __future__ import annotations

import numpy as np

from simulator.bench.echoes import centre_profile, level_db, rows_between
from simulator.bench.imaging.a_lines import PLEURA_M
from simulator.bench.report import Row, at_least, at_most, between, near
from simulator.bench.scenes import EchoBench, slab_patient, slab_placement, strip, with_traps
from simulator.patient import Patient
from simulator.probe import TRANSDUCERS

OVER_NOISE_DB = 6.0  # a B-line ends where it is no more than this above the noise


def b_lines(bench: EchoBench) -> list[Row]:
    """B-lines: position with sliding, depth, erased A-lines, share of the pleura, frequency, focus."""
    preset = bench.preset
    transducer = TRANSDUCERS[bench.probe]
    out = []
    moving = slab_patient(strip(), excursion_m=0.017)
    arc = (0.5 - (np.arange(preset.lines) + 0.5) / preset.lines) * transducer.arc_m
    at_pleura = np.sin(arc / transducer.radius_m) * (transducer.radius_m + PLEURA_M)
    window = np.abs(at_pleura) < 0.012
    rows = rows_between(preset, 0.035, 0.060)
    places = []
    for time_s in (0.0, 0.6):
        power = np.sum(np.abs(bench.iq(moving, time_s=time_s)[:, rows]) ** 2, axis=1)[window]
        places.append(float(np.sum(power * at_pleura[window]) / np.sum(power)))
    slid = float(moving.at(0.6).in_lung(np.array([0.0, -PLEURA_M, 0.0]))[2])
    out.append(at_most("B-line, error of its place after sliding", 1e3 * abs(places[0] - places[1] - slid), "mm", 0.5))

    iq = bench.iq(slab_patient(strip()))
    deep = rows_between(preset, 0.070, 0.095)
    out.append(at_least("B-line over its surroundings, 70-95 mm deep", level_db(iq[92:100, deep])
                        - level_db(iq[60:75, deep]), "dB", 12.0))  # fmt: skip
    last = rows_between(preset, 0.095, 0.0995)
    out.append(at_least("B-line over its surroundings, at the bottom of the image", level_db(iq[92:100, last])
                        - level_db(iq[60:75, last]), "dB", 12.0))  # fmt: skip

    line = rows_between(preset, 0.0397, 0.0403)
    around = (rows_between(preset, 0.0365, 0.0390), rows_between(preset, 0.0412, 0.0437))

    def contrast(wet: bool) -> float:
        """Of the first A-line, over several lungs: the bars of one lung's traps may happen to lie where it would be."""
        values = []
        for seed in range(6):
            change = with_traps(lambda p: np.full(p.shape[:-1], 0.95)) if wet else None
            patient = slab_patient(change, seed=seed)
            seen = np.mean([centre_profile(bench.iq(patient, slab_placement(across_m=a))) for a in (-0.02, 0.02)], 0)
            space = 0.5 * (np.mean(seen[around[0]]) + np.mean(seen[around[1]]))
            values.append(10.0 * np.log10(np.mean(seen[line]) / space))
        return float(np.mean(values))

    out.append(at_least("A-line over its surroundings, dry lung", contrast(False), "dB", 6.0))
    out.append(at_most("A-line over its surroundings, white lung", contrast(True), "dB", 3.0))

    # share of a 40 mm stretch of pleura that is bright below, against the share that has traps
    for wanted in (25.0, 50.0, 75.0):
        half = 0.0002 * wanted  # of 40 mm
        power = np.mean(np.abs(bench.iq(slab_patient(strip(half)))[:, rows]) ** 2, axis=1)
        stretch = np.abs(at_pleura) < 0.020
        bright = power > 0.1 * np.median(power[np.abs(at_pleura) < 0.5 * half])
        out.append(near(f"B-lines, share of pleura drawn for {wanted:g} %",
                        100.0 * float(np.mean(bright[stretch])), "%", wanted, 15.0))  # fmt: skip
    return out + _focus(bench) + _frequency(bench)


def _focus(bench: EchoBench) -> list[Row]:
    """Narrower and stronger with the focus at the pleura than at 60 mm."""
    rows = rows_between(bench.preset, 0.035, 0.060)
    narrow = slab_patient(strip(0.001))
    widths, peaks = [], []
    for focus_cm in (2.5, 6.0):
        iq = bench.iq(narrow, settings=bench.preset.replace(focus_cm=focus_cm))
        power = np.mean(np.abs(iq[:, rows]) ** 2, axis=1)[70:122]
        widths.append(float(np.sum(power > 0.25 * power.max())))
        peaks.append(float(power.max()))
    stronger = 10.0 * float(np.log10(peaks[0] / peaks[1]))
    return [
        at_least("B-line, width with focus at 60 mm over at the pleura", widths[1] / widths[0], "", 1.5),
        at_least("B-line, peak with focus at the pleura over 60 mm", stronger, "dB", 1.0),
    ]


def _frequency(bench: EchoBench) -> list[Row]:
    """Weaker and shorter at 8 than at 3.5 MHz, and still there."""

    def white() -> Patient:
        return slab_patient(with_traps(lambda p: np.full(p.shape[:-1], 0.95)), depth_m=0.26, spacing_m=0.004)

    def strength(mhz: float) -> float:
        """Level of white lung just below the pleura over the liver's level at the same depth and frequency."""
        settings = bench.preset.replace(frequency_mhz=mhz, focus_cm=2.0)
        near_pleura = rows_between(settings, 0.021, 0.026)
        return level_db(bench.iq(white(), settings=settings)[80:112, near_pleura]) - level_db(
            bench.iq(slab_patient(liver_below_m=PLEURA_M), settings=settings)[80:112, near_pleura]
        )

    def length_m(mhz: float) -> float:
        """How far below the pleura white lung stays above the noise, before any gain."""
        settings = bench.preset.replace(frequency_mhz=mhz, focus_cm=2.0, depth_cm=24.0)
        power = np.mean(np.abs(bench.iq(white(), settings=settings)[80:112]) ** 2, axis=0)
        noise = np.mean(bench.noise(white(), settings=settings)[80:112], axis=0)
        smooth = np.ones(24) / 24.0  # 9 mm
        over = 10.0 * np.log10(np.convolve(power, smooth, "same") / np.convolve(noise, smooth, "same"))
        rows = rows_between(settings, PLEURA_M, 0.235)
        gone = np.flatnonzero(over[rows] < OVER_NOISE_DB)
        return float((gone[0] if len(gone) else rows.stop - rows.start) * settings.sample_spacing_m)

    low, high = length_m(3.5), length_m(8.0)
    return [
        between("B-lines, weaker at 8 than at 3.5 MHz", strength(3.5) - strength(8.0), "dB", 6.0, 12.0),
        at_most("B-lines, length at 8 over that at 3.5 MHz", high / low, "", 0.9),
        at_least("B-lines, length at 8 MHz", 1e3 * high, "mm", 20.0),
    ]
