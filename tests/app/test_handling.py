"""What commands do to probe, console and view."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.anatomy.zones import ZONES
from simulator.app import handling
from simulator.app.keys import BINDINGS, Command
from simulator.app.state import ScanState
from simulator.geometry import Pose
from simulator.probe import PRESETS, SETTING_RANGES, TRANSDUCERS
from simulator.render.camera import LYING, VIEWS_RAD, Camera

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
    assert handling.next_posture("semi_recumbent", ("semi_recumbent", "sitting")) == "sitting"
    way = ["semi_recumbent"]
    while way.count("semi_recumbent") < 2 and len(way) < 9:
        way.append(handling.next_posture(way[-1]))
    assert set(way) == {"supine", "semi_recumbent", "sitting", "lateral_left", "lateral_right"}, "each is come back to"


def test_presets_of_the_console() -> None:
    assert handling.preset("lung", "linear") == PRESETS["linear"]
    abdomen = handling.preset("abdomen", "convex")
    assert abdomen is not None
    assert abdomen.compounding
    assert abdomen.harmonics
    assert handling.preset("base", "convex") is not None
    assert handling.preset("abdomen", "linear") is None, "no machine has it for the linear probe"


def test_what_is_near_goes_with_the_pointer_that_turns_the_view() -> None:
    for yaw in (0.0, 1.5, math.pi, -1.5):
        scan = replace(SCAN, camera=Camera(yaw_rad=yaw))
        near = scan.camera.eye_torso + 1.1 * scan.camera.axes_torso()[:, 2]  # before the axis
        before = scan.camera.project(near, 0.5)
        after = handling.orbited(scan, 0.05, 0.0).camera.project(near, 0.5)
        assert after[0] > before[0] + 0.01, yaw
        after = handling.orbited(scan, 0.0, 0.05).camera.project(near, 0.5)
        assert after[1] > before[1] + 0.01, yaw


SIDES = sorted(LYING)


def lying_on(posture: str, view: str = "front") -> ScanState:
    """The view of a patient who has turned onto a side, at rest."""
    scan = handling.looked_from(replace(SCAN, posture=posture), view)
    for _ in range(40):
        scan = handling.passed(scan, 0.05)
    assert scan.camera_goal is None
    return scan


@pytest.mark.parametrize("posture", SIDES)
def test_the_view_lies_down_with_the_patient_and_gets_up_again(posture: str) -> None:
    scan = replace(SCAN, posture=posture)
    for _ in range(40):
        scan = handling.passed(scan, 0.05)
    lying = LYING[posture]
    assert scan.camera.lying == lying
    low, high = scan.camera.project(np.array([[-0.1 * lying, -0.1, -0.2], [0.1 * lying, -0.1, -0.2]]), 0.5)
    assert low[1] > high[1] + 0.05, "the side they lie on is below"
    assert lying * scan.camera.eye_torso[0] > 0.1, "the bed is seen from above"
    assert handling.looked_at_probe(scan).camera_goal.lying == lying  # type: ignore[union-attr]
    scan = replace(scan, posture="supine")
    for _ in range(40):
        scan = handling.passed(scan, 0.05)
    assert scan.camera == Camera()


@pytest.mark.parametrize("posture", SIDES)
def test_the_four_views_are_of_the_patient_who_lies_on_a_side_too(posture: str) -> None:
    for view, yaw in VIEWS_RAD.items():
        assert math.cos(lying_on(posture, view).camera.yaw_rad - yaw) > 0.95
    scan, seen = lying_on(posture), []
    for _ in range(4):
        scan = handling.commanded(scan, Command.VIEW)
        assert scan.camera_goal is not None
        seen.append(min(VIEWS_RAD, key=lambda v: -math.cos(VIEWS_RAD[v] - scan.camera_goal.yaw_rad)))  # type: ignore[union-attr]
        scan = replace(scan, camera=scan.camera_goal, camera_goal=None)
    assert seen == ["right", "back", "left", "front"]


@pytest.mark.parametrize("posture", SIDES)
@pytest.mark.parametrize("view", ["front", "back"])
def test_hand_and_pointer_go_as_on_the_screen_where_the_patient_lies_on_a_side(posture: str, view: str) -> None:
    scan = lying_on(posture, view)
    near = scan.camera.eye_torso + 1.1 * scan.camera.axes_torso()[:, 2]
    for way in (np.array([0.05, 0.0]), np.array([0.0, 0.05])):
        moved = handling.orbited(scan, *way).camera.project(near, 0.5) - scan.camera.project(near, 0.5)
        assert moved @ way > 0.01 * 0.05, "what is near goes with the pointer"

    def seen_at(pose: Pose) -> np.ndarray:
        out = np.array([math.sin(pose.azimuth_rad), math.cos(pose.azimuth_rad), 0.0])
        return scan.camera.project(np.array([0.0, -0.11, pose.height_m]) + 0.13 * out, 0.5)

    azimuth = (math.pi if view == "back" else 0.0) + 0.2 * LYING[posture] * (-1.0 if view == "back" else 1.0)
    scan = replace(scan, pose=Pose(handling.wrapped(azimuth), -0.15))
    for command, (dx, dy) in {
        Command.SLIDE_UP: (0, -1), Command.SLIDE_DOWN: (0, 1), Command.SLIDE_LEFT: (-1, 0), Command.SLIDE_RIGHT: (1, 0)
    }.items():  # fmt: skip
        moved = seen_at(handling.hold(scan, [command], 0.5).pose) - seen_at(scan.pose)
        assert moved @ (dx, dy) > 0.9 * np.linalg.norm(moved) > 0.01, command


def test_the_view_nears_what_the_pointer_is_on_and_comes_back_to_the_whole_trunk() -> None:
    camera = Camera()
    at = camera.across(0.35, 0.40, 0.5)
    scan = SCAN
    for _ in range(4):
        scan = handling.wheel(scan, 1.0, False, False, False, at)
    u, v = scan.camera.project(at, 0.5)
    assert (float(u), float(v)) == pytest.approx((0.35, 0.40), abs=0.02)
    for _ in range(4):
        scan = handling.wheel(scan, -1.0, False, False, False, at)
    assert scan.camera.target_torso == pytest.approx(camera.target_torso, abs=1e-6)
    far = handling.wheel(SCAN, -20.0, False, False, False, at).camera
    assert far.target_torso == camera.target_torso


@pytest.mark.parametrize("zone", ["R1", "R4", "L6", "L3"])
def test_a_zone_that_is_jumped_to_is_in_the_picture_however_near_one_looks(zone: str) -> None:
    where = ZONES[zone]
    azimuth, height = math.radians(where.centre[0]) * where.sign, -0.29 * where.centre[1]
    scan = replace(SCAN, pose=Pose(azimuth, height), camera=Camera(distance_m=0.6))
    goal = handling.looked_at_probe(scan).camera_goal
    assert goal is not None
    probe = np.array([0.14 * math.sin(azimuth), -0.11 + 0.12 * math.cos(azimuth), height])
    u, v = goal.project(probe, 0.5)
    assert 0.15 < u < 0.85
    assert 0.15 < v < 0.85


def test_a_preset_view_shows_the_whole_trunk() -> None:
    scan = replace(SCAN, camera=Camera(yaw_rad=0.1).zoomed(0.5, np.array([0.1, 0.0, -0.05])))
    for view in VIEWS_RAD:
        goal = handling.looked_from(scan, view).camera_goal
        assert goal == Camera(yaw_rad=VIEWS_RAD[view])
    scan = handling.looked_from(scan, "front")
    for _ in range(30):
        scan = handling.passed(scan, 0.05)
    assert scan.camera == Camera()
