"""The plain half of the program: what it knows of the world, what it says, what it waits for, what it remembers."""

from __future__ import annotations

import logging
import webbrowser
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from simulator import logbook
from simulator.app.preferences import Preferences
from simulator.app.state import AppState, CoachStep, Screen
from simulator.app.work import Job
from simulator.app.world import CaseCard, ResultLine, Unfinished, World
from simulator.errors import PleuraError
from simulator.messages import _, language, set_language
from simulator.storage.errors import CorruptDatabaseError

_log = logging.getLogger(__name__)


def start_on_thread(job: Job) -> None:
    """How the window runs slow work; tests run it at once."""
    job.start()


class Desk:
    """State, notices, slow work and preferences: what every screen needs, whatever the examination is."""

    def __init__(
        self,
        world: World,
        preferences: Preferences,
        clock: Callable[[], float],
        keep_preferences: Callable[[Preferences], Any] = lambda _: None,
        start: Callable[[Job], None] = start_on_thread,
    ) -> None:
        """`clock` is monotonic seconds; `keep_preferences` writes them down."""
        self.world, self.preferences, self.clock = world, preferences, clock
        self._keep_preferences, self.start_job = keep_preferences, start
        self.open_page: Callable[[str], object] = webbrowser.open
        self.state = AppState(coach=CoachStep.DONE if preferences.coach_done else CoachStep.PROBE)
        self.quit = False
        self._job: Job | None = None
        self.unfinished: list[Unfinished] = []
        self.damaged = False  # the results database: nothing can be kept until a new one is begun
        self._cards: tuple[str, list[CaseCard]] | None = None
        self._results: list[ResultLine] | None = None
        self.refresh_unfinished()

    @property
    def busy(self) -> Job | None:
        """The work that the screen waits for."""
        return self._job

    def cards(self) -> list[CaseCard]:
        """The cases of the menu, in the language spoken now."""
        if self._cards is None or self._cards[0] != language():
            self._cards = (language(), self.attempt_to(self.world.cases) or [])
        return self._cards[1]

    def results(self) -> list[ResultLine]:
        """The finished attempts, as read when the list was opened."""
        if self._results is None:
            self._results = self.attempt_to(self.world.results) or []
        return self._results

    def refresh_unfinished(self) -> None:
        """Read again what can be resumed; find out whether the results can be read at all."""
        try:
            self.unfinished, self.damaged = self.world.unfinished(), False
        except CorruptDatabaseError as error:
            _log.warning("%s", error)
            self.unfinished, self.damaged = [], True
        except (PleuraError, OSError) as error:
            self.unfinished = []
            self.warn(error)

    def start_afresh(self) -> None:
        """Put a damaged results database aside and begin a new one."""
        aside = self.attempt_to(self.world.start_afresh)
        if aside is not None:
            self.refresh_unfinished()
            self.notify(_("The damaged file is kept as {path}").format(path=aside))

    def fail(self, error: BaseException) -> None:
        """Show an error: what it says if it is for a person, otherwise where the log is."""
        if isinstance(error, PleuraError):
            text = str(error)
        else:
            _log.error("unexpected error", exc_info=error)
            text = _("Something unexpected happened. What was recorded of an examination is kept.")
        self._job = None
        self.state = replace(self.state.to(Screen.ERROR), error=text)

    @property
    def log_path(self) -> str:
        """The log file, for the error screen."""
        return str(logbook.log_path())

    def notify(self, text: str, bad: bool = False) -> None:
        """Show a line for a while."""
        self.state = self.state.say(text, seconds=8.0, bad=bad)

    def open_report(self, path: str) -> None:
        """Show a report in the browser, and say where it lies."""
        self.open_page(Path(path).absolute().as_uri())
        self.notify(_("The report is in {path}").format(path=path))

    def point_at(self, step: CoachStep) -> None:
        """Where the coach points from now on."""
        self.state = replace(self.state, coach=step)

    def skip_coach(self) -> None:
        """No more pointing."""
        self.state = replace(self.state, coach=CoachStep.DONE)
        self.remember(coach_done=True)

    def speak(self, code: str) -> None:
        """Another language, from the next frame on."""
        self.remember(language=set_language(code))

    def remember(self, **changes: Any) -> None:
        """Change preferences and write them down."""
        self.preferences = replace(self.preferences, **changes).checked()
        self._keep_preferences(self.preferences)

    def collect(self) -> None:
        """Take over what work is done."""
        job = self._job
        if job is not None:
            self.state = replace(self.state, progress=job.progress)
            if job.done:
                self._job = None
                self.deliver(job)

    def deliver(self, job: Job) -> None:
        """Hand over what a job has made; what it raised becomes the error screen."""
        try:
            job.deliver()
        except Exception as error:
            self.fail(error)

    def run_job(self, job: Job) -> None:
        """Start a job that the screen waits for."""
        self._job = job
        self.start_job(job)
        if job.done:
            self.collect()

    def attempt_to(self, action: Callable[[], Any]) -> Any:
        """The result of `action`; where it fails, None and a line on the screen."""
        try:
            return action()
        except (PleuraError, OSError) as error:
            self.warn(error)
            return None

    def warn(self, error: Exception) -> None:
        """Say for a while what went wrong; the log has the rest."""
        _log.warning("%s", error, exc_info=True)
        text = (
            _("The results file is damaged: see the menu.") if isinstance(error, CorruptDatabaseError) else f"{error}"
        )
        self.state = self.state.say(text, seconds=10.0, bad=True)
