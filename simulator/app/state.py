"""What the window shows, as data: every screen draws from this and nothing else. Frozen; no drawing, no input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from simulator.anatomy.arms import Stance, stance
from simulator.anatomy.zones import ZONES
from simulator.app.calipers import Caliper, Point
from simulator.assessment.answer import Answer
from simulator.geometry import Pose
from simulator.physiology.requests import Requests
from simulator.probe import PRESETS, TRANSDUCERS, Settings, Transducer
from simulator.render.camera import Camera
from simulator.render.sector import Zoom


class Screen(StrEnum):
    """Where in the program we are."""

    MENU = "menu"
    LOADING = "loading"
    BRIEF = "brief"
    SCAN = "scan"
    CONCLUSION = "conclusion"
    DEBRIEF = "debrief"
    RESULTS = "results"
    SETTINGS = "settings"
    ERROR = "error"


class CoachStep(StrEnum):
    """The three things that a newcomer does first."""

    PROBE = "probe"
    KNOBS = "knobs"
    ANSWER = "answer"
    DONE = "done"


COACH_ORDER = (CoachStep.PROBE, CoachStep.KNOBS, CoachStep.ANSWER, CoachStep.DONE)
# lateral_left lies on the left side
POSTURES = ("supine", "semi_recumbent", "sitting", "lateral_left", "lateral_right")
ZONE_KEYS = tuple(ZONES)
# How much of each layer of the patient is seen when one looks inside; ribs and lungs before all ([P]).
FADES: Mapping[str, float] = {
    "skin": 0.16,
    "muscle": 0.0,
    "bones": 1.0,
    "lungs": 0.55,
    "organs": 1.0,
    "disease": 1.0,
    "zones": 1.0,
    "slice": 1.0,
}


@dataclass(frozen=True)
class ScanState:
    """The scan: probe, console, patient's posture, view, answers."""

    pose: Pose
    practice: bool = False
    posture: str = "supine"
    arms: str = ""  # as the patient was asked to hold them; "": as usual in the posture
    transducer_key: str = "convex"
    console: Mapping[str, Settings] = field(default_factory=lambda: dict(PRESETS))
    zone: str = "R1"  # the zone whose answer is on the sheet
    answer: Answer = field(default_factory=Answer)
    time_s: float = 0.0  # the patient's own time; stands still while frozen
    requests: Requests = ()  # what the patient was asked to do with the breath, and when
    clip_s: tuple[float, float] | None = None  # part of the patient's time that is shown over and over (debrief)
    frame_index: int = 0
    frozen: bool = False
    mmode: bool = False
    mmode_at: float = 0.5  # where its line is: share of the sector from the marked side
    zoom: Zoom | None = None  # the part of the sector that is magnified; None for all of it
    tool: str = ""  # in the hand: "distance", "ellipse", "zoom" or nothing
    placing: tuple[Point, ...] = ()  # points of what is being placed with it
    measured: tuple[Caliper, ...] = ()
    camera: Camera = field(default_factory=Camera)
    camera_goal: Camera | None = None
    show_zones: bool = True
    show_inside: bool = False
    fades: Mapping[str, float] = field(default_factory=lambda: dict(FADES))  # of each layer, 0 gone .. 1 whole
    fade_goals: Mapping[str, float] = field(default_factory=lambda: dict(FADES))  # what they are turning into
    show_cut: bool = False  # the anatomy of the image plane beside the image
    fine: bool = False  # now: the switch, or the key that is held
    fine_on: bool = False  # the switch
    visited: frozenset[str] = frozenset()

    @property
    def transducer(self) -> Transducer:
        """The probe in the hand."""
        return TRANSDUCERS[self.transducer_key]

    @property
    def stance(self) -> Stance:
        """The patient's posture and arms."""
        return stance(self.posture, self.arms)

    @property
    def settings(self) -> Settings:
        """The console of the probe in the hand."""
        return self.console[self.transducer_key]

    def zone_state(self, key: str) -> int:
        """0 open, 1 begun, 2 answered, 3 not examined: what the maps colour."""
        zone = self.answer.zone(key)
        if zone.not_examined:
            return 3
        return 2 if zone.is_complete else 0 if zone.is_empty else 1


@dataclass(frozen=True)
class Notice:
    """A line that is shown for a while. `bad` is in the colour of warnings."""

    text: str
    until_s: float
    bad: bool = False


@dataclass(frozen=True)
class AppState:
    """The whole window."""

    screen: Screen = Screen.MENU
    came_from: Screen = Screen.MENU  # where settings and results go back to
    help_open: bool = False
    leave_open: bool = False  # "leave the examination?"
    breaths_listed: bool = False  # what the patient can be asked to do with the breath
    scan: ScanState | None = None
    coach: CoachStep = CoachStep.PROBE
    notice: Notice | None = None
    progress: float = 0.0
    error: str = ""
    clock_s: float = 0.0  # of the window, for notices

    def to(self, screen: Screen, **changes: Any) -> AppState:
        """Go to a screen."""
        closed = replace(self, leave_open=False, help_open=False, breaths_listed=False)
        return replace(closed, screen=screen, came_from=self.screen, **changes)

    def coached(self, step: CoachStep) -> AppState:
        """`step` was done: point at the next, if the coach was pointing at this one."""
        if self.coach != step:
            return self
        return replace(self, coach=COACH_ORDER[COACH_ORDER.index(step) + 1])

    def say(self, text: str, seconds: float = 4.0, bad: bool = False) -> AppState:
        """Show a line for a while."""
        return replace(self, notice=Notice(text, self.clock_s + seconds, bad))
