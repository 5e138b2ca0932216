"""The breath as a pure function of time and of what the patient was asked to do, and what it moves."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from simulator.physiology.requests import Request, Requests

# Share of the diaphragm's excursion that the lung surface slides at the apex; the rest grows with the height fraction
# to the power 1.5. Fits the zones of clinical.md E.6 (quiet, [P]) where probes are held, at an excursion of 16-18 mm:
# 3.7-4.1 mm at h 0.22 (anterior upper), 5-6 at 0.38, 7-8 at 0.55, 9-11 at 0.65 (lateral lower), 10-12 at 0.72.
APEX_SLIDING_FRACTION = 0.14
# The same of what a deep breath adds to a quiet one, with the power 2.5: it goes to the bases. Fits E.6 (deep, [P]) at
# 70 mm: 9 mm at h 0.22, 15 at 0.38, 25 at 0.55, 32 at 0.65, 37 at 0.72.
APEX_DEEP_FRACTION = 0.08
DEEP_IN_S, DEEP_OUT_S = 2.0, 3.0  # a whole deep inspiration and expiration, when asked for [P]
EMPTY_HOLD_SHARE = 0.5  # of the longest hold after a full inspiration that one at end-expiration lasts [P]


@dataclass(frozen=True)
class Way:
    """Lung filling on its way from one value to another, or at rest on one."""

    start_s: float
    end_s: float
    start: float
    end: float

    def at(self, time_s: float) -> float:
        """Filling at a time within: half a wave of a cosine."""
        if self.start == self.end or self.end_s <= self.start_s:
            return self.end
        share = (time_s - self.start_s) / (self.end_s - self.start_s)
        return self.start + (self.end - self.start) * 0.5 * (1.0 - math.cos(math.pi * min(1.0, max(0.0, share))))


@dataclass(frozen=True)
class Course:
    """What the breath does from a request on: some ways, then quiet breathing that was empty at `cycle_s`.

    The patient does what was asked, `asked`, up to `free_s`; the breath is held from `held_s` on, up to the same time.
    """

    asked: str = "quiet"
    ways: tuple[Way, ...] = ()
    cycle_s: float = 0.0
    held_s: float = math.inf
    free_s: float = -math.inf


@dataclass(frozen=True)
class Doing:
    """What the patient is seen to do: "quiet", "deep" or "hold", and for how long the breath has been held."""

    what: str
    held_for_s: float = 0.0


@dataclass(frozen=True)
class Respiration:
    """Breathing: `rate_per_min`, `inspiration_fraction` of the cycle (I:E 1:2 is 1/3), `excursion_m` of the diaphragm.

    Quiet excursion 18 mm in men, 16 mm in women [V63]. `rate_per_min` 0 is apnoea. A deep breath moves the diaphragm
    `deep_filling` times as far as a quiet one: 70 / 18 mm in men, 57 / 16 mm in women (E.5 [B]). A patient who
    `follows` does what they are asked, and holds the breath for `hold_s` at most after a full inspiration [P].
    """

    rate_per_min: float = 15.0
    inspiration_fraction: float = 1.0 / 3.0
    excursion_m: float = 0.017
    deep_filling: float = 3.8
    follows: bool = True
    hold_s: float = 40.0

    @property
    def can_follow(self) -> bool:
        """Whether the patient can do what they are asked; nobody in apnoea can."""
        return self.follows and self.rate_per_min > 0.0

    def breath(self, time_s: float, requests: Requests = ()) -> float:
        """Lung filling: 0 at end-expiration (and at time 0), 1 at quiet end-inspiration, `deep_filling` at the deepest.

        (1 - cos)/2 with a faster inspiration; continuous whatever the requests, which count from their times on.
        """
        if not requests:
            return self._quiet(time_s)
        return self._filling(self._course(time_s, requests), time_s)

    def doing(self, time_s: float, requests: Requests = ()) -> Doing:
        """What the patient does at a time."""
        course = self._course(time_s, requests)
        if course.held_s < math.inf and time_s < course.free_s:
            return Doing("hold", max(0.0, time_s - course.held_s))
        deep = course.asked == "deep" and time_s < course.ways[-1].end_s
        return Doing("deep" if deep else "quiet")

    def asked(self, requests: Requests, kind: str, time_s: float) -> Requests:
        """`requests` and one more at a time; the same where it changes nothing: asked again, or asked in vain."""
        more = (*requests, Request(kind, time_s))
        return requests if self._course(time_s, more) == self._course(time_s, requests) else more

    def longest_hold_s(self, filling: float) -> float:
        """How long the breath can be held at a filling: longer with more air in the lungs."""
        share = filling / self.deep_filling
        return self.hold_s * (EMPTY_HOLD_SHARE + (1.0 - EMPTY_HOLD_SHARE) * min(1.0, max(0.0, share)))

    def _quiet(self, time_s: float) -> float:
        """Filling in quiet breathing that was empty at time 0."""
        if self.rate_per_min <= 0.0:
            return 0.0
        phase = (time_s * self.rate_per_min / 60.0) % 1.0
        if phase < self.inspiration_fraction:
            return 0.5 * (1.0 - math.cos(math.pi * phase / self.inspiration_fraction))
        rest = (phase - self.inspiration_fraction) / (1.0 - self.inspiration_fraction)
        return 0.5 * (1.0 + math.cos(math.pi * rest))

    def _filling(self, course: Course, time_s: float) -> float:
        for way in course.ways:
            if time_s < way.end_s:
                return way.at(time_s)
        return self._quiet(time_s - course.cycle_s)

    def _course(self, time_s: float, requests: Requests) -> Course:
        if not self.can_follow:
            return Course()
        return _course(self, tuple(request for request in requests if request.at_s <= time_s))

    def _asked(self, course: Course, request: Request) -> Course:
        """The course from a request on. Asking again for what is being done changes nothing."""
        now_s, kind = request.at_s, request.kind
        busy = now_s < course.free_s
        if (busy and course.asked == kind) or (not busy and kind == "quiet"):
            return course
        filling = self._filling(course, now_s)
        if kind == "quiet":
            back, cycle_s = self._back(filling, now_s)
            return Course(kind, (back,), cycle_s)
        if kind == "deep":
            full = self._way_to(self.deep_filling, filling, now_s)
            back, cycle_s = self._back(self.deep_filling, full.end_s)
            return Course(kind, (full, back), cycle_s, free_s=full.end_s)
        if kind == "hold" and course.held_s <= now_s < course.free_s:
            return course  # no breath was taken that would let it last longer
        level = {"hold_in": self.deep_filling, "hold_out": 0.0}.get(kind, filling)
        there = self._way_to(level, filling, now_s)
        still = Way(there.end_s, there.end_s + self.longest_hold_s(level), level, level)
        back, cycle_s = self._back(level, still.end_s)
        return Course(kind, (there, still, back), cycle_s, held_s=still.start_s, free_s=still.end_s)

    def _way_to(self, level: float, filling: float, now_s: float) -> Way:
        """From a filling to a level, in as long as that much air takes."""
        if level >= filling:
            takes_s = DEEP_IN_S * (level - filling) / self.deep_filling
        else:
            takes_s = self._out_s(filling) - self._out_s(level)
        return Way(now_s, now_s + takes_s, filling, level)

    def _back(self, filling: float, now_s: float) -> tuple[Way, float]:
        """From a filling into quiet breathing: in where there is little air, else out; and when that is empty."""
        period_s = 60.0 / self.rate_per_min
        if filling < 0.5:
            inspiration_s = period_s * self.inspiration_fraction
            end_s = now_s + inspiration_s * (1.0 - filling)
            return Way(now_s, end_s, filling, 1.0), end_s - inspiration_s
        end_s = now_s + self._out_s(filling)
        return Way(now_s, end_s, filling, 0.0), end_s

    def _out_s(self, filling: float) -> float:
        """How long it takes to breathe out: a quiet breath in its usual time, a deep one in DEEP_OUT_S or that."""
        quiet_s = 60.0 / self.rate_per_min * (1.0 - self.inspiration_fraction)
        more = max(0.0, filling - 1.0) / max(self.deep_filling - 1.0, 1e-6)
        return quiet_s * min(filling, 1.0) + max(0.0, DEEP_OUT_S - quiet_s) * more


@lru_cache(maxsize=64)
def _course(respiration: Respiration, requests: Requests) -> Course:
    course = Course()
    for request in requests:
        course = respiration._asked(course, request)
    return course


def sliding_fraction(height_fraction: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Sliding amplitude over diaphragm excursion at height fraction h (0 notch, 1 tenth rib); twin in GLSL."""
    h = np.clip(height_fraction, 0.0, 1.05)
    return np.asarray(APEX_SLIDING_FRACTION + (1.0 - APEX_SLIDING_FRACTION) * h * np.sqrt(h))


def slide_m(descent_m: float, quiet_m: float, height_fraction: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """How far free lung has slid at height fraction h, metres; twin in GLSL.

    The diaphragm has descended by `descent_m`; `quiet_m` is its quiet excursion, beyond which a deep breath begins.
    """
    h = np.clip(height_fraction, 0.0, 1.05)
    deep = APEX_DEEP_FRACTION + (1.0 - APEX_DEEP_FRACTION) * h * h * np.sqrt(h)
    return np.asarray(min(descent_m, quiet_m) * sliding_fraction(h) + max(descent_m - quiet_m, 0.0) * deep)
