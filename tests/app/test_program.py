"""The program without its window: from menu to results."""

from __future__ import annotations

import itertools
from dataclasses import replace

import fakes
import numpy as np
import pytest

from simulator.app import handling
from simulator.app.examination import reachable
from simulator.app.keys import Command
from simulator.app.state import CoachStep, Screen
from simulator.app.work import Job
from simulator.assessment.answer import ZoneAnswer
from simulator.exam.attempt import replay
from simulator.messages import language, set_language


def kinds(world: fakes.FakeWorld, attempt: int = 1) -> list[str]:
    return [event.kind for event in world.attempts[attempt].events]


def test_from_menu_to_results() -> None:
    world = fakes.FakeWorld()
    program = fakes.program(world)
    assert program.state.screen == Screen.MENU
    program.open_case("one")
    assert program.state.screen == Screen.BRIEF
    program.begin_scan(practice=False)
    assert program.state.screen == Screen.SCAN
    program.answer_zone("R1", ZoneAnswer(frozenset({"a_lines"}), 0))
    program.conclude()
    program.answer_conclusion("normal", "minimal")
    program.hand_in()
    assert program.state.screen == Screen.DEBRIEF
    assert program.exam is not None
    assert program.exam.score is not None
    assert program.exam.score.conclusion.percent == 100.0
    assert world.kept == [program.exam.score]
    assert kinds(world)[-1] == "finished"
    program.go(Screen.RESULTS)
    assert len(program.results()) == 1
    program.back()
    assert program.state.screen == Screen.DEBRIEF
    program.menu()
    assert program.state.screen == Screen.MENU
    assert not program.unfinished


def test_everything_that_is_done_is_written_down_and_can_be_resumed() -> None:
    world = fakes.FakeWorld()
    program = fakes.scanning(world)
    program.tick(0.1, [Command.SLIDE_DOWN])
    program.clock.now_s += 1.0  # type: ignore[attr-defined]
    program.command(Command.DEEPER)
    program.command(Command.FREEZE)
    program.answer_zone("R1", ZoneAnswer(frozenset({"a_lines"}), 0))
    program.answer_zone("L6", ZoneAnswer(not_examined=True))
    scan = program.scan
    seen = kinds(world)
    for kind in ("started", "probe_moved", "settings_changed", "zone_marked", "zone_answered", "zone_not_examined"):
        assert kind in seen
    assert replay(world.attempts[1].events).answer == scan.answer

    again = fakes.program(world, coach_done=True)  # the program was killed
    assert again.unfinished
    again.resume(again.unfinished[0])
    assert again.state.screen == Screen.SCAN
    assert again.scan.answer == scan.answer
    assert again.scan.pose == scan.pose
    assert again.scan.settings == scan.settings
    assert "resumed" in kinds(world)


def test_a_resumed_examination_stays_its_owners_and_its_clock_waits_for_the_patient() -> None:
    world = fakes.FakeWorld()
    first = fakes.program(world, coach_done=True, trainee="Kim")
    first.open_case("one")
    first.begin_scan(practice=False)
    again = fakes.program(world, coach_done=True, trainee="Alex")
    jobs: list[Job] = []
    again.start_job = jobs.append  # type: ignore[assignment]
    again.resume(again.unfinished[0])
    again.clock.now_s += 30.0  # type: ignore[attr-defined]
    assert kinds(world)[-1] != "resumed", "the patient is still being built"
    jobs[0].run()
    again.tick(0.1)
    assert again.state.screen == Screen.SCAN
    assert again.elapsed_s == first.elapsed_s
    assert again.trainee == "Kim"


def test_practice_is_not_kept() -> None:
    world = fakes.FakeWorld()
    program = fakes.scanning(world, practice=True)
    program.conclude()
    program.hand_in()
    assert program.state.screen == Screen.DEBRIEF
    assert not world.kept
    assert not world.attempts


def test_leaving_asks_and_keeps() -> None:
    world = fakes.FakeWorld()
    program = fakes.scanning(world)
    program.command(Command.BACK)
    assert program.state.leave_open
    before = program.scan.pose
    program.tick(0.5, [Command.SLIDE_UP])
    assert program.scan.pose == before, "nothing moves while the question is open"
    program.command(Command.BACK)
    assert not program.state.leave_open
    program.menu()
    assert program.unfinished


def test_zone_keys_jump_in_practice_only() -> None:
    program = fakes.scanning(practice=True)
    program.command(Command.ZONE_L2)
    assert program.scan.zone == "L2"
    assert program.exam is not None
    assert program.exam.zone_under_probe(program.scan) == "L2"
    program = fakes.scanning()
    before = program.scan.pose
    program.command(Command.ZONE_L2)
    assert program.scan.zone == "L2"
    assert program.scan.pose == before


def test_the_sheet_follows_the_probe() -> None:
    program = fakes.scanning()
    pose = program.world.zone_pose(program.patient.body, "R2")  # type: ignore[union-attr]
    program.change(replace(program.scan, pose=pose))
    assert program.scan.zone == "R2"


def test_the_bed_is_in_the_way_until_the_patient_is_turned() -> None:
    program = fakes.scanning(practice=True)
    program.command(Command.ZONE_6)
    assert program.state.notice is not None
    assert program.state.notice.bad
    program.command(Command.POSTURE)
    assert program.scan.posture == "sitting"
    program.command(Command.ZONE_6)
    assert program.exam is not None
    assert program.exam.zone_under_probe(program.scan) == "R6"


def test_turning_the_patient_leaves_nobody_looking_through_the_bed() -> None:
    program = fakes.scanning(practice=True)
    program.command(Command.POSTURE)
    program.command(Command.ZONE_6)
    program.change(handling.looked_from(program.scan, "back"))
    program.turn_patient("supine")
    goal = program.scan.camera_goal
    assert goal is not None
    assert goal.yaw_rad == 0.0, "what lies down shows its front"
    assert program.state.notice is not None
    assert "between" in program.state.notice.text
    program.turn_patient("sitting")
    assert program.scan.camera_goal == goal, "a view that is free stays"


@pytest.mark.parametrize(
    ("posture", "degrees", "free"),
    [
        ("supine", 0, True),
        ("supine", 115, True),
        ("supine", 150, False),
        ("supine", -150, False),
        ("supine", 180, False),
        ("sitting", 180, True),
        ("lateral_left", -90, False),
        ("lateral_left", 90, True),
        ("lateral_right", 90, False),
    ],
)
def test_what_can_be_reached(posture: str, degrees: float, free: bool) -> None:
    assert reachable(posture, np.radians(degrees)) is free


def test_dragging_puts_the_probe_there() -> None:
    program = fakes.scanning()
    point = np.array([0.05, 0.02, -0.12])
    program.drag_to(point)
    assert program.scan.pose.height_m == pytest.approx(-0.12)
    assert program.scan.pose.azimuth_rad == pytest.approx(np.arctan2(0.05, 0.13))


def test_lost_contact() -> None:
    program = fakes.scanning()
    assert program.in_contact
    program.tick(2.0, [Command.LIFT])
    assert not program.in_contact


def test_the_coach_points_at_three_things_and_then_never_again() -> None:
    saved = []
    program = fakes.program()
    program._keep_preferences = saved.append
    program.open_case("one")
    program.begin_scan(practice=False)
    assert program.state.coach == CoachStep.PROBE
    program.command(Command.DEEPER)
    assert program.state.coach == CoachStep.PROBE
    program.tick(0.1, [Command.SLIDE_DOWN])
    assert program.state.coach == CoachStep.KNOBS
    program.command(Command.GAIN_UP)
    assert program.state.coach == CoachStep.ANSWER
    program.answer_zone("R1", ZoneAnswer(frozenset(), 0))
    assert program.state.coach == CoachStep.DONE
    assert saved[-1].coach_done


def test_escape_closes_the_coach_before_it_asks_to_leave() -> None:
    program = fakes.program()
    program.open_case("one")
    program.begin_scan(practice=True)
    program.command(Command.BACK)
    assert program.state.coach == CoachStep.DONE
    assert not program.state.leave_open
    program.command(Command.BACK)
    assert program.state.leave_open


def test_language_changes_at_once_and_is_remembered() -> None:
    program = fakes.program()
    try:
        program.command(Command.LANGUAGE)
        assert language() == "fr"
        assert program.preferences.language == "fr"
    finally:
        set_language("en")


def test_a_broken_case_is_a_notice_and_no_more() -> None:
    program = fakes.program()
    program.open_case("bad")
    assert program.state.screen == Screen.MENU
    assert program.state.notice is not None
    assert "bad.yaml:1:1" in program.state.notice.text
    program.tick(20.0)
    assert program.state.notice is None


def test_an_unexpected_error_names_the_log_and_shows_no_traceback() -> None:
    world = fakes.FakeWorld()
    program = fakes.program(world)
    world.open = lambda key: (_ for _ in ()).throw(ZeroDivisionError("secret"))  # type: ignore[method-assign]
    with pytest.raises(ZeroDivisionError):
        program.open_case("one")
    program.fail(ZeroDivisionError("secret"))
    assert program.state.screen == Screen.ERROR
    assert "secret" not in program.state.error
    assert program.log_path.endswith("pleura.log")


def test_a_patient_that_cannot_be_built_is_an_error_screen() -> None:
    program = fakes.program()
    case = fakes.FakeCase()
    case.patient = lambda posture, progress: 1 / 0  # type: ignore[method-assign, assignment, return-value]
    program.world.open = lambda key: case  # type: ignore[method-assign, assignment, return-value]
    program.open_case("one")
    assert program.state.screen == Screen.ERROR


def test_an_examination_that_cannot_be_kept_does_not_begin() -> None:
    from simulator.errors import PleuraError

    def no_disk(*_: object) -> None:
        raise PleuraError("the disk is full")

    program = fakes.program()
    program.open_case("one")
    program.world.begin = no_disk  # type: ignore[method-assign, assignment]
    program.begin_scan(practice=False)
    assert program.state.screen == Screen.BRIEF
    assert program.state.notice is not None
    assert "disk" in program.state.notice.text


def test_a_patient_that_is_no_longer_wanted_changes_nothing() -> None:
    jobs = []
    program = fakes.program()
    program.start_job = jobs.append
    program.open_case("one")
    program.menu()
    jobs[0].run()
    program.tick(0.1)
    assert program.state.screen == Screen.MENU
    assert program.state.scan is None


def test_resuming_behind_the_patient_sits_them_up_again() -> None:
    world = fakes.FakeWorld()
    program = fakes.scanning(world)
    program.command(Command.POSTURE)
    program.clock.now_s += 1.0  # type: ignore[attr-defined]
    program.change(replace(program.scan, pose=program.world.zone_pose(program.patient.body, "R6")))  # type: ignore[union-attr]
    again = fakes.program(world, coach_done=True)
    again.resume(again.unfinished[0])
    assert again.scan.zone == "R6"
    assert again.scan.posture == "sitting"


def test_turning_the_patient_is_written_down_and_resumed() -> None:
    world = fakes.FakeWorld()
    program = fakes.scanning(world)
    assert "posture_changed" not in kinds(world), "the case begins as it is"
    program.command(Command.POSTURE)
    program.clock.now_s += 1.0  # type: ignore[attr-defined]
    program.answer_zone("R1", ZoneAnswer(frozenset({"a_lines"}), 0))
    state = replay(world.attempts[1].events)
    assert state.posture == "sitting"
    assert state.track[-1].posture == "sitting"
    assert state.track[0].posture is None
    assert state.marks["R1"].posture == "sitting"
    again = fakes.program(world, coach_done=True)
    again.resume(again.unfinished[0])
    assert again.scan.posture == "sitting"
    assert kinds(world).count("posture_changed") == 1, "resuming turns nobody"
    again.turn_patient("supine")
    assert replay(world.attempts[1].events).posture == "supine"


def test_the_debrief_shows_a_zone_in_the_posture_it_was_seen_in() -> None:
    world = fakes.FakeWorld()
    program = fakes.scanning(world)
    program.command(Command.POSTURE)
    program.answer_zone("R1", ZoneAnswer(frozenset({"a_lines"}), 0))
    program.turn_patient("supine")
    again = fakes.program(world, coach_done=True)
    again.resume(again.unfinished[0])
    again.conclude()
    again.hand_in()
    assert again.scan.posture == "supine"
    again.show_own("R1")
    assert again.scan.posture == "sitting"
    assert again.patient is not None, "its body was built for this"
    again.show_truth("R1")
    assert again.scan.posture == "supine"


def test_the_debrief_shows_how_the_trainee_saw_it() -> None:
    program = fakes.scanning()
    program.answer_zone("R1", ZoneAnswer(frozenset({"a_lines"}), 0))
    seen = program.scan.pose
    program.conclude()
    program.hand_in()
    program.show_truth("L2")
    assert program.own_view("L2") is None
    program.show_own("R1")
    assert program.scan.pose == seen
    assert program.scan.zone == "R1"


def test_a_probe_held_still_counts_until_the_scan_screen_is_left() -> None:
    """Nothing moves for 20 s: that hold is marked, the time spent on the conclusion is not."""
    world = fakes.FakeWorld()
    program = fakes.scanning(world)
    clock = program.clock
    clock.now_s += 20.0  # type: ignore[attr-defined]
    program.conclude()
    clock.now_s += 30.0  # type: ignore[attr-defined]
    program.back()
    clock.now_s += 5.0  # type: ignore[attr-defined]
    program.conclude()
    assert program.exam is not None
    assert program.exam.attempt is not None
    track = program.exam.attempt.track
    watched = sum(b.time_s - a.time_s for a, b in itertools.pairwise(track) if not a.frozen)
    assert watched == pytest.approx(25.0, abs=0.1)
    assert track[-1].frozen
    again = fakes.program(world, coach_done=True)
    again.resume(again.unfinished[0])
    assert again.exam is not None
    assert again.exam.attempt is not None
    assert not again.exam.attempt.track[-1].frozen
