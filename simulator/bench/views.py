"""How a sign is looked at: case, zone, how the probe is held, and the pictures taken there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from simulator.anatomy.contact import place
from simulator.anatomy.windows import zone_pose, zone_sweep
from simulator.assessment.plane import PlaneTruth, plane_truth
from simulator.assessment.truth import REFERENCE, zone_truth
from simulator.geometry import Pose
from simulator.pathology.fields import FindingFields, healthy
from simulator.patient import Patient
from simulator.probe import CONVEX, PRESETS, Settings, scan_lines
from simulator.reading.lung import LungLines, read_lung
from simulator.reading.mmode import MMode
from simulator.reading.motion import Motion, read_motion
from simulator.reading.picture import Picture
from simulator.reading.view import ViewReading, judged
from simulator.scanner import Scanner
from simulator.scenario.build import build
from simulator.scenario.load import load_scenario

GRID = {"lines": 96, "samples": 384}  # cheap, and fine enough for a beam of 2 mm
MMODE_S = 4.2  # a breath
MMODE_RATE_HZ = 15.0  # enough for breath and heartbeat; a machine draws 200 and more
FILM_FRAMES = 19  # of an inspiration: 18 mm of sliding are 1.6 mm from frame to frame at the most

NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class View:
    """Where the probe is held, and how.

    `zone` and then one of: its centre; its worst view (`worst`); the view of its sweep in which a finding is largest
    (`most`, a field of PlaneFindings); a view of its sweep by number (`swept`); or `pose`. From there the probe is
    slid, fanned, rocked, pressed. `knobs` are changes to the probe's lung preset. `posture` is how the patient lies,
    "" as the case has it.
    """

    zone: str
    worst: bool = False
    most: str = ""
    swept: int | None = None
    pose: Pose | None = None
    posture: str = ""
    intercostal: bool = False
    along_mm: float = 0.0
    fan_deg: float = 0.0
    rock_deg: float = 0.0
    pressure: float | None = None
    knobs: Mapping[str, Any] = field(default_factory=lambda: NOTHING)

    def held(self, patient: Patient) -> Pose:
        """The pose on this patient."""
        pose = self.pose or self._found(patient)
        pose = pose.slid(along_mm=self.along_mm).tilted(self.fan_deg).rocked(self.rock_deg)
        return pose if self.pressure is None else pose.pressed(self.pressure)

    def _found(self, patient: Patient) -> Pose:
        if self.worst:
            view = zone_truth(patient, self.zone).worst
            if view is not None and view.pose is not None:
                return view.pose
        if self.swept is not None:
            return zone_sweep(patient.body, self.zone)[self.swept]
        if self.most:
            lines = scan_lines(CONVEX, REFERENCE)

            def amount(pose: Pose) -> float:
                plane = plane_truth(patient.at(0.0), place(patient.body, pose), lines, REFERENCE.samples, labels=False)
                return float(getattr(plane.findings, self.most))

            return max(zone_sweep(patient.body, self.zone), key=amount)
        return zone_pose(patient.body, self.zone, self.intercostal)


def breath_times(patient: Patient) -> tuple[float, float, float]:
    """At rest; near the end of inspiration in the same phase of the heart; at rest but for the heart: end-systole."""
    beat_s = 60.0 / patient.heart.rate_per_min if patient.heart.rate_per_min > 0.0 else 1.0
    breath = patient.respiration
    inspiration_s = breath.inspiration_fraction * 60.0 / breath.rate_per_min if breath.rate_per_min > 0.0 else 1.0
    return 0.0, beat_s * max(1, round(inspiration_s / beat_s)), 0.35 * beat_s


def series(scanner: Scanner, times_s: tuple[float, ...] | None = None) -> tuple[Picture, PlaneTruth]:
    """Pictures at the scanner's pose and settings, and the truth of the first.

    The reader is told where lung lies behind the wall, and how deep, in this body without its disease: what an examiner
    knows from the ribs and from where the diaphragm was met.
    """
    times_s = times_s or breath_times(scanner.patient)
    frames = [scanner.frame(time_s, index) for index, time_s in enumerate(times_s)]
    first = frames[0]
    samples = first.envelope.shape[1]
    found = plane_truth(scanner.patient.at(times_s[0]), first.geometry.placement, first.scan, samples, labels=False)
    stack = np.stack([frame.envelope for frame in frames])
    expected_m = expected_pleura_m(scanner, times_s[0])
    return Picture(stack, times_s, scanner.transducer, scanner.settings, expected_m), found


def expected_pleura_m(scanner: Scanner, time_s: float) -> npt.NDArray[np.floating]:
    """(lines,) depth of the inner wall over lung in the body without its disease; nan where there is no lung."""
    lines = scan_lines(scanner.transducer, scanner.settings)
    state, samples = without_disease(scanner.patient).at(time_s), scanner.settings.samples
    return plane_truth(state, scanner.placement(), lines, samples, labels=False).pleura_depth_m


def without_disease(patient: Patient) -> Patient:
    """The same body and breath with healthy lungs."""
    if not _HEALTHY or _HEALTHY[0][0] is not patient.findings:
        _HEALTHY[:] = [(patient.findings, replace(patient, findings=healthy(patient.body.grid)))]
    return _HEALTHY[0][1]


_HEALTHY: list[tuple[FindingFields, Patient]] = []  # the findings looked at last, and the patient without them


@dataclass
class Shot:
    """The pictures of one view, and what is read from them when asked for. Frames: rest, inspired, end-systole."""

    scanner: Scanner
    pose: Pose
    picture: Picture
    truth: PlaneTruth

    @cached_property
    def reached_m(self) -> npt.NDArray[np.floating]:
        """(lines,) depth of the inner wall as far down as the lung comes on inspiration; nan beyond."""
        self.scanner.settings, self.scanner.pose = self.picture.settings, self.pose
        return expected_pleura_m(self.scanner, self.picture.times_s[1])

    @cached_property
    def lung(self) -> LungLines:
        """What each line shows at rest."""
        return read_lung(self.picture)

    @cached_property
    def lung_inspired(self) -> LungLines:
        """What each line shows near the end of inspiration."""
        later = np.roll(self.picture.envelope, -1, axis=0)
        return read_lung(replace(self.picture, envelope=later))

    @cached_property
    def motion(self) -> Motion:
        """What moves."""
        return read_motion(self.picture, 0, 1, 2)

    @cached_property
    def view(self) -> ViewReading:
        """Counts, widths and depths."""
        return judged(self.picture, self.lung, self.motion)

    @cached_property
    def film(self) -> Picture:
        """Frames over the inspiration, near enough to each other that grain can be followed."""
        self.scanner.settings, self.scanner.pose = self.picture.settings, self.pose
        breath = self.scanner.patient.respiration
        inspiration_s = breath.inspiration_fraction * 60.0 / breath.rate_per_min
        times_s = tuple(float(t) for t in np.linspace(0.0, inspiration_s, FILM_FRAMES))
        stack = np.stack([self.scanner.frame(t, k).envelope for k, t in enumerate(times_s)])
        return replace(self.picture, envelope=stack, times_s=times_s)

    @cached_property
    def square_line(self) -> int:
        """The line whose pleura is met most squarely, no rib above it."""
        open_ = self.picture.over_lung & ~self.lung.shadow
        return int(np.argmin(np.where(open_, self.picture.incidence_deg, np.inf)))

    @cached_property
    def border_line(self) -> int:
        """The line where what is still meets what slides; else the square one."""
        still = np.flatnonzero(self.motion.still & self.lung.readable)
        moving = np.flatnonzero(self.motion.sliding & self.lung.readable)
        if not len(still) or not len(moving):
            return self.square_line
        gap = np.abs(still[:, None] - moving[None, :])
        i, j = np.unravel_index(int(np.argmin(gap)), gap.shape)
        return int((still[i] + moving[j]) // 2)

    @cached_property
    def mmode(self) -> MMode:
        """The M-mode of the square line over a breath."""
        return self._mmode_at(self.square_line)

    @cached_property
    def mmode_at_border(self) -> MMode:
        """The M-mode where what is still meets what slides."""
        return self._mmode_at(self.border_line)

    def _mmode_at(self, line: int) -> MMode:
        self.scanner.settings, self.scanner.pose = self.picture.settings, self.pose
        grey: npt.NDArray[np.uint8] = self.scanner.mmode(line, MMODE_S, MMODE_RATE_HZ)
        return MMode(
            grey.astype(np.float64), self.picture.spacing_mm, MMODE_RATE_HZ, float(self.picture.expected_m[line] * 1e3)
        )


def shoot(scanner: Scanner, view: View, grid: Mapping[str, int] = GRID) -> Shot:
    """Hold the scanner's probe as the view says and take the pictures."""
    settings: Settings = PRESETS[scanner.transducer.key].replace(**{**grid, **view.knobs})
    scanner.settings = settings
    scanner.pose = view.held(scanner.patient)
    picture, found = series(scanner)
    return Shot(scanner, scanner.pose, picture, found)


class Studio:
    """Takes shots of views, each once: one scanner a probe of the patient on the table.

    There is room for one patient, for each takes half a gigabyte and more with its scanners: who looks at several takes
    all shots of one before the next. Shots of a patient who has left draw no more.
    """

    def __init__(self, size_px: tuple[int, int] = (160, 160)) -> None:
        self._size_px = size_px
        self._patient: tuple[str, str, Patient] | None = None
        self._scanners: dict[str, Scanner] = {}
        self._shots: dict[tuple[str, str], Shot] = {}

    def patient(self, case: str, posture: str = "") -> Patient:
        """The patient of a scenario, in another posture than its own if one is named."""
        if self._patient is None or self._patient[:2] != (case, posture):
            self._leave()
            self._patient = (case, posture, build(load_scenario(case), posture=posture or None))
        return self._patient[2]

    def scanner(self, case: str, probe: str = "convex", posture: str = "") -> Scanner:
        """The scanner of a case, probe and posture."""
        patient = self.patient(case, posture)
        if probe not in self._scanners:
            self._scanners[probe] = Scanner(patient, probe, size_px=self._size_px)
        return self._scanners[probe]

    def shot(self, case: str, view: View, probe: str = "convex") -> Shot:
        """The pictures of a view."""
        scanner = self.scanner(case, probe, view.posture)
        key = (probe, repr(view))
        if key not in self._shots:
            self._shots[key] = shoot(scanner, view)
        return self._shots[key]

    def _leave(self) -> None:
        """The table is free again."""
        for scanner in self._scanners.values():
            scanner.close()
        self._scanners, self._shots, self._patient = {}, {}, None

    def __enter__(self) -> Studio:
        return self

    def __exit__(self, *_: object) -> None:
        self._leave()
