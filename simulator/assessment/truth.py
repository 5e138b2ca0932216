"""What an adequate examination of the twelve zones finds: computed from the patient, never stored as a number.

A zone is swept with the reference preset; its score is that of the worst view, as the protocol records it [V6].
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from simulator.anatomy.contact import place
from simulator.anatomy.windows import zone_sweep
from simulator.anatomy.zones import ZONES
from simulator.assessment.aeration import HALF_PERCENT, TISSUE_LIKE_MM, aeration_score, plane_signs
from simulator.assessment.answer import Answer, ZoneAnswer
from simulator.assessment.conclusions import severity_band
from simulator.assessment.plane import plane_truth
from simulator.assessment.pleural_line import SLIDING_MM, PlaneFindings
from simulator.assessment.volumes import AffectedVolume, affected_volume
from simulator.geometry import Placement, Pose
from simulator.patient import Patient
from simulator.probe import CONVEX, PRESETS, scan_lines

REFERENCE = PRESETS["convex"].replace(lines=128)  # the preset of the truth; lines only sample the same sector
MIN_PLEURA_MM = 10.0  # less visible pleura in every view: the zone cannot be assessed [P]; a rib space shows 20 mm [B]
MAX_INCIDENCE_DEG = 15.0  # a view with no beam squarer than this is not an adequate one (B.8 [P])

ISOLATED_SHARE = 0.5  # of the views that must show isolated B-lines for them to be demanded, being normal [P]

# Worth naming wherever the sweep meets them; of B-lines only the worst view counts.
_ANYWHERE = frozenset({"subpleural_consolidation", "consolidation", "effusion", "lung_point", "subcutaneous_emphysema"})
# From normal to worst.
_B_LINES = ("b_lines_isolated", "b_lines_separate", "b_lines_coalescent", "white_lung")
# Never demanded: a light beam may also be called coalescent B-lines (B.4); a lung pulse is looked for where sliding is
# missed, and who states that nothing slides has said it (B.2).
_OPTIONAL = frozenset({"light_beam", "lung_pulse"})


@dataclass(frozen=True)
class View:
    """One plane of a sweep: where, and what it shows."""

    pose: Pose | None
    findings: PlaneFindings
    score: int
    signs: frozenset[str]


@dataclass(frozen=True)
class ZoneTruth:
    """One zone. `signs` must be stated, `accepted` may be (they are seen somewhere in the sweep); `score` is None where
    no view shows enough pleura. `worst` is the view that decided, `views` how many showed enough pleura.

    Where gas in the chest wall hides the pleura in every view, the zone cannot be assessed: `signs` is then that gas
    alone, and `worst` a view that shows it. Where it hides some views, the others decide, and the gas must be named.
    """

    zone: str
    score: int | None
    signs: frozenset[str]
    accepted: frozenset[str]
    worst: View | None
    views: int

    @property
    def assessable(self) -> bool:
        """Whether the zone can be judged at all with the reference preset."""
        return self.score is not None

    @property
    def affected(self) -> bool:
        """Whether the zone has lost aeration."""
        return bool(self.score)


@dataclass(frozen=True)
class Truth:
    """All zones of one patient, and how much of the lungs is affected (None where it was not asked for)."""

    zones: dict[str, ZoneTruth]
    volumes: AffectedVolume | None = None

    @property
    def total(self) -> int:
        """Sum of the zone scores, 0-36."""
        return sum(zone.score or 0 for zone in self.zones.values())

    @property
    def maximum(self) -> int:
        """Largest total that the assessable zones allow."""
        return 3 * sum(zone.assessable for zone in self.zones.values())

    @property
    def severity(self) -> str:
        """Suggested severity band of the total (clinical.md C.5 [P], not confirmed by a clinician)."""
        return severity_band(self.total)

    @property
    def affected_zones(self) -> tuple[str, ...]:
        """Zones with a score of 1 or more, in protocol order."""
        return tuple(key for key, zone in self.zones.items() if zone.affected)

    @property
    def bilateral(self) -> bool:
        """Whether both sides are affected."""
        return len({key[0] for key in self.affected_zones}) == 2


def zone_truth(
    patient: Patient,
    zone_key: str,
    views: Sequence[tuple[Pose | None, Placement]] | None = None,
    time_s: float = 0.0,
) -> ZoneTruth:
    """The worst pattern that an adequate sweep of a zone shows at `time_s` (default end-expiration).

    `views` are the planes of the sweep; by default those of `anatomy.windows.zone_sweep`.
    """
    state = patient.at(time_s)
    lines = scan_lines(CONVEX, REFERENCE)
    seen: list[View] = []
    hidden: list[View] = []
    for pose, placement in _sweep(patient, zone_key) if views is None else views:
        findings = plane_truth(state, placement, lines, REFERENCE.samples, labels=False).findings
        if findings.pleura_visible_mm >= MIN_PLEURA_MM and findings.incidence_deg <= MAX_INCIDENCE_DEG:
            seen.append(View(pose, findings, aeration_score(findings), plane_signs(findings)))
        elif "subcutaneous_emphysema" in plane_signs(findings):
            hidden.append(View(pose, findings, 0, frozenset({"subcutaneous_emphysema"})))
    if not seen:  # of a pleura that gas in the wall hides nothing can be said but that it is hidden
        shown = frozenset().union(*(view.signs for view in hidden))
        return ZoneTruth(zone_key, None, shown, frozenset(), hidden[0] if hidden else None, 0)
    worst = max(seen, key=_burden)
    everywhere = frozenset().union(*(view.signs for view in [*seen, *hidden]))
    wanted = worst.signs | (everywhere & _ANYWHERE)
    if worst.score > 0:  # what is normal beside the disease may be named, it need not be
        wanted -= {"a_lines", "b_lines_isolated"}
    bands = [key for key in _B_LINES if key in wanted]
    wanted -= frozenset(bands[:-1])  # the worst kind says it all
    if sum("b_lines_isolated" in view.signs for view in seen) < ISOLATED_SHARE * len(seen):
        wanted -= {"b_lines_isolated"}
    wanted -= _OPTIONAL
    if "consolidation" in wanted:
        wanted -= {"subpleural_consolidation"}
    if not wanted:
        wanted = worst.signs
    return ZoneTruth(zone_key, worst.score, wanted, (everywhere | _near(worst.findings)) - wanted, worst, len(seen))


def truth(patient: Patient, progress: Callable[[float], None] | None = None) -> Truth:
    """The truth of all twelve zones, and the affected lung volume. `progress` is told the share done, 0 to 1."""
    zones: dict[str, ZoneTruth] = {}
    for number, key in enumerate(ZONES):
        zones[key] = zone_truth(patient, key)
        if progress is not None:
            progress((number + 1) / len(ZONES))
    return Truth(zones, affected_volume(patient.body, patient.findings))


def answer_from_truth(found: Truth, diagnosis: str | None = None, severity: str | None = None) -> Answer:
    """The answer sheet of a trainee who saw everything; a zone that cannot be assessed is stated as not examined.

    `severity` defaults to the band of the total.
    """
    zones = {
        key: ZoneAnswer(zone.signs, zone.score) if zone.assessable else ZoneAnswer(not_examined=True)
        for key, zone in found.zones.items()
    }
    return Answer(zones, diagnosis, severity or found.severity)


def _sweep(patient: Patient, zone_key: str) -> list[tuple[Pose | None, Placement]]:
    try:
        poses = zone_sweep(patient.body, zone_key)
    except LookupError:  # no window over lung: the zone cannot be assessed
        return []
    return [(pose, place(patient.body, pose)) for pose in poses]


def _near(findings: PlaneFindings) -> frozenset[str]:
    """Signs that a careful reader may state although the rule calls it otherwise: the view lies near the limit [P]."""
    bands = findings.percent_coalescent - findings.percent_consolidation
    depth = findings.consolidation_depth_mm
    near = {
        "white_lung": findings.percent_white > HALF_PERCENT,
        "b_lines_coalescent": bands > 0.0,
        "effusion": findings.effusion_depth_mm > 0.0,
        "consolidation": depth > 0.8 * TISSUE_LIKE_MM,
        "subpleural_consolidation": 0.0 < depth < 1.2 * TISSUE_LIKE_MM,
        "pleural_irregularity": findings.percent_irregular > 0.0 or findings.percent_consolidation > 0.0,
        "sliding_absent": findings.sliding_mm < 2.0 * SLIDING_MM or findings.detached_mm > 0.0,
        "lung_point": min(findings.detached_mm, findings.free_mm) > 0.0,
        "subcutaneous_emphysema": findings.wall_gas_mm > 0.0,
    }
    return frozenset(key for key, close in near.items() if close)


def _burden(view: View) -> tuple[float, ...]:
    """Sort key: the worse view is larger; among equals the one that shows the pleura most squarely."""
    f = view.findings
    oblique = 90.0 if math.isnan(f.incidence_deg) else f.incidence_deg
    worse = (f.consolidation_depth_mm, f.percent_coalescent, f.n_b_lines, f.effusion_depth_mm, f.still_mm)
    return (view.score, *worse, -oblique)
