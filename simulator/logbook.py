"""Where does the program say what it did? A rotating log file that every error message names.

Modules write with `logging.getLogger(__name__)`; `start` sends what is under the name "simulator" to the file. A log
that cannot be written (full disk, read-only home) never stops the program.
"""

from __future__ import annotations

import contextlib
import logging
import logging.handlers
from pathlib import Path

from simulator.folders import user_folder

LOGGER = logging.getLogger("simulator")
_MAX_BYTES = 1_000_000
_BACKUPS = 3


def log_path() -> Path:
    """The log file, whether it exists or not."""
    return user_folder("log") / "pleura.log"


def start(level: int = logging.INFO) -> Path | None:
    """Log to the file from now on and return its path, None where it cannot be written; start again to move it."""
    path = log_path()
    for old in list(LOGGER.handlers):
        LOGGER.removeHandler(old)
        old.close()
    LOGGER.setLevel(level)
    handler: logging.Handler = logging.NullHandler()
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = _QuietFileHandler(path, maxBytes=_MAX_BYTES, backupCount=_BACKUPS, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    LOGGER.addHandler(handler)
    return path if isinstance(handler, _QuietFileHandler) else None


class _QuietFileHandler(logging.handlers.RotatingFileHandler):
    """A file handler that loses a line rather than print a traceback when the disk is full."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Ignore it: the program matters more than its log."""
