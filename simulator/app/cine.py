"""The last seconds of the image: what each frame was drawn from, so that a frozen loop can be drawn again.

A frame follows from placement, time, console and frame index, so the loop keeps these and no pictures: the whole ring
is a few hundred small records, however large the image is.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, replace

from simulator.anatomy.arms import Stance
from simulator.geometry import Placement, Pose
from simulator.physiology.requests import Requests
from simulator.probe import TRANSDUCERS, Settings, Transducer, frame_rate_hz

CINE_S = 10.0  # length of the loop ([P]; real machines keep some seconds)
MOST_FRAMES = 600  # ... at no more than the window's own 60 frames a second
MMODE_FRAME_HZ = 10.0  # the sector beside an M-mode: most transmissions go to its one line ([P])
REPEAT_AFTER_S = 0.35  # a key held longer than this runs through the loop at real speed
MOST_TRAIL = 12  # frames drawn again for persistence; at most 0.9**12 = 28 % of the frame before these is missing
# Knobs that work on a stored echo; all others say how it was acquired.
AFTER_KNOBS = ("gain_db", "tgc_db", "dynamic_range_db", "grey_map", "smoothing")


@dataclass(frozen=True)
class Shot:
    """All that one frame follows from, but for the patient, and what is written beside it."""

    pose: Pose
    placement: Placement
    stance: Stance  # the patient's posture and arms
    transducer_key: str
    settings: Settings
    time_s: float
    frame_index: int
    zone: str | None = None
    in_contact: bool = True
    requests: Requests = ()  # what the patient had been asked to do with the breath

    @property
    def transducer(self) -> Transducer:
        """The probe that it was taken with."""
        return TRANSDUCERS[self.transducer_key]

    def shown_with(self, console: Settings) -> Shot:
        """The same echo with gain, TGC, dynamic range and grey map and smoothing as the console has them."""
        after = {name: getattr(console, name) for name in AFTER_KNOBS}
        return replace(self, settings=replace(self.settings, **after))


def acquired_as(settings: Settings, acquired: Settings) -> Settings:
    """`settings` where they work on a stored echo, `acquired` in everything else: a frozen console."""
    return replace(acquired, **{name: getattr(settings, name) for name in AFTER_KNOBS})


def sector_rate_hz(settings: Settings, mmode: bool) -> float:
    """Images a second: as sound allows, and fewer beside an M-mode."""
    rate = frame_rate_hz(settings)
    return min(rate, MMODE_FRAME_HZ) if mmode else rate


def trail_frames(persistence: float) -> int:
    """How many frames before one must be drawn again until what is older is less than a grey level of 255."""
    if persistence <= 0.0:
        return 0
    return min(MOST_TRAIL, math.ceil(math.log(1.0 / 255.0) / math.log(persistence)))


class Cine:
    """The ring of shots. Live it shows the newest; frozen it can be scrolled and played."""

    def __init__(self) -> None:
        """Empty."""
        self._shots: deque[Shot] = deque(maxlen=MOST_FRAMES)
        self._index: int | None = None  # None is the newest
        self._due_s = 0.0
        self._held_s = 0.0
        self._head_s = 0.0  # time of the playing loop
        self.playing = False

    def __len__(self) -> int:
        """Frames in the loop."""
        return len(self._shots)

    @property
    def index(self) -> int:
        """Number of the frame that is shown, from 0."""
        return len(self._shots) - 1 if self._index is None else self._index

    @property
    def shown(self) -> Shot | None:
        """The frame that is shown; None before the first."""
        return self._shots[self.index] if self._shots else None

    @property
    def age_s(self) -> float:
        """How long before the newest frame the shown one was, seconds, not negative."""
        return self._shots[-1].time_s - self._shots[self.index].time_s if self._shots else 0.0

    @property
    def length_s(self) -> float:
        """From the oldest frame to the newest."""
        return self._shots[-1].time_s - self._shots[0].time_s if self._shots else 0.0

    # -- live ----------------------------------------------------------------------------------------------------
    def film(self, shot: Shot, interval_s: float) -> bool:
        """Take a frame, if `interval_s` has passed since the last or a knob was turned; whether it was taken."""
        newest = self._shots[-1] if self._shots else None
        if newest is not None and (
            (newest.transducer_key, newest.stance) != (shot.transducer_key, shot.stance) or shot.time_s < newest.time_s
        ):
            self.clear()
            newest = None
        if newest is not None and newest.settings == shot.settings and shot.time_s < self._due_s - 1e-9:
            return False
        self._due_s = max(self._due_s + interval_s, shot.time_s)
        self._shots.append(shot)
        while self._shots[0].time_s < shot.time_s - CINE_S - 1e-9:
            self._shots.popleft()
        self.thaw()
        return True

    def clear(self) -> None:
        """Forget everything: another probe, another body."""
        self._shots.clear()
        self._due_s = 0.0
        self.thaw()

    def thaw(self) -> None:
        """Back to the newest."""
        self._index, self.playing, self._held_s = None, False, 0.0

    # -- frozen --------------------------------------------------------------------------------------------------
    def seek(self, index: int) -> None:
        """Show this frame, or the nearest end; a playing loop stops."""
        self.playing = False
        self._index = min(len(self._shots) - 1, max(0, index)) if self._shots else None

    def step(self, frames: int) -> None:
        """So many frames on, or back."""
        self.seek(self.index + frames)

    def play(self, on: bool) -> None:
        """Run through the loop, over and over; or stand."""
        self.playing = on and len(self._shots) > 1
        if self.playing:
            self._head_s = self._shots[self.index].time_s

    def hold(self, direction: int, delta_s: float) -> None:
        """A key for back (-1) or on (1) is down, or none (0): one frame at once, after a while at real speed."""
        if direction == 0 or not self._shots:
            self._held_s = 0.0
            return
        if self._held_s == 0.0:
            self.step(direction)
        elif self._held_s >= REPEAT_AFTER_S:
            self.seek(self._at(self._head_s + direction * delta_s, direction))
        if self._held_s < REPEAT_AFTER_S:
            self._head_s = self._shots[self.index].time_s
        else:
            first, last = self._shots[0].time_s, self._shots[-1].time_s
            self._head_s = min(last, max(first, self._head_s + direction * delta_s))
        self._held_s += delta_s

    def advance(self, delta_s: float) -> None:
        """`delta_s` of real time passed: a playing loop runs on, from its end to its start."""
        if not self.playing:
            return
        first, last = self._shots[0].time_s, self._shots[-1].time_s
        self._head_s += delta_s
        if self._head_s > last:
            self._head_s = first
        self._index = self._at(self._head_s, 1)

    def _at(self, time_s: float, direction: int) -> int:
        """The last frame not after a time; going back, the first not before it."""
        times = [shot.time_s for shot in self._shots]
        if direction > 0:
            return max(0, sum(t <= time_s + 1e-9 for t in times) - 1)
        return min(len(times) - 1, sum(t < time_s - 1e-9 for t in times))

    def trail(self, most: int) -> tuple[Shot, ...]:
        """At most so many frames right before the shown one, acquired with the same console, oldest first."""
        if not self._shots:
            return ()
        end = self.index
        shown, start = self._shots[end], end
        while start > max(0, end - most):
            before = self._shots[start - 1]
            if acquired_as(shown.settings, before.settings) != shown.settings:
                break
            start -= 1
        return tuple(self._shots[i] for i in range(start, end))
