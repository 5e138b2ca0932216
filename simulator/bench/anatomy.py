"""Are the bodies right? Each of a spread of bodies is baked and measured against what is published about chests.

The bodies cover sex, BMI 17 to 45, age 18 to 90 and height 150 to 200 cm. The table names for each measure its worst
body; the JSON has every measure of every body. The measures are those of `anatomy.doctor` and `anatomy.checkup`.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from simulator.anatomy import checkup, doctor
from simulator.anatomy.bake import bake_body
from simulator.anatomy.body import Body, Habitus
from simulator.anatomy.doctor import Check
from simulator.anatomy.filling import expected_lung_volume_l
from simulator.bench.report import BenchReport, Row
from simulator.pathology.bake import bake_findings
from simulator.pathology.consolidation import Consolidation
from simulator.pathology.region import Region

# Sex, height m, BMI, age: by sex every BMI class with every age and every height class.
_FORMS = (
    (1.50, 17.0, 18.0), (1.50, 26.0, 62.0), (1.50, 40.0, 45.0), (1.60, 21.0, 30.0), (1.62, 28.0, 76.0),
    (1.65, 45.0, 50.0), (1.72, 18.0, 88.0), (1.75, 23.5, 40.0), (1.76, 33.0, 66.0), (1.85, 29.0, 25.0),
    (2.00, 20.0, 22.0), (2.00, 36.0, 55.0),
)  # fmt: skip
BODIES: tuple[Habitus, ...] = tuple(
    Habitus(sex, age, height, bmi * height**2) for sex in ("female", "male") for height, bmi, age in _FORMS
)
FAST: tuple[Habitus, ...] = tuple(BODIES[i] for i in (3, 5, 16, 18))  # one a class of BMI, both sexes

MOST_MB = 300.0  # of all textures of a patient
# What takes most room: both lower lobes solid, with their bronchi
WORST = Consolidation(Region(lobes=("RLL", "LLL")), depth_m=0.2, bronchograms="dynamic")
MOST_OVERLAP_ML = 0.5  # of two structures
MOST_BAKE_S = 30.0  # of processor time; the suite bakes some twenty bodies in its 10 minutes [P]
# BMI up to which a body is of a class
CLASSES = (("thin", 18.5), ("normal", 25.0), ("overweight", 30.0), ("obese", 60.0))

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Measured:
    """One measure of one body; `group` is the row of the table that it belongs to."""

    habitus: Habitus
    group: str
    check: Check

    @property
    def excess(self) -> float:
        """How far out of its range the value is, in half widths of the range; negative inside."""
        if math.isnan(self.check.value):  # it could not be measured
            return math.inf
        if self.check.low == 0.0:  # a limit on one side
            return self.check.value / self.check.high - 1.0
        half = max(0.5 * (self.check.high - self.check.low), 1e-9)
        return abs(self.check.value - 0.5 * (self.check.low + self.check.high)) / half - 1.0


@dataclass(frozen=True)
class AnatomyReport:
    """Everything measured."""

    measured: tuple[Measured, ...]

    def summary(self) -> list[tuple[str, ...]]:
        """Rows of the table: measure, worst value, unit, target, verdict, worst body, bodies that pass by class."""
        return [_summary(group, [m for m in self.measured if m.group == group]) for group in self.groups]

    @property
    def groups(self) -> tuple[str, ...]:
        """Rows of the table, in the order of measuring."""
        return tuple(dict.fromkeys(m.group for m in self.measured))

    def bench(self) -> BenchReport:
        """Every measure of every body in the form of all benchmarks."""
        bodies = len({m.habitus for m in self.measured})
        rows = tuple(
            Row(f"{said(m.habitus)}: {m.check.name}", m.check.value, m.check.unit, _target(m.check), m.check.ok)
            for m in self.measured
        )
        return BenchReport(f"{bodies} bodies, supine, end-expiration", rows)


HEADINGS = ("what", "worst", "unit", "target", "", "worst body", *(name for name, _ in CLASSES))


def run_anatomy(progress: Progress, bodies: Sequence[Habitus] = BODIES, workers: int | None = None) -> AnatomyReport:
    """Bake and measure `bodies`, several at once in processes of their own (`workers`; by default one a processor)."""
    workers = min(workers or os.cpu_count() or 1, len(bodies))
    found: list[Measured] = []
    for number, measures in enumerate(_each(bodies, workers)):
        found.extend(measures)
        progress(said(bodies[number]), (number + 1) / len(bodies))
    return AnatomyReport(tuple(found))


def _each(bodies: Sequence[Habitus], workers: int) -> Iterable[list[Measured]]:
    if workers <= 1:
        yield from map(measure, bodies)
        return
    # Fresh processes: a fork would inherit whatever threads and drivers the program has started.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(measure, bodies)


def measure(habitus: Habitus) -> list[Measured]:
    """All measures of one body, which is baked for it."""
    start = time.process_time()
    body = bake_body(habitus)
    seconds = time.process_time() - start
    found = [Measured(habitus, group, check) for group, checks in _measures(body) for check in checks]
    disease = bake_findings(body, (WORST,), use_cache=False)
    textures = checkup.textures_mb(body) + disease.textures_mb
    found.append(Measured(habitus, "size of all textures", Check("textures", textures, "MB", 0.0, MOST_MB)))
    found.append(Measured(habitus, "time to bake", Check("bake", seconds, "s", 0.0, MOST_BAKE_S)))
    return found


def _measures(body: Body) -> Iterable[tuple[str, list[Check]]]:
    yield from ((check.name, [check]) for check in doctor.girths(body, residuals=1.0))
    gaps = doctor.intercostal_gaps(body)
    yield "intercostal gaps", gaps
    sections = checkup.rib_sections(body)
    yield "rib height", [c for c in sections if "height" in c.name]
    yield "rib thickness", [c for c in sections if "thickness" in c.name]
    arcs = checkup.rib_arcs(body)
    yield "rib length, 2 to 11", arcs[1:-1]
    yield "rib length, 1 and 12", [arcs[0], arcs[-1]]
    yield "rib off its plane", checkup.rib_planes(body)
    yield "rib slope", checkup.rib_slopes(body)
    for check in checkup.vertebral_levels(body):
        yield check.name, [check]
    walls = checkup.wall_thicknesses(body)
    for number, where in enumerate(_ZONE_NAMES, start=1):
        yield f"chest wall, {where}", [c for c in walls if c.name.endswith(str(number))]
    yield "depth of the pleura at the windows", doctor.pleural_depths(body)
    yield "least fat under the skin", [doctor.least_fat(body)]
    yield "lung volume", [doctor.lung_volume(body, "supine")]
    expected = expected_lung_volume_l(body.habitus, "supine")
    share = 100.0 * checkup.volume_of_lung_l(body) / expected
    yield "lung volume of the expected", [Check("lung volume of the expected", share, "%", 85.0, 115.0)]  # [P]
    for check in checkup.lobe_shares(body):
        yield check.name, [check]
    for check in checkup.levels(body):
        yield check.name, [check]
    for check in checkup.organ_sizes(body):
        yield check.name, [check]
    overlaps = [Check(c.name, c.value, c.unit, 0.0, MOST_OVERLAP_ML) for c in doctor.overlaps(body)]
    yield "structures in each other", overlaps
    yield "air around the body", checkup.grid_fit(body)


_ZONE_NAMES = ("anterior upper", "anterior lower", "lateral upper", "lateral lower", "posterior upper",
               "posterior lower")  # fmt: skip


def said(habitus: Habitus) -> str:
    """A body in words: "woman 1.65 m, BMI 45, 50 y"."""
    who = "woman" if habitus.sex == "female" else "man"
    return f"{who} {habitus.height_m:.2f} m, BMI {habitus.bmi:.3g}, {habitus.age_years:.0f} y"


def _target(check: Check) -> str:
    low, high = (f"{v:.3g}" for v in (check.low, check.high))
    return f"<= {high}" if check.low == 0.0 else f"{low} to {high}"


def _summary(group: str, measured: Sequence[Measured]) -> tuple[str, ...]:
    worst = max(measured, key=lambda m: m.excess)
    by_class = []
    lower = 0.0
    for _name, upper in CLASSES:
        bodies = {m.habitus for m in measured if lower <= m.habitus.bmi < upper}
        wrong = {m.habitus for m in measured if m.habitus in bodies and not m.check.ok}
        by_class.append(f"{len(bodies) - len(wrong)}/{len(bodies)}" if bodies else "")
        lower = upper
    check = worst.check
    name = group if check.name == group else f"{group} ({check.name.removeprefix(group).strip()})"
    verdict = "missed" if any(not m.check.ok for m in measured) else "met"
    return (name, f"{check.value:.2f}", check.unit, _target(check), verdict, said(worst.habitus), *by_class)
