"""Do picture and truth agree? Every zone of every case, read from short series of pictures, beside what the fields say.

The reader gets no more than a person has: the pictures, and where lung is to be expected below the wall (from the ribs
and the sweep). A plane counts for a sign where the fields leave no doubt: clearly there, or clearly not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from simulator.anatomy.windows import zone_pose
from simulator.anatomy.zones import ZONES
from simulator.assessment.aeration import TISSUE_LIKE_MM, plane_signs
from simulator.assessment.plane import PlaneTruth
from simulator.assessment.pleural_line import COALESCENT_MM, DENSE, plane_findings, runs
from simulator.assessment.signs import SIGNS
from simulator.assessment.truth import zone_truth
from simulator.bench.report import BenchReport, Row
from simulator.bench.views import GRID, series
from simulator.geometry import Pose
from simulator.patient import Patient
from simulator.reading.limits import SOLID_DEG
from simulator.reading.view import read_view, signs_read
from simulator.scanner import Scanner
from simulator.scenario.catalogue import list_scenarios

SIZE_PX = (160, 160)  # the picture itself is not looked at
SQUARE_DEG = 22.0  # pleura that a reader can be held to [P]
LEAST_KAPPA = 0.6  # substantial agreement (Landis and Koch [B])

# Signs that the picture does not yet show as the truth has them, with the kappa that is reached and why.
KNOWN: dict[str, tuple[float, str]] = {
    "white_lung": (0.2, "dense and confluent differ by the density of traps alone, and two views in all are white"),
    "light_beam": (
        0.4,
        "a light beam is a confluent band of a certain width beside a regular line: may be called either",
    ),
    "b_lines_isolated": (0.5, "one line of a beam's width is near the haze where the beam is oblique"),
    "b_lines_separate": (0.5, "at a spacing of 6 mm the beam fuses neighbours that the fields keep apart"),
    "lung_point": (0.45, "two views in all"),
}


@dataclass(frozen=True)
class PlaneReading:
    """One plane: `clear[sign]` is there where the fields leave no doubt, whether seen or not; `read` the signs."""

    case: str
    zone: str
    view: str
    clear: dict[str, bool]
    read: frozenset[str]


@dataclass
class Table:
    """Counts of one sign over the clear planes."""

    both: int = 0
    missed: int = 0
    invented: int = 0
    neither: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def kappa(self) -> float:
        """Cohen's kappa; nan where either side has one answer only."""
        n = self.both + self.missed + self.invented + self.neither
        there, seen = self.both + self.missed, self.both + self.invented
        chance = (there * seen + (n - there) * (n - seen)) / max(n * n, 1)
        return ((self.both + self.neither) / n - chance) / (1.0 - chance) if n and chance < 1.0 else float("nan")

    @property
    def sensitivity(self) -> float:
        """Share of what is there that is seen."""
        there = self.both + self.missed
        return self.both / there if there else float("nan")

    @property
    def specificity(self) -> float:
        """Share of what is not there that is not seen."""
        absent = self.neither + self.invented
        return self.neither / absent if absent else float("nan")


def clear_signs(found: PlaneTruth) -> dict[str, bool]:
    """What is clearly there and what clearly is not; margins are proposals [P]."""
    line = found.pleural_line
    whole = found.findings
    # What lies behind fluid is not asked for: aerated lung, airless lung and liver are told apart there by following
    # the diaphragm, which a single view does not do.
    square = line.visible & (line.incidence_deg <= SQUARE_DEG) & (line.effusion_mm < 2.0)
    f = plane_findings(replace(line, visible=square))
    length = np.where(square, line.length_mm, 0.0)

    def mm(flags: np.ndarray) -> float:
        return float(length[flags].sum())

    airless_anywhere = whole.consolidation_depth_mm > 2.0
    b_anywhere = bool((line.visible & (line.interstitial > 0.4 * DENSE)).any())
    fused = f.percent_coalescent - f.percent_consolidation
    head_on = line.incidence_deg <= SOLID_DEG
    deep, some = (
        mm(head_on & (line.consolidation_mm >= TISSUE_LIKE_MM + 1.0)),
        mm(head_on & (line.consolidation_mm >= 4.0)),
    )
    wet = float(line.length_mm[line.visible & (line.incidence_deg <= SQUARE_DEG) & (line.effusion_mm >= 7.0)].sum())
    a_mm = f.percent_a_lines * f.pleura_visible_mm / 100.0
    dense = square & (line.interstitial > DENSE) & (line.consolidation_mm < 1.0)
    widest = max((float(length[a:b].sum()) for a, b in runs(dense)), default=0.0)
    dark_mm = mm(line.interstitial < 0.2 * DENSE)
    other = airless_anywhere or whole.effusion_depth_mm > 2.0 or whole.wall_gas_mm > 0.0  # look alike in places
    lone = fused <= 0.0 and not airless_anywhere
    there = {
        "a_lines": a_mm >= 8.0 and not b_anywhere and not airless_anywhere,
        "b_lines_isolated": 0 < f.n_b_lines < 3 and lone and whole.percent_coalescent <= 0.0,
        "b_lines_separate": f.n_b_lines >= 3
        and dark_mm >= 3.0 * f.n_b_lines
        and lone
        and whole.percent_coalescent <= 0.0,
        "b_lines_coalescent": fused >= 15.0 and widest >= COALESCENT_MM + 2.0 and whole.percent_white < 50.0,
        "white_lung": whole.percent_white >= 75.0,
        "light_beam": "light_beam" in plane_signs(whole) and widest >= COALESCENT_MM + 2.0,
        "pleural_irregularity": f.percent_irregular >= 30.0,
        "subpleural_consolidation": some >= 4.0 and not mm(line.consolidation_mm >= TISSUE_LIKE_MM - 3.0),
        "consolidation": deep >= 4.0,
        "effusion": wet >= 8.0,
        "sliding_absent": whole.still_mm >= 0.9 * whole.pleura_visible_mm > 0.0,
        "lung_point": min(whole.detached_mm, whole.free_mm) >= 8.0,
        "subcutaneous_emphysema": whole.wall_gas_mm >= 15.0,
        "lung_pulse": mm(line.visible & (line.sliding_mm < 1.0) & (line.pulse_mm >= 0.2)) >= 8.0,
    }
    absent = {
        "a_lines": a_mm < 1.0,
        "b_lines_isolated": (not b_anywhere and not other) or fused >= 30.0,
        "b_lines_separate": (not b_anywhere and not other) or fused >= 30.0,
        "b_lines_coalescent": whole.percent_coalescent <= 0.0 and not b_anywhere,
        "white_lung": whole.percent_white < 40.0,
        "light_beam": whole.percent_coalescent <= 0.0,
        "pleural_irregularity": whole.percent_irregular <= 0.0,
        "subpleural_consolidation": not airless_anywhere,
        "consolidation": not airless_anywhere,
        "effusion": whole.effusion_depth_mm <= 0.0,
        "sliding_absent": whole.still_mm <= 0.0,
        "lung_point": whole.still_mm <= 0.0 or whole.free_mm <= 0.0,
        "subcutaneous_emphysema": whole.wall_gas_mm <= 0.0,
        "lung_pulse": whole.still_mm <= 0.0 or whole.pulsing_mm <= 0.0,
    }
    judged = {key: there[key] for key in there if there[key] or absent[key]}
    if whole.wall_gas_mm > 0.0:  # gas in the wall hides the lung and rings over it: nothing else is asked for
        judged = {key: judged[key] for key in judged if key in ("subcutaneous_emphysema", "sliding_absent")}
    return judged


def read_case(patient: Patient, case: str) -> Iterator[PlaneReading]:
    """The worst view of each zone and the one at its centre, read and compared."""
    with Scanner(patient, size_px=SIZE_PX) as scanner:
        scanner.settings = scanner.settings.replace(**GRID)
        for zone in ZONES:
            worst = zone_truth(patient, zone).worst
            if worst is None or worst.pose is None:
                continue
            views: dict[str, Pose] = {"worst": worst.pose, "centre": zone_pose(patient.body, zone)}
            for name, pose in views.items():
                scanner.pose = pose
                picture, found = series(scanner)
                yield PlaneReading(case, zone, name, clear_signs(found), signs_read(read_view(picture)))


def tabled(readings: list[PlaneReading]) -> dict[str, Table]:
    """A table for every sign of the vocabulary."""
    tables = {sign: Table() for sign in SIGNS}
    for plane in readings:
        for sign, there in plane.clear.items():
            table, seen = tables[sign], sign in plane.read
            table.both += there and seen
            table.missed += there and not seen
            table.invented += seen and not there
            table.neither += not there and not seen
            if there != seen:
                table.wrong.append(f"{plane.case} {plane.zone} {plane.view}: {'missed' if there else 'invented'}")
    return tables


def agreement_rows(tables: dict[str, Table]) -> list[Row]:
    """Kappa with its target, sensitivity and specificity of each sign, and how many planes were clear."""
    rows = []
    for sign, table in tables.items():
        name = f"agreement, {sign}"
        least = KNOWN[sign][0] if sign in KNOWN else LEAST_KAPPA
        judged = bool(np.isfinite(table.kappa))
        rows.append(Row(f"{name}, kappa", table.kappa, "", f">= {least:g}" if judged else "",
                        bool(table.kappa >= least) if judged else None))  # fmt: skip
        rows.append(Row(f"{name}, sensitivity", 100.0 * table.sensitivity, "%"))
        rows.append(Row(f"{name}, specificity", 100.0 * table.specificity, "%"))
        rows.append(Row(f"{name}, planes with it", table.both + table.missed, ""))
    return rows


def run_agreement(rasteriser: str, progress: Callable[[str, float], None]) -> BenchReport:
    """Read every case of the catalogue."""
    readings: list[PlaneReading] = []
    cases = [
        entry.scenario for entry in list_scenarios() if entry.scenario is not None and not entry.scenario.is_phantom
    ]
    for number, scenario in enumerate(cases):
        progress(scenario.id, number / len(cases))
        readings += read_case(scenario.build(), scenario.id)
    return BenchReport(rasteriser, tuple(agreement_rows(tabled(readings))))
