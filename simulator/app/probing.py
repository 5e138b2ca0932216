"""What the hands do: the probe on the skin, the console, the patient's posture and arms.

The half of the program about handling.

No drawing, no OpenGL, no input devices.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from simulator.anatomy.arms import ARMS_OF_POSTURE, stance
from simulator.anatomy.guidance import CAUDAL, CRANIAL
from simulator.app import fading, handling
from simulator.app.cine import acquired_as
from simulator.app.examination import UPPER_SIDE, reachable, watching
from simulator.app.keys import Command
from simulator.app.moves import Hold, Moves
from simulator.app.picking import seen_point
from simulator.app.state import CoachStep, ScanState, Screen
from simulator.app.viewing import Viewing
from simulator.app.work import Job
from simulator.exam.events import ArmsMoved, BreathRequested, PostureChanged, ProbeMoved
from simulator.messages import _
from simulator.patient import Patient
from simulator.probe import Settings

_NO_MOVES = Moves()  # before there is a case


def why_not(patient: Patient) -> str:
    """Why a patient cannot be asked to do anything with the breath, in the language spoken now."""
    if patient.body.phantom is not None:
        return _("A test block does not breathe.")
    if patient.respiration.rate_per_min <= 0.0:
        return _("The patient does not breathe.")
    return _("This patient cannot follow requests.")


class Probing(Viewing):
    """The program as far as it has a probe in the hand."""

    @property
    def scanning(self) -> bool:
        """Whether probe and console answer to keys."""
        state = self.state
        calm = not (state.help_open or state.leave_open or self._job)
        return calm and state.screen == Screen.SCAN and state.scan is not None and self.patient is not None

    @property
    def may_look_inside(self) -> bool:
        """Whether what lies under the skin may be shown: in practice, and once the marks are given."""
        scan = self.state.scan
        return scan is not None and (scan.practice or self.state.screen == Screen.DEBRIEF)

    @property
    def moves(self) -> Moves:
        """The movements that can be taken back."""
        return self.exam.moves if self.exam is not None else _NO_MOVES

    def change(self, scan: ScanState, *, help_used: str = "", noted: bool = True) -> None:
        """Take over a changed scan, and write down what of it belongs to the examination.

        `help_used` names what moved the probe if no hand did; without `noted` the movement cannot be taken back.
        """
        before = self.scan
        if scan.frozen and before.frozen and scan.transducer_key == before.transducer_key:
            scan = handling.with_console(scan, acquired_as(scan.settings, before.settings))
        if scan.frozen and not before.frozen:
            self.hold_still()
        elif not scan.frozen:
            self.cine.thaw()
        if scan.pose != before.pose and not reachable(scan.posture, scan.pose.azimuth_rad):
            if reachable(before.posture, before.pose.azimuth_rad):
                scan = replace(scan, pose=before.pose)
            self.state = self.state.say(_("The patient lies on this side: turn them with P."), bad=True)
        self.state = replace(self.state, scan=scan)
        if self.state.screen != Screen.SCAN:
            return
        turned, other = scan.stance != before.stance, scan.transducer_key != before.transducer_key
        if turned:
            self.moves.end()
            if scan.posture != before.posture:
                self._record(PostureChanged(posture=scan.posture))
            if scan.arms or scan.posture == before.posture:
                self._record(ArmsMoved(arms=scan.stance[1]))
        if (turned or scan.pose != before.pose) and noted:
            self.moves.note(Hold(before.pose, before.posture, before.arms), self.state.clock_s)
        if turned:
            self.moves.end()
        if scan.pose != before.pose or other:
            self.state = self.state.coached(CoachStep.PROBE)
            self._record(ProbeMoved(pose=scan.pose, probe=scan.transducer_key, help=help_used))
        if scan.pose != before.pose or other or turned:
            zone = self.exam.zone_under_probe(self.scan) if self.exam else None
            if zone is not None and zone != self.scan.zone:
                self.state = replace(self.state, scan=replace(self.scan, zone=zone))
        if scan.settings != before.settings:
            self.state = self.state.coached(CoachStep.KNOBS)
        if scan.settings != before.settings or scan.frozen != before.frozen:
            self._record(watching(scan))

    def turn_knobs(self, settings: Settings) -> None:
        """The console of the probe in the hand."""
        self.change(handling.with_console(self.scan, settings))

    def hold_fine(self, held: bool) -> None:
        """Whether the key for fine movements is held; it makes them coarse where they were made fine for good."""
        scan = self.state.scan
        if scan is not None and scan.fine != (held != scan.fine_on):
            self.state = replace(self.state, scan=replace(scan, fine=held != scan.fine_on))

    # -- the probe -----------------------------------------------------------------------------------------------
    def pointed_at(
        self, origin: npt.NDArray[np.float64], direction: npt.NDArray[np.float64], pressed: bool
    ) -> npt.NDArray[np.float64] | None:
        """The skin (3,) that a ray from the eye meets first; None past the patient and on what is not their trunk.

        A press there is answered with a word.
        """
        if self.exam is None or self.patient is None:
            return None
        point, elsewhere = seen_point(self.patient.body, self.exam.outside(self.scan), origin, direction)
        if elsewhere and pressed:
            self.state = self.state.say(_("The probe stays on the trunk."))
        return point

    def drag_to(self, point_torso: npt.NDArray[np.float64]) -> None:
        """The probe moved to a point of the skin."""
        if self.patient is not None:
            pose = self.world.pose_at(self.patient.body, point_torso, self.scan.pose)
            self.change(replace(self.scan, pose=handling.limited(pose)))

    def step_back(self, redo: bool = False) -> None:
        """Take the last movement back, or with `redo` make it again. It is a movement like any other, in exams too."""
        present = Hold(self.scan.pose, self.scan.posture, self.scan.arms)
        held = self.moves.redo(present) if redo else self.moves.undo(present)
        if held is None:
            self.state = self.state.say(_("There is nothing to make again.") if redo else _("No movement to undo."))
        elif (held.posture, held.arms) != (present.posture, present.arms):
            self.take_stance(
                held.posture, held.arms, noted=False
            )  # as each turn leaves the probe where it is on the skin
        else:
            self.change(handling.seen(replace(self.scan, pose=held.pose)), noted=False)

    def guide(self, command: Command) -> None:
        """Help that moves the probe: to the next intercostal space, or square to the pleura. Practice only."""
        patient, scan = self.patient, self.scan
        if patient is None:
            return
        if not scan.practice:
            self.state = self.state.say(_("This help is for practice."))
            return
        if command == Command.PLEURA:
            found, name = self.world.square_to_pleura(patient.body, scan.pose), "square_to_pleura"
            missed = _("There is no pleura under the probe.")
        else:
            way = CRANIAL if command == Command.SPACE_UP else CAUDAL
            found, name = self.world.next_space(patient.body, scan.pose, way), "next_space"
            missed = _("There is no further intercostal space this way.")
        if found is None or handling.limited(found) != found:
            self.state = self.state.say(missed)
            return
        self.moves.end()
        self.change(replace(scan, pose=found), help_used=name)
        self.moves.end()

    def see(self, command: Command) -> None:
        """Look under the skin, or at the cut beside the image; or stop."""
        scan = self.scan
        if not self.may_look_inside:
            self.state = self.state.say(_("This help is for practice."))
        elif command == Command.INSIDE:
            self.change(fading.opened(scan, not scan.show_inside))
        else:
            self.change(replace(scan, show_cut=not scan.show_cut))

    # -- the patient ---------------------------------------------------------------------------------------------
    def choose_zone(self, zone: str, jump: bool = False) -> None:
        """Show a zone's answer sheet; with `jump` bring the probe there too."""
        self.state = replace(self.state, scan=replace(self.scan, zone=zone))
        at = self.exam.zone_pose(self.scan, zone) if self.exam and jump else None
        if at is None:
            return
        if not reachable(self.scan.posture, at.azimuth_rad):
            self.state = self.state.say(_("The patient lies on this side: turn them with P."), bad=True)
            return
        self.moves.end()
        self.change(handling.looked_at_probe(replace(self.scan, pose=at, zone=zone)))
        self.moves.end()

    def turn_patient(self, posture: str) -> None:
        """Sit the patient up, or turn them; the arms are held as usual in the new posture."""
        if posture != self.scan.posture:
            self.take_stance(posture)

    def move_arms(self) -> None:
        """Ask the patient to hold the arms in the next way that the posture allows."""
        posture, arms = self.scan.stance
        known = ARMS_OF_POSTURE[posture]
        if self.patient is None or self.patient.body.phantom is not None:
            return
        if len(known) == 1:
            self.state = self.state.say(_("Lying on the side, the arms stay as they are."))
        else:
            self.take_stance(posture, known[(known.index(arms) + 1) % len(known)])

    def take_stance(self, posture: str, arms: str = "", *, noted: bool = True) -> None:
        """Put the patient into a posture, the arms as usual or as named; a new body is built beside the window.

        Without `noted` the turn cannot be taken back.
        """
        exam = self.exam
        if exam is None or stance(posture, arms) == self.scan.stance:
            return

        def turned() -> None:
            scan = handling.laid(handling.thawed(replace(self.scan, posture=posture, arms=arms)))
            if not reachable(posture, (scan.camera_goal or scan.camera).yaw_rad):
                scan = handling.looked_from(scan, UPPER_SIDE[posture])
            self.change(scan, noted=noted)
            if not reachable(posture, self.scan.pose.azimuth_rad):
                self.state = self.state.say(_("The probe is between the patient and the bed: move it away."), bad=True)

        if stance(posture, arms) in exam.patients:
            turned()
        else:
            self._build(posture, arms, turned)

    def list_breaths(self, listed: bool) -> None:
        """Show what the patient can be asked to do with the breath, or no longer."""
        self.state = replace(self.state, breaths_listed=listed)

    def ask(self, kind: str) -> None:
        """Ask the patient to do one of REQUESTS with the breath."""
        self.list_breaths(False)
        patient, scan = self.patient, self.scan
        if patient is None:
            return
        if not patient.respiration.can_follow:
            self.state = self.state.say(why_not(patient))
        elif scan.frozen:  # the patient's time stands still with the image
            self.state = self.state.say(_("First let the image run again (Space)."))
        else:
            requests = patient.respiration.asked(scan.requests, kind, scan.time_s)
            if requests != scan.requests:
                self.state = replace(self.state, scan=replace(scan, requests=requests))
                self._record(BreathRequested(request=kind, patient_s=scan.time_s))

    def _build(self, posture: str, arms: str, then: Callable[[], None]) -> None:
        """Build the body of a stance beside the window, then go on."""
        exam = self.exam
        assert exam is not None

        def built(patient: Patient) -> None:
            exam.patients[stance(posture, arms)] = patient
            then()

        self.run_job(Job(lambda report: exam.case.patient(posture, report, arms), built))

    # -- the record ----------------------------------------------------------------------------------------------
    def _record(self, event: Any) -> None:
        exam = self.exam
        if exam is not None:
            self.attempt_to(lambda: exam.record(event, self.clock()))
