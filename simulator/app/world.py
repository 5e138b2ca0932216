"""What the window needs from the rest of the simulator, as protocols; `hospital` has the real one, tests their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from simulator.anatomy.body import Body
from simulator.anatomy.layers import Layer
from simulator.anatomy.mesh import Mesh
from simulator.assessment.answer import Answer
from simulator.assessment.score import Score
from simulator.assessment.technique import TrackPoint
from simulator.assessment.truth import Truth
from simulator.exam.attempt import Attempt
from simulator.geometry import Placement, Pose
from simulator.patient import Patient

Progress = Callable[[float, str], None]  # 0..1, and what is being done (already translated)


@dataclass(frozen=True)
class CaseCard:
    """A case as the menu shows it, in the language spoken now. `problem` says why it cannot be used, or is empty."""

    key: str
    title: str
    level: str
    summary: str
    problem: str = ""
    rank: int = 99


@dataclass(frozen=True)
class Brief:
    """What the trainee is told before scanning; texts in the language spoken now."""

    title: str
    history: str
    complaint: str
    vitals: tuple[tuple[str, str, str], ...]  # name, value, unit
    person: str  # "woman, 62 years, 168 cm, 74 kg"
    questions: tuple[str, ...]
    debrief: str


@dataclass(frozen=True)
class ResultLine:
    """One finished attempt in the list of results."""

    when: str
    trainee: str
    title: str
    percent: float
    parts: tuple[float | None, float | None, float | None]  # acquisition, interpretation, conclusion
    minutes: float
    report: str = ""  # path of report.html, if there is one
    confirmed: bool = False  # whether a clinician has confirmed the rules of its marks


@dataclass(frozen=True)
class Unfinished:
    """An examination that was interrupted."""

    attempt_id: int
    case_key: str
    title: str
    trainee: str
    when: str
    zones_done: int


class Case(Protocol):
    """One case, opened."""

    key: str
    postures: tuple[str, ...]
    first_posture: str
    practice_only: bool  # a test block: no zones, nothing to score

    def brief(self) -> Brief:
        """What the trainee is told, in the language spoken now."""

    def patient(self, posture: str, progress: Progress, arms: str = "") -> Patient:
        """The patient in a posture, the arms as usual in it or as asked. Slow at first: called on a worker thread."""

    def mark(self, answer: Answer, truth: Truth, track: Iterable[TrackPoint]) -> Score:
        """The marks of an answer."""


class World(Protocol):
    """Everything behind the window."""

    def cases(self) -> list[CaseCard]:
        """All cases, easiest first."""

    def open(self, key: str) -> Case:
        """One case; a BadInputError where the file is wrong."""

    def place(self, body: Body, pose: Pose) -> Placement:
        """Where the probe comes to lie."""

    def in_contact(self, patient: Patient, placement: Placement) -> bool:
        """Whether the probe is coupled to the skin."""

    def pose_at(self, body: Body, point_torso: npt.NDArray[np.float64], like: Pose) -> Pose:
        """The pose at a point of the skin, held as `like` is."""

    def next_space(self, body: Body, pose: Pose, way: int) -> Pose | None:
        """Over the next intercostal space cranially (1) or caudally (-1); None where there is none."""

    def square_to_pleura(self, body: Body, pose: Pose) -> Pose | None:
        """Turned until the beam meets the pleura at a right angle; None where there is none."""

    def zone_pose(self, body: Body, zone: str) -> Pose:
        """The middle of a zone, over an intercostal window."""

    def skin(self, body: Body, posture: str, arms: str = "") -> Mesh:
        """The patient from outside: the skin, and what it is painted with."""

    def layers(self, patient: Patient) -> Sequence[Layer]:
        """What lies under the skin, disease included. Slow the first time: called on a worker thread."""

    def truth(self, patient: Patient, progress: Callable[[float], None] | None = None) -> Truth:
        """What is there to be found. Slow: called on a worker thread."""

    def begin(self, case: Case, trainee: str, practice: bool, now_s: float) -> Attempt:
        """A new attempt, kept from its first event on (practice is not kept)."""

    def resume(self, attempt_id: int, now_s: float) -> Attempt:
        """Go on with an interrupted attempt."""

    def discard(self, attempt_id: int) -> None:
        """Give up an interrupted attempt."""

    def unfinished(self) -> list[Unfinished]:
        """Interrupted attempts, the latest first."""

    def keep(self, attempt: Attempt, case: Case, truth: Truth, score: Score) -> str:
        """Keep the marks of a finished attempt; the path of its report, or "" for none."""

    def start_afresh(self) -> str:
        """Put a damaged results database aside and begin a new one; the path of the old."""

    def now_utc(self) -> str:
        """The wall clock, ISO 8601."""

    def results(self) -> list[ResultLine]:
        """Finished attempts, the latest first."""
