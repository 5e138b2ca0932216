"""Which movements can be taken back: places that the probe was held at, a whole movement at a time.

A hand moves in one go: a key held down, a drag, a turn of the wheel. What follows within a moment belongs to the same
movement, and one step back goes to where the probe was before it. Turning the patient is a movement of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.geometry import Pose

REST_S = 0.5  # a hand that rests this long has ended its movement ([P])
MOST = 100  # movements that are remembered


@dataclass(frozen=True)
class Hold:
    """How the probe was held, and on a patient who lay or sat how."""

    pose: Pose
    posture: str
    arms: str = ""  # "": as usual in the posture


class Moves:
    """Holds to go back to, and to go on to again."""

    def __init__(self) -> None:
        """Nothing has moved yet."""
        self._back: list[Hold] = []
        self._on: list[Hold] = []
        self._last_s: float | None = None  # when the present movement went on; None when it has ended

    @property
    def can_undo(self) -> bool:
        """Whether there is a movement to take back."""
        return bool(self._back)

    @property
    def can_redo(self) -> bool:
        """Whether a movement was taken back that can be made again."""
        return bool(self._on)

    def note(self, before: Hold, now_s: float) -> None:
        """The probe moved away from `before` just now, or the patient turned."""
        if self._last_s is None or now_s - self._last_s > REST_S:
            self._back = [*self._back, before][-MOST:]
        self._on = []
        self._last_s = now_s

    def end(self) -> None:
        """Whatever comes next is another movement."""
        self._last_s = None

    def undo(self, present: Hold) -> Hold | None:
        """Where the probe was before the last movement; None where nothing is left to take back."""
        return self._step(self._back, self._on, present)

    def redo(self, present: Hold) -> Hold | None:
        """Where the probe was before the last step back; None where there was none."""
        return self._step(self._on, self._back, present)

    def _step(self, source: list[Hold], other: list[Hold], present: Hold) -> Hold | None:
        self.end()
        if not source:
            return None
        other.append(present)
        return source.pop()
