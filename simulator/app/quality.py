"""How finely is the ultrasound image computed? As finely as the machine can at 30 frames a second; coarser, never less.

Only the grid of scan lines and samples changes: what is seen, traps and noise included, is the same. The time that
counts is that of the ultrasound passes alone, for a software rasteriser spends most of a frame on the rest.
"""

from __future__ import annotations

from collections import deque
from statistics import median

from simulator.probe import Settings

FRAME_S = 1.0 / 30.0  # the passes alone must stay under it
ROOM = 0.7  # ... and a finer level must be expected to stay under this share of it before it is tried
LEVELS = {"fine": (512, 2048), "standard": (144, 512), "draft": (96, 400)}  # most lines and samples
COMPILES = 3  # frames that the driver still compiles in, after a start or a new grid
WINDOW = 15  # frames that are judged together, by their median: one slow frame changes nothing
FEWEST, LONG_S = 4, 0.6  # ... or fewer, where even these take this long
PATIENCE_S = 3.0  # a finer level is tried this long after a change at the earliest ...
LONGEST_PATIENCE_S = 96.0  # ... doubled, up to this, each time that it proved too slow


class Quality:
    """Goes one level down when frames are too slow, up again when there is room, and does not swing between them."""

    def __init__(self) -> None:
        """As fine as the console asks."""
        self._level = 0
        self._times: deque[float] = deque(maxlen=WINDOW)
        self._skip = COMPILES
        self._since_s = 0.0  # when the level changed
        self._patience_s = PATIENCE_S
        self._tried_up = False  # whether the last change was upwards

    @property
    def name(self) -> str:
        """The present level."""
        return list(LEVELS)[self._level]

    def of(self, settings: Settings) -> Settings:
        """The console as it is computed."""
        return _at(settings, self.name)

    def took(self, seconds: float, settings: Settings, now_s: float) -> None:
        """The passes of a frame with this console took so long, and ended at `now_s`."""
        if self._skip > 0:
            self._skip -= 1
            return
        self._times.append(seconds)
        if len(self._times) < WINDOW and (len(self._times) < FEWEST or sum(self._times) < LONG_S):
            return
        usual_s = median(self._times)
        if usual_s > FRAME_S and self._level < len(LEVELS) - 1 and self.of(settings) != self._coarser(settings):
            if self._tried_up:  # it was too much: wait longer before the next try
                self._patience_s = min(LONGEST_PATIENCE_S, 2.0 * self._patience_s)
            self._change(self._level + 1, now_s, up=False)
        elif self._level > 0 and now_s - self._since_s > self._patience_s:
            finer = _at(settings, list(LEVELS)[self._level - 1])
            if usual_s * _cells(finer) / _cells(self.of(settings)) < ROOM * FRAME_S:
                self._change(self._level - 1, now_s, up=True)

    def _coarser(self, settings: Settings) -> Settings:
        return _at(settings, list(LEVELS)[self._level + 1])

    def _change(self, level: int, now_s: float, up: bool) -> None:
        self._level, self._since_s, self._tried_up, self._skip = level, now_s, up, COMPILES
        self._times.clear()


def _at(settings: Settings, level: str) -> Settings:
    lines, samples = LEVELS[level]
    return settings.replace(lines=min(settings.lines, lines), samples=min(settings.samples, samples))


def _cells(settings: Settings) -> int:
    return settings.lines * settings.samples * settings.looks
