"""How a hand drags: where on the picture the probe goes when the pointer goes somewhere. Pure, in logical points.

A press beside the probe brings it under the pointer. A press on the probe takes hold of it where it is, and with fine
movement it goes a fifth of the pointer's way, so that neither makes it jump.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from simulator.app.handling import FINE

Point = tuple[float, float]
NEAR = 22.0  # a press this near to the probe takes hold of it ([P])


@dataclass(frozen=True)
class Grip:
    """A hold on the probe: the pointer was at `pressed` when the probe was at `held`."""

    pressed: Point
    held: Point
    fine: bool = False

    def target(self, pointer: Point) -> Point:
        """Where the probe goes."""
        share = FINE if self.fine else 1.0
        return (
            self.held[0] + share * (pointer[0] - self.pressed[0]),
            self.held[1] + share * (pointer[1] - self.pressed[1]),
        )


def taken(pointer: Point, face: Point | None, tail: Point | None, fine: bool) -> Grip:
    """The hold that a press takes. `face` and `tail` are the ends of the probe on the picture, None where unseen."""
    if face is None or tail is None:
        return Grip(pressed=pointer, held=pointer, fine=fine)
    if fine or _distance(pointer, face, tail) <= NEAR:
        return Grip(pressed=pointer, held=face, fine=fine)
    return Grip(pressed=pointer, held=pointer, fine=fine)


def _distance(point: Point, a: Point, b: Point) -> float:
    """From a point to the line between a and b."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length2 = dx * dx + dy * dy
    share = ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / length2 if length2 > 0.0 else 0.0
    share = min(1.0, max(0.0, share))
    return math.hypot(point[0] - a[0] - share * dx, point[1] - a[1] - share * dy)
