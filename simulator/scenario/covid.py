"""A whole Covid pneumonia of a given day: which zones, with what, drawn at random within the published distributions.

Zone weights, correlations and spared share are those of clinical.md C.4 [P], stages those of C.3; bilateral, patchy,
heavier behind and below [V36, V44]. Early disease is focal, with light beams over a smooth pleura; it spreads, fuses,
is consolidated at the peak, comes apart again, and leaves an irregular pleura behind.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np
import numpy.typing as npt

from simulator.anatomy.zones import ZONES
from simulator.scenario.schema import (
    ConsolidationSpec,
    EffusionSpec,
    FindingSpec,
    Grade,
    InterstitialSpec,
    PleuralIrregularitySpec,
    SubpleuralConsolidationSpec,
    Where,
    Zone,
)

# Probability that a zone is affected on day 8 of moderate disease, by its number: C.4 sampling weights [P].
AFFECTED = {1: 0.35, 2: 0.50, 3: 0.65, 4: 0.89, 5: 0.70, 6: 0.94}
LEFT_RIGHT = 0.5  # correlation of the same zone on both sides, C.4 [P]
ADJACENT = 0.3  # correlation of neighbouring zones, C.4 [P]
NEIGHBOURS = ((1, 2), (1, 3), (2, 4), (3, 4), (3, 5), (4, 6), (5, 6))
# Shift of the disease in standard deviations, by day: early (to day 4), progressive (to 8), peak (to 13), absorption;
# set so that totals are those of C.3 [P], and that about half have nothing to see on the first two days [V46].
SHIFT = ((1, -2.3), (2, -2.0), (4, -1.2), (6, -0.4), (8, 0.0), (10, 0.4), (13, 0.3), (16, -0.3), (21, -0.8), (30, -1.1))
SEVERITY: dict[Grade, float] = {"mild": -0.9, "moderate": 0.0, "severe": 0.9}  # shift by severity [P]
DIVERGED = ((1, 0.3), (4, 0.4), (8, 1.0))  # share of that by day: patients differ little at first [P]
PROGRESSIVE_FROM_DAY, PEAK_FROM_DAY, ABSORPTION_FROM_DAY = 5, 9, 14  # [V46]
COALESCENT_FROM = 1.2  # deviations above the threshold of being affected [P]
COALESCENT_FROM_ABSORPTION = 1.8  # fused B-lines come apart [V8], [P]
WHITE_FROM = 2.4  # at the peak [P]
CONSOLIDATED_FROM = 3.0  # gives 24 % with any consolidation over 10 mm on day 8 [V44]; gone in absorption [V46]
SUBPLEURAL_FROM = 0.7  # [P]
SUBPLEURAL_IN_ZONE = 0.5  # of the zones that may have one, in patients who have any [P]
LIGHT_BEAM_SHARE = 0.5  # of early affected zones; typical of early disease (B.4 [B])
IRREGULAR_SHARE = 0.70  # pleural line abnormality [V35]
IRREGULAR_SHARE_EARLY = 0.22  # [V36]
SUBPLEURAL_SHARE: dict[Grade, float] = {"mild": 0.08, "moderate": 0.68, "severe": 0.78}  # [V36], [V44], [V37]
SUBPLEURAL_KEPT = 0.4  # of these, still seen in absorption [P]
SUBPLEURAL_DEPTH_MM = (6.0, 0.35)  # median and deviation of the logarithm; under 15 mm [V34], few over 10 mm [V44]
EFFUSION_SHARE = 0.14  # [V35]; none in early cohorts [V36]
RESOLVED_SHARE = 0.208  # complete resolution at one month [V44]; none at the beginning of absorption


def covid_findings(day: int, severity: Grade, seed: int) -> list[FindingSpec]:
    """The findings of one patient, as an author could have written them; `day` 1 to 30 since the first symptoms."""
    rng = np.random.default_rng((seed, day, 0x636F766964))
    subpleural = rng.random() < SUBPLEURAL_SHARE[severity]
    early, absorbing = day < PROGRESSIVE_FROM_DAY, day >= ABSORPTION_FROM_DAY
    irregular = rng.random() < (IRREGULAR_SHARE_EARLY if early else IRREGULAR_SHARE)
    resolved = rng.random() < RESOLVED_SHARE * np.clip((day - ABSORPTION_FROM_DAY) / 16.0, 0.0, 1.0)
    if absorbing and subpleural:
        subpleural = rng.random() < SUBPLEURAL_KEPT
    patient = _Patient(day, severity, irregular, subpleural)
    latent = _latent(rng)
    out: list[FindingSpec] = []
    if not resolved:
        for key, deviate in zip(ZONES, latent, strict=True):
            out += patient.zone(key, float(deviate), rng)  # type: ignore[arg-type]
    if rng.random() < EFFUSION_SHARE and not early and not resolved:
        right = rng.random() < 0.5
        volume_ml = float(rng.integers(40, 150))
        out.append(EffusionSpec(kind="effusion", side="right" if right else "left", volume_ml=volume_ml))
    return out


@dataclass(frozen=True)
class _Patient:
    """What is the same in all zones of a patient."""

    day: int
    severity: Grade
    irregular: bool
    subpleural: bool

    def burden(self, key: Zone, deviate: float, day: int) -> float:
        """How far a zone is above the threshold of being affected on a day, in standard deviations."""
        return (
            deviate
            + _on(day, SHIFT)
            + _on(day, DIVERGED) * SEVERITY[self.severity]
            + NormalDist().inv_cdf(AFFECTED[int(key[1])])
        )

    def zone(self, key: Zone, deviate: float, rng: np.random.Generator) -> list[FindingSpec]:
        """Findings of one zone; 20-50 % of an affected zone's pleura stays spared (C.4 [P])."""
        burden = self.burden(key, deviate, self.day)
        absorbing = self.day >= ABSORPTION_FROM_DAY
        was_affected = absorbing and self.burden(key, deviate, PEAK_FROM_DAY + 1) > 0.0
        out: list[FindingSpec] = []
        if self.irregular and (burden > 0.0 or was_affected):  # the pleura stays irregular (C.3)
            out.append(_irregular(key, self.severity if burden > 0.0 else "mild", rng))
        if burden <= 0.0:
            return out
        if self.day < PROGRESSIVE_FROM_DAY:
            return out + _focal(key, self.severity, rng)
        out.append(_b_lines(key, int(rng.integers(50, 81)), self.severity))
        posterior_or_lateral = int(key[1]) >= 3  # where consolidation concentrates [V36]
        peak = PEAK_FROM_DAY <= self.day < ABSORPTION_FROM_DAY
        if peak and burden > WHITE_FROM and posterior_or_lateral:
            out.append(_band(key, "white_lung", int(rng.integers(60, 81)), self.severity))
        elif burden > (COALESCENT_FROM_ABSORPTION if absorbing else COALESCENT_FROM):
            out.append(_band(key, "coalescent", int(rng.integers(25, 41 if absorbing else 61)), self.severity))
        if self.subpleural and posterior_or_lateral and burden > SUBPLEURAL_FROM and rng.random() < SUBPLEURAL_IN_ZONE:
            out.append(_small_consolidation(key, rng))
        if burden > CONSOLIDATED_FROM and posterior_or_lateral and not absorbing:
            out.append(
                ConsolidationSpec(
                    kind="consolidation", where=Where(zones=[key]), extent="hemilobar", border="shred",
                    depth_mm=float(rng.integers(32, 45)),
                )
            )  # fmt: skip
        return out


def _on(day: int, curve: tuple[tuple[int, float], ...]) -> float:
    """Value of a curve, given by points (day, value), on a day."""
    days, values = zip(*curve, strict=True)
    return float(np.interp(day, days, values))


def _focal(key: Zone, severity: Grade, rng: np.random.Generator) -> list[FindingSpec]:
    """Early disease: one light beam, or a focus of B-lines, in a zone that is otherwise normal."""
    if rng.random() < LIGHT_BEAM_SHARE:
        return [_band(key, "light_beam", int(rng.integers(8, 21)), severity)]
    return [_b_lines(key, int(rng.integers(30, 61)), severity)]


def _b_lines(key: Zone, percent: float, severity: Grade) -> InterstitialSpec:
    return InterstitialSpec(
        kind="interstitial", pattern="b_lines", where=Where(zones=[key]), percent_of_pleura=float(percent),
        spacing_mm=6.0, severity=severity,
    )  # fmt: skip


def _band(
    key: Zone, pattern: Literal["coalescent", "white_lung", "light_beam"], percent: float, severity: Grade
) -> InterstitialSpec:
    return InterstitialSpec(
        kind="interstitial", pattern=pattern, where=Where(zones=[key]), percent_of_pleura=float(percent),
        severity=severity,
    )  # fmt: skip


def _irregular(key: Zone, severity: Grade, rng: np.random.Generator) -> PleuralIrregularitySpec:
    return PleuralIrregularitySpec(
        kind="pleural_irregularity", where=Where(zones=[key]), percent_of_pleura=float(rng.integers(30, 71)),
        severity=severity,
    )  # fmt: skip


def _small_consolidation(key: Zone, rng: np.random.Generator) -> SubpleuralConsolidationSpec:
    median, spread = SUBPLEURAL_DEPTH_MM
    depth_mm = float(np.clip(np.round(median * np.exp(spread * rng.standard_normal())), 3.0, 14.0))
    return SubpleuralConsolidationSpec(
        kind="subpleural_consolidation", where=Where(zones=[key]), count=int(rng.integers(1, 3)), depth_mm=depth_mm,
        width_mm=float(rng.integers(8, 20)),
    )  # fmt: skip


def _latent(rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Correlated standard normal deviates (12,), in the order of ZONES."""
    keys = list(ZONES)
    near = {*NEIGHBOURS, *((b, a) for a, b in NEIGHBOURS)}
    correlation = np.eye(len(keys))
    for i, a in enumerate(keys):
        for j, b in enumerate(keys):
            if i == j:
                continue
            if a[1] == b[1]:
                correlation[i, j] = LEFT_RIGHT
            elif a[0] == b[0] and (int(a[1]), int(b[1])) in near:
                correlation[i, j] = ADJACENT
            else:
                correlation[i, j] = LEFT_RIGHT * ADJACENT
    return np.asarray(np.linalg.cholesky(correlation) @ rng.standard_normal(len(keys)))
