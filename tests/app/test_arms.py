"""What the patient is asked to do with the arms: the body follows, the record keeps it."""

from __future__ import annotations

import fakes

from simulator.anatomy.arms import ARMS, ARMS_OF_POSTURE
from simulator.app.keys import Command
from simulator.app.screens.scan import ARMS_NAMES
from simulator.assessment.answer import ZoneAnswer
from simulator.exam.attempt import replay


def kinds(world: fakes.FakeWorld) -> list[str]:
    """What was written down, in order."""
    return [event.kind for event in world.attempts[1].events]


def test_every_way_that_can_be_asked_for_has_a_name() -> None:
    free = {arms for known in ARMS_OF_POSTURE.values() if len(known) > 1 for arms in known}
    assert free == set(ARMS_NAMES) == set(ARMS) - {"turned"}


def test_the_patient_can_be_asked_to_move_the_arms_and_it_is_written_down_and_resumed() -> None:
    """Sitting: forward, beside, raised and round again. Another posture has its own usual arms."""
    world = fakes.FakeWorld()
    program = fakes.scanning(world)
    program.turn_patient("sitting")
    assert program.scan.stance == ("sitting", "forward")
    assert "arms_moved" not in kinds(world), "the arms are as usual"
    program.command(Command.ARMS)
    assert program.scan.stance == ("sitting", "beside")
    assert program.patient is not None
    assert program.patient.arms == "beside"
    program.answer_zone("R1", ZoneAnswer(frozenset({"a_lines"}), 0))
    state = replay(world.attempts[1].events)
    assert (state.posture, state.arms) == ("sitting", "beside")
    assert (state.track[-1].posture, state.track[-1].arms) == ("sitting", "beside")
    assert state.marks["R1"].arms == "beside"
    again = fakes.program(world, coach_done=True)
    again.resume(again.unfinished[0])
    assert again.scan.stance == ("sitting", "beside")
    assert kinds(world).count("arms_moved") == 1, "resuming moves nothing"
    again.command(Command.ARMS)
    again.command(Command.ARMS)
    assert again.scan.stance == ("sitting", "forward")
    again.turn_patient("supine")
    assert again.scan.stance == ("supine", "abducted")
    assert replay(world.attempts[1].events).arms is None
    again.conclude()
    again.hand_in()
    assert again.scan.stance == ("supine", "abducted"), "the truth was found with the arms as usual"
    again.show_own("R1")
    assert again.scan.stance == ("sitting", "beside")
    assert again.patient is not None, "its body was built for this"


def test_lying_on_a_side_the_arms_stay_where_they_are() -> None:
    program = fakes.scanning()
    program.turn_patient("lateral_left")
    before = program.scan.stance
    program.command(Command.ARMS)
    assert program.scan.stance == before
    assert program.state.notice is not None
    assert "arms" in program.state.notice.text


def test_moving_the_arms_can_be_taken_back_and_made_again() -> None:
    program = fakes.scanning()
    program.turn_patient("sitting")
    program.command(Command.ARMS)
    program.command(Command.UNDO)
    assert program.scan.stance == ("sitting", "forward")
    program.command(Command.UNDO)
    assert program.scan.stance == ("supine", "abducted")
    program.command(Command.REDO)
    program.command(Command.REDO)
    assert program.scan.stance == ("sitting", "beside")
