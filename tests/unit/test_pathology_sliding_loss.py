"""Lost sliding: where it was put, to the depth of the lung, and what is left of the motion there."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.anatomy.slab import slab_body
from simulator.assessment.aeration import plane_signs
from simulator.assessment.pleural_line import PlaneFindings
from simulator.pathology.bake import bake_findings
from simulator.pathology.region import Region
from simulator.pathology.sliding_loss import SlidingLoss
from simulator.patient import Patient, PatientState
from simulator.physiology.heart import Heart
from simulator.physiology.respiration import Respiration
from simulator.physiology.sliding import PULSE_M

BODY = slab_body(half_width_m=0.09)
INSIDE, DEEP, OUTSIDE = (0.04, -0.022, -0.06), (0.03, -0.060, -0.06), (-0.05, -0.022, -0.06)
END_INSPIRATION_S = 60.0 / 15.0 / 3.0


def state(share: float, time_s: float, rate_per_min: float = 0.0) -> PatientState:
    fields = bake_findings(BODY, [SlidingLoss(Region(("R1",)), share)], use_cache=False)
    return Patient(BODY, fields, Respiration(15.0), Heart(rate_per_min)).at(time_s)


def test_the_share_is_lost_in_its_region_to_the_depth_of_the_lung() -> None:
    loss = state(0.8, 0.0).finding("sliding_loss", np.array([INSIDE, DEEP, OUTSIDE]))
    assert loss == pytest.approx([0.8, 0.8, 0.0], abs=1e-3)


def test_what_is_lost_of_the_motion() -> None:
    points = np.array([INSIDE, OUTSIDE])
    free, held = (state(share, END_INSPIRATION_S).in_lung(points)[:, 2] - points[:, 2] for share in (1e-6, 0.8))
    assert free[0] > 0.002
    assert held[0] == pytest.approx(0.2 * free[0], rel=0.02)
    assert held[1] == pytest.approx(free[1], rel=1e-3)


def test_the_heart_still_moves_it() -> None:
    end_systole_s = 0.35 * 60.0 / 75.0
    moved = state(1.0, end_systole_s, 75.0).in_lung(np.array(INSIDE))[2] - INSIDE[2]
    assert 0.2e-3 < moved < PULSE_M


def test_signs_of_a_lung_that_does_not_slide() -> None:
    still = PlaneFindings(pleura_visible_mm=30.0, sliding_mm=0.2, still_mm=30.0, pulsing_mm=30.0)
    assert plane_signs(still) == {"sliding_absent", "lung_pulse"}
    sliding = PlaneFindings(pleura_visible_mm=30.0, sliding_mm=5.0)
    assert plane_signs(sliding) == frozenset()
