"""A small world for tests of the window: one case, a stand-in body, attempts in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import standin

from simulator.anatomy.body import Body
from simulator.anatomy.layers import Layer
from simulator.anatomy.mesh import Mesh
from simulator.anatomy.zones import ZONES
from simulator.app.preferences import Preferences
from simulator.app.program import Program
from simulator.app.work import Job
from simulator.app.world import Brief, CaseCard, Progress, ResultLine, Unfinished
from simulator.assessment.answer import Answer
from simulator.assessment.pleural_line import PlaneFindings
from simulator.assessment.rubric import Rubric
from simulator.assessment.score import Score, score
from simulator.assessment.technique import TrackPoint
from simulator.assessment.truth import Truth, View, ZoneTruth
from simulator.errors import BadInputError
from simulator.exam.attempt import Attempt, EventList
from simulator.geometry import Placement, Pose
from simulator.pathology.fields import healthy
from simulator.patient import Patient
from simulator.storage.errors import CorruptDatabaseError


@dataclass
class FakeCase:
    """One healthy patient."""

    key: str = "one"
    postures: tuple[str, ...] = ("supine", "sitting")
    first_posture: str = "supine"
    practice_only: bool = False

    def brief(self) -> Brief:
        vitals = (("Heart rate", "80", "/min"), ("SpO2", "97", "%"))
        return Brief("A case", "A history.", "A complaint.", vitals, "Woman, 30 years", ("Why?\nBecause.",), "Learn.")

    def patient(self, posture: str, progress: Progress, arms: str = "") -> Patient:
        progress(0.5, "skin")
        body = standin.trunk_body()
        return Patient(body, healthy(body.grid), posture=posture, arms=arms)

    def mark(self, answer: Answer, truth: Truth, track: Iterable[TrackPoint]) -> Score:
        return score(answer, truth, Rubric(diagnosis="normal"))


@dataclass
class FakeWorld:
    """Everything behind the window, without disk and without waiting."""

    attempts: dict[int, EventList] = field(default_factory=dict)
    kept: list[Score] = field(default_factory=list)
    damaged: bool = False

    def cases(self) -> list[CaseCard]:
        return [
            CaseCard("one", "A case", "Beginner", "A complaint."),
            CaseCard("bad", "Bad", "", "", "bad.yaml:1:1: no"),
        ]

    def open(self, key: str) -> FakeCase:
        if key != "one":
            raise BadInputError("bad.yaml:1:1: no")
        return FakeCase()

    def place(self, body: Body, pose: Pose) -> Placement:
        return standin.place(body, pose)

    def in_contact(self, patient: Patient, placement: Placement) -> bool:
        return placement.lift_m <= 0.0

    def pose_at(self, body: Body, point_torso: np.ndarray, like: Pose) -> Pose:
        from simulator.anatomy.contact import pose_at_skin_point

        return pose_at_skin_point(body, point_torso, like)

    def next_space(self, body: Body, pose: Pose, way: int) -> Pose | None:
        height = pose.height_m + 0.03 * way
        return replace(pose, height_m=height) if -0.3 < height < 0.0 else None

    def square_to_pleura(self, body: Body, pose: Pose) -> Pose | None:
        return replace(pose, fan_rad=0.1, rock_rad=-0.1)

    def zone_pose(self, body: Body, zone: str) -> Pose:
        where = ZONES[zone]
        return Pose(np.radians(where.centre[0]) * where.sign, -where.centre[1] * body.notch_to_rib10_m)

    def skin(self, body: Body, posture: str, arms: str = "") -> Mesh:
        vertices, faces, normals = standin.skin_mesh(body)
        return Mesh(vertices, faces, normals)

    def layers(self, patient: Patient) -> list[Layer]:
        return [standin.layer(group, patient.body) for group in ("organs", "lungs")]

    def truth(self, patient: Patient, progress: Callable[[float], None] | None = None) -> Truth:
        signs = frozenset({"a_lines"})
        view = View(None, PlaneFindings(), 0, signs)
        return Truth({key: ZoneTruth(key, 0, signs, signs, view, 3) for key in ZONES})

    def begin(self, case: FakeCase, trainee: str, practice: bool, now_s: float) -> Attempt:
        sink = EventList()
        if not practice:
            self.attempts[len(self.attempts) + 1] = sink
        return Attempt.start(sink, now_s, scenario_id=case.key, content_hash="c", program_version="0", trainee=trainee)

    def resume(self, attempt_id: int, now_s: float) -> Attempt:
        sink = self.attempts[attempt_id]
        return Attempt.resume(list(sink.events), sink, now_s)

    def discard(self, attempt_id: int) -> None:
        del self.attempts[attempt_id]

    def unfinished(self) -> list[Unfinished]:
        if self.damaged:
            raise CorruptDatabaseError("results.db: damaged")
        return [Unfinished(number, "one", "A case", "Kim", "2026-11-23", 0) for number, sink in self.attempts.items()
                if sink.events[-1].kind != "finished"]  # fmt: skip

    def keep(self, attempt: Attempt, case: FakeCase, truth: Truth, score: Score) -> str:
        self.kept.append(score)
        return ""

    def results(self) -> list[ResultLine]:
        return [ResultLine("2026-11-23", "Kim", "A case", s.percent, (None, 1.0, 2.0), 3.0) for s in self.kept]

    def start_afresh(self) -> str:
        self.damaged = False
        return "/data/results-damaged.db"

    def now_utc(self) -> str:
        return "2026-11-23T12:00:00+00:00"


@dataclass
class Clock:
    """A clock that a test turns."""

    now_s: float = 100.0

    def __call__(self) -> float:
        return self.now_s


def program(world: FakeWorld | None = None, **preferences: object) -> Program:
    """A program whose slow work is done at once."""
    return Program(world or FakeWorld(), Preferences(**preferences), Clock(), start=Job.run)  # type: ignore[arg-type]


def scanning(world: FakeWorld | None = None, practice: bool = False) -> Program:
    """A program in the middle of a scan."""
    made = program(world, coach_done=True)
    made.open_case("one")
    made.begin_scan(practice)
    return made
