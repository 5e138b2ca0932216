"""One attempt at an examination: events in order, and the state that follows from them.

The events are the truth; the state can always be rebuilt with `replay`. Each event goes to the sink at once, before
the state changes, so that a program that is killed loses nothing that was answered. Clocks come in as arguments.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Protocol

from simulator.assessment.answer import EMPTY, Answer, ZoneAnswer
from simulator.assessment.technique import TrackPoint
from simulator.errors import BadInputError
from simulator.exam.events import (
    Abandoned,
    ArmsMoved,
    BreathRequested,
    ConclusionGiven,
    Event,
    Finished,
    Note,
    PostureChanged,
    ProbeMoved,
    Resumed,
    SettingsChanged,
    Started,
    ZoneAnswered,
    ZoneMarked,
    ZoneNotExamined,
    checked,
)
from simulator.geometry import Pose
from simulator.physiology.requests import Request, Requests
from simulator.probe import PRESETS, Settings

MOVE_INTERVAL_S = 0.25  # probe movements are kept at most this often ...
SKETCH_LENGTH_M = 0.0005  # ... and only if the probe moved this far
SKETCH_ANGLE_RAD = 0.005  # or turned this much


class EventSink(Protocol):
    """Where events are kept as they happen."""

    def append(self, event: Event) -> None:
        """Keep `event` safely before returning."""


class EventList:
    """A sink in memory, for tests and for attempts that are not kept."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def append(self, event: Event) -> None:
        """Keep `event`."""
        self.events.append(event)


@dataclass(frozen=True)
class ZoneMark:
    """A recorded clip of a zone and where the probe was, so that it can be shown again."""

    zone: str
    end_s: float
    clip_s: float
    pose: Pose | None
    probe: str
    settings: Settings
    posture: str | None = None  # None: as the case has it
    patient_s: float | None = None  # its end in the patient's own time; None: not known
    requests: Requests = ()  # what the patient had been asked by then
    arms: str | None = None  # None: as usual in the posture


@dataclass
class AttemptState:
    """What follows from the events so far."""

    started: Started | None = None
    answer: Answer = EMPTY
    track: list[TrackPoint] = field(default_factory=list)
    marks: dict[str, ZoneMark] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)  # zone -> reason
    notes: list[Note] = field(default_factory=list)
    pose: Pose | None = None
    probe: str = "convex"
    settings: Settings = PRESETS["convex"]
    frozen: bool = False
    posture: str | None = None  # None: as the case has it
    arms: str | None = None  # None: as usual in the posture
    requests: Requests = ()  # what the patient was asked to do with the breath
    patient_s: float = 0.0  # the latest that is known of the patient's own time
    last_s: float = 0.0
    end: Finished | Abandoned | None = None

    @property
    def status(self) -> str:
        """ "running", "finished" or "abandoned"."""
        return "running" if self.end is None else self.end.kind

    def apply(self, event: Event) -> None:
        """Take one event into account."""
        if isinstance(event, Started):
            self.started = event
        elif isinstance(event, ProbeMoved):
            self.pose, self.probe = event.pose, event.probe
        elif isinstance(event, SettingsChanged):
            self.settings, self.frozen = event.settings, event.frozen
        elif isinstance(event, PostureChanged):
            self.posture, self.arms = event.posture, None
        elif isinstance(event, ArmsMoved):
            self.arms = event.arms
        elif isinstance(event, BreathRequested):
            self.requests = (*self.requests, Request(event.request, event.patient_s))
            self.patient_s = event.patient_s
        elif isinstance(event, ZoneMarked):
            self.patient_s = self.patient_s if event.patient_s is None else event.patient_s
            self.marks[event.zone] = ZoneMark(
                event.zone, event.time_s, event.clip_s, self.pose, self.probe, self.settings, self.posture,
                event.patient_s, self.requests, self.arms,
            )  # fmt: skip
        elif isinstance(event, ZoneAnswered):
            self.answer = self.answer.with_zone(event.zone, event.answer())
            self.skipped.pop(event.zone, None)
        elif isinstance(event, ZoneNotExamined):
            self.answer = self.answer.with_zone(event.zone, ZoneAnswer(not_examined=True))
            self.skipped[event.zone] = event.reason
        elif isinstance(event, ConclusionGiven):
            self.answer = self.answer.concluded(event.diagnosis, event.severity)
        elif isinstance(event, Note):
            self.notes.append(event)
        elif isinstance(event, Finished | Abandoned):
            self.end = event
        if isinstance(event, ProbeMoved | SettingsChanged | PostureChanged | ArmsMoved) and self.pose is not None:
            point = TrackPoint(event.time_s, self.pose, self.probe, self.settings, self.frozen, self.posture, self.arms)
            self.track.append(point)
        self.last_s = max(self.last_s, event.time_s)


def replay(events: Iterable[Event]) -> AttemptState:
    """The state after `events`; the same events give the same state."""
    state = AttemptState()
    for event in events:
        state.apply(event)
    return state


class Attempt:
    """A running examination: the one mutable thing in it.

    `now_s` is any clock that only runs forward (`time.monotonic`); the attempt keeps its own examination time.
    """

    def __init__(self, state: AttemptState, sink: EventSink, now_s: float) -> None:
        self.state = state
        self._sink = sink
        self._origin_s = now_s - state.last_s
        self._held: ProbeMoved | None = None  # the latest movement that was too soon to keep

    @classmethod
    def start(
        cls,
        sink: EventSink,
        now_s: float,
        *,
        scenario_id: str,
        content_hash: str,
        program_version: str,
        seed: int = 0,
        trainee: str = "",
        at_utc: str = "",
    ) -> Attempt:
        """Begin an attempt; the first event is written at once."""
        attempt = cls(AttemptState(), sink, now_s)
        attempt.apply(
            Started(scenario_id=scenario_id, content_hash=content_hash, program_version=program_version, seed=seed,
                    trainee=trainee, at_utc=at_utc),
            now_s,
        )  # fmt: skip
        return attempt

    @classmethod
    def resume(cls, events: Iterable[Event], sink: EventSink, now_s: float, at_utc: str = "") -> Attempt:
        """Go on with an interrupted attempt; its time goes on from the last event."""
        state = replay(events)
        if state.started is None:
            raise BadInputError("attempt: its first event is missing, so it cannot be resumed; start a new one")
        if state.end is not None:
            raise BadInputError(f"attempt: it is {state.status} and cannot be resumed; start a new one")
        attempt = cls(state, sink, now_s)
        attempt.apply(Resumed(at_utc=at_utc), now_s)
        return attempt

    @property
    def answer(self) -> Answer:
        """The answer sheet as it stands."""
        return self.state.answer

    @property
    def track(self) -> list[TrackPoint]:
        """Where the probe was and how the console was set, in order."""
        return self.state.track

    @property
    def running(self) -> bool:
        """Whether it is neither finished nor abandoned."""
        return self.state.end is None

    def elapsed_s(self, now_s: float) -> float:
        """Examination time; stands still once the attempt has ended."""
        return self.state.last_s if self.state.end is not None else max(self.state.last_s, now_s - self._origin_s)

    def apply(self, event: Event, now_s: float) -> Event | None:
        """Record `event` as happening now and return it with its time; None if it was too small to keep.

        Its own `time_s` is replaced. Movements are thinned; the last one before any other event is always kept. An
        event that says what is already so (the same answer again) is not written twice.
        """
        if self.state.end is not None:
            raise BadInputError(f"attempt: it is {self.state.status}; nothing more can be recorded")
        timed = replace(checked(event), time_s=round(self.elapsed_s(now_s), 3))
        if isinstance(timed, ProbeMoved):
            if not self._worth_keeping(timed):
                return None
        elif self._says_nothing_new(timed):
            return None
        else:
            self._flush()
        return self._write(timed)

    def _write(self, event: Event) -> Event:
        self._sink.append(event)
        self.state.apply(event)
        return event

    def _flush(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            self._write(held)

    def _worth_keeping(self, moved: ProbeMoved) -> bool:
        """Whether to write a movement now; one that comes too soon is held until something else happens."""
        before = self.state.pose
        self._held = None
        if before is None or moved.probe != self.state.probe or moved.help:
            return True
        if not _differs(before, moved.pose):
            return False
        last = self.state.track[-1].time_s if self.state.track else float("-inf")
        if moved.time_s - last >= MOVE_INTERVAL_S:
            return True
        self._held = moved
        return False

    def _says_nothing_new(self, event: Event) -> bool:
        if isinstance(event, ZoneAnswered):
            return self.answer.zones.get(event.zone) == event.answer()
        if isinstance(event, ConclusionGiven):
            return (self.answer.diagnosis, self.answer.severity) == (event.diagnosis, event.severity)
        if isinstance(event, SettingsChanged):
            return (self.state.settings, self.state.frozen) == (event.settings, event.frozen) and bool(self.track)
        if isinstance(event, PostureChanged):
            return self.state.posture == event.posture
        if isinstance(event, ArmsMoved):
            return self.state.arms == event.arms
        return False


def _differs(a: Pose, b: Pose) -> bool:
    lengths = (a.height_m - b.height_m, a.slide_along_m - b.slide_along_m, a.slide_across_m - b.slide_across_m)
    angles = (
        a.azimuth_rad - b.azimuth_rad,
        a.rotate_rad - b.rotate_rad,
        a.fan_rad - b.fan_rad,
        a.rock_rad - b.rock_rad,
    )
    return (
        max(map(abs, lengths)) >= SKETCH_LENGTH_M
        or max(map(abs, angles)) >= SKETCH_ANGLE_RAD
        or abs(a.pressure - b.pressure) >= 0.02
    )
