"""How the lung moves in the picture: sliding, none of it, and the pulse that shows where nothing slides."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from simulator.bench.echoes import rows_between
from simulator.bench.scenes import Array, EchoBench, slab_patient, slab_placement
from simulator.patient import Patient
from simulator.physiology.heart import Heart
from simulator.physiology.requests import Request, Requests
from tests.render.flat import END_INSPIRATION_S

HEART_RATE_PER_MIN = 75.0
BEAT_S = 60.0 / HEART_RATE_PER_MIN


def stuck(share: float, heart_m: float = 0.02, rate_per_min: float = HEART_RATE_PER_MIN) -> Patient:
    """A lung that has lost `share` of its sliding, `heart_m` from a heart."""
    patient = slab_patient(excursion_m=0.025, half_width_m=0.10)  # 3.5 mm of sliding at the notch
    space, organs = patient.findings.space.copy(), patient.body.organs.copy()
    space[..., 1] = share
    organs[..., 0] = heart_m
    return replace(
        patient,
        findings=replace(patient.findings, space=space),
        body=replace(patient.body, organs=organs),
        heart=Heart(rate_per_min),
    )


def mmode(bench: EchoBench, patient: Patient, times_s: Array, requests: Requests = ()) -> Array:
    """(times, lines, samples) envelope below the pleura at three places, over lines apart enough to be independent."""
    rows = rows_between(bench.preset, 0.0215, 0.035)
    places = [slab_placement(across_m=across) for across in (-0.03, 0.0, 0.03)]
    frames = [
        [
            np.abs(bench.iq(patient, place, time_s=float(t), frame_index=i, requests=requests)[84:108:3, rows])
            for place in places
        ]
        for i, t in enumerate(times_s)
    ]
    return np.array(frames).reshape(len(times_s), -1, rows.stop - rows.start)


def likeness(frames: Array) -> float:
    """Correlation of the second frame with the first, without the fall with depth that all lines share."""
    first, second = (frame - frame.mean(axis=0) for frame in frames[:2])
    return float(np.corrcoef(first.ravel(), second.ravel())[0, 1])


def test_what_is_stuck_stands_still(bench: EchoBench) -> None:
    breath = np.array([0.0, END_INSPIRATION_S])
    assert likeness(mmode(bench, stuck(0.0, rate_per_min=0.0), breath)) < 0.3
    assert likeness(mmode(bench, stuck(1.0, rate_per_min=0.0), breath)) > 0.9


def test_a_held_breath_looks_like_lost_sliding_with_a_pulse(bench: EchoBench) -> None:
    asked = (Request("hold", 0.2),)
    later_s = np.array([2.0, 2.0 + END_INSPIRATION_S])
    assert likeness(mmode(bench, stuck(0.0, rate_per_min=0.0), later_s)) < 0.5
    assert likeness(mmode(bench, stuck(0.0, rate_per_min=0.0), later_s, asked)) > 0.9
    beat_s = 3.0 * BEAT_S + np.array([0.0, 0.35 * BEAT_S])
    assert likeness(mmode(bench, stuck(0.0), beat_s, asked)) < 0.9, "the heart still beats"


def test_the_pulse_shows_where_nothing_slides(bench: EchoBench) -> None:
    """M-mode ticks at the heart rate: what changes comes back with every beat, and nothing changes between beats."""
    patient = stuck(1.0)
    end_systole_s = 0.35 * BEAT_S
    beat = likeness(mmode(bench, patient, np.array([0.0, end_systole_s])))
    between = likeness(mmode(bench, patient, np.array([0.7, 0.95]) * BEAT_S))
    next_beat = likeness(mmode(bench, patient, np.array([end_systole_s, BEAT_S + end_systole_s])))
    assert between > 0.9
    assert next_beat > 0.9
    assert beat < 0.85
    times = np.arange(64) * 2.0 * BEAT_S / 32.0  # four beats
    frames = mmode(bench, patient, times).reshape(64, -1)
    away = np.linalg.norm(frames - frames[0], axis=1)
    spectrum = np.abs(np.fft.rfft(away - away.mean()))
    assert int(np.argmax(spectrum)) == 4


def test_the_pulse_drowns_in_sliding_and_fades_away_from_the_heart(bench: EchoBench) -> None:
    still = mmode(bench, stuck(1.0, rate_per_min=0.0), np.array([0.0]))
    systole = np.array([0.35 * BEAT_S])
    near, far = (mmode(bench, stuck(1.0, heart_m), systole) for heart_m in (0.01, 0.06))
    assert likeness(np.concatenate([still, far])) > likeness(np.concatenate([still, near])) + 0.05
    breath = np.array([0.0, 0.7 * BEAT_S])  # the heart is at rest: what changed is sliding
    assert likeness(mmode(bench, stuck(0.0), breath)) < likeness(np.concatenate([still, near]))
