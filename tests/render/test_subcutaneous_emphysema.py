"""Gas in the chest wall in the picture: E-lines from above the pleura, which stand still and hide what is below."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simulator.assessment.plane import plane_truth
from simulator.bench.echoes import centre_profile, level_db, peak_depth_m, rows_between
from simulator.bench.scenes import Array, Change, EchoBench, slab_patient, slab_placement
from simulator.geometry import Grid
from simulator.pathology.fields import FAR_M, FindingFields, SoftGas
from simulator.patient import Patient
from simulator.probe import TRANSDUCERS, scan_lines
from simulator.tissue import Tissue
from tests.render.flat import END_INSPIRATION_S, PLEURA_M, heartless

GAS_M = 0.009  # depth of the gas: on the fascia
HALF_M = 0.006  # half of the pocket's width along the array
SPACING_M = 0.001


def pocket(half_m: float = HALF_M) -> Change:
    """A flat pocket of gas in the middle of the image, 3 mm thick."""

    def change(findings: FindingFields, points: Array) -> FindingFields:
        n = 2 * round((half_m + 0.010) / SPACING_M) + 1
        grid = Grid((-0.025, -0.018, -SPACING_M * (n // 2)), SPACING_M, (n, 19, 51))
        p = grid.points_m()
        box = np.maximum(np.abs(p[..., 2]) - half_m, np.abs(p[..., 0]) - 0.020)
        distance = np.minimum(np.maximum(box, np.abs(p[..., 1] + GAS_M + 0.0015) - 0.0015), FAR_M)
        return replace(findings, soft=SoftGas(grid, distance[..., None].astype(np.float16)))

    return change


def patient_with(change: Change | None, excursion_m: float = 0.0) -> Patient:
    return heartless(slab_patient(change, excursion_m=excursion_m))


def test_the_first_echo_is_that_of_the_gas_and_the_pleura_is_hidden(bench: EchoBench) -> None:
    places = np.linspace(-0.010, 0.010, 5)

    def profile(change: Change | None) -> Array:
        patient = patient_with(change)
        return np.mean([centre_profile(bench.iq(patient, slab_placement(across_m=a))) for a in places], axis=0)

    hidden, clear = profile(pocket()), profile(None)
    assert peak_depth_m(hidden, bench.preset, GAS_M, 2e-3) == pytest.approx(GAS_M, abs=1.0e-3)
    pleura = rows_between(bench.preset, PLEURA_M - 0.0006, PLEURA_M + 0.0006)
    assert 10.0 * np.log10(clear[pleura].mean() / hidden[pleura].mean()) > 10.0


def test_e_lines_ring_down_to_the_depth_beside_dark_lung(bench: EchoBench) -> None:
    iq = bench.iq(patient_with(pocket()))
    deep = rows_between(bench.preset, 0.045, 0.080)
    under, beside = iq[90:102, deep], np.concatenate([iq[40:64, deep], iq[128:152, deep]])
    assert level_db(under) > level_db(beside) + 7.0


def test_e_lines_stand_still_while_the_lung_slides(bench: EchoBench) -> None:
    """Rows below the gas are the same at end-inspiration; below the pleura beside it they are not."""
    patient = patient_with(pocket(), excursion_m=0.017)
    first, second = (np.abs(bench.iq(patient, time_s=t)) for t in (0.0, END_INSPIRATION_S))
    deep = rows_between(bench.preset, 0.030, 0.060)

    def likeness(lines: slice) -> float:
        return float(np.corrcoef(first[lines, deep].ravel(), second[lines, deep].ravel())[0, 1])

    assert likeness(slice(88, 104)) > 0.95
    assert likeness(slice(40, 64)) < 0.7


def test_picture_and_truth_agree_on_what_is_hidden(bench: EchoBench) -> None:
    patient = patient_with(pocket())
    bench.iq(patient)
    drawn = bench.target("gas_lines")[:, 0, 0]
    transducer = TRANSDUCERS["convex"]
    scan = scan_lines(transducer, bench.preset)
    found = plane_truth(patient.at(0.0), slab_placement(), scan, bench.preset.samples)
    in_wall = found.gas == Tissue.AIR
    assert in_wall.any()
    both = in_wall & (np.abs(drawn - found.gas_depth_m) < 4e-4)
    assert both.sum() >= in_wall.sum() - 2  # one line at either edge may see past it
    assert found.findings.wall_gas_mm == pytest.approx(2e3 * HALF_M, abs=1.5)
    assert not found.pleural_line.visible[in_wall].any()
    clear = plane_truth(patient_with(None).at(0.0), slab_placement(), scan, bench.preset.samples).findings
    assert clear.wall_gas_mm == 0.0
    assert found.findings.pleura_visible_mm < clear.pleura_visible_mm - 1e3 * HALF_M
    assert found.tissue is not None
    gas_rows = rows_between(bench.preset, GAS_M + 0.001, GAS_M + 0.002)
    middle = in_wall.nonzero()[0][len(in_wall.nonzero()[0]) // 2]
    assert (found.tissue[middle, gas_rows] == Tissue.AIR).all()
