"""Slow work beside the window: a job on a thread, with progress; the main thread fetches its result."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

_log = logging.getLogger(__name__)


class Job:
    """A piece of work: `work(progress)` on its own thread, `then(result)` on the main thread when it is done."""

    def __init__(self, work: Callable[[Callable[[float, str], None]], Any], then: Callable[[Any], None]) -> None:
        """Starts only with `start`."""
        self._work, self._then = work, then
        self.progress, self.text = 0.0, ""
        self.error: BaseException | None = None
        self._result: Any = None
        self._done = threading.Event()

    def start(self) -> None:
        """Run on a thread of its own."""
        threading.Thread(target=self.run, name="pleura-work", daemon=True).start()

    def run(self) -> None:
        """Run here and now."""
        try:
            self._result = self._work(self._report)
        except BaseException as error:
            _log.exception("work failed")
            self.error = error
        self._done.set()

    def _report(self, share: float, text: str = "") -> None:
        self.progress = min(1.0, max(self.progress, share))
        self.text = text or self.text

    @property
    def done(self) -> bool:
        """Whether the work is over, well or badly."""
        return self._done.is_set()

    def deliver(self) -> None:
        """Hand over the result, on the main thread; raises what the work raised."""
        if self.error is not None:
            raise self.error
        self._then(self._result)
