"""How long, how large: calipers in the probe plane, in true millimetres. Pure functions; no drawing, no pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass

from simulator.units import MM

Point = tuple[float, float]  # (x, z) in the probe plane, metres


@dataclass(frozen=True)
class Distance:
    """From one point to another."""

    a_m: Point
    b_m: Point

    @property
    def length_m(self) -> float:
        """The straight line."""
        return math.dist(self.a_m, self.b_m)


@dataclass(frozen=True)
class Ellipse:
    """An ellipse by the ends of one axis and half the length of the other."""

    a_m: Point
    b_m: Point
    half_width_m: float

    @property
    def centre_m(self) -> Point:
        """Its middle."""
        return (0.5 * (self.a_m[0] + self.b_m[0]), 0.5 * (self.a_m[1] + self.b_m[1]))

    @property
    def axes_m(self) -> tuple[float, float]:
        """Both axes from end to end, the longer first."""
        one, other = math.dist(self.a_m, self.b_m), 2.0 * self.half_width_m
        return max(one, other), min(one, other)

    @property
    def area_m2(self) -> float:
        """What it encloses."""
        long, short = self.axes_m
        return 0.25 * math.pi * long * short

    @property
    def circumference_m(self) -> float:
        """Its length around, by Ramanujan's second formula: exact to 1e-4 even where it is nearly flat."""
        long, short = (0.5 * axis for axis in self.axes_m)
        if long + short <= 0.0:
            return 0.0
        h = ((long - short) / (long + short)) ** 2
        return math.pi * (long + short) * (1.0 + 3.0 * h / (10.0 + math.sqrt(4.0 - 3.0 * h)))

    def points_m(self, count: int = 64) -> list[Point]:
        """Its outline, closed."""
        cx, cz = self.centre_m
        ux, uz = 0.5 * (self.b_m[0] - self.a_m[0]), 0.5 * (self.b_m[1] - self.a_m[1])
        half = math.hypot(ux, uz)
        vx, vz = (-uz / half * self.half_width_m, ux / half * self.half_width_m) if half > 0.0 else (0.0, 0.0)
        turns = [2.0 * math.pi * i / count for i in range(count + 1)]
        return [(cx + ux * math.cos(t) + vx * math.sin(t), cz + uz * math.cos(t) + vz * math.sin(t)) for t in turns]


Caliper = Distance | Ellipse
POINTS = {"distance": 2, "ellipse": 3}  # how many points each is placed with
MOST = 6  # at once; the first goes when there are more
SHORTEST_M = 0.2 * MM  # a second point nearer than this is a slip of the hand


def half_width_m(a: Point, b: Point, at: Point) -> float:
    """How far a point is from the line through two others: where an ellipse's other axis ends."""
    ux, uz = b[0] - a[0], b[1] - a[1]
    length = math.hypot(ux, uz)
    return abs(ux * (at[1] - a[1]) - uz * (at[0] - a[0])) / length if length > 0.0 else math.dist(a, at)


def made(tool: str, points: tuple[Point, ...]) -> Caliper | None:
    """The caliper of a tool through these points; None while there are too few of them."""
    if len(points) < POINTS.get(tool, 99):
        return None
    a, b = points[:2]
    return Distance(a, b) if tool == "distance" else Ellipse(a, b, half_width_m(a, b, points[2]))


def may_follow(points: tuple[Point, ...], at: Point) -> bool:
    """Whether a point is far enough from the one before it."""
    return not points or math.dist(points[-1], at) >= SHORTEST_M
