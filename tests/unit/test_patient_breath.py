"""A held breath in the body: nothing slides, the heart still shakes the lung, and the truth stays what it was."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from assessment_scenes import placement, slab_patient

from simulator.anatomy.slab import slab_body
from simulator.assessment.plane import plane_truth
from simulator.pathology.fields import healthy
from simulator.patient import Patient
from simulator.physiology.heart import Heart
from simulator.physiology.requests import Request
from simulator.physiology.respiration import Respiration
from simulator.probe import LINEAR, PRESETS, scan_lines

POINTS = np.array([[0.0, -0.03, -0.05], [0.01, -0.04, -0.15]])
HOLD = (Request("hold", 0.9),)


def patient(heart_rate: float = 75.0, **respiration: float) -> Patient:
    body = slab_body()
    return Patient(body, healthy(body.grid), Respiration(excursion_m=0.018, **respiration), Heart(heart_rate))


def travel_mm(one: Patient, times: np.ndarray, requests: tuple[Request, ...]) -> float:
    """From the highest to the lowest place of the lung at the two points, the farther of them."""
    z = np.array([one.at(t, requests).in_lung(POINTS)[:, 2] for t in times])
    return float(1e3 * np.ptp(z, axis=0).max())


def test_sliding_stops_in_a_hold_and_the_lung_pulse_stays() -> None:
    times = np.linspace(1.5, 9.5, 161)
    assert travel_mm(patient(), times, ()) > 2.0
    assert 0.1 < travel_mm(patient(), times, HOLD) < 0.7  # the pulse, and nothing else
    assert travel_mm(patient(heart_rate=0.0), times, HOLD) == 0.0


def test_diaphragm_and_curtain_go_down_in_a_deep_breath_and_stay_in_a_hold() -> None:
    one = patient(deep_filling=70.0 / 18.0)
    assert one.at(8.0, (Request("hold_in", 1.0),)).diaphragm_descent_m == pytest.approx(0.070)
    assert (
        one.at(8.0, HOLD).diaphragm_descent_m
        == one.at(9.0, HOLD).diaphragm_descent_m
        == pytest.approx(one.at(0.9).diaphragm_descent_m)
    )


def test_same_time_and_requests_same_state() -> None:
    one = patient()
    first, again = one.at(7.3, HOLD), dataclasses.replace(one).at(7.3, (Request("hold", 0.9),))
    assert first.breath == again.breath
    np.testing.assert_array_equal(first.in_lung(POINTS), again.in_lung(POINTS))


def test_a_held_breath_is_no_finding() -> None:
    one = slab_patient()
    held = plane_truth(one.at(20.0, HOLD), placement(), scan_lines(LINEAR, PRESETS["linear"]), 640)
    quiet = plane_truth(one.at(20.0), placement(), scan_lines(LINEAR, PRESETS["linear"]), 640)
    assert held.findings.sliding_mm == quiet.findings.sliding_mm > 1.0
