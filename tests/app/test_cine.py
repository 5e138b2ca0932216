"""The loop of the last seconds, and the image that stands still."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import fakes
import pytest

from simulator.app.cine import CINE_S, MOST_FRAMES, Cine, Shot, sector_rate_hz, trail_frames
from simulator.app.keys import Command
from simulator.exam.attempt import replay
from simulator.geometry import Placement, Pose
from simulator.probe import PRESETS, frame_rate_hz

POSE = Pose(0.6, -0.06)
AT = Placement((0.0, 0.0, 0.0), ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)))
SHOT = Shot(POSE, AT, ("supine", "abducted"), "convex", PRESETS["convex"], 0.0, 0)


def filmed(seconds: float, rate_hz: float = 30.0, interval_s: float = 0.0) -> Cine:
    cine = Cine()
    for index in range(round(seconds * rate_hz) + 1):
        cine.film(replace(SHOT, time_s=index / rate_hz, frame_index=index), interval_s)
    return cine


def test_the_ring_keeps_ten_seconds_and_no_more() -> None:
    assert filmed(4.0).length_s == pytest.approx(4.0)
    cine = filmed(40.0)
    assert cine.length_s == pytest.approx(CINE_S)
    assert len(cine) == 301
    assert len(filmed(40.0, 200.0)) == MOST_FRAMES


@pytest.mark.parametrize(
    ("window_hz", "sound_hz", "kept_hz"), [(60.0, 40.0, 40.0), (60.0, 7.5, 7.5), (30.0, 80.0, 30.0)]
)
def test_frames_come_as_often_as_sound_and_window_allow(window_hz: float, sound_hz: float, kept_hz: float) -> None:
    assert len(filmed(8.0, window_hz, 1.0 / sound_hz)) - 1 == pytest.approx(8.0 * kept_hz, abs=2.0)


def test_a_knob_is_seen_at_once() -> None:
    cine = filmed(1.0, 60.0, 0.5)
    deeper = replace(SHOT, settings=SHOT.settings.replace(depth_cm=14.0), time_s=1.001)
    assert cine.film(deeper, 0.5)
    assert cine.shown == deeper


@pytest.mark.parametrize("change", [{"transducer_key": "linear"}, {"stance": ("sitting", "forward")}])
def test_another_probe_or_posture_begins_a_new_loop(change: dict[str, Any]) -> None:
    cine = filmed(1.0)
    cine.film(replace(SHOT, time_s=2.0, **change), 0.0)  # type: ignore[arg-type]
    assert len(cine) == 1


def test_scrolling_stops_at_the_ends() -> None:
    cine = filmed(1.0)
    cine.step(-5)
    assert cine.shown is not None
    assert cine.shown.frame_index == 25
    assert cine.age_s == pytest.approx(5 / 30)
    cine.step(-99)
    assert cine.index == 0
    cine.step(99)
    assert cine.index == 30
    cine.seek(7)
    cine.thaw()
    assert cine.index == 30


def test_a_playing_loop_runs_at_real_speed_and_begins_again() -> None:
    cine = filmed(2.0)
    cine.seek(0)
    cine.play(True)
    for _ in range(30):
        cine.advance(1.0 / 60.0)
    assert cine.index == 15
    for _ in range(92):
        cine.advance(1.0 / 60.0)
    assert cine.index < 5, "it began again"
    cine.play(False)
    before = cine.index
    cine.advance(0.5)
    assert cine.index == before


def test_a_tap_is_one_frame_and_a_held_key_runs() -> None:
    cine = filmed(4.0)
    for _ in range(5):  # a tap of 80 ms
        cine.hold(-1, 1.0 / 60.0)
    assert cine.index == 119
    cine.hold(0, 1.0 / 60.0)
    for _ in range(81):  # 1.35 s: one frame, and after a while real speed
        cine.hold(-1, 1.0 / 60.0)
    assert cine.index == pytest.approx(119 - 1 - 30, abs=2)
    for _ in range(20):
        cine.hold(0, 1.0 / 60.0)
    cine.hold(1, 1.0 / 60.0)
    assert cine.index == pytest.approx(119 - 30, abs=2)


def test_the_trail_of_persistence() -> None:
    assert trail_frames(0.0) == 0
    assert 0.4 ** trail_frames(0.4) < 1.0 / 255.0
    assert trail_frames(0.9) == 12
    cine = filmed(1.0)
    assert [shot.frame_index for shot in cine.trail(3)] == [27, 28, 29]
    cine.seek(1)
    assert [shot.frame_index for shot in cine.trail(3)] == [0]
    cine = filmed(1.0)
    for index in (31, 32):
        deeper = SHOT.settings.replace(depth_cm=14.0)
        cine.film(replace(SHOT, settings=deeper, time_s=index / 30.0, frame_index=index), 0.0)
    assert [shot.frame_index for shot in cine.trail(9)] == [31], "nothing of another depth persists"
    cine.film(replace(SHOT, settings=deeper.replace(gain_db=5.0), time_s=2.0, frame_index=33), 0.0)
    assert len(cine.trail(9)) == 2, "gain works on the stored echo"


def test_moving_the_probe_leaves_the_frozen_image_alone() -> None:
    world = fakes.FakeWorld()
    program = fakes.scanning(world)
    for _ in range(10):
        program.tick(1.0 / 30.0)
    live = program.shot
    program.command(Command.FREEZE)
    assert program.shot == live
    program.tick(0.5, [Command.SLIDE_DOWN, Command.FAN_UP])
    assert program.scan.pose != live.pose  # type: ignore[union-attr]
    assert program.shot == live
    program.command(Command.FREEZE)
    program.tick(1.0 / 30.0)
    assert program.shot is not None
    assert program.shot.pose == program.scan.pose
    frozen = [event.frozen for event in world.attempts[1].events if event.kind == "settings_changed"]  # type: ignore[attr-defined]
    assert frozen == [True, False]
    assert not replay(world.attempts[1].events).frozen


def test_freezing_before_the_first_frame_holds_what_is_there() -> None:
    program = fakes.scanning()
    program.command(Command.FREEZE)
    before = program.shot
    program.tick(0.5, [Command.SLIDE_DOWN])
    assert program.shot == before


def test_arrows_scroll_while_frozen_and_do_not_move_the_probe() -> None:
    program = fakes.scanning()
    for _ in range(20):
        program.tick(1.0 / 30.0)
    program.command(Command.FREEZE)
    pose, newest = program.scan.pose, program.shot
    program.tick(1.0 / 30.0, [Command.SLIDE_LEFT])
    assert program.scan.pose == pose
    assert program.shot != newest
    assert program.cine.age_s > 0.0
    program.command(Command.CINE)
    assert program.cine.playing
    program.command(Command.FREEZE)
    assert not program.cine.playing
    program.tick(1.0 / 30.0, [Command.SLIDE_LEFT])
    assert program.scan.pose != pose


def test_a_frozen_console_works_on_the_stored_echo_only() -> None:
    world = fakes.FakeWorld()
    program = fakes.scanning(world)
    program.tick(1.0 / 30.0)
    program.command(Command.FREEZE)
    before = program.scan.settings
    program.turn_knobs(before.replace(gain_db=6.0, depth_cm=20.0, focus_cm=5.0, grey_map="soft"))
    assert program.scan.settings == before.replace(gain_db=6.0, grey_map="soft")
    assert program.shot is not None
    assert program.shot.settings == program.scan.settings
    assert replay(world.attempts[1].events).settings == program.scan.settings
    program.command(Command.DEEPER)
    assert program.scan.settings.depth_cm == before.depth_cm


@pytest.mark.parametrize("command", [Command.PROBE, Command.POSTURE])
def test_another_probe_or_posture_is_live_again(command: Command) -> None:
    world = fakes.FakeWorld()
    program = fakes.scanning(world)
    program.tick(1.0 / 30.0)
    program.command(Command.FREEZE)
    program.command(command)
    assert not program.scan.frozen
    assert not replay(world.attempts[1].events).frozen
    program.tick(1.0 / 30.0)
    assert program.shot is not None
    assert (program.shot.transducer_key, program.shot.stance) == (program.scan.transducer_key, program.scan.stance)


def test_the_window_shows_no_more_frames_than_sound_allows() -> None:
    program = fakes.scanning()
    slow = program.scan.settings.replace(depth_cm=20.0, compounding=True, line_density="high", focal_zones=2)
    program.turn_knobs(slow)
    shown = set()
    for _ in range(120):
        program.tick(1.0 / 60.0)
        assert program.shot is not None
        shown.add(program.shot.frame_index)
    assert frame_rate_hz(slow) < 5.0
    assert len(shown) == pytest.approx(2.0 * frame_rate_hz(slow), abs=2.0)


def test_beside_an_mmode_the_sector_is_slower() -> None:
    assert sector_rate_hz(PRESETS["convex"], mmode=False) == frame_rate_hz(PRESETS["convex"])
    assert sector_rate_hz(PRESETS["convex"], mmode=True) == 10.0
    deep = PRESETS["convex"].replace(depth_cm=24.0, compounding=True, focal_zones=4)
    assert sector_rate_hz(deep, mmode=True) == frame_rate_hz(deep) < 10.0
