"""Free air in the picture: a pleural line and A-lines like any other, but nothing moves, and the edge does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simulator.bench.echoes import centre_profile, rows_between
from simulator.bench.scenes import Array, Change, EchoBench, slab_patient, slab_placement, with_traps
from simulator.patient import Patient
from simulator.physiology.heart import Heart
from simulator.physiology.sliding import EDGE_SHARE
from simulator.probe import TRANSDUCERS
from tests.render.flat import END_INSPIRATION_S, PLEURA_M

EXCURSION_M = 0.025  # 3.5 mm of sliding at the notch
END_SYSTOLE_S = 0.35 * 60.0 / 75.0


def detached(cranial_of_m: float, change: Change | None = None) -> Patient:
    """Free air behind the pleura where z is over `cranial_of_m` at end-expiration, beside a beating heart."""
    patient = slab_patient(change, excursion_m=EXCURSION_M, half_width_m=0.10)
    z = patient.findings.grid.axes_m()[2]
    space, organs = patient.findings.space.copy(), patient.body.organs.copy()
    space[..., 2] = np.clip(cranial_of_m - z, -0.05, 0.05)[:, None, None]
    organs[..., 0] = 0.01
    findings = replace(patient.findings, space=space)
    return replace(patient, findings=findings, body=replace(patient.body, organs=organs), heart=Heart(75.0))


def likeness(bench: EchoBench, patient: Patient, times_s: tuple[float, float]) -> float:
    """Correlation over time of what is below the pleura, without the fall with depth."""
    rows = rows_between(bench.preset, PLEURA_M + 0.0015, 0.035)
    first, second = (
        np.concatenate(
            [
                np.abs(bench.iq(patient, slab_placement(across_m=a), time_s=t, frame_index=i)[84:108:3, rows])
                for a in (-0.03, 0.0, 0.03)
            ]
        )
        for i, t in enumerate(times_s)
    )
    return float(np.corrcoef((first - first.mean(axis=0)).ravel(), (second - second.mean(axis=0)).ravel())[0, 1])


def test_barcode_neither_breath_nor_heart_moves_anything(bench: EchoBench) -> None:
    air, lung = detached(-1.0), detached(1.0)
    assert likeness(bench, lung, (0.0, END_INSPIRATION_S)) < 0.3
    assert likeness(bench, air, (0.0, END_INSPIRATION_S)) > 0.9
    assert likeness(bench, air, (0.0, END_SYSTOLE_S)) > 0.9


def test_the_still_picture_is_that_of_a_normal_lung(bench: EchoBench) -> None:
    """Pleural line and A-lines are as bright as over healthy lung: only motion tells."""

    def profile(patient: Patient) -> Array:
        places = np.linspace(-0.03, 0.03, 7)
        return np.asarray(
            np.mean([centre_profile(bench.iq(patient, slab_placement(across_m=a))) for a in places], axis=0)
        )

    air, lung = profile(detached(-1.0)), profile(detached(1.0))
    for k in (1, 2, 3):
        at = rows_between(bench.preset, k * PLEURA_M - 4e-4, k * PLEURA_M + 4e-4)
        assert 10.0 * np.log10(air[at].max() / lung[at].max()) == pytest.approx(0.0, abs=1.5)


def test_no_b_lines_behind_air(bench: EchoBench) -> None:
    white = with_traps(lambda p: np.full(p.shape[:-1], 0.95))
    rows = rows_between(bench.preset, 0.043, 0.056)
    wet, air = (np.mean(np.abs(bench.iq(detached(edge, white))[84:108, rows]) ** 2) for edge in (1.0, -1.0))
    assert 10.0 * np.log10(wet / air) > 12.0


def test_the_lung_point_moves_with_the_breath(bench: EchoBench) -> None:
    """White lung begins where the air ends, and comes further into the view on inspiration."""
    patient = detached(0.0, with_traps(lambda p: np.full(p.shape[:-1], 0.95)))
    preset, transducer = bench.preset, TRANSDUCERS["convex"]
    arc = (0.5 - (np.arange(preset.lines) + 0.5) / preset.lines) * transducer.arc_m
    at_pleura = np.sin(arc / transducer.radius_m) * (transducer.radius_m + PLEURA_M)
    rows = rows_between(preset, 0.043, 0.056)
    window = np.abs(at_pleura) < 0.016

    def edge_m(time_s: float) -> float:
        """Place of the edge that parts the window best into a bright caudal and a dark cranial part."""
        power = np.zeros(int(window.sum()))
        for across in np.linspace(-0.03, 0.03, 5):
            iq = bench.iq(patient, slab_placement(across_m=float(across)), time_s=time_s)
            power += np.mean(np.abs(iq[window][:, rows]) ** 2, axis=1)
        level, z = np.log(power), at_pleura[window]
        candidates = np.arange(-0.012, 0.0121, 0.0005)
        split = [level[z < c].mean() - level[z > c].mean() for c in candidates]
        spread = [np.var(level[z < c]) * np.mean(z < c) + np.var(level[z > c]) * np.mean(z > c) for c in candidates]
        assert max(split) > 2.0
        return float(candidates[int(np.argmin(spread))])

    assert edge_m(0.0) == pytest.approx(0.0, abs=0.0015)
    assert edge_m(END_INSPIRATION_S) == pytest.approx(EDGE_SHARE * EXCURSION_M, abs=0.002)
