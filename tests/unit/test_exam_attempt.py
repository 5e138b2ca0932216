"""An attempt: events in order, at once in the sink, and the state that follows from them alone."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.anatomy.zones import ZONES
from simulator.assessment.answer import ZoneAnswer
from simulator.assessment.signs import SIGNS
from simulator.errors import BadInputError
from simulator.exam.attempt import MOVE_INTERVAL_S, Attempt, EventList, replay
from simulator.exam.events import (
    EVENTS,
    Abandoned,
    ArmsMoved,
    ConclusionGiven,
    Finished,
    Note,
    PostureChanged,
    ProbeMoved,
    SettingsChanged,
    Started,
    ZoneAnswered,
    ZoneMarked,
    ZoneNotExamined,
    checked,
    event_from_json,
)
from simulator.geometry import Pose
from simulator.probe import PRESETS

POSES = st.builds(Pose, st.floats(-3, 3), st.floats(-0.3, 0.0), st.floats(-1, 1), st.floats(-1, 1))
ZONE = st.sampled_from(sorted(ZONES))
COMMANDS = st.one_of(
    st.builds(ProbeMoved, pose=POSES, probe=st.sampled_from(["convex", "linear"])),
    st.builds(SettingsChanged, settings=st.sampled_from(list(PRESETS.values())), frozen=st.booleans()),
    st.builds(ZoneMarked, zone=ZONE, clip_s=st.floats(0, 10)),
    st.builds(
        ZoneAnswered,
        zone=ZONE,
        signs=st.lists(st.sampled_from(sorted(SIGNS)), unique=True, max_size=3).map(tuple),
        score=st.sampled_from([None, 0, 1, 2, 3]),
    ),
    st.builds(ZoneNotExamined, zone=ZONE, reason=st.text(max_size=20)),
    st.builds(ConclusionGiven, diagnosis=st.sampled_from([None, "normal"]), severity=st.sampled_from([None, "mild"])),
    st.builds(PostureChanged, posture=st.sampled_from(["supine", "sitting"])),
    st.builds(ArmsMoved, arms=st.sampled_from(["forward", "beside"])),
    st.builds(Note, text=st.text(max_size=20)),
)
TIMED = st.lists(st.tuples(st.floats(0.0, 3.0), COMMANDS), max_size=25)


def start(sink, now_s=100.0):
    return Attempt.start(
        sink, now_s, scenario_id="covid_moderate", content_hash="abc", program_version="0.1.0", seed=7, trainee="Heron",
        at_utc="2026-11-23T10:00:00+00:00",
    )  # fmt: skip


@given(TIMED)
def test_replay_gives_the_same_state(steps):
    sink = EventList()
    attempt = start(sink)
    now = 100.0
    for wait, command in steps:
        now += wait
        attempt.apply(command, now)
    attempt.apply(Finished(), now)
    assert replay(sink.events) == attempt.state
    times = [event.time_s for event in sink.events if not isinstance(event, ProbeMoved)]
    assert times == sorted(times)
    again = [event_from_json(json.loads(json.dumps(event.to_json()))) for event in sink.events]
    assert again == sink.events


@given(TIMED, TIMED)
def test_an_interrupted_attempt_goes_on(before, after):
    whole, sink = EventList(), EventList()
    attempt, now = start(whole), 100.0
    for wait, command in before:
        now += wait
        attempt.apply(command, now)
    sink.events = list(whole.events)
    resumed = Attempt.resume(whole.events, sink, now_s=9000.0)
    assert resumed.elapsed_s(9000.0) == pytest.approx(attempt.state.last_s)
    assert resumed.answer == attempt.answer
    later = 9000.0
    for wait, command in after:
        later += wait
        resumed.apply(command, later)
    assert replay(sink.events) == resumed.state


def test_answers_replace_each_other():
    sink = EventList()
    attempt = start(sink)
    attempt.apply(ZoneAnswered(zone="R1", signs=("a_lines",), score=0), 101.0)
    attempt.apply(ZoneNotExamined(zone="R1", reason="dressing"), 102.0)
    assert attempt.answer.zone("R1") == ZoneAnswer(not_examined=True)
    assert attempt.state.skipped == {"R1": "dressing"}
    attempt.apply(ZoneAnswered(zone="R1", signs=("a_lines",), score=1), 103.0)
    assert attempt.answer.zone("R1").score == 1
    assert attempt.state.skipped == {}
    assert attempt.apply(ZoneAnswered(zone="R1", signs=("a_lines",), score=1), 104.0) is None  # nothing new
    assert len(sink.events) == 4


def test_movements_are_thinned_but_the_last_one_is_kept():
    sink = EventList()
    attempt = start(sink)
    for step in range(100):
        attempt.apply(ProbeMoved(pose=Pose(0.01 * step, -0.1)), 100.0 + step / 60.0)
    attempt.apply(ZoneMarked(zone="R1", clip_s=6.0), 102.0)
    moved = [event for event in sink.events if isinstance(event, ProbeMoved)]
    assert 5 <= len(moved) <= 100 / 60 / MOVE_INTERVAL_S + 2
    assert moved[-1].pose == Pose(0.99, -0.1)
    assert attempt.state.marks["R1"].pose == Pose(0.99, -0.1)


def test_standing_still_writes_nothing():
    sink = EventList()
    attempt = start(sink)
    for step in range(100):
        attempt.apply(ProbeMoved(pose=Pose(0.5, -0.1)), 100.0 + step)
    assert len(sink.events) == 2


def test_an_event_is_in_the_sink_before_the_state_knows():
    class Broken:
        def append(self, event):
            if isinstance(event, ZoneAnswered):
                raise OSError("disk full")

    attempt = start(Broken())
    with pytest.raises(OSError, match="disk full"):
        attempt.apply(ZoneAnswered(zone="R1", score=0), 101.0)
    assert attempt.answer.zone("R1").is_empty


def test_what_is_wrong_is_refused_and_not_recorded():
    sink = EventList()
    attempt = start(sink)
    for command in (
        ZoneAnswered(zone="R7"),
        ZoneAnswered(zone="R1", signs=("rockets",)),
        ZoneAnswered(zone="R1", score=4),
        ConclusionGiven(diagnosis="flu"),
        ProbeMoved(pose=Pose(0, 0), probe="endocavitary"),
    ):
        with pytest.raises(BadInputError):
            attempt.apply(command, 101.0)
    assert len(sink.events) == 1


@pytest.mark.parametrize("end", [Finished(), Abandoned(reason="tired")])
def test_nothing_follows_the_end(end):
    sink = EventList()
    attempt = start(sink)
    attempt.apply(end, 160.0)
    assert not attempt.running
    assert attempt.elapsed_s(500.0) == 60.0
    with pytest.raises(BadInputError, match="nothing more"):
        attempt.apply(Note(text="late"), 170.0)
    with pytest.raises(BadInputError, match="cannot be resumed"):
        Attempt.resume(sink.events, EventList(), 0.0)


def test_without_its_start_an_attempt_cannot_be_resumed():
    with pytest.raises(BadInputError, match="first event"):
        Attempt.resume([], EventList(), 0.0)


def test_the_clock_never_runs_back():
    attempt = start(EventList())
    attempt.apply(Note(text="a"), 110.0)
    assert attempt.apply(Note(text="b"), 105.0).time_s == 10.0


def test_unknown_events_are_refused():
    with pytest.raises(BadInputError, match="posture: unknown 'standing'"):
        checked(PostureChanged(posture="standing"))
    with pytest.raises(BadInputError, match="arms: unknown 'crossed'"):
        checked(ArmsMoved(arms="crossed"))
    with pytest.raises(BadInputError, match="unknown kind"):
        event_from_json({"kind": "teleported"})
    with pytest.raises(BadInputError, match="unknown"):
        event_from_json({"kind": "note", "text": "x", "colour": 1})
    with pytest.raises(BadInputError):
        event_from_json({"kind": "note"})
    assert set(EVENTS) >= {Started.kind, Finished.kind}


def test_every_knob_is_kept_and_attempts_from_before_a_knob_have_its_default() -> None:
    turned = PRESETS["convex"].replace(
        focal_zones=3, sector_percent=60.0, line_density="high", power_db=-9.0, compounding=True, persistence=0.4
    )
    event = SettingsChanged(time_s=4.0, settings=turned, frozen=True)
    data = json.loads(json.dumps(event.to_json()))
    assert event_from_json(data) == event
    for name in ("focal_zones", "sector_percent", "line_density", "power_db"):
        del data["settings"][name]
    old = event_from_json(data)
    assert isinstance(old, SettingsChanged)
    assert old.settings == turned.replace(focal_zones=1, sector_percent=100.0, line_density="medium", power_db=0.0)
    assert old.frozen
    with pytest.raises(BadInputError, match="settings_changed"):
        event_from_json({**data, "settings": {**data["settings"], "colour": 1}})
