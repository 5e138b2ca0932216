"""Air in the bronchi of airless lung: bright, and in open bronchi moving out with inspiration."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simulator.bench.echoes import level_db, rows_between
from simulator.bench.scenes import Array, EchoBench, slab_patient
from simulator.pathology.fields import BRONCHUS_REACH_M, FAR_M, FindingFields
from simulator.patient import Patient
from simulator.physiology.airways import DYNAMIC_SHIFT_M, from_hilum
from simulator.probe import TRANSDUCERS
from simulator.tissue import Tissue
from tests.render.flat import END_INSPIRATION_S, heartless

AIR = np.array([0.0, -0.045, 0.0])  # 45 mm below the skin, in the middle of the image


def solid_lung(shift_m: float, seed: int = 11) -> Patient:
    """Airless lung with one round pocket of air, in a chest that does not move otherwise."""

    def change(findings: FindingFields, points: Array) -> FindingFields:
        lung = findings.lung.copy()
        lung[..., 1] = -0.05
        lung[..., 3] = np.clip(np.linalg.norm(points - AIR, axis=-1) - 0.004, -0.05, 0.05)
        return replace(findings, lung=lung, bronchi_shift_m=shift_m)

    return heartless(slab_patient(change, excursion_m=0.0, seed=seed))


def test_a_bronchus_filled_with_fluid_is_black_and_does_not_end_the_picture(bench: EchoBench) -> None:
    def change(findings: FindingFields, points: Array) -> FindingFields:
        lung = findings.lung.copy()
        lung[..., 1] = -0.05
        tube = np.linalg.norm(points[..., 1:] - AIR[1:], axis=-1) - 0.004  # along the elevation
        lung[..., 3] = np.where(tube < BRONCHUS_REACH_M, FAR_M + BRONCHUS_REACH_M - tube, FAR_M)
        return replace(findings, lung=lung)

    solid = heartless(slab_patient(change, excursion_m=0.0))
    iq = bench.iq(solid)
    lines = slice(92, 100)
    inside = level_db(iq[lines, rows_between(bench.preset, 0.0435, 0.0465)])
    around = level_db(iq[lines, rows_between(bench.preset, 0.030, 0.038)])
    behind = level_db(iq[lines, rows_between(bench.preset, 0.052, 0.060)])
    assert inside < around - 12.0
    assert behind > inside + 10.0
    assert solid.at(0.0).tissue(AIR) == Tissue.FLUID


def place_m(bench: EchoBench, shift_m: float, time_s: float) -> float:
    """Where along the array the pocket's near side is brightest, by the centre of its power, over eight speckles."""
    preset, transducer = bench.preset, TRANSDUCERS["convex"]
    rows = rows_between(preset, 0.0385, 0.0425)
    echoes = [bench.iq(solid_lung(shift_m, seed), time_s=time_s)[:, rows] for seed in range(8)]
    power = np.mean(np.abs(np.array(echoes)) ** 2, axis=(0, 2))
    arc = (0.5 - (np.arange(preset.lines) + 0.5) / preset.lines) * transducer.arc_m
    at_air = np.sin(arc / transducer.radius_m) * (transducer.radius_m + 0.041)
    near = (np.abs(at_air) < 0.010) & (power > 0.5 * power[np.abs(at_air) < 0.010].max())
    return float(np.sum(power[near] * at_air[near]) / np.sum(power[near]))


def test_air_in_an_open_bronchus_moves_out_and_in_a_blocked_one_stands_still(bench: EchoBench) -> None:
    first = place_m(bench, 0.0, 0.0)
    assert place_m(bench, 0.0, END_INSPIRATION_S) == pytest.approx(first, abs=2e-4)
    assert place_m(bench, DYNAMIC_SHIFT_M, 0.0) == pytest.approx(first, abs=2e-4)
    body = solid_lung(DYNAMIC_SHIFT_M).body
    wanted = DYNAMIC_SHIFT_M * float(from_hilum(AIR, body.axis_y_m, body.notch_to_rib10_m)[2])
    moved = place_m(bench, DYNAMIC_SHIFT_M, END_INSPIRATION_S) - first
    assert moved == pytest.approx(wanted, abs=1e-3)
    assert moved > 1e-3  # dynamic, by the criterion


def test_picture_and_patient_agree_on_where_the_air_is() -> None:
    state = solid_lung(DYNAMIC_SHIFT_M).at(END_INSPIRATION_S)
    body = state.patient.body
    moved = AIR + DYNAMIC_SHIFT_M * from_hilum(AIR, body.axis_y_m, body.notch_to_rib10_m)
    before = float(solid_lung(0.0).at(0.0).finding("bronchogram", AIR))
    assert before < 0.0
    assert float(state.finding("bronchogram", moved)) == pytest.approx(before, abs=1.5e-3)
    assert float(state.finding("bronchogram", AIR)) > float(state.finding("bronchogram", moved)) + 5e-4
