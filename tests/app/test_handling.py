"""What commands do to probe, console and view."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.app import handling
from simulator.app.keys import BINDINGS, Command
from simulator.app.state import ScanState
from simulator.geometry import Pose
from simulator.probe import PRESETS, SETTING_RANGES, TRANSDUCERS

SCAN = ScanState(Pose(0.6, -0.06))


@pytest.mark.parametrize(
    ("command", "field", "sign"),
    [
        (Command.SLIDE_UP, "height_m", 1), (Command.SLIDE_DOWN, "height_m", -1),
        (Command.SLIDE_LEFT, "azimuth_rad", 1), (Command.SLIDE_RIGHT, "azimuth_rad", -1),
        (Command.ROTATE_RIGHT, "rotate_rad", 1), (Command.ROTATE_LEFT, "rotate_rad", -1),
        (Command.FAN_UP, "fan_rad", 1), (Command.FAN_DOWN, "fan_rad", -1),
        (Command.ROCK_LEFT, "rock_rad", 1), (Command.ROCK_RIGHT, "rock_rad", -1),
        (Command.PRESS, "pressure", 1), (Command.LIFT, "pressure", -1),
    ],
)  # fmt: skip
def test_a_held_key_moves_one_thing_one_way(command: Command, field: str, sign: int) -> None:
    after = handling.hold(SCAN, [command], 0.1)
    change = getattr(after.pose, field) - getattr(SCAN.pose, field)
    assert change * sign > 0
    assert replace(after.pose, **{field: getattr(SCAN.pose, field)}) == SCAN.pose


def test_fine_is_a_fifth() -> None:
    coarse = handling.hold(SCAN, [Command.FAN_UP], 0.1).pose.fan_rad
    fine = handling.hold(replace(SCAN, fine=True), [Command.FAN_UP], 0.1).pose.fan_rad
    assert fine == pytest.approx(handling.FINE * coarse)


@given(
    st.lists(st.tuples(st.sampled_from([b.command for b in BINDINGS]), st.floats(0.0, 5.0)), max_size=40),
)
def test_nothing_can_leave_its_range(steps: list[tuple[Command, float]]) -> None:
    scan = SCAN
    for command, seconds in steps:
        scan = handling.hold(handling.commanded(scan, command), [command], seconds)
    pose, settings = scan.pose, scan.settings
    assert -math.pi <= pose.azimuth_rad <= math.pi
    assert handling.HEIGHT_M[0] <= pose.height_m <= handling.HEIGHT_M[1]
    assert abs(pose.fan_rad) <= handling.TILT_LIMIT_RAD >= abs(pose.rock_rad)
    assert 0.0 <= pose.pressure <= 1.0
    for name, (low, high) in SETTING_RANGES.items():
        assert low <= getattr(settings, name) <= high


def test_each_probe_keeps_its_console() -> None:
    deep = handling.with_console(SCAN, SCAN.settings.replace(depth_cm=16.0))
    linear = handling.commanded(deep, Command.PROBE)
    assert linear.transducer_key == "linear"
    assert linear.settings == PRESETS["linear"]
    again = linear
    for _ in range(len(TRANSDUCERS) - 1):  # all the way round
        again = handling.commanded(again, Command.PROBE)
    assert again.settings.depth_cm == 16.0


def test_depth_goes_by_the_machines_steps_and_stops_at_its_ends() -> None:
    settings = SCAN.settings
    assert handling.depth_stepped(settings, 1).depth_cm == 11.0
    assert handling.depth_stepped(settings, -3).depth_cm == 7.0
    assert handling.depth_stepped(settings, 99).depth_cm == 24.0
    assert handling.depth_stepped(settings, 0) == settings
    assert handling.depth_stepped(settings.replace(depth_cm=24.0), 1).depth_cm == 24.0
    assert handling.depth_stepped(settings.replace(depth_cm=3.0), -1).depth_cm == 3.0


def test_frozen_time_stands_still() -> None:
    frozen = handling.commanded(SCAN, Command.FREEZE)
    after = handling.passed(frozen, 0.5)
    assert (after.time_s, after.frame_index) == (0.0, 0)
    assert handling.passed(SCAN, 0.5).time_s == 0.5


def test_the_view_key_goes_round_and_arrives() -> None:
    scan, seen = SCAN, []
    for _ in range(4):
        scan = handling.commanded(scan, Command.VIEW)
        for _ in range(60):
            scan = handling.passed(scan, 0.05)
        seen.append(round(math.degrees(scan.camera.yaw_rad)) % 360)
        assert scan.camera_goal is None
    assert seen == [90, 180, 270, 0]


def test_the_wheel_zooms_or_turns_the_probe() -> None:
    assert handling.wheel(SCAN, 1.0, False, False, False).camera.distance_m < SCAN.camera.distance_m
    assert handling.wheel(SCAN, 1.0, True, False, False).pose.rotate_rad > 0
    assert handling.wheel(SCAN, 1.0, False, True, False).pose.fan_rad > 0
    assert handling.wheel(SCAN, 1.0, False, False, True).pose.rock_rad > 0
    assert handling.wheel(SCAN, 1.0, True, True, False).pose.pressure > SCAN.pose.pressure


def test_postures_go_round_among_those_that_the_patient_can_take() -> None:
    assert handling.next_posture("supine", ("supine", "sitting")) == "sitting"
    assert handling.next_posture("sitting", ("supine", "sitting")) == "supine"
    assert handling.next_posture("semi_recumbent", ("semi_recumbent", "sitting")) in ("semi_recumbent", "sitting")


def test_presets_of_the_console() -> None:
    assert handling.preset("lung", "linear") == PRESETS["linear"]
    abdomen = handling.preset("abdomen", "convex")
    assert abdomen is not None
    assert abdomen.compounding
    assert abdomen.harmonics
    assert handling.preset("base", "convex") is not None
    assert handling.preset("abdomen", "linear") is None, "no machine has it for the linear probe"
