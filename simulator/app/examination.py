"""The case on the table: its patient in each stance, the probe on them, the attempt as written down, the marks."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from simulator.anatomy.arms import Stance
from simulator.anatomy.zones import zone_at
from simulator.app.cine import Cine
from simulator.app.moves import Moves
from simulator.app.picking import Outside
from simulator.app.state import ScanState
from simulator.app.world import Case, World
from simulator.assessment.score import Score
from simulator.assessment.truth import Truth
from simulator.exam.attempt import Attempt
from simulator.exam.events import SettingsChanged
from simulator.geometry import Placement, Pose
from simulator.patient import Patient

# Where the bed is: (azimuth from, to) in degrees that cannot be reached in a posture [P].
BED_DEG = {"supine": (125.0, 235.0), "semi_recumbent": (125.0, 235.0), "lateral_left": (-130.0, -50.0),
           "lateral_right": (50.0, 130.0)}  # fmt: skip
UPPER_SIDE = {"supine": "front", "semi_recumbent": "front", "lateral_left": "right", "lateral_right": "left"}  # a view


def reachable(posture: str, azimuth_rad: float) -> bool:
    """Whether a probe can get between the patient and the bed at this azimuth."""
    if posture not in BED_DEG:
        return True
    low, high = BED_DEG[posture]
    return not low < (math.degrees(azimuth_rad) - low) % 360.0 + low < high


def watching(scan: ScanState, watched: bool = True) -> SettingsChanged:
    """The console as it is from now on; away from the scan screen nobody watches, and no hold counts."""
    return SettingsChanged(settings=scan.settings, frozen=scan.frozen or not watched)


class Examination:
    """One case from brief to debrief."""

    def __init__(self, world: World, case: Case) -> None:
        """The attempt begins later, or is resumed."""
        self.world, self.case = world, case
        self.attempt: Attempt | None = None
        self.patients: dict[Stance, Patient] = {}
        self.truth: Truth | None = None
        self.score: Score | None = None
        self.report = ""
        self.cine = Cine()
        self.moves = Moves()
        self._placement: tuple[Any, Placement] | None = None
        self._outside: tuple[Any, Outside] | None = None

    def placement(self, scan: ScanState) -> Placement | None:
        """Where the probe is; None while the patient is being built."""
        patient = self.patients.get(scan.stance)
        if patient is None:
            return None
        key = (scan.pose, patient.body.content_hash, scan.stance)
        if self._placement is None or self._placement[0] != key:
            self._placement = (key, self.world.place(patient.body, scan.pose))
        return self._placement[1]

    def outside(self, scan: ScanState) -> Outside:
        """The patient as drawn, for rays."""
        body = self.patients[scan.stance].body
        key = (body.content_hash, scan.stance)
        if self._outside is None or self._outside[0] != key:
            self._outside = (key, Outside.of(self.world.skin(body, *scan.stance)))
        return self._outside[1]

    def in_contact(self, scan: ScanState) -> bool:
        """Whether the probe is coupled to the skin."""
        placement = self.placement(scan)
        return placement is not None and self.world.in_contact(self.patients[scan.stance], placement)

    def zone_under_probe(self, scan: ScanState) -> str | None:
        """The zone that the probe is in."""
        placement = self.placement(scan)
        if placement is None:
            return None
        body, face = self.patients[scan.stance].body, np.array(placement.face_torso)
        return zone_at(float(body.azimuth_rad(face)), float(body.height_fraction(face)))

    def zone_pose(self, scan: ScanState, zone: str) -> Pose | None:
        """The middle of a zone on this patient."""
        patient = self.patients.get(scan.stance)
        return self.world.zone_pose(patient.body, zone) if patient is not None else None

    def worst_view(self, scan: ScanState, zone: str) -> Pose | None:
        """Where the truth saw the worst of a zone; its middle where it saw nothing."""
        found = self.truth.zones.get(zone) if self.truth else None
        if found is not None and found.worst is not None and found.worst.pose is not None:
            return found.worst.pose
        return self.zone_pose(scan, zone)

    def record(self, event: Any, now_s: float) -> None:
        """Write an event down, if there is an attempt to write to."""
        if self.attempt is not None and self.attempt.running:
            self.attempt.apply(event, now_s)
