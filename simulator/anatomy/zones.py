"""The twelve zones of the Rouby/Bouhemad protocol on the skin, and the landmark lines between them.

Boundaries: parasternal, anterior axillary, posterior axillary and paravertebral lines [V7]; the numbers are the
proposal of clinical.md A.3.1 ([P], not confirmed by a clinician): azimuth in degrees from the anterior midline, height
as a fraction of the way from the suprasternal notch (0) to the tenth rib (1).
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Zone:
    """One zone: `key` R1..R6, L1..L6; ranges are of the side's own azimuth (always positive)."""

    key: str
    region: str  # anterior, lateral or posterior
    level: str  # upper or lower
    azimuth_deg: tuple[float, float]
    height: tuple[float, float]
    centre: tuple[float, float]  # azimuth_deg, height fraction

    @property
    def side(self) -> str:
        """ "R" or "L"."""
        return self.key[0]

    @property
    def sign(self) -> float:
        """+1 on the patient's right, -1 on the left (the sign of azimuth and of x)."""
        return 1.0 if self.side == "R" else -1.0


_TABLE = (
    (1, "anterior", "upper", (15.0, 65.0), (0.05, 0.40), (35.0, 0.22)),
    (2, "anterior", "lower", (15.0, 65.0), (0.40, 0.80), (45.0, 0.55)),
    (3, "lateral", "upper", (65.0, 115.0), (0.25, 0.50), (90.0, 0.38)),
    (4, "lateral", "lower", (65.0, 115.0), (0.50, 0.95), (95.0, 0.70)),
    (5, "posterior", "upper", (115.0, 165.0), (0.00, 0.55), (155.0, 0.20)),
    (6, "posterior", "lower", (115.0, 165.0), (0.55, 1.05), (145.0, 0.75)),
)

ZONES: dict[str, Zone] = {
    f"{side}{number}": Zone(f"{side}{number}", region, level, azimuth, height, centre)
    for side in "RL"
    for number, region, level, azimuth, height, centre in _TABLE
}

# Landmark lines drawn on the torso: azimuth in degrees (clinical.md A.1, [P] and [B]).
LANDMARK_LINES_DEG: dict[str, float] = {
    "midsternal": 0.0, "parasternal": 15.0, "anterior_axillary": 65.0, "mid_axillary": 90.0,
    "posterior_axillary": 115.0, "paravertebral": 165.0,
}  # fmt: skip


def zone_at(azimuth_rad: float, height_fraction: float) -> str | None:
    """Key of the zone at a point of the skin, or None outside all twelve."""
    side = "R" if azimuth_rad >= 0.0 else "L"
    azimuth = abs(math.degrees(azimuth_rad))
    for number in range(1, 7):
        zone = ZONES[f"{side}{number}"]
        if zone.azimuth_deg[0] <= azimuth < zone.azimuth_deg[1] and zone.height[0] <= height_fraction < zone.height[1]:
            return zone.key
    return None
