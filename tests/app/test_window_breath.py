"""Asking the patient in the real window: the button, its list, the keys; sliding stops in a hold, the pulse stays."""

from __future__ import annotations

import dataclasses

import numpy as np
import pygame
import pytest
from hands_on import Hands, press, scanning

from simulator.messages import set_language
from simulator.physiology.chest_wall import USUAL_EXCURSION_M, wall_shift_m


def kinds(hands: Hands) -> list[str]:
    return [request.kind for request in hands.window.program.scan.requests]


def test_buttons_and_keys_ask_the_patient(hands: Hands) -> None:
    set_language("en")
    scanning(hands)
    press(hands, "Breathing quietly   ↑")
    hands.frames(3)
    press(hands, "Hold your breath   (H)")
    assert kinds(hands) == ["hold"]
    hands.frames(65)
    press(hands, "Holding, 2 s   ↑")
    hands.frames(3)
    press(hands, "Breathe normally   (O)")
    hands.key("J")
    hands.frames(60)
    hands.key("H", mod=pygame.KMOD_SHIFT)
    hands.frames(60)
    hands.key("J", mod=pygame.KMOD_SHIFT)
    assert kinds(hands) == ["hold", "quiet", "deep", "hold_in", "hold_out"]


def test_a_click_elsewhere_closes_the_list_and_acts(hands: Hands) -> None:
    set_language("en")
    scanning(hands)
    program = hands.window.program
    press(hands, "Breathing quietly   ↑")
    hands.frames(3)
    assert program.state.breaths_listed
    press(hands, "Right")
    assert not program.state.breaths_listed
    goal = program.scan.camera_goal or program.scan.camera
    assert goal.yaw_rad == pytest.approx(np.pi / 2.0)
    hands.frames(30)
    press(hands, "Breathing quietly   ↑")
    before = program.scan.pose
    x, y, width, height = hands.window.ui.places["patient"]
    hands.click((x + 0.5 * width, y + 0.4 * height))
    assert not program.state.breaths_listed
    assert program.scan.pose != before, "the patient was pressed on"
    press(hands, "Breathing quietly   ↑")
    press(hands, "Breathing quietly   ↑")
    assert not program.state.breaths_listed, "pressed again, the button closes it"
    press(hands, "Breathing quietly   ↑")
    hands.key("ESCAPE")
    assert not program.state.breaths_listed
    assert not program.state.leave_open


def test_chest_and_image_move_with_the_breath_and_stand_still_in_a_hold(hands: Hands) -> None:
    scanning(hands)
    window, program = hands.window, hands.window.program
    px, py, pw, ph = window.ui.places["patient"]
    skin = (slice(int(py) + 60, int(py + ph) - 140), slice(int(px) + 60, int(px + pw) - 10))

    def change(frames: int) -> int:
        before = hands.pixels()[skin].astype(int)
        hands.frames(frames)
        return int((np.abs(hands.pixels()[skin].astype(int) - before).sum(axis=-1) > 40).sum())

    program.change(dataclasses.replace(program.scan, show_zones=True))
    hands.frames(4)
    hands.key("H", mod=pygame.KMOD_SHIFT)
    rising = change(75)
    while program.patient.respiration.doing(program.scan.time_s, program.scan.requests).held_for_s < 0.5:  # type: ignore[union-attr]
        hands.frames(5)
    hands.frames(10)
    held = program.patient.at(program.scan.time_s, program.scan.requests)  # type: ignore[union-attr]
    standing = change(15)
    assert rising > 300
    assert standing < 0.35 * rising, "only the live image on its plane flickers"
    assert held.breath == held.patient.respiration.deep_filling


def test_a_press_on_the_risen_probe_does_not_move_it(hands: Hands) -> None:
    scanning(hands)
    program = hands.window.program
    x, y, width, height = hands.window.ui.places["patient"]
    hands.click((x + 0.40 * width, y + 0.45 * height))
    hands.key("H", mod=pygame.KMOD_SHIFT)
    hands.frames(110)
    assert program.patient is not None
    assert program.placement is not None
    body, face = program.patient.body, np.array(program.placement.face_torso)
    state = program.patient.at(program.scan.time_s, program.scan.requests)
    shift = wall_shift_m(face, state.diaphragm_descent_m / USUAL_EXCURSION_M, body.axis_y_m, body.notch_to_rib10_m)
    assert np.linalg.norm(shift) > 0.008
    before = program.scan.pose
    u, v = program.scan.camera.project(face + shift, width / height)
    hands.click((x + u * width, y + v * height))
    assert program.scan.pose.height_m == pytest.approx(before.height_m, abs=1e-3)
    assert program.scan.pose.azimuth_rad == pytest.approx(before.azimuth_rad, abs=0.01)


def test_a_patient_who_cannot_follow_has_a_dead_button(hands: Hands) -> None:
    set_language("en")
    scanning(hands)
    program = hands.window.program
    assert program.exam is not None
    stance = program.scan.stance
    patient = program.exam.patients[stance]
    tube = dataclasses.replace(patient.respiration, follows=False)
    program.exam.patients[stance] = dataclasses.replace(patient, respiration=tube)
    press(hands, "Breathing quietly   ↑")
    hands.frames(3)
    hands.key("H")
    assert kinds(hands) == []
    assert program.state.notice is not None
    assert program.state.notice.text == "This patient cannot follow requests."
