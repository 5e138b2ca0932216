"""Asking the patient to breathe: by key, in exams too; seen in the image, kept with loop, clip and attempt."""

from __future__ import annotations

import dataclasses

import fakes
import pytest

from simulator.app.keys import BINDINGS, Command, binding_for, request_of
from simulator.app.program import Program
from simulator.app.screens.breath_tools import doing
from simulator.app.state import Screen
from simulator.assessment.answer import ZoneAnswer
from simulator.messages import set_language
from simulator.physiology.requests import REQUESTS
from simulator.physiology.respiration import Respiration


def filling(program: Program) -> float:
    assert program.patient is not None
    return program.patient.at(program.scan.time_s, program.scan.requests).breath


def let_pass(program: Program, seconds: float) -> None:
    for _ in range(round(seconds * 20)):
        program.tick(0.05)


def with_respiration(program: Program, respiration: Respiration) -> None:
    assert program.exam is not None
    patients = program.exam.patients
    stance = program.scan.stance
    patients[stance] = dataclasses.replace(patients[stance], respiration=respiration)


def test_each_request_has_a_key() -> None:
    asked = [request_of(binding.command) for binding in BINDINGS]
    assert {kind for kind in asked if kind} == set(REQUESTS)
    held, breathed_in = binding_for("H", shift=False), binding_for("H", shift=True)
    assert held is not None
    assert breathed_in is not None
    assert (held.command, breathed_in.command) == (Command.HOLD_BREATH, Command.HOLD_IN)


def test_a_hold_in_an_exam_is_written_down_and_stops_the_lung() -> None:
    set_language("en")
    world = fakes.FakeWorld()
    program = fakes.scanning(world)
    let_pass(program, 0.9)
    program.command(Command.HOLD_BREATH)
    held = filling(program)
    assert 0.0 < held < 1.0
    let_pass(program, 12.0)
    assert filling(program) == held
    assert program.patient is not None
    assert doing(program.patient, program.scan.time_s, program.scan.requests) in ("Holding, 11 s", "Holding, 12 s")
    assert [event.kind for event in world.attempts[1].events].count("breath_requested") == 1
    program.command(Command.HOLD_BREATH)  # asked again: nothing new
    assert len(program.scan.requests) == 1
    program.command(Command.BREATHE)
    let_pass(program, 2.0)
    assert filling(program) != held


def test_undoing_a_movement_does_not_undo_a_breath() -> None:
    program = fakes.scanning(practice=True)
    program.tick(0.1, [Command.SLIDE_DOWN])
    program.command(Command.HOLD_BREATH)
    requests = program.scan.requests
    program.command(Command.UNDO)
    assert program.scan.requests == requests != ()


def test_a_frozen_loop_breathes_as_it_did_and_no_request_is_heard() -> None:
    program = fakes.scanning(practice=True)
    let_pass(program, 2.0)
    program.command(Command.HOLD_IN)
    let_pass(program, 5.0)
    program.command(Command.FREEZE)
    program.command(Command.BREATHE)
    assert len(program.scan.requests) == 1
    assert program.state.notice is not None
    assert program.patient is not None
    fillings = []
    for index in range(len(program.cine)):
        program.cine.seek(index)
        shot = program.shot
        assert shot is not None
        fillings.append(program.patient.at(shot.time_s, shot.requests).breath)
    assert max(fillings[:20]) <= 1.0
    assert fillings[-1] == pytest.approx(program.patient.respiration.deep_filling)
    program.command(Command.FREEZE)
    program.command(Command.BREATHE)
    assert [request.kind for request in program.scan.requests] == ["hold_in", "quiet"]


def test_who_cannot_follow_is_not_asked() -> None:
    world = fakes.FakeWorld()
    program = fakes.scanning(world)
    for respiration in (Respiration(14.0, follows=False), Respiration(0.0)):
        with_respiration(program, respiration)
        program.state = dataclasses.replace(program.state, notice=None)
        program.command(Command.HOLD_BREATH)
        assert program.scan.requests == ()
        assert program.state.notice is not None
    assert "breath_requested" not in [event.kind for event in world.attempts[1].events]


def test_an_interrupted_examination_goes_on_in_the_same_breath() -> None:
    world = fakes.FakeWorld()
    program = fakes.scanning(world)
    let_pass(program, 1.3)
    program.command(Command.HOLD_BREATH)
    again = fakes.program(world, coach_done=True)
    again.resume(again.unfinished[0])
    assert again.scan.requests == program.scan.requests
    assert again.scan.time_s == program.scan.time_s
    assert filling(again) == filling(program)


def test_the_debrief_shows_a_zone_with_the_breath_of_then() -> None:
    program = fakes.scanning()
    program.choose_zone("R1", jump=True)
    let_pass(program, 1.0)
    program.command(Command.HOLD_BREATH)
    held = filling(program)
    let_pass(program, 8.0)
    program.answer_zone("R1", ZoneAnswer(frozenset({"a_lines"}), 0))
    end_s = program.scan.time_s
    program.command(Command.BREATHE)
    let_pass(program, 3.0)
    program.conclude()
    program.answer_conclusion("normal", "minimal")
    program.hand_in()
    assert program.state.screen == Screen.DEBRIEF
    assert program.scan.requests == (), "the truth is of quiet breathing"
    program.show_own("R1")
    for _ in range(200):  # longer than the clip, which begins again
        program.tick(0.05)
        assert program.scan.time_s <= end_s
        assert filling(program) == held
    program.show_truth("R1")
    assert program.scan.clip_s is None
