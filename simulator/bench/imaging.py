"""The picture against the contract of image formation: each measure is a function that returns rows with targets.

All on flat test bodies whose answers are known. `FAST` are those that the tests run as well.
"""

from __future__ import annotations

from collections.abc import Callable

import moderngl
import numpy as np
import numpy.typing as npt

from simulator.acoustics.beam import line_spacing_m
from simulator.acoustics.display import TGC_DB_CM_MHZ
from simulator.bench.reference import POINT_SPREAD
from simulator.bench.report import BenchReport, Row
from simulator.bench.scenes import (
    Array,
    Echo,
    EchoBench,
    centre_profile,
    flooded,
    level_db,
    peak_depth_m,
    rows_between,
    slab_patient,
    slab_placement,
    strip,
    with_traps,
)
from simulator.probe import TRANSDUCERS, Settings
from simulator.render.renderer import UltrasoundRenderer

PLEURA_M = 0.020  # of the default slab
FINE = {"lines": 384, "samples": 1024}  # grid at which point spread and grain are judged

Measure = Callable[[EchoBench], list[Row]]


def near(name: str, value: float, unit: str, wanted: float, tolerance: float) -> Row:
    """A row that passes within `wanted` +- `tolerance`."""
    return Row(name, value, unit, f"{wanted:.4g} +- {tolerance:.2g}", bool(abs(value - wanted) <= tolerance))


def at_least(name: str, value: float, unit: str, limit: float) -> Row:
    """A row that passes from `limit` up."""
    return Row(name, value, unit, f">= {limit:g}", bool(value >= limit))


def at_most(name: str, value: float, unit: str, limit: float) -> Row:
    """A row that passes up to `limit`."""
    return Row(name, value, unit, f"<= {limit:g}", bool(value <= limit))


def between(name: str, value: float, unit: str, low: float, high: float) -> Row:
    """A row that passes from `low` to `high`."""
    return Row(name, value, unit, f"{low:g} to {high:g}", bool(low <= value <= high))


def _fwhm(curve: Array, step: float) -> float:
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
            rows.append(near(f"{name}, axial", _fwhm(envelope[line, row:], 1e3 * spacing), "mm", axial, 0.15 * axial))
            rows.append(near(f"{name}, lateral", _fwhm(envelope[line:, row], lines_mm), "mm", lateral, 0.15 * lateral))
    return rows


def _liver(bench: EchoBench, settings: Settings, places: int) -> list[npt.NDArray[np.floating]]:
    """Envelopes (lines, samples) of homogeneous tissue at several places."""
    patient = slab_patient(liver_below_m=0.006, fat_m=0.002, half_width_m=0.12)
    across = np.linspace(-0.07, 0.07, places)
    return [np.abs(bench.iq(patient, slab_placement(across_m=a), settings)) for a in across]


def speckle(bench: EchoBench) -> list[Row]:
    """First-order statistics of fully developed speckle in liver."""
    ratios, spreads = [], []
    rows = rows_between(bench.preset, 0.030, 0.060)
    for envelope in _liver(bench, bench.preset, 21):
        part = envelope[60:132, rows]
        part = part / np.sqrt(np.mean(part**2, axis=0, keepdims=True))
        ratios.append(part.mean() / part.std())
        spreads.append((20.0 * np.log10(part)).std())
    return [
        near("speckle, envelope mean / std", float(np.mean(ratios)), "", 1.91, 0.08),
        near("speckle, std of the level", float(np.mean(spreads)), "dB", 5.57, 0.3),
    ]


def grain(bench: EchoBench) -> list[Row]:
    """Widths of the envelope's autocovariance at the reference's depths, within 20 %."""
    rows = []
    for (probe, mhz, focus_cm), reference in POINT_SPREAD.items():
        one = EchoBench(bench.renderer, probe)
        settings = one.preset.replace(**FINE, frequency_mhz=mhz, focus_cm=focus_cm)
        spacing = settings.sample_spacing_m
        envelopes = _liver(one, settings, 7)
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
            measured = _fwhm(total[0, :40] / (80.0 - np.arange(40)), 1e3 * spacing)
            rows.append(near(f"{name}, axial", measured, "mm", axial, 0.2 * axial))
            measured = _fwhm(total[:60, 0] / (144.0 - np.arange(60)), float(lines_mm))
            rows.append(near(f"{name}, lateral", measured, "mm", lateral, 0.2 * lateral))
    return rows


def compounding(bench: EchoBench) -> list[Row]:
    """Three looks of liver are independent: their mean's envelope is smoother by the square root of three."""
    settings = bench.preset.replace(compounding=True)
    patient = slab_patient(liver_below_m=0.006, fat_m=0.002, half_width_m=0.12)
    rows = rows_between(bench.preset, 0.030, 0.060)
    ratios, relation = [], []
    for across in np.linspace(-0.07, 0.07, 11):
        bench.iq(patient, slab_placement(across_m=across), settings)
        looks = [np.hypot(*np.moveaxis(bench.target(f"iq_{i}"), -1, 0))[70:122, rows] for i in range(3)]
        looks = [look / np.sqrt(np.mean(look**2, axis=0, keepdims=True)) for look in looks]
        mean = np.mean(looks, axis=0)
        ratios.append(mean.mean() / mean.std())
        relation.append(np.corrcoef(looks[0].ravel(), looks[1].ravel())[0, 1])
    return [
        near("compounding, mean / std of three looks", float(np.mean(ratios)), "", 3.3, 0.2),
        at_most("compounding, correlation between looks", abs(float(np.mean(relation))), "", 0.1),
    ]


def a_lines(bench: EchoBench) -> list[Row]:
    """Pleural line and A-lines at multiples of the depth, each weaker, and gone with tilt."""
    patient = slab_patient(half_width_m=0.10)
    places = np.linspace(-0.03, 0.03, 7)

    def profile(fan_deg: float) -> Array:
        return np.asarray(
            np.mean([centre_profile(bench.iq(patient, slab_placement(fan_deg, across_m=a))) for a in places], axis=0)
        )

    def levels(fan_deg: float) -> list[float]:
        seen, depth = profile(fan_deg), PLEURA_M / np.cos(np.radians(fan_deg))
        at = [rows_between(bench.preset, k * depth - 4e-4, k * depth + 4e-4) for k in (1, 2, 3, 4)]
        return [10.0 * float(np.log10(seen[rows].max())) for rows in at]

    square = profile(0.0)
    out = []
    for k in (1, 2, 3, 4):
        error = peak_depth_m(square, bench.preset, k * PLEURA_M) - k * PLEURA_M
        out.append(at_most(f"A-lines, depth error of echo {k} x {1e3 * PLEURA_M:g} mm", 1e3 * abs(error), "mm", 0.3))
    straight, slight, far = levels(0.0), levels(6.0), levels(15.0)
    steps = -np.diff(straight)
    out.append(at_least("A-lines, least drop from one to the next", float(steps.min()), "dB", 0.5))
    loss = [a - b for a, b in zip(straight, slight, strict=True)]
    out.append(at_least("A-lines, first one loses more than the pleura at 6 deg", loss[1] - loss[0], "dB", 3.0))
    out.append(at_least("A-lines, loss of the first at 15 deg", straight[1] - far[1], "dB", 15.0))
    return out


def rib_shadow(bench: EchoBench) -> list[Row]:
    """Shadow of a rib over liver, and of a costal cartilage, 5 to 20 mm below."""
    rows = rows_between(bench.preset, 0.025, 0.040)
    middle = slice(90, 102)
    open_db = level_db(bench.iq(slab_patient(liver_below_m=PLEURA_M))[middle, rows])

    def shade(settings: Settings | None = None, cartilage: bool = False) -> Echo:
        return bench.iq(
            slab_patient(liver_below_m=PLEURA_M, rib_centres_z_m=(0.0,), rib_is_cartilage=cartilage), settings=settings
        )

    bone = open_db - level_db(shade()[middle, rows])
    cartilage = open_db - level_db(shade(cartilage=True)[middle, rows])

    def edge_lines(focus_cm: float) -> float:
        """Lines over which the shadow's edge goes from 10 to 90 % of the open amplitude, 20 mm below the rib."""
        settings = bench.preset.replace(focus_cm=focus_cm)
        deep = rows_between(settings, 0.036, 0.044)
        lit = np.sqrt(
            np.mean(np.abs(bench.iq(slab_patient(liver_below_m=PLEURA_M), settings=settings)[:, deep]) ** 2, 1)
        )
        dark = np.sqrt(np.mean(np.abs(shade(settings)[:, deep]) ** 2, axis=1))
        share = np.convolve(dark / lit, np.ones(5) / 5.0, mode="same")[96:170]
        return float(np.argmax(share > 0.9) - np.argmax(share > 0.1))

    return [
        at_least("rib shadow, 5-20 mm below the rib", bone, "dB", 25.0),
        between("cartilage shadow, same place", cartilage, "dB", 2.0, 22.0),
        at_least("rib shadow, penumbra with a deep over a shallow focus", edge_lines(6.0) / edge_lines(1.5), "", 1.05),
    ]


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

    narrow = slab_patient(strip(0.001))
    widths, peaks = [], []
    for focus_cm in (2.5, 6.0):
        iq = bench.iq(narrow, settings=preset.replace(focus_cm=focus_cm))
        power = np.mean(np.abs(iq[:, rows]) ** 2, axis=1)[70:122]
        widths.append(float(np.sum(power > 0.25 * power.max())))
        peaks.append(float(power.max()))
    out.append(at_least("B-line, width with focus at 60 mm over at the pleura", widths[1] / widths[0], "", 1.5))
    out.append(
        at_least("B-line, peak with focus at the pleura over 60 mm", 10 * np.log10(peaks[0] / peaks[1]), "dB", 1)
    )

    def strength(mhz: float) -> float:
        """Level of white lung just below the pleura over the liver's level at the same depth and frequency."""
        settings = preset.replace(frequency_mhz=mhz, focus_cm=2.0)
        near_pleura = rows_between(settings, 0.021, 0.026)
        white = slab_patient(with_traps(lambda p: np.full(p.shape[:-1], 0.95)))
        return level_db(bench.iq(white, settings=settings)[80:112, near_pleura]) - level_db(
            bench.iq(slab_patient(liver_below_m=PLEURA_M), settings=settings)[80:112, near_pleura]
        )

    out.append(between("B-lines, weaker at 8 than at 3.5 MHz", strength(3.5) - strength(8.0), "dB", 6.0, 12.0))
    return out


def fluid(bench: EchoBench) -> list[Row]:
    """Fluid against liver, and the enhancement behind it."""
    rows = rows_between(bench.preset, 0.030, 0.045)
    liver = level_db(bench.iq(slab_patient(liver_below_m=PLEURA_M))[60:132, rows])
    wet = level_db(bench.iq(slab_patient(flooded()))[60:132, rows])
    out = [at_least("fluid below liver", liver - wet, "dB", 35.0)]

    # The same lung surface behind 10 and behind 30 mm of fluid: what TGC adds for fluid that does not attenuate.
    levels = []
    for depth in (0.010, 0.030):
        patient = slab_patient(flooded(depth))
        seen = [centre_profile(bench.iq(patient, slab_placement(across_m=a))) for a in np.linspace(-0.03, 0.03, 7)]
        at = rows_between(bench.preset, PLEURA_M + depth - 5e-4, PLEURA_M + depth + 5e-4)
        shown = np.mean([p[at].max() for p in seen])
        gain = 2.0 * TGC_DB_CM_MHZ * bench.preset.frequency_mhz * 100.0 * (PLEURA_M + depth)
        levels.append(10.0 * float(np.log10(shown)) + gain)
    wanted = 2.0 * TGC_DB_CM_MHZ * bench.preset.frequency_mhz
    out.append(near("enhancement behind fluid", (levels[1] - levels[0]) / 2.0, "dB/cm", wanted, 0.2 * wanted))
    return out


def sliding(bench: EchoBench) -> list[Row]:
    """Correlation of the echo over time, above and below the pleura, with and without sliding."""
    preset = bench.preset
    wall, lung = rows_between(preset, 0.004, 0.018), rows_between(preset, 0.0215, 0.035)
    step_m = 3.5e-3  # about two transmit beam widths at the pleura

    def correlation(moved_m: float, rows: slice) -> float:
        """Between the echo before and after sliding, without the fall with depth that all places share."""
        still = slab_patient(half_width_m=0.10)
        moved = slab_patient(half_width_m=0.10, excursion_m=moved_m / 0.14)  # 0.14 of it slides at the notch
        breath = moved.respiration
        time_s = 60.0 / breath.rate_per_min * breath.inspiration_fraction
        places = [slab_placement(across_m=a) for a in np.linspace(-0.04, 0.04, 9)]
        before = np.array([np.abs(bench.iq(still, p)[84:108, rows]) for p in places])
        after = np.array([np.abs(bench.iq(moved, p, time_s=time_s, frame_index=1)[84:108, rows]) for p in places])
        before -= before.mean(axis=(0, 1))
        after -= after.mean(axis=(0, 1))
        return float(np.corrcoef(before.ravel(), after.ravel())[0, 1])

    return [
        at_most("sliding, correlation below the pleura after 3.5 mm", correlation(step_m, lung), "", 0.3),
        at_least("sliding, correlation of the wall meanwhile", correlation(step_m, wall), "", 0.9),
        at_least("no sliding, correlation below the pleura", correlation(0.0, lung), "", 0.9),
    ]


def frequency(bench: EchoBench) -> list[Row]:
    """Attenuation in liver doubles from 3 to 6 MHz; gain raises noise and signal alike."""
    patient = slab_patient(liver_below_m=0.006, fat_m=0.002, half_width_m=0.12)

    def slope(mhz: float) -> float:
        settings = bench.preset.replace(frequency_mhz=mhz, focus_cm=4.0, depth_cm=8.0)
        depths = np.arange(0.015, 0.050, 0.005)
        levels = np.zeros(len(depths))
        for a in np.linspace(-0.06, 0.06, 9):
            iq = bench.iq(patient, slab_placement(across_m=a), settings)[60:132]
            levels += [level_db(iq[:, rows_between(settings, d, d + 0.005)]) for d in depths]
        return float(-np.polyfit(100.0 * depths, levels / 9.0, 1)[0])

    three, six = slope(3.0), slope(6.0)
    return [
        near("attenuation in liver at 3 MHz", three, "dB/cm", 3.0, 0.3),
        near("attenuation in liver, 6 over 3 MHz", six / three, "", 2.0, 0.2),
    ]


def determinism(bench: EchoBench) -> list[Row]:
    """The same inputs give the same bytes."""
    patient = slab_patient(strip())
    first = bench.iq(patient, time_s=0.4, frame_index=7)
    bench.iq(slab_patient(seed=3), time_s=0.1)
    again = bench.iq(patient, time_s=0.4, frame_index=7)
    return [at_most("samples that differ between two runs", float(np.sum(first != again)), "", 0.0)]


def depth_error(bench: EchoBench) -> list[Row]:
    """The pleura of slabs of several depths, as the echo shows it."""
    worst = 0.0
    for depth_m in (0.0153, 0.0221, 0.0287):
        patient = slab_patient(pleura_m=depth_m)
        places = [slab_placement(across_m=a) for a in np.linspace(-0.03, 0.03, 7)]
        profile = np.mean([centre_profile(bench.iq(patient, p)) for p in places], axis=0)
        worst = max(worst, abs(peak_depth_m(profile, bench.preset, depth_m, 1e-3) - depth_m))
    return [at_most("depth, largest error of the pleural line", 1e3 * worst, "mm", 0.1)]


MEASURES: tuple[Measure, ...] = (
    point_spread, speckle, grain, compounding, a_lines, rib_shadow, b_lines, fluid, sliding, depth_error,
    frequency, determinism,
)  # fmt: skip
FAST: tuple[Measure, ...] = (
    point_spread, speckle, compounding, a_lines, rib_shadow, b_lines, fluid, depth_error, determinism,
)  # fmt: skip


def run_imaging(ctx: moderngl.Context, progress: Callable[[str, float], None]) -> BenchReport:
    """Every measure, in order."""
    with ctx:
        renderer = UltrasoundRenderer(ctx)
        rasteriser = str(ctx.info["GL_RENDERER"])
    bench = EchoBench(renderer)
    rows: list[Row] = []
    for number, measure in enumerate(MEASURES):
        progress(measure.__name__.replace("_", " "), number / len(MEASURES))
        rows.extend(measure(bench))
    with ctx:
        renderer.release()
    return BenchReport(rasteriser, tuple(rows))
