"""Probe, patient and view in the real window: mouse, keyboard, gamepad; undo; help; looking inside."""

from __future__ import annotations

from typing import Any

import numpy as np
import pygame
import pytest
from hands_on import Hands, Point, press, scanning
from test_gamepad import Pad

from simulator.anatomy.person import nipple_torso
from simulator.app import window as window_module
from simulator.app.keys import Command
from simulator.app.screens.patient_pane import zone_anchors
from simulator.app.state import CoachStep
from simulator.geometry import Pose
from simulator.render.camera import VIEWS_RAD


def spot(hands: Hands, share: Point = (0.40, 0.45)) -> Point:
    """A place on the patient's skin."""
    x, y, width, height = hands.window.ui.places["patient"]
    return x + share[0] * width, y + share[1] * height


def pose(hands: Hands) -> Pose:
    return hands.window.program.scan.pose


def coloured(hands: Hands, area: tuple[slice, slice]) -> float:
    """Share of pixels that are not grey: an ultrasound image has next to none."""
    return float((hands.pixels()[area].std(axis=-1) > 12.0).mean())


def test_the_probe_follows_the_skin_where_it_is_dragged(hands: Hands) -> None:
    scanning(hands)
    program = hands.window.program
    start = spot(hands)
    hands.drag(start, (start[0] + 50.0, start[1] + 70.0))
    face = np.array(program.placement.face_torso)  # type: ignore[union-attr]
    patient = program.patient
    assert patient is not None
    assert abs(float(patient.body.sample("skin", face))) < 0.002
    x, y, width, height = hands.window.ui.places["patient"]
    u, v = program.scan.camera.project(face, width / height)
    assert (x + u * width, y + v * height) == pytest.approx((start[0] + 50.0, start[1] + 70.0), abs=3.0)


def test_a_press_on_the_probe_does_not_move_it_and_fine_moves_it_a_fifth(hands: Hands) -> None:
    scanning(hands)
    hands.click(spot(hands))
    before = pose(hands)
    at = spot(hands)
    hands.click((at[0] + 6.0, at[1] - 5.0))
    assert pose(hands).height_m == pytest.approx(before.height_m, abs=1e-3)
    hands.drag((at[0], at[1]), (at[0], at[1] + 60.0))
    coarse = before.height_m - pose(hands).height_m
    hands.key("G")
    assert hands.window.program.scan.fine
    before = pose(hands)
    hands.drag((at[0] + 30.0, at[1]), (at[0] + 30.0, at[1] + 60.0))
    assert before.height_m - pose(hands).height_m == pytest.approx(0.2 * coarse, rel=0.25)


@pytest.mark.parametrize(
    ("mod", "name"),
    [
        (pygame.KMOD_CTRL, "rotate_rad"),
        (pygame.KMOD_SHIFT, "fan_rad"),
        (pygame.KMOD_ALT, "rock_rad"),
        (pygame.KMOD_CTRL | pygame.KMOD_SHIFT, "pressure"),
        (0, ""),
    ],
)
def test_the_wheel_turns_the_probe_with_its_modifiers(hands: Hands, mod: int, name: str) -> None:
    scanning(hands)
    before, distance = pose(hands), hands.window.program.scan.camera.distance_m
    for kind in (pygame.KEYDOWN,):  # any key tells Dear ImGui what is held
        pygame.event.post(pygame.event.Event(kind, key=0, scancode=pygame.KSCAN_F5, mod=mod, unicode=""))
    hands.wheel(spot(hands), 1)
    after = pose(hands)
    for field in ("rotate_rad", "fan_rad", "rock_rad", "pressure"):
        assert (getattr(after, field) > getattr(before, field)) == (field == name), field
    assert (hands.window.program.scan.camera.distance_m < distance) == (not name)


def test_a_gamepad_moves_the_probe_finely_near_the_middle(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    scanning(hands)
    program = hands.window.program
    pad: Any = Pad([0.1, 0.0, 0.0, 0.0, -1.0, -1.0])
    pad.get_instance_id = lambda: 7
    monkeypatch.setattr(window_module.pygame.joystick, "Joystick", lambda index: pad)
    pygame.event.post(pygame.event.Event(pygame.JOYDEVICEADDED, device_index=0))
    hands.frames(3)
    before = pose(hands)
    hands.frames(3)
    assert pose(hands) == before, "a stick that rests off its middle rests"
    for axis, field, sign in ((0, "azimuth_rad", -1), (1, "height_m", -1), (2, "rock_rad", -1), (3, "fan_rad", -1)):
        moved = []
        for value in (0.3, 1.0):
            before = pose(hands)
            pad.axes[axis] = value
            hands.frames(2)
            pad.axes[axis] = 0.1 if axis == 0 else 0.0
            moved.append((getattr(pose(hands), field) - getattr(before, field)) * sign)
        assert 0.0 < moved[0] < 0.2 * moved[1], field
    before = pose(hands)
    pad.axes[5], pad.buttons[5] = 1.0, 1
    hands.frames(2)
    pad.axes[5], pad.buttons[5] = -1.0, 0
    assert pose(hands).pressure > before.pressure
    assert pose(hands).rotate_rad > before.rotate_rad
    pygame.event.post(pygame.event.Event(pygame.JOYBUTTONDOWN, button=0, instance_id=7))
    hands.frames(1)
    assert program.scan.frozen
    pygame.event.post(pygame.event.Event(pygame.JOYBUTTONDOWN, button=0, instance_id=7))
    height = pose(hands).height_m
    pygame.event.post(pygame.event.Event(pygame.JOYHATMOTION, hat=0, value=(0, -1), instance_id=7))
    hands.frames(1)
    assert pose(hands).height_m < height, "to the next space"
    pygame.event.post(pygame.event.Event(pygame.JOYDEVICEREMOVED, instance_id=7))
    hands.frames(1)
    assert hands.window._pads.read() == ({}, False)


def test_a_movement_is_taken_back_by_key_letter_and_button(hands: Hands) -> None:
    scanning(hands)
    program = hands.window.program
    start = pose(hands)
    hands.key("W", hold=4)
    fanned = pose(hands)
    hands.frames(20)
    at = spot(hands)
    hands.drag(at, (at[0], at[1] + 60.0))
    dragged = pose(hands)
    pygame.event.post(
        pygame.event.Event(
            pygame.KEYDOWN, key=pygame.K_z, scancode=pygame.KSCAN_W, mod=pygame.KMOD_CTRL, unicode=""
        )  # where the Z is on AZERTY
    )
    hands.frames(1)
    assert pose(hands) == fanned, "one drag is one movement, however many frames it took"
    hands.key("U")
    assert pose(hands) == start
    hands.key("U", mod=pygame.KMOD_SHIFT)
    hands.key("U", mod=pygame.KMOD_SHIFT)
    assert pose(hands) == dragged
    px, py, _, _ = hands.window.ui.places["patient"]
    hands.click((px + 27.0, py + 61.0))  # the first button of the column
    assert pose(hands) == fanned
    assert program.state.error == ""


def test_help_and_looking_inside_have_keys_and_are_off_in_exams(hands: Hands) -> None:
    scanning(hands)
    program = hands.window.program
    before = pose(hands)
    hands.key("PAGEDOWN")
    assert pose(hands).height_m < before.height_m
    hands.key("PAGEUP")
    assert pose(hands).height_m == pytest.approx(before.height_m, abs=1e-6)
    hands.key("X", mod=pygame.KMOD_SHIFT)
    assert pose(hands).fan_rad == 0.1
    ix, iy, iw, ih = hands.window.ui.places["image"]
    area = (slice(int(iy) + 40, int(iy + ih) - 40), slice(int(ix) + 60, int(ix + iw) - 60))
    hands.key("K")
    assert program.scan.show_cut
    hands.wait(lambda: coloured(hands, area) > 0.05)
    hands.key("I")
    hands.wait(lambda: hands.window.pictures._torso.has_layers)
    hands.frames(20)
    assert program.scan.fades == program.scan.fade_goals
    program.menu()
    hands.frames(2)
    hands.click((800.0, 130.0))
    hands.wait(lambda: program.state.scan is not None)
    program.begin_scan(practice=False)
    hands.frames(3)
    before = pose(hands)
    for name, mod in (("PAGEDOWN", 0), ("PAGEUP", 0), ("X", pygame.KMOD_SHIFT), ("K", 0), ("I", 0)):
        hands.key(name, mod=mod)
    assert pose(hands) == before
    assert not program.scan.show_cut
    assert not program.scan.show_inside
    assert coloured(hands, area) < 0.02


def test_the_four_views_the_orbit_and_the_posture(hands: Hands) -> None:
    scanning(hands)
    program = hands.window.program
    for words, yaw in (("Right", np.pi / 2.0), ("Back", np.pi), ("Left", -np.pi / 2.0), ("Front", 0.0)):
        press(hands, words)
        hands.frames(40)
        assert np.cos(program.scan.camera.yaw_rad - yaw) > 0.999
    at = spot(hands)
    hands.drag(at, (at[0] + 60.0, at[1] + 30.0), button=3)
    assert program.scan.camera.yaw_rad != 0.0
    posture = program.scan.posture
    hands.key("P")
    hands.wait(lambda: program.scan.posture != posture)


def test_the_probe_follows_the_pointer_on_a_patient_who_lies_on_a_side(hands: Hands) -> None:
    scanning(hands)
    program = hands.window.program
    for posture in ("lateral_left", "lateral_right"):
        program.turn_patient(posture)
        hands.wait(lambda: program.busy is None)
        hands.frames(60)
        assert abs(program.scan.camera.roll_rad) == pytest.approx(np.pi / 2.0, abs=1e-6)
        x, y, width, height = hands.window.ui.places["patient"]
        start = (x + 0.5 * width, y + 0.48 * height)
        end = (start[0] + 40.0, start[1] - 20.0)
        hands.drag(start, end)
        assert program.placement is not None
        u, v = program.scan.camera.project(np.array(program.placement.face_torso), width / height)
        assert (x + u * width, y + v * height) == pytest.approx(end, abs=4.0)


def test_every_probe_is_seen_with_its_plane_live_frozen_and_magnified(hands: Hands) -> None:
    scanning(hands)
    program = hands.window.program
    px, py, pw, ph = hands.window.ui.places["patient"]
    area = (slice(int(py) + 50, int(py + ph) - 130), slice(int(px) + 60, int(px + pw) - 10))
    for _ in range(4):
        hands.frames(6)
        live = hands.pixels()[area].astype(int)
        hands.key("SPACE")
        hands.key("UP", hold=5)
        hands.frames(6)
        moved = hands.pixels()[area].astype(int)
        assert (np.abs(live - moved).sum(axis=-1) > 40).mean() > 0.002, program.scan.transducer_key
        hands.key("SPACE")
        program.command(Command.PROBE)
    assert program.scan.transducer_key == "convex"


@pytest.mark.parametrize("released", [False, True])
def test_a_press_in_the_frame_that_brings_the_pointer_is_a_press_on_the_patient(hands: Hands, released: bool) -> None:
    scanning(hands)
    program = hands.window.program
    hands.move((640.0, 20.0))
    hands.frames(12)
    before, scale = pose(hands), hands.window.input.interface_scale
    at = tuple(scale * value for value in spot(hands, (0.60, 0.50)))
    events = [
        pygame.event.Event(pygame.MOUSEMOTION, pos=at, rel=(0, 0), buttons=(0, 0, 0), touch=False),
        pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=at, button=1, touch=False),
        pygame.event.Event(pygame.MOUSEBUTTONUP, pos=at, button=1, touch=False),
    ]
    for event in events[: 2 + released]:  # all within one slow frame
        pygame.event.post(event)
    hands.frames(1)
    assert pose(hands) != before
    pygame.event.post(events[2])
    hands.frames(2)
    placed = pose(hands)
    hands.move((640.0, 20.0))
    hands.frames(12)
    x, y, width, _height = hands.window.ui.places["patient"]
    button = ((x + 0.40 * width) * scale, (y + 22.0) * scale)  # "Right", over the patient
    for kind in (pygame.MOUSEMOTION, pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
        more = {"rel": (0, 0), "buttons": (0, 0, 0)} if kind == pygame.MOUSEMOTION else {"button": 1}
        pygame.event.post(pygame.event.Event(kind, pos=button, touch=False, **more))
    hands.frames(3)
    goal = program.scan.camera_goal or program.scan.camera
    assert goal.yaw_rad == pytest.approx(VIEWS_RAD["right"])
    assert pose(hands) == placed


def test_the_coach_lies_on_no_image(hands: Hands) -> None:
    ix, iy, iw, ih = scanning(hands)
    program = hands.window.program
    for step in (CoachStep.PROBE, CoachStep.KNOBS, CoachStep.ANSWER):
        program.point_at(step)
        hands.frames(4)
        x, y, width, height = hands.window.ui.places["coach"]
        apart = x >= ix + iw or x + width <= ix or y >= iy + ih or y + height <= iy
        assert apart, step
        place = {CoachStep.PROBE: "patient", CoachStep.KNOBS: "console", CoachStep.ANSWER: "answers"}[step]
        px, _py, pw, _ph = hands.window.ui.places[place]
        assert x >= px + pw or x + width <= px, "nor on what it points at"


def test_a_tap_on_a_button_over_the_patient_is_no_press_on_the_patient(hands: Hands) -> None:
    scanning(hands)
    program = hands.window.program
    hands.move(spot(hands))
    hands.frames(2)
    before = pose(hands)
    x, y, width, _height = hands.window.ui.places["patient"]
    scale = hands.window.input.interface_scale
    at = ((x + 0.40 * width) * scale, (y + 22.0) * scale)  # "Right"
    motion = pygame.event.Event(pygame.MOUSEMOTION, pos=at, rel=(0, 0), buttons=(0, 0, 0), touch=True)
    down = pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=at, button=1, touch=True)
    up = pygame.event.Event(pygame.MOUSEBUTTONUP, pos=at, button=1, touch=True)
    for event in (motion, down, up):  # all within one frame
        pygame.event.post(event)
    hands.frames(6)
    goal = program.scan.camera_goal or program.scan.camera
    assert goal.yaw_rad == pytest.approx(VIEWS_RAD["right"])
    assert pose(hands) == before


def test_no_name_of_a_zone_lies_on_a_nipple(hands: Hands) -> None:
    scanning(hands)
    patient = hands.window.program.patient
    assert patient is not None
    nipple = np.array(nipple_torso(patient.body))
    for key, (point, _outward) in zone_anchors(hands.window.ui).items():
        beside = np.linalg.norm(np.abs(point - nipple) if key.startswith("R") else point * (-1, 1, 1) - nipple)
        assert beside > 0.025, key
