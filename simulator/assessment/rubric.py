"""What each part of an examination is worth. Every rule here is a proposal until a clinician has confirmed it."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.assessment.conclusions import checked_diagnosis, checked_severity

PARTS = ("acquisition", "interpretation", "conclusion")


@dataclass(frozen=True)
class Rubric:
    """Points and tolerances. A case names its `diagnosis`; `diagnosis_accepted` earn half, `severity` None is the band
    of the true total. All points and fractions are proposals [P]."""

    diagnosis: str | None = None
    diagnosis_accepted: tuple[str, ...] = ()
    severity: str | None = None
    zone_score_points: float = 3.0  # per zone [P]
    zone_signs_points: float = 2.0  # per zone [P]
    near_fraction: float = 1.0 / 3.0  # of the points, one step off; a constant guess earns little [P]
    extra_cost: float = 0.5  # of an expected sign's worth, for each sign that is not there [P]
    extras_allowed: int = 2  # more signs that are not there than this is guessing and earns nothing [P]
    diagnosis_points: float = 10.0  # [P]
    accepted_fraction: float = 0.5  # of the points for an accepted alternative diagnosis [P]
    severity_points: float = 5.0  # [P]
    dwell_points: float = 1.0  # per zone: looked at long enough [P]
    square_points: float = 1.0  # per zone: beam square to the pleura [P]
    depth_points: float = 3.0  # [P]
    focus_points: float = 2.0  # [P]
    frequency_points: float = 2.0  # [P]
    contact_points: float = 3.0  # [P]
    clinician_confirmed: bool = False

    def __post_init__(self) -> None:
        for key in (*((self.diagnosis,) if self.diagnosis else ()), *self.diagnosis_accepted):
            checked_diagnosis(key)
        if self.severity is not None:
            checked_severity(self.severity)
