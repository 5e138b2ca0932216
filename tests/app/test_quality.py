"""Quality follows the time of the ultrasound passes, without swinging; clocks are made up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

import pytest

from simulator.app.quality import FRAME_S, LEVELS, Quality
from simulator.probe import PRESETS, Settings

SETTINGS = PRESETS["convex"]


def run(
    quality: Quality, seconds: float, cost: Callable[[Settings, float], float], start_s: float = 0.0
) -> list[tuple[float, str]]:
    """Frames for so long, each taking what `cost` says; (time, level) whenever the level changed."""
    now, changes = start_s, []
    while now < start_s + seconds:
        before = quality.name
        took = cost(quality.of(SETTINGS), now)
        now += max(took, 1.0 / 60.0)
        quality.took(took, SETTINGS, now)
        if quality.name != before:
            changes.append((now, quality.name))
    return changes


def cells(settings: Settings) -> float:
    return settings.lines * settings.samples / (SETTINGS.lines * SETTINGS.samples)


def test_a_quick_machine_stays_fine() -> None:
    quality = Quality()
    assert run(quality, 60.0, lambda s, now: 0.004 * cells(s)) == []
    assert quality.name == "fine"


def test_a_slow_machine_gets_coarser_within_two_seconds_until_it_holds_thirty_frames() -> None:
    quality = Quality()
    changes = run(quality, 2.0, lambda s, now: 0.060 * cells(s))
    assert [name for _, name in changes] == ["standard", "draft"] or quality.name == "standard"
    assert 0.060 * cells(quality.of(SETTINGS)) < FRAME_S


def test_single_slow_frames_change_nothing() -> None:
    hiccups = iter(range(10**6))
    quality = Quality()
    assert run(quality, 60.0, lambda s, now: 0.4 if next(hiccups) % 5 == 0 else 0.012) == []


@pytest.mark.parametrize("fine_s", [0.030, 0.034, 0.036, 0.045, 0.055, 0.070, 0.1])
def test_it_does_not_swing_however_near_to_the_limit(fine_s: float) -> None:
    quality = Quality()
    changes = run(quality, 300.0, lambda s, now: fine_s * cells(s))
    assert len(changes) <= 2


def test_where_time_is_not_what_the_grid_says_it_tries_ever_less_often() -> None:
    """Fine is far slower than its number of cells: each try fails, and the next waits longer."""
    quality = Quality()
    changes = run(quality, 600.0, lambda s, now: 0.050 if s == SETTINGS else 0.006)
    assert quality.name != "fine" or changes[-1][0] > 590.0
    tries = [now for now, name in changes if name == "fine"]
    assert len(tries) <= 10
    assert tries[-1] - tries[-2] > 4.0 * (tries[1] - tries[0])


def test_it_gets_finer_again_when_the_machine_is_free() -> None:
    quality = Quality()
    changes = run(quality, 30.0, lambda s, now: cells(s) * (0.060 if now < 10.0 else 0.010))
    assert quality.name == "fine"
    assert changes[-1][0] < 20.0


def test_only_the_grid_gets_coarser() -> None:
    quality = Quality()
    run(quality, 10.0, lambda s, now: 0.25)
    assert quality.name == "draft"
    drawn = quality.of(SETTINGS)
    changed = {f.name for f in fields(SETTINGS) if getattr(drawn, f.name) != getattr(SETTINGS, f.name)}
    assert changed == {"lines", "samples"}
    assert (drawn.lines, drawn.samples) == LEVELS["draft"]
    coarse = SETTINGS.replace(lines=64, samples=128)
    assert quality.of(coarse) == coarse, "never finer than the console asks"
