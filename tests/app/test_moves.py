"""Taking movements back, help for practice, and what of both is written down."""

from __future__ import annotations

import fakes
import pytest

from simulator.app.keys import Command
from simulator.app.moves import MOST, REST_S, Hold, Moves
from simulator.exam.events import ProbeMoved, event_from_json
from simulator.geometry import Pose


def at(number: int) -> Hold:
    return Hold(Pose(0.1 * number, -0.1), "supine")


def test_what_follows_at_once_is_one_movement() -> None:
    moves = Moves()
    for step in range(5):
        moves.note(at(step), 0.1 * step)
    assert moves.undo(at(5)) == at(0)
    assert moves.undo(at(0)) is None
    assert moves.redo(at(0)) == at(5)


def test_a_rest_or_an_end_begins_another() -> None:
    moves = Moves()
    moves.note(at(0), 0.0)
    moves.note(at(1), REST_S + 0.1)
    moves.end()
    moves.note(at(2), REST_S + 0.2)
    assert [moves.undo(at(3)), moves.undo(at(2)), moves.undo(at(1)), moves.undo(at(0))] == [at(2), at(1), at(0), None]
    assert [moves.redo(at(0)), moves.redo(at(1))] == [at(1), at(2)]
    moves.note(at(2), 9.0)
    assert not moves.can_redo, "a new movement leads elsewhere"


def test_only_so_many_are_remembered() -> None:
    moves = Moves()
    for step in range(MOST + 10):
        moves.note(at(step), 10.0 * step)
    assert sum(moves.undo(at(0)) is not None for _ in range(MOST + 10)) == MOST


@pytest.mark.parametrize("practice", [True, False])
def test_movements_are_taken_back_one_by_one_in_exams_too(practice: bool) -> None:
    program = fakes.scanning(practice=practice)
    start = program.scan.pose
    for _ in range(6):
        program.tick(0.05, [Command.FAN_UP])
    fanned = program.scan.pose
    program.tick(1.0)
    program.tick(0.05, [Command.SLIDE_DOWN])
    program.command(Command.UNDO)
    assert program.scan.pose == fanned
    program.command(Command.UNDO)
    assert program.scan.pose == start
    program.command(Command.UNDO)
    assert program.scan.pose == start
    assert program.state.notice is not None
    program.command(Command.REDO)
    assert program.scan.pose == fanned
    assert program.exam is not None
    assert program.exam.attempt is not None
    assert program.exam.attempt.state.pose == fanned or program.exam.attempt._held is not None, "written down as a move"


def test_a_jump_is_a_movement_of_its_own() -> None:
    program = fakes.scanning(practice=True)
    start = program.scan.pose
    program.tick(0.05, [Command.FAN_UP])
    fanned = program.scan.pose
    program.choose_zone("L3", jump=True)
    program.command(Command.UNDO)
    assert program.scan.pose == fanned
    program.command(Command.SQUARE)
    program.command(Command.UNDO)
    assert program.scan.pose == fanned
    program.command(Command.UNDO)
    assert program.scan.pose == start


@pytest.mark.parametrize("practice", [True, False])
def test_turning_the_patient_is_a_movement_of_its_own(practice: bool) -> None:
    program = fakes.scanning(practice=practice)
    start, first = program.scan.pose, program.scan.posture
    program.tick(0.05, [Command.FAN_UP])
    fanned = program.scan.pose
    program.command(Command.POSTURE)
    second = program.scan.posture
    program.tick(0.05, [Command.FAN_UP])
    last = program.scan.pose
    assert second != first
    seen = []
    for command in (Command.UNDO,) * 3 + (Command.REDO,) * 3:
        program.command(command)
        seen.append((program.scan.posture, program.scan.pose))
    back, again = [(second, fanned), (first, fanned), (first, start)], [(first, fanned), (second, fanned)]
    assert seen == [*back, *again, (second, last)]
    assert program.exam is not None
    assert program.exam.attempt is not None
    assert program.exam.attempt.state.posture == second, "each turn is written down, those back too"


@pytest.mark.parametrize("command", [Command.SPACE_UP, Command.SPACE_DOWN, Command.PLEURA])
def test_help_is_for_practice_and_says_so(command: Command) -> None:
    program = fakes.scanning()
    before = program.scan.pose
    program.command(command)
    assert program.scan.pose == before
    assert program.state.notice is not None
    assert program.exam is not None
    assert program.exam.attempt is not None
    assert not any(event.kind == "probe_moved" and event.help for event in program.exam.attempt._sink.events)  # type: ignore[attr-defined]


def test_help_moves_the_probe_and_is_written_down_as_help() -> None:
    program = fakes.scanning(practice=True)
    before = program.scan.pose
    program.command(Command.SPACE_DOWN)
    assert program.scan.pose.height_m < before.height_m
    program.command(Command.PLEURA)
    assert program.scan.pose.fan_rad == 0.1
    assert program.exam is not None
    assert program.exam.attempt is not None
    events = program.exam.attempt._sink.events  # type: ignore[attr-defined]
    helped = [event for event in events if isinstance(event, ProbeMoved) and event.help]
    assert [event.help for event in helped] == ["next_space", "square_to_pleura"]
    assert event_from_json(helped[0].to_json()) == helped[0]
    program.command(Command.UNDO)
    program.command(Command.UNDO)
    assert program.scan.pose == before
    for _ in range(20):
        program.command(Command.SPACE_UP)
    assert program.state.notice is not None, "the last space is said to be the last"


def test_fine_can_be_switched_on_for_good_and_shift_turns_it_about() -> None:
    program = fakes.scanning()
    program.hold_fine(False)
    program.command(Command.FINE)
    program.hold_fine(False)
    assert program.scan.fine
    program.hold_fine(True)
    assert not program.scan.fine
    program.command(Command.FINE)
    program.hold_fine(True)
    assert program.scan.fine
