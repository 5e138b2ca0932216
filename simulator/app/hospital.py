"""The real `World`: cases from the scenario folder, bodies from anatomy, marks from assessment, attempts in storage."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from simulator import __version__
from simulator.anatomy.arms import Stance, stance
from simulator.anatomy.body import Body
from simulator.anatomy.contact import place, pose_at_skin_point
from simulator.anatomy.guidance import next_space, square_to_pleura
from simulator.anatomy.layers import Layer, body_layers
from simulator.anatomy.mesh import Mesh, mesh_of
from simulator.anatomy.person import person_mesh
from simulator.anatomy.windows import zone_pose
from simulator.app.numbers import local
from simulator.app.state import POSTURES
from simulator.app.world import Brief, Case, CaseCard, Progress, ResultLine, Unfinished
from simulator.assessment.answer import Answer
from simulator.assessment.conclusions import BANDS_CONFIRMED
from simulator.assessment.score import Score, score
from simulator.assessment.technique import TrackPoint, technique
from simulator.assessment.truth import Truth, truth
from simulator.exam.attempt import Attempt, EventList, replay
from simulator.exam.events import Abandoned
from simulator.folders import user_folder
from simulator.geometry import Placement, Pose
from simulator.messages import N_, _
from simulator.pathology.layers import disease_layers
from simulator.patient import Patient
from simulator.scenario.build import build, rubric_of
from simulator.scenario.catalogue import find, list_scenarios
from simulator.scenario.load import Scenario, read_scenario
from simulator.scenario.patient_spec import BodySpec
from simulator.storage.database import ANONYMOUS, AttemptSink, Database
from simulator.storage.report import report_of, write_report

LEVELS = {"beginner": N_("Beginner"), "intermediate": N_("Intermediate"), "advanced": N_("Advanced")}
SEXES = {"female": N_("Woman"), "male": N_("Man")}
_ORDER = list(LEVELS)
MOST_UNFINISHED = 5  # looked at, the latest first
SKIN_STRIDE = 4  # voxels: coarse enough for a software rasteriser


class HospitalCase:
    """A scenario as the window sees it."""

    def __init__(self, scenario: Scenario) -> None:
        """`scenario` as loaded."""
        self.scenario = scenario
        self.key = scenario.id
        self.first_posture: str = scenario.spec.body.posture
        self.practice_only: bool = scenario.is_phantom
        others = () if self.practice_only else POSTURES  # a test block lies as it lies
        self.postures: tuple[str, ...] = tuple(dict.fromkeys((self.first_posture, *others)))
        self._patients: dict[Stance, Patient] = {}

    def brief(self) -> Brief:
        """What the trainee is told, in the language spoken now."""
        told, body = self.scenario.brief(), self.scenario.spec.body
        v = told.vitals
        questions = tuple(f"{ask}\n{answer}" for ask, answer in self.scenario.questions())
        if v is None or not isinstance(body, BodySpec):
            block = _("Test block")
            return Brief(told.title, told.history, told.complaint, (), block, questions, self.scenario.debrief())
        pressure = v.blood_pressure_mmhg
        vitals = (
            (_("Heart rate"), f"{v.heart_rate_per_min}", "/min"),
            (_("Breaths"), f"{v.respiratory_rate_per_min}", "/min"),
            ("SpO₂", f"{v.spo2_percent}", "%"),
            (_("Temperature"), local(f"{v.temperature_c:.1f}"), "°C"),
            (_("Blood pressure"), f"{pressure.systolic}/{pressure.diastolic}", "mmHg"),
        )
        person = _("{sex}, {age} years, {height:.0f} cm, {weight:.0f} kg").format(
            sex=_(SEXES[body.sex]), age=body.age_years, height=body.height_cm, weight=body.weight_kg
        )
        return Brief(told.title, told.history, told.complaint, vitals, person, questions, self.scenario.debrief())

    def patient(self, posture: str, progress: Progress, arms: str = "") -> Patient:
        """The patient in a posture, the arms as usual in it or as asked."""
        patient = build(self.scenario, lambda what, share: progress(share, what), posture, arms)
        self._patients[stance(posture, arms)] = patient
        return patient

    def mark(self, answer: Answer, truth: Truth, track: Iterable[TrackPoint]) -> Score:
        """The marks of an answer; how the probe was held is looked at on the body in the stance of that moment."""
        points, first = list(track), stance(self.first_posture)
        for posture, arms in {first, *(stance(p.posture or self.first_posture, p.arms or "") for p in points)}:
            if (posture, arms) not in self._patients:  # taken before an interruption; its body lies in the cache
                self.patient(posture, lambda _share, _what: None, arms)
        handled = technique(points, self._patients[first], turned=self._patients)
        return score(answer, truth, rubric_of(self.scenario.spec), handled)


class Hospital:
    """Everything behind the window, for real."""

    def __init__(self) -> None:
        """Opens the results database when it is first needed."""
        self._database: Database | None = None
        self._sinks: dict[int, AttemptSink] = {}
        self._skin: tuple[tuple[str, str, str], Mesh] | None = None  # the last one, for whoever draws and whoever picks

    def _opened(self) -> Database:
        if self._database is None:
            self._database = Database.open()
        return self._database

    def cases(self) -> list[CaseCard]:
        """All cases, easiest first; a broken file is listed with what is wrong."""
        cards = []
        for entry in list_scenarios():
            if entry.scenario is None:
                cards.append(CaseCard(entry.path.stem, entry.path.stem, "", "", str(entry.error)))
                continue
            told, level = entry.scenario.brief(), entry.scenario.spec.teaching.level
            rank = _ORDER.index(level)
            cards.append(CaseCard(entry.scenario.id, told.title, _(LEVELS[level]), told.complaint, "", rank))
        return sorted(cards, key=lambda card: card.rank)

    def open(self, key: str) -> Case:
        """One case, by id or path."""
        return HospitalCase(read_scenario(find(key)))

    def place(self, body: Body, pose: Pose) -> Placement:
        """Where the probe comes to lie."""
        return place(body, pose)

    def in_contact(self, patient: Patient, placement: Placement) -> bool:
        """Whether the middle of the face touches: no gap."""
        return placement.lift_m <= 0.0

    def pose_at(self, body: Body, point_torso: npt.NDArray[np.float64], like: Pose) -> Pose:
        """The pose at a point of the skin, held as `like` is."""
        return pose_at_skin_point(body, point_torso, like)

    def next_space(self, body: Body, pose: Pose, way: int) -> Pose | None:
        """Over the next intercostal space; a test block has none."""
        return next_space(body, pose, way) if body.phantom is None else None

    def square_to_pleura(self, body: Body, pose: Pose) -> Pose | None:
        """Turned until the beam meets the pleura at a right angle."""
        return square_to_pleura(body, pose) if body.phantom is None else None

    def zone_pose(self, body: Body, zone: str) -> Pose:
        """The middle of a zone, over an intercostal window; of a test block always its first view."""
        return zone_pose(body, zone) if body.phantom is None else next(iter(body.phantom.views.values()))

    def skin(self, body: Body, posture: str, arms: str = "") -> Mesh:
        """The patient from outside; of a test block its surface."""
        key = (body.content_hash, *stance(posture, arms))
        if self._skin is None or self._skin[0] != key:
            if body.phantom is not None:
                skin = mesh_of(body, body.channel("skin").astype(np.float32), SKIN_STRIDE)
            else:
                skin = person_mesh(body, posture, arms)
            self._skin = (key, skin)
        return self._skin[1]

    def layers(self, patient: Patient) -> Sequence[Layer]:
        """What lies under the skin, disease included; a test block is shown from outside and in the cut."""
        if patient.body.phantom is not None:
            return ()
        return (*body_layers(patient.body), *disease_layers(patient.body, patient.findings))

    def truth(self, patient: Patient, progress: Callable[[float], None] | None = None) -> Truth:
        """What is there to be found."""
        return truth(patient, progress)

    def begin(self, case: Case, trainee: str, practice: bool, now_s: float) -> Attempt:
        """A new attempt; practice is not kept."""
        assert isinstance(case, HospitalCase)
        if not practice:
            case.scenario.require_exam()
        sink = EventList() if practice else self._opened().sink()
        attempt = Attempt.start(
            sink, now_s, scenario_id=case.key, content_hash=case.scenario.content_hash, program_version=__version__,
            seed=case.scenario.seed, trainee=trainee, at_utc=self.now_utc(),
        )  # fmt: skip
        if isinstance(sink, AttemptSink):
            self._sinks[id(attempt)] = sink
        return attempt

    def resume(self, attempt_id: int, now_s: float) -> Attempt:
        """Go on with an interrupted attempt."""
        database = self._opened()
        sink = database.sink(attempt_id)
        attempt = Attempt.resume(database.events(attempt_id), sink, now_s, self.now_utc())
        self._sinks[id(attempt)] = sink
        return attempt

    def discard(self, attempt_id: int) -> None:
        """Give up an interrupted attempt."""
        attempt = self.resume(attempt_id, 0.0)
        attempt.apply(Abandoned(at_utc=self.now_utc()), 0.0)

    def unfinished(self) -> list[Unfinished]:
        """Interrupted attempts, the latest first."""
        titles = {card.key: card.title for card in self.cases() if not card.problem}
        out = []
        for result in self._opened().unfinished()[:MOST_UNFINISHED]:
            if result.scenario_id in titles:
                done = sum(
                    zone.is_complete for zone in replay(self._opened().events(result.attempt_id)).answer.zones.values()
                )
                out.append(Unfinished(result.attempt_id, result.scenario_id, titles[result.scenario_id],
                                      _who(result.trainee), _when(result.started_utc), done))  # fmt: skip
        return out

    def keep(self, attempt: Attempt, case: Case, truth: Truth, score: Score) -> str:
        """Keep the marks of a finished attempt; the path of its report, or "" for none."""
        sink = self._sinks.get(id(attempt))
        if sink is None:
            return ""
        self._opened().save_score(sink.attempt_id, score)
        assert isinstance(case, HospitalCase)
        started = attempt.state.started
        report = report_of(
            case.scenario, trainee=started.trainee if started else "", started_utc=started.at_utc if started else "",
            elapsed_s=attempt.state.last_s, skipped=attempt.state.skipped,
            notes=tuple(note.text for note in attempt.state.notes),
        )  # fmt: skip
        return str(write_report(report_path(sink.attempt_id), report, attempt.answer, truth, score))

    def results(self) -> list[ResultLine]:
        """Finished attempts, the latest first."""
        known = {entry.scenario.id: entry.scenario for entry in list_scenarios() if entry.scenario is not None}
        lines = []
        for r in self._opened().results():
            if r.percent is None:
                continue
            case, path = known.get(r.scenario_id), report_path(r.attempt_id)
            parts = (r.acquisition_percent, r.interpretation_percent, r.conclusion_percent)
            lines.append(ResultLine(
                _when(r.finished_utc or r.started_utc), _who(r.trainee), case.brief().title if case else r.scenario_id,
                r.percent, parts, r.elapsed_s / 60.0, str(path) if path.exists() else "",
                BANDS_CONFIRMED and case is not None and rubric_of(case.spec).clinician_confirmed,
            ))  # fmt: skip
        return lines

    def start_afresh(self) -> str:
        """Put a damaged results database aside and begin a new one; the path of the old."""
        if self._database is not None:  # it was damaged while it was open
            self._database.close()
        self._database, aside = Database.start_afresh(self.now_utc())
        return str(aside)

    def now_utc(self) -> str:
        """The wall clock, ISO 8601."""
        return datetime.now(UTC).isoformat(timespec="seconds")


def report_path(attempt_id: int) -> Path:
    """Where the report of an attempt lies."""
    return user_folder("data") / "reports" / f"{attempt_id:05d}.html"


def _who(trainee: str) -> str:
    """A pseudonym, or in the language spoken now that there is none."""
    return _("anonymous") if trainee == ANONYMOUS else trainee


def _when(utc: str) -> str:
    """A moment of the database in local time, to the minute."""
    try:
        return datetime.fromisoformat(utc).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return utc
