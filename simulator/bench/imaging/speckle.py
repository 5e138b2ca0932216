"""Is speckle fully developed, does it move with the tissue, and are steered looks independent?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simulator.acoustics.beam import line_spacing_m, slice_width_m
from simulator.bench.echoes import rows_between
from simulator.bench.reference import POINT_SPREAD
from simulator.bench.report import Row, at_least, at_most, near
from simulator.bench.scenes import Array, EchoBench, slab_patient, slab_placement
from simulator.patient import Patient
from simulator.probe import TRANSDUCERS, Settings

REGION_M = (0.030, 0.060)  # depths at which speckle is judged
LINES = slice(60, 132)  # of 192: away from the sector's edges
SHIFT_LINES = 8  # by which probe or tissue is moved
SLICE_DEPTHS_M = {"convex": (0.025, 0.060), "linear": (0.010, 0.020)}


def _liver(excursion_m: float = 0.0) -> Patient:
    return slab_patient(liver_below_m=0.006, fat_m=0.002, half_width_m=0.12, excursion_m=excursion_m)


def liver_envelopes(bench: EchoBench, settings: Settings, places: int) -> list[npt.NDArray[np.floating]]:
    """Envelopes (lines, samples) of homogeneous tissue at several places."""
    patient = _liver()
    across = np.linspace(-0.07, 0.07, places)
    return [np.abs(bench.iq(patient, slab_placement(across_m=a), settings)) for a in across]


def speckle(bench: EchoBench) -> list[Row]:
    """First-order statistics of fully developed speckle in liver, over enough independent cells and above the noise."""
    preset, places = bench.preset, 21
    ratios, spreads = [], []
    rows = rows_between(preset, *REGION_M)
    envelopes = liver_envelopes(bench, preset, places)
    for envelope in envelopes:
        part = envelope[LINES, rows]
        part = part / np.sqrt(np.mean(part**2, axis=0, keepdims=True))
        ratios.append(part.mean() / part.std())
        spreads.append((20.0 * np.log10(part)).std())
    # A cell is as large as the widths of the reference's autocovariance in the middle of the region.
    cell_mm2 = float(np.prod(POINT_SPREAD["convex", 3.5, 6.0][1][3:]))
    depth = preset.sample_depths_m[rows]
    lines_mm = 1e3 * line_spacing_m(TRANSDUCERS[bench.probe], preset, depth)
    area_mm2 = float(np.sum(lines_mm) * (LINES.stop - LINES.start) * 1e3 * preset.sample_spacing_m)
    noise = np.mean(bench.noise(_liver(), slab_placement(across_m=-0.07))[LINES, rows])
    signal = np.mean([np.mean(envelope[LINES, rows] ** 2) for envelope in envelopes])
    return [
        at_least("speckle, independent cells looked at", places * area_mm2 / cell_mm2, "", 2000.0),
        at_least("speckle, level over the noise floor", float(10.0 * np.log10(signal / noise)), "dB", 20.0),
        near("speckle, envelope mean / std", float(np.mean(ratios)), "", 1.91, 0.08),
        near("speckle, std of the level", float(np.mean(spreads)), "dB", 5.57, 0.3),
    ]


def compounding(bench: EchoBench) -> list[Row]:
    """Three looks of liver are independent: their mean's envelope is smoother by the square root of three."""
    settings = bench.preset.replace(compounding=True)
    patient = _liver()
    rows = rows_between(bench.preset, *REGION_M)
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


def _correlation(a: Array, b: Array) -> float:
    """Of two envelopes (lines, samples), without the fall with depth that they share."""
    a, b = a / a.mean(axis=0, keepdims=True), b / b.mean(axis=0, keepdims=True)
    return float(np.corrcoef(a.ravel(), b.ravel())[0, 1])


def speckle_motion(bench: EchoBench) -> list[Row]:
    """Speckle goes with the tissue, whether probe or tissue moves; the slice's thickness is over what it is lost."""
    out: list[Row] = []
    one = EchoBench(bench.renderer, "linear")  # its lines are parallel: a shift is a whole number of them
    settings = one.preset
    spacing_m = TRANSDUCERS["linear"].arc_m / settings.lines
    shift_m = SHIFT_LINES * spacing_m
    rows = rows_between(settings, 0.010, 0.035)
    before = np.abs(one.iq(_liver(), settings=settings))[:, rows]
    breathing = _liver(excursion_m=shift_m)
    full_s = 60.0 / breathing.respiration.rate_per_min * breathing.respiration.inspiration_fraction
    moved = {
        "the probe": np.abs(one.iq(_liver(), slab_placement(along_m=shift_m)))[:, rows],
        "the tissue": np.abs(one.iq(breathing, time_s=full_s))[:, rows],
    }
    for what, after in moved.items():
        lags = np.arange(2, 15)
        curve = [_correlation(before[20:-20], after[20 + lag : len(after) - 20 + lag]) for lag in lags]
        k = int(np.argmax(curve[1:-1])) + 1
        bend = curve[k - 1] - 2.0 * curve[k] + curve[k + 1]
        best = lags[k] + 0.5 * (curve[k - 1] - curve[k + 1]) / bend
        out.append(at_most(f"speckle, error of its place after {what} moved {1e3 * shift_m:g} mm",
                           1e3 * spacing_m * abs(float(best) - SHIFT_LINES), "mm", 0.1))  # fmt: skip
        out.append(at_least(f"speckle, correlation at that place after {what} moved", max(curve), "", 0.9))
    for probe, depths_m in SLICE_DEPTHS_M.items():
        one = EchoBench(bench.renderer, probe)
        for depth_m in depths_m:
            out += _slice_rows(one, depth_m)
    return out


def _slice_rows(bench: EchoBench, depth_m: float) -> list[Row]:
    """Correlation of speckle at a depth when the plane moves across itself by the slice's thickness, and by a quarter.

    A Gaussian slice of that width at half amplitude keeps 0.06 of the envelope's correlation, and 0.84.
    """
    width_m = float(slice_width_m(TRANSDUCERS[bench.probe], np.array([depth_m]))[0])
    rows = rows_between(bench.preset, depth_m - 2e-3, depth_m + 2e-3)
    patient, places = _liver(), np.linspace(-0.05, 0.05, 3)

    def moved(step_m: float) -> float:
        pairs = [
            [np.abs(bench.iq(patient, slab_placement(across_m=a + s)))[LINES, rows] for s in (0.0, step_m)]
            for a in places
        ]
        return float(np.mean([_correlation(a, b) for a, b in pairs]))

    name = f"speckle, {bench.probe} at {1e3 * depth_m:g} mm, correlation after the plane moved"
    return [
        at_most(f"{name} its thickness of {1e3 * width_m:.1f} mm", moved(width_m), "", 0.2),
        at_least(f"{name} a quarter of that", moved(0.25 * width_m), "", 0.5),
    ]
