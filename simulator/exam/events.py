"""What can happen in an examination: small immutable facts with a time, each one line of JSON.

`time_s` is examination time: seconds since the start, without the pauses of an interrupted attempt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar

from simulator.anatomy.arms import ARMS
from simulator.anatomy.diaphragm import POSTURE_DROP_M
from simulator.assessment.answer import ZoneAnswer, checked_zone
from simulator.assessment.conclusions import checked_diagnosis, checked_severity
from simulator.assessment.signs import in_order
from simulator.errors import BadInputError
from simulator.geometry import Pose
from simulator.physiology.requests import REQUESTS
from simulator.probe import TRANSDUCERS, Settings

HELPS = ("", "next_space", "square_to_pleura")  # what may have moved the probe, in practice


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened at `time_s`; `kind` names it in files and in the database."""

    kind: ClassVar[str] = ""
    time_s: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values; `kind` and `time_s` first."""
        return {"kind": self.kind, **asdict(self)}


@dataclass(frozen=True, kw_only=True)
class Started(Event):
    """The attempt began, on this case in this version. `at_utc` is the wall clock, ISO 8601."""

    kind: ClassVar[str] = "started"
    scenario_id: str
    content_hash: str
    program_version: str
    seed: int = 0
    trainee: str = ""
    at_utc: str = ""


@dataclass(frozen=True, kw_only=True)
class Resumed(Event):
    """The attempt went on after an interruption."""

    kind: ClassVar[str] = "resumed"
    at_utc: str = ""


@dataclass(frozen=True, kw_only=True)
class ProbeMoved(Event):
    """The probe (key of TRANSDUCERS) is here from now on. `help`, one of HELPS, says that no hand moved it there."""

    kind: ClassVar[str] = "probe_moved"
    pose: Pose
    probe: str = "convex"
    help: str = ""


@dataclass(frozen=True, kw_only=True)
class SettingsChanged(Event):
    """The console is set like this from now on; `frozen` while the picture is held."""

    kind: ClassVar[str] = "settings_changed"
    settings: Settings
    frozen: bool = False


@dataclass(frozen=True, kw_only=True)
class PostureChanged(Event):
    """The patient was sat up or turned."""

    kind: ClassVar[str] = "posture_changed"
    posture: str


@dataclass(frozen=True, kw_only=True)
class ArmsMoved(Event):
    """The patient was asked to hold the arms otherwise: `arms` is one of ARMS. A new posture makes them usual again."""

    kind: ClassVar[str] = "arms_moved"
    arms: str


@dataclass(frozen=True, kw_only=True)
class BreathRequested(Event):
    """The patient was asked to do `request` (one of REQUESTS) with the breath, at `patient_s` of their own time.

    The patient's own time stands still while the image is frozen; breath and heartbeat follow from it.
    """

    kind: ClassVar[str] = "breath_requested"
    request: str
    patient_s: float


@dataclass(frozen=True, kw_only=True)
class ZoneMarked(Event):
    """A clip of a zone was recorded: the last `clip_s` seconds, ending now, at `patient_s` of the patient's own time.

    Attempts of earlier versions say nothing about the patient's time.
    """

    kind: ClassVar[str] = "zone_marked"
    zone: str
    clip_s: float = 0.0
    patient_s: float | None = None


@dataclass(frozen=True, kw_only=True)
class ZoneAnswered(Event):
    """Signs and score were stated for a zone; replaces what was stated before."""

    kind: ClassVar[str] = "zone_answered"
    zone: str
    signs: tuple[str, ...] = ()
    score: int | None = None

    def answer(self) -> ZoneAnswer:
        """As the answer sheet has it."""
        return ZoneAnswer(frozenset(self.signs), self.score)

    @classmethod
    def of(cls, zone: str, answer: ZoneAnswer) -> ZoneAnswered:
        """From an answer sheet's entry."""
        return cls(zone=zone, signs=in_order(answer.signs), score=answer.score)


@dataclass(frozen=True, kw_only=True)
class ZoneNotExamined(Event):
    """A zone was left out; replaces what was stated before."""

    kind: ClassVar[str] = "zone_not_examined"
    zone: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ConclusionGiven(Event):
    """Diagnosis and severity were stated; replaces what was stated before."""

    kind: ClassVar[str] = "conclusion_given"
    diagnosis: str | None = None
    severity: str | None = None


@dataclass(frozen=True, kw_only=True)
class Note(Event):
    """The trainee wrote something down."""

    kind: ClassVar[str] = "note"
    text: str
    zone: str | None = None


@dataclass(frozen=True, kw_only=True)
class Finished(Event):
    """The answers were handed in."""

    kind: ClassVar[str] = "finished"
    at_utc: str = ""


@dataclass(frozen=True, kw_only=True)
class Abandoned(Event):
    """The attempt was given up."""

    kind: ClassVar[str] = "abandoned"
    reason: str = ""
    at_utc: str = ""


EVENTS: dict[str, type[Event]] = {
    event.kind: event
    for event in (Started, Resumed, ProbeMoved, SettingsChanged, PostureChanged, ArmsMoved, BreathRequested,
                  ZoneMarked, ZoneAnswered, ZoneNotExamined, ConclusionGiven, Note, Finished, Abandoned)
}  # fmt: skip


def event_from_json(data: Mapping[str, Any]) -> Event:
    """The inverse of `Event.to_json`; an unknown kind or field is a BadInputError."""
    values = dict(data)
    kind = values.pop("kind", None)
    if kind not in EVENTS:
        raise BadInputError(f"event: unknown kind {kind!r}; known are {', '.join(EVENTS)}")
    event = EVENTS[kind]
    unknown = set(values) - {field.name for field in fields(event)}
    if unknown:
        raise BadInputError(f"event {kind}: unknown {sorted(unknown)}")
    try:
        if "pose" in values:
            values["pose"] = Pose(**values["pose"])
        if "settings" in values:
            knobs = values["settings"]
            values["settings"] = Settings(**{**knobs, "tgc_db": tuple(knobs["tgc_db"])})
        if "signs" in values:
            values["signs"] = tuple(values["signs"])
        return event(**values)
    except (TypeError, KeyError) as error:
        raise BadInputError(f"event {kind}: {error}") from error


def checked(event: Event) -> Event:
    """`event`, or a BadInputError if what it names is not known: zone, sign, score, probe, posture, arms, request..."""
    if isinstance(event, ZoneMarked | ZoneAnswered | ZoneNotExamined):
        checked_zone(event.zone)
    if isinstance(event, ZoneAnswered):
        event.answer()
    if isinstance(event, ProbeMoved) and event.probe not in TRANSDUCERS:
        raise BadInputError(f"probe: unknown {event.probe!r}; known are {', '.join(TRANSDUCERS)}")
    if isinstance(event, ProbeMoved) and event.help not in HELPS:
        raise BadInputError(f"help: unknown {event.help!r}; known are {', '.join(HELPS[1:])}")
    if isinstance(event, PostureChanged) and event.posture not in POSTURE_DROP_M:
        raise BadInputError(f"posture: unknown {event.posture!r}; known are {', '.join(POSTURE_DROP_M)}")
    if isinstance(event, ArmsMoved) and event.arms not in ARMS:
        raise BadInputError(f"arms: unknown {event.arms!r}; known are {', '.join(ARMS)}")
    if isinstance(event, BreathRequested) and event.request not in REQUESTS:
        raise BadInputError(f"request: unknown {event.request!r}; known are {', '.join(REQUESTS)}")
    if isinstance(event, ConclusionGiven):
        if event.diagnosis is not None:
            checked_diagnosis(event.diagnosis)
        if event.severity is not None:
            checked_severity(event.severity)
    if isinstance(event, Note) and event.zone is not None:
        checked_zone(event.zone)
    return event
