"""The breath on request: continuous whatever is asked, deep as E.5 has it, held no longer than can be."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from simulator.physiology.floating import SWAY_MOST_M, sway_m
from simulator.physiology.requests import REQUESTS, Request
from simulator.physiology.respiration import Respiration, slide_m, sliding_fraction
from simulator.physiology.sliding import air_now_m, fluid_now_m

QUIET = Respiration(15.0, 1.0 / 3.0, 0.018, deep_filling=70.0 / 18.0)
STEP_S = 1e-3


def over(respiration: Respiration, until_s: float, *requests: Request) -> np.ndarray:
    """Filling at every millisecond."""
    return np.array([respiration.breath(t, requests) for t in np.arange(0.0, until_s, STEP_S)])


def test_without_requests_it_is_what_it_was() -> None:
    assert QUIET.breath(0.0) == 0.0
    assert QUIET.breath(60.0 / 15.0 / 3.0) == pytest.approx(1.0)
    later = (Request("deep", 100.0),)
    assert [QUIET.breath(t, later) for t in (0.3, 1.7, 99.9)] == [QUIET.breath(t) for t in (0.3, 1.7, 99.9)]


def test_an_unknown_request_is_an_error() -> None:
    with pytest.raises(ValueError, match="sneeze"):
        Request("sneeze", 0.0)


@pytest.mark.parametrize("rate", [4.0, 15.0, 34.0, 70.0])
@pytest.mark.parametrize(("first", "second"), list(itertools.product(REQUESTS, REQUESTS)))
def test_filling_never_jumps(rate: float, first: str, second: str) -> None:
    respiration = Respiration(rate, 0.5 if rate > 25.0 else 1.0 / 3.0, 0.018, deep_filling=70.0 / 18.0, hold_s=4.0)
    quick = math.pi / 2.0 * max(70.0 / 18.0 / 2.0, rate / 60.0 * 2.5)  # filling a second at the fastest
    for gap_s in (0.0, 0.7, 3.1, 8.0):
        filled = over(respiration, 16.0, Request(first, 1.1), Request(second, 1.1 + gap_s))
        assert np.abs(np.diff(filled)).max() < quick * STEP_S * 1.05
        assert filled.min() >= 0.0
        assert filled.max() <= respiration.deep_filling + 1e-9


def test_many_requests_at_random_never_jump_either() -> None:
    rng = np.random.default_rng(4)
    times = np.cumsum(rng.exponential(1.5, 40))
    asked = tuple(Request(str(rng.choice(REQUESTS)), float(t)) for t in times)
    filled = over(QUIET, float(times[-1]) + 50.0, *asked)
    assert np.abs(np.diff(filled)).max() < 0.004
    assert filled[-5000:].max() == pytest.approx(1.0, abs=1e-3)  # in the end the patient breathes quietly again
    assert filled[-5000:].min() == pytest.approx(0.0, abs=1e-3)


def test_a_deep_breath_reaches_its_depth_and_ends_in_quiet_breathing() -> None:
    filled = over(QUIET, 20.0, Request("deep", 0.5))
    assert filled.max() * QUIET.excursion_m == pytest.approx(0.070, abs=1e-4)
    assert filled[9000:].max() == pytest.approx(1.0, abs=1e-3)
    asked = (Request("deep", 0.5),)
    assert [QUIET.doing(t, asked).what for t in (0.4, 2.0, 4.0, 9.0)] == ["quiet", "deep", "deep", "quiet"]


@pytest.mark.parametrize(("kind", "level"), [("hold", None), ("hold_in", 70.0 / 18.0), ("hold_out", 0.0)])
def test_a_hold_stays_where_it_was_asked_for_and_ends_by_itself(kind: str, level: float | None) -> None:
    asked = (Request(kind, 0.8),)
    level = QUIET.breath(0.8) if level is None else level
    begun_s = next(t for t in np.arange(0.8, 9.0, 0.01) if QUIET.doing(t + 0.01, asked).held_for_s > 0.0)
    longest_s = QUIET.longest_hold_s(level)
    held = [QUIET.breath(t, asked) for t in np.linspace(begun_s + 0.02, begun_s + longest_s - 0.02, 50)]
    assert held == pytest.approx([level] * 50)
    assert QUIET.doing(begun_s + 5.0, asked).held_for_s == pytest.approx(5.0, abs=0.02)
    assert QUIET.doing(begun_s + longest_s + 0.02, asked).what == "quiet"
    after = [QUIET.breath(begun_s + longest_s + t, asked) for t in np.arange(4.0, 12.0, 0.01)]
    assert (min(after), max(after)) == (pytest.approx(0.0, abs=1e-3), pytest.approx(1.0, abs=1e-3))


def test_a_full_chest_holds_longer_and_asking_again_does_not_help() -> None:
    assert QUIET.longest_hold_s(QUIET.deep_filling) == QUIET.hold_s > QUIET.longest_hold_s(0.0)
    once, again = (Request("hold", 1.0),), (Request("hold", 1.0), Request("hold", 9.0))
    times = np.arange(0.0, 60.0, 0.1)
    assert [QUIET.breath(t, once) for t in times] == [QUIET.breath(t, again) for t in times]


def test_quiet_breathing_asked_for_while_breathing_quietly_changes_nothing() -> None:
    times = np.arange(0.0, 20.0, 0.1)
    assert [QUIET.breath(t, (Request("quiet", 2.3),)) for t in times] == [QUIET.breath(t) for t in times]


def test_who_cannot_follow_breathes_on() -> None:
    asked = tuple(Request(kind, 1.0 + n) for n, kind in enumerate(REQUESTS))
    times = np.arange(0.0, 20.0, 0.1)
    sedated = Respiration(14.0, follows=False)
    assert [sedated.breath(t, asked) for t in times] == [sedated.breath(t) for t in times]
    apnoea = Respiration(0.0)
    assert not apnoea.can_follow
    assert {apnoea.breath(t, asked) for t in times} == {0.0}
    assert apnoea.doing(5.0, asked).what == "quiet"


def test_deep_breaths_slide_as_in_e6() -> None:
    height = np.array([0.22, 0.38, 0.55, 0.65, 0.72])  # where probes are held, from anterior upper to posterior lower
    deep_mm = 1e3 * slide_m(0.070, 0.018, height)
    assert np.all(deep_mm >= [8.0, 10.0, 15.0, 30.0, 35.0])
    assert np.all(deep_mm <= [12.0, 25.0, 25.0, 50.0, 60.0])
    np.testing.assert_array_equal(slide_m(0.011, 0.018, height), 0.011 * sliding_fraction(height))


def test_what_lies_between_lung_and_wall_does_not_vanish_in_a_deep_breath() -> None:
    assert float(air_now_m(np.array(-0.015), 0.070)) < 0.0
    assert float(fluid_now_m(np.array(-0.025), 0.070)) < 0.0
    assert sway_m(0.070, 0.0) == SWAY_MOST_M
