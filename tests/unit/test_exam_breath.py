"""What the patient was asked to do with the breath belongs to the attempt: kept, replayed, and part of a clip."""

from __future__ import annotations

import json

import pytest

from simulator.errors import BadInputError
from simulator.exam.attempt import Attempt, EventList, replay
from simulator.exam.events import BreathRequested, ProbeMoved, ZoneMarked, checked, event_from_json
from simulator.geometry import Pose
from simulator.physiology.requests import REQUESTS, Request
from simulator.physiology.respiration import Respiration


def attempt_with(sink: EventList) -> Attempt:
    made = Attempt.start(sink, 100.0, scenario_id="one", content_hash="abc", program_version="0.1.0")
    made.apply(ProbeMoved(pose=Pose(0.5, -0.1)), 100.5)
    made.apply(BreathRequested(request="deep", patient_s=1.25), 101.0)
    made.apply(ZoneMarked(zone="R1", clip_s=6.0, patient_s=7.5), 108.0)
    made.apply(BreathRequested(request="hold", patient_s=9.1), 110.0)
    made.apply(ZoneMarked(zone="R2", clip_s=6.0, patient_s=15.3), 117.0)
    return made


def test_a_clip_knows_how_the_patient_breathed() -> None:
    sink = EventList()
    state = attempt_with(sink).state
    deep, hold = Request("deep", 1.25), Request("hold", 9.1)
    assert state.requests == (deep, hold)
    assert state.patient_s == 15.3
    assert (state.marks["R1"].patient_s, state.marks["R1"].requests) == (7.5, (deep,))
    assert (state.marks["R2"].patient_s, state.marks["R2"].requests) == (15.3, (deep, hold))


def test_it_breathes_the_same_after_a_way_through_json() -> None:
    sink = EventList()
    state = attempt_with(sink).state
    again = replay(event_from_json(json.loads(json.dumps(event.to_json()))) for event in sink.events)
    assert again == state
    breath = Respiration(16.0)
    times = [0.1 * n for n in range(300)]
    assert [breath.breath(t, again.requests) for t in times] == [breath.breath(t, state.requests) for t in times]


def test_an_attempt_of_an_earlier_version_can_be_read() -> None:
    old = {"kind": "zone_marked", "time_s": 3.0, "zone": "R1", "clip_s": 6.0}
    state = replay([event_from_json(old)])
    assert state.marks["R1"].patient_s is None
    assert state.marks["R1"].requests == ()


def test_an_unknown_request_is_refused() -> None:
    for kind in REQUESTS:
        assert checked(BreathRequested(request=kind, patient_s=0.0))
    with pytest.raises(BadInputError, match="sneeze"):
        checked(BreathRequested(request="sneeze", patient_s=0.0))
