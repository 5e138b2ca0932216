"""What happens when: the window's state, the case, the patient, the attempt, and the work that goes on beside them.

Screens and window call this; it calls the world. No drawing, no OpenGL, no input devices: all of it runs in tests.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from simulator.anatomy.arms import stance
from simulator.app import handling
from simulator.app.examination import Examination, watching
from simulator.app.keys import Command, request_of, zone_of
from simulator.app.probing import Probing
from simulator.app.state import CoachStep, ScanState, Screen
from simulator.app.work import Job
from simulator.app.world import Unfinished
from simulator.assessment.answer import ZoneAnswer
from simulator.assessment.truth import Truth
from simulator.exam.attempt import Attempt, ZoneMark
from simulator.exam.events import (
    ConclusionGiven,
    Finished,
    ProbeMoved,
    ZoneAnswered,
    ZoneMarked,
    ZoneNotExamined,
)
from simulator.geometry import Pose
from simulator.messages import LANGUAGES, language
from simulator.patient import Patient
from simulator.probe import PRESETS, Settings

CLIP_S = 6.0  # what counts as looked at when a zone is recorded (clinical.md A.5: at least 6 s [V15])


class Program(Probing):
    """The program without its window."""

    handing_in = False  # waiting for the truth to be found
    _truth_job: Job | None = None

    # -- going from screen to screen -----------------------------------------------------------------------------
    def open_case(self, key: str, resumed: int | None = None) -> None:
        """From the menu to the brief, or back into an attempt: the patient is built beside the window."""
        case = self.attempt_to(lambda: self.world.open(key))
        if case is None:
            return
        exam = self.exam = Examination(self.world, case)
        self.state = replace(self.state.to(Screen.BRIEF), scan=None)
        posture = case.first_posture

        def built(patient: Patient) -> None:
            exam.patients[stance(posture)] = patient
            scan = handling.looked_at_probe(ScanState(self.world.zone_pose(patient.body, "R1"), posture=posture))
            scan = replace(scan, camera=scan.camera_goal or scan.camera, camera_goal=None)
            self.state = replace(self.state, scan=scan)
            self._truth_job = Job(lambda report: self.world.truth(patient, lambda share: report(share, "")), found)
            self.start_job(self._truth_job)
            if resumed is not None:  # only now, so that the clock does not run while the patient is built
                exam.attempt = self.attempt_to(lambda: self.world.resume(resumed, self.clock()))
                if exam.attempt is not None:
                    self._take_up(exam.attempt)

        def found(truth: Truth) -> None:
            exam.truth = truth

        self.run_job(Job(lambda report: case.patient(posture, report), built))

    def _take_up(self, attempt: Attempt) -> None:
        """Put the state of an interrupted attempt back."""
        past = attempt.state
        scan = replace(self.scan, answer=past.answer)
        if past.pose is not None:
            scan = handling.with_console(replace(scan, pose=past.pose, transducer_key=past.probe), past.settings)
            scan = handling.looked_at_probe(scan)
        scan = replace(scan, time_s=past.patient_s, requests=past.requests)
        zone = self.exam.zone_under_probe(scan) if self.exam else None
        self.state = replace(self.state, scan=replace(scan, zone=zone or scan.zone)).to(Screen.SCAN)
        self._record(watching(self.scan))
        if past.posture is not None or past.arms is not None:
            self.take_stance(past.posture or self.scan.posture, past.arms or "", noted=False)

    def begin_scan(self, practice: bool) -> None:
        """From the brief to the scan: the clock starts."""
        exam = self.exam
        if exam is None or self.state.scan is None:
            return
        if exam.attempt is None:
            exam.attempt = self.attempt_to(
                lambda: self.world.begin(exam.case, self.preferences.trainee, practice, self.clock())
            )
        if exam.attempt is None:
            return  # the notice says why: better no examination than one that is not kept
        self.state = replace(self.state, scan=replace(self.scan, practice=practice)).to(Screen.SCAN)
        self._record(ProbeMoved(pose=self.scan.pose, probe=self.scan.transducer_key))
        self._record(watching(self.scan))

    def resume(self, unfinished: Unfinished) -> None:
        """Go on with an interrupted examination."""
        self.open_case(unfinished.case_key, resumed=unfinished.attempt_id)

    def discard(self, unfinished: Unfinished) -> None:
        """Give up an interrupted examination."""
        self.attempt_to(lambda: self.world.discard(unfinished.attempt_id))
        self.refresh_unfinished()

    def conclude(self) -> None:
        """From the scan to the conclusion: the last hold of the probe ends."""
        self.go(Screen.CONCLUSION)

    def hand_in(self) -> None:
        """From the conclusion to the debrief: the answers are final."""
        if self.exam is not None and self.exam.truth is not None:
            self._mark()
        elif self._truth_job is not None:
            self.handing_in = True

    def _mark(self) -> None:
        exam = self.exam
        if exam is None or exam.attempt is None or exam.truth is None:
            return
        self.handing_in = False
        attempt, truth = exam.attempt, exam.truth
        if attempt.running:
            self._record(Finished(at_utc=self.world.now_utc()))
        exam.score = self.attempt_to(lambda: exam.case.mark(self.scan.answer, truth, attempt.track))
        if exam.score is None:
            return
        score = exam.score
        if not self.scan.practice:
            exam.report = self.attempt_to(lambda: self.world.keep(attempt, exam.case, truth, score)) or ""
        self.state = self.state.to(Screen.DEBRIEF)
        self.show_truth("R1")

    def show_truth(self, zone: str) -> None:
        """Hold the reference probe where the worst of a zone is seen, as the truth saw it."""
        if self.exam is not None:
            self._show(zone, self.exam.worst_view(self.scan, zone), "convex", PRESETS["convex"])

    def show_own(self, zone: str) -> None:
        """Hold the probe as the trainee did when the zone was recorded, and let the patient breathe as then."""
        mark = self.own_view(zone)
        if mark is not None:
            self._show(zone, mark.pose, mark.probe, mark.settings, mark, mark.posture, mark.arms)

    def own_view(self, zone: str) -> ZoneMark | None:
        """How the trainee looked at a zone, if it was recorded."""
        attempt = self.exam.attempt if self.exam else None
        mark = attempt.state.marks.get(zone) if attempt else None
        return mark if mark is not None and mark.pose is not None else None

    def _show(
        self, zone: str, pose: Pose | None, probe: str, settings: Settings, clip: ZoneMark | None = None,
        posture: str | None = None, arms: str | None = None,
    ) -> None:  # fmt: skip
        exam = self.exam
        if exam is None:
            return
        posture, arms = posture or exam.case.first_posture, arms or ""  # by default those of the truth
        if stance(posture, arms) not in exam.patients:  # taken before an interruption
            self._build(posture, arms, lambda: self._show(zone, pose, probe, settings, clip, posture, arms))
            return
        scan = replace(self.scan, mmode=False, zone=zone, transducer_key=probe, posture=posture, arms=arms, zoom=None)
        scan = handling.thawed(scan)
        scan = replace(scan, requests=(), clip_s=None)
        if clip is not None and clip.patient_s is not None:
            start_s = max(0.0, clip.patient_s - clip.clip_s)
            scan = replace(scan, time_s=start_s, requests=clip.requests, clip_s=(start_s, clip.patient_s))
        exam.cine.clear()
        scan = handling.with_console(scan, settings)
        if pose is not None:
            scan = handling.looked_at_probe(replace(scan, pose=pose))
        self.state = replace(self.state, scan=scan)

    @property
    def trainee(self) -> str:
        """Whose examination this is: a resumed one stays with the one who began it."""
        started = self.exam.attempt.state.started if self.exam and self.exam.attempt else None
        return started.trainee if started else self.preferences.trainee

    @property
    def elapsed_s(self) -> float:
        """Time of the examination."""
        attempt = self.exam.attempt if self.exam else None
        return attempt.elapsed_s(self.clock()) if attempt else 0.0

    def menu(self) -> None:
        """Back to the menu; what was recorded stays resumable."""
        self.exam, self._job, self._truth_job, self.handing_in = None, None, None, False
        self.refresh_unfinished()
        self.state = replace(self.state.to(Screen.MENU), scan=None)

    def go(self, screen: Screen) -> None:
        """To a screen that needs nothing more."""
        self._results = None
        if screen in (Screen.SCAN, Screen.CONCLUSION):
            self._record(watching(self.scan, screen == Screen.SCAN))
        self.state = self.state.to(screen)

    def back(self) -> None:
        """What Esc does."""
        state = self.state
        if state.help_open:
            self.state = replace(state, help_open=False)
        elif state.leave_open:
            self.state = replace(state, leave_open=False)
        elif state.breaths_listed:
            self.list_breaths(False)
        elif state.screen == Screen.SCAN and state.coach != CoachStep.DONE:
            self.skip_coach()  # what came last goes first
        elif state.screen == Screen.SCAN:
            self.state = replace(state, leave_open=True)
        elif state.screen == Screen.CONCLUSION:
            self.go(Screen.SCAN)
        elif state.screen in (Screen.RESULTS, Screen.SETTINGS):
            back_to = state.came_from if state.came_from not in (Screen.RESULTS, Screen.SETTINGS) else Screen.MENU
            self.state = state.to(back_to)
        elif state.screen != Screen.MENU:
            self.menu()

    # -- commands ------------------------------------------------------------------------------------------------
    def command(self, command: Command) -> None:
        """A key that acts once."""
        match command:
            case Command.HELP:
                self.state = replace(self.state, help_open=not self.state.help_open)
            case Command.BACK:
                self.back()
            case Command.LANGUAGE:
                codes = list(LANGUAGES)
                self.speak(codes[(codes.index(language()) + 1) % len(codes)])
            case Command.FULLSCREEN:
                self.remember(fullscreen=not self.preferences.fullscreen)
            case _ if not self.scanning:
                return
            case Command.CINE:
                self.play_loop()
            case Command.UNDO | Command.REDO:
                self.step_back(redo=command == Command.REDO)
            case Command.SPACE_UP | Command.SPACE_DOWN | Command.PLEURA:
                self.guide(command)
            case Command.INSIDE | Command.CUT:
                self.see(command)
            case Command.DISTANCE | Command.ELLIPSE | Command.ZOOM:
                self.take_tool(command.value)
            case Command.DELETE:
                self.delete_caliper()
            case Command.WHOLE:
                self.zoom_out()
            case _ if (request := request_of(command)) is not None:
                self.ask(request)
            case Command.POSTURE:
                assert self.exam is not None
                self.turn_patient(handling.next_posture(self.scan.posture, self.exam.case.postures))
            case Command.ARMS:
                self.move_arms()
            case _:
                zone = zone_of(command)
                if zone is not None:
                    self.choose_zone(zone, jump=self.scan.practice)
                else:
                    self.moves.end()
                    self.change(handling.commanded(self.scan, command))

    def answer_zone(self, zone: str, answer: ZoneAnswer) -> None:
        """State something about a zone."""
        self.state = replace(self.state, scan=replace(self.scan, answer=self.scan.answer.with_zone(zone, answer)))
        self.state = self.state.coached(CoachStep.ANSWER)
        if self.state.coach == CoachStep.DONE and not self.preferences.coach_done:
            self.remember(coach_done=True)
        if answer.not_examined:
            self._record(ZoneNotExamined(zone=zone))
        else:
            if answer.score is not None and self.exam and self.exam.zone_under_probe(self.scan) == zone:
                self._record(ZoneMarked(zone=zone, clip_s=CLIP_S, patient_s=self.scan.time_s))
            self._record(ZoneAnswered.of(zone, answer))

    def answer_conclusion(self, diagnosis: str | None, severity: str | None) -> None:
        """State diagnosis and severity."""
        scan = replace(self.scan, answer=self.scan.answer.concluded(diagnosis, severity))
        self.state = replace(self.state, scan=scan)
        self._record(ConclusionGiven(diagnosis=diagnosis, severity=severity))

    # -- time ----------------------------------------------------------------------------------------------------
    def tick(self, delta_s: float, held: Iterable[Command] = (), sticks: dict[str, float] | None = None) -> None:
        """`delta_s` of real time passed, with some keys held down."""
        self.state = replace(self.state, clock_s=self.state.clock_s + delta_s)
        notice = self.state.notice
        if notice is not None and self.state.clock_s > notice.until_s:
            self.state = replace(self.state, notice=None)
        self.collect()
        if self.scanning:
            scan = handling.hold(self.scan, self.scroll(held, delta_s), delta_s)
            if sticks:
                scan = handling.push(scan, sticks, delta_s)
            if scan != self.scan:
                self.change(scan)
            self.state = replace(self.state, scan=handling.passed(self.scan, delta_s))
            self.film()
        elif self.state.screen == Screen.DEBRIEF and self.state.scan is not None:
            self.state = replace(self.state, scan=handling.passed(self.scan, delta_s))
            self.film()

    def collect(self) -> None:
        """Take over what work is done."""
        super().collect()
        found = self._truth_job
        if found is not None and found.done:
            self._truth_job = None
            self.deliver(found)
            if self.handing_in:
                self._mark()

    @property
    def truth_progress(self) -> float:
        """How far the finding of the truth is, 0..1."""
        return self._truth_job.progress if self._truth_job else 1.0
