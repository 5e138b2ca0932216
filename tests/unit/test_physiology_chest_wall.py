"""Chest and belly rise with the breath by what was measured on people; the back lies still."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.physiology.chest_wall import wall_shift_m

AXIS_Y_M, LENGTH_M = -0.09, 0.30
STERNUM, SIDE, BELLY, BACK = (0.0, 0.02, -0.12), (0.16, -0.08, -0.15), (0.0, 0.02, -0.38), (0.05, -0.2, -0.15)


def shift_mm(point: tuple[float, float, float], breath: float = 1.0) -> np.ndarray:
    return 1e3 * wall_shift_m(np.array(point), breath, AXIS_Y_M, LENGTH_M)


def test_a_quiet_breath() -> None:
    ribs = shift_mm(STERNUM)
    assert 3.0 <= float(np.linalg.norm(ribs)) <= 5.0  # forwards and upwards [V79]
    assert (ribs > 0.0).tolist() == [False, True, True]
    assert 1.0 <= shift_mm(SIDE)[0] <= 2.0  # aside [V79]
    assert shift_mm(BELLY).tolist() == pytest.approx([0.0, 8.0, 0.0], abs=0.01)  # forwards only [V79]
    assert shift_mm(BACK).tolist() == [0.0, 0.0, 0.0]


def test_a_deep_breath_is_over_three_times_as_far_and_a_held_one_stays() -> None:
    for point in (STERNUM, SIDE, BELLY):
        assert np.linalg.norm(shift_mm(point, 3.8)) > 3.0 * np.linalg.norm(shift_mm(point))  # [V79b]
    assert shift_mm(STERNUM, 0.0).tolist() == [0.0, 0.0, 0.0]


def test_head_and_hips_stay_and_nothing_tears() -> None:
    assert not shift_mm((0.0, 0.0, 0.15)).any()
    assert not shift_mm((0.0, 0.02, -0.65)).any()
    line = np.stack([np.zeros(900), np.full(900, 0.01), np.linspace(0.1, -0.8, 900)], axis=-1)
    moved = wall_shift_m(line, 3.8, AXIS_Y_M, LENGTH_M)
    assert np.abs(np.diff(moved, axis=0)).max() < 0.6e-3  # a millimetre on, it moves nearly alike
