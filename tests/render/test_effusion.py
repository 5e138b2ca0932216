"""Fluid in the picture: clear, swirling or septated, and a lung line that nears the wall with the breath."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simulator.bench.echoes import centre_profile, level_db, peak_depth_m, rows_between
from simulator.bench.scenes import Array, Change, EchoBench, flooded, slab_patient, slab_placement
from simulator.pathology.fields import SEPTA_AT, SEPTA_REACH_M, SEPTA_UNIT_M, FindingFields, Floating
from simulator.patient import Patient
from simulator.physiology.floating import SWAY_BREATH
from simulator.physiology.sliding import SINUSOID_SHARE
from simulator.probe import TRANSDUCERS
from simulator.tissue import Tissue
from tests.render.flat import END_INSPIRATION_S, PLEURA_M, heartless

FLUID_M = 0.030


def with_echoes(echoes: float, membrane_at_m: float | None = None) -> Change:
    """Fluid `FLUID_M` deep in which everything echoes alike, but for a membrane across it."""

    def change(findings: FindingFields, points: Array) -> FindingFields:
        wet = flooded(FLUID_M, PLEURA_M)(findings, points)
        space = wet.space.copy()
        space[..., 3] = echoes
        if membrane_at_m is not None:
            below = -points[..., 1] - PLEURA_M
            distance = np.clip(below - membrane_at_m, -SEPTA_REACH_M, SEPTA_REACH_M)
            space[..., 3] = SEPTA_AT + distance / SEPTA_UNIT_M
        return replace(wet, space=space)

    return change


def wet_patient(echoes: float, excursion_m: float = 0.0, membrane_at_m: float | None = None) -> Patient:
    patient = slab_patient(with_echoes(echoes, membrane_at_m), excursion_m=excursion_m, half_width_m=0.10)
    return heartless(patient)


def test_echoes_of_the_fluid_lie_between_clear_fluid_and_liver(bench: EchoBench) -> None:
    rows = rows_between(bench.preset, 0.026, 0.044)
    clear, cloudy = (level_db(bench.iq(wet_patient(e))[70:122, rows]) for e in (0.0, 0.5))
    liver = level_db(bench.iq(slab_patient(liver_below_m=PLEURA_M))[70:122, rows])
    assert cloudy > clear + 8.0
    assert liver - 35.0 < cloudy < liver - 15.0


def test_a_membrane_is_a_line_in_the_fluid(bench: EchoBench) -> None:
    patient = wet_patient(0.25, membrane_at_m=0.014)
    places = np.linspace(-0.03, 0.03, 5)
    profile = np.mean([centre_profile(bench.iq(patient, slab_placement(across_m=a))) for a in places], axis=0)
    assert peak_depth_m(profile, bench.preset, PLEURA_M + 0.014, 3e-3) == pytest.approx(PLEURA_M + 0.014, abs=1.5e-3)
    line = profile[rows_between(bench.preset, PLEURA_M + 0.0125, PLEURA_M + 0.0155)].mean()
    beside = profile[rows_between(bench.preset, PLEURA_M + 0.006, PLEURA_M + 0.010)].mean()
    assert 10.0 * np.log10(line / beside) > 10.0
    rows = rows_between(bench.preset, PLEURA_M + 0.008, PLEURA_M + 0.020)
    bright = profile[rows] > 0.25 * profile[rows].max()
    assert 0.5e-3 < bright.sum() * bench.preset.sample_spacing_m < 3e-3  # membranes are 1 to 3 mm thick


def test_what_floats_in_the_fluid_swirls_while_the_wall_stands_still(bench: EchoBench) -> None:
    def likeness(start_m: float, stop_m: float) -> float:
        patient, rows = wet_patient(0.6, excursion_m=0.015), rows_between(bench.preset, start_m, stop_m)
        first, second = (np.abs(bench.iq(patient, time_s=t)[70:122, rows]) for t in (0.0, END_INSPIRATION_S))
        return float(np.corrcoef(first.ravel(), second.ravel())[0, 1])

    assert likeness(0.026, 0.038) < 0.4
    assert likeness(0.004, 0.018) > 0.9


def test_jellyfish_sign(bench: EchoBench) -> None:
    """A tongue of airless lung in the fluid swings along the array with the breath, the wall stands still."""
    tip = np.array([0.0, -PLEURA_M - 0.014, 0.0])

    def change(findings: FindingFields, points: Array) -> FindingFields:
        wet = flooded(0.10, PLEURA_M)(findings, points)
        lung, space = wet.lung.copy(), wet.space.copy()
        lung[..., 1] = -0.05
        tongue = np.hypot(points[..., 1] - tip[1], points[..., 2]) - 0.006  # along the elevation
        space[..., 0] = np.maximum(space[..., 0], np.clip(-tongue, -0.05, 0.05))
        floating = Floating((tip[0], tip[1], tip[2]), (0.0, 0.0, 1.0), 0.04)
        return replace(wet, lung=lung, space=space, floating=floating)

    still_fluid_m = 0.017
    patient = heartless(slab_patient(change, excursion_m=still_fluid_m, half_width_m=0.10))
    preset, transducer = bench.preset, TRANSDUCERS["convex"]
    rows = rows_between(preset, 0.0335, 0.0345)

    def centre_m(time_s: float) -> float:
        places = np.linspace(-0.02, 0.02, 5)
        echoes = [bench.iq(patient, slab_placement(across_m=a), time_s=time_s)[:, rows] for a in places]
        power = np.mean(np.abs(np.array(echoes)) ** 2, axis=(0, 2))
        arc = (0.5 - (np.arange(preset.lines) + 0.5) / preset.lines) * transducer.arc_m
        along = np.sin(arc / transducer.radius_m) * (transducer.radius_m + 0.034)
        near = np.abs(along) < 0.025
        return float(np.sum(power[near] * along[near]) / np.sum(power[near]))

    swung = centre_m(END_INSPIRATION_S) - centre_m(0.0)
    assert swung == pytest.approx(SWAY_BREATH * still_fluid_m, abs=1.5e-3)
    state = patient.at(END_INSPIRATION_S)
    moved = tip + SWAY_BREATH * still_fluid_m * np.array([0.0, 0.0, 1.0])
    assert state.finding("fluid", moved) > 0.0
    assert state.tissue(moved) == Tissue.CONSOLIDATION


def test_sinusoid_sign(bench: EchoBench) -> None:
    excursion_m = 0.017
    patient = wet_patient(0.0, excursion_m)

    def lung_line_m(time_s: float) -> float:
        places = np.linspace(-0.03, 0.03, 5)
        profile = np.mean(
            [centre_profile(bench.iq(patient, slab_placement(across_m=a), time_s=time_s)) for a in places], axis=0
        )
        expected = PLEURA_M + FLUID_M - SINUSOID_SHARE * excursion_m * patient.respiration.breath(time_s)
        return peak_depth_m(profile, bench.preset, expected, 3e-3)

    nearer = lung_line_m(0.0) - lung_line_m(END_INSPIRATION_S)
    assert nearer == pytest.approx(SINUSOID_SHARE * excursion_m, abs=0.8e-3)
    assert 0.005 < nearer < 0.020


def test_b_lines_start_from_the_lung_line_behind_fluid(bench: EchoBench) -> None:
    def below_db(density: float) -> float:
        def change(findings: FindingFields, points: Array) -> FindingFields:
            wet = flooded(FLUID_M, PLEURA_M)(findings, points)
            lung = wet.lung.copy()
            lung[..., 0] = density
            return replace(wet, lung=lung)

        patient = heartless(slab_patient(change))
        start_m = PLEURA_M + FLUID_M
        return level_db(bench.iq(patient)[84:108, rows_between(bench.preset, start_m + 0.010, start_m + 0.025)])

    assert below_db(0.95) > below_db(0.0) + 8.0
