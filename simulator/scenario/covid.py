"""A whole Covid pneumonia of a given day: which zones, with what, drawn at random within the published distributions.

Zone weights, correlations and spared share are those of clinical.md C.4 [P], stages those of C.3; bilateral, patchy,
heavier behind and below [V36, V44].
"""

from __future__ import annotations

from statistics import NormalDist

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
# Shift of the disease in standard deviations, by the last day of the stage (C.3 [P]) and by severity [P].
STAGES = ((4, -1.1), (8, 0.0), (13, 0.4), (30, -0.9))
SEVERITY: dict[Grade, float] = {"mild": -0.9, "moderate": 0.0, "severe": 0.9}
COALESCENT_FROM = 1.2  # deviations above the threshold of being affected [P]
CONSOLIDATED_FROM = 2.4  # [P]
ABSORPTION_FROM_DAY = 14  # consolidation resolves, the pleura stays irregular [V46]
IRREGULAR_SHARE = 0.70  # pleural line abnormality [V35]
SUBPLEURAL_SHARE = 0.68  # subpleural consolidation at admission [V44]
EFFUSION_SHARE = 0.14  # [V35]


def covid_findings(day: int, severity: Grade, seed: int) -> list[FindingSpec]:
    """The findings of one patient, as an author could have written them."""
    rng = np.random.default_rng((seed, day, 0x636F766964))
    stage = next(shift for last, shift in STAGES if day <= last)
    out: list[FindingSpec] = []
    subpleural = rng.random() < SUBPLEURAL_SHARE
    irregular = rng.random() < IRREGULAR_SHARE
    for key, latent in zip(ZONES, _latent(rng), strict=True):
        number = int(key[1])
        threshold = -NormalDist().inv_cdf(AFFECTED[number])
        burden = float(latent) + stage + SEVERITY[severity] - threshold
        if burden <= 0.0:
            continue
        if day >= ABSORPTION_FROM_DAY:
            burden = min(burden, CONSOLIDATED_FROM - 0.1)
        out += _zone(key, burden, severity, irregular, subpleural, rng)  # type: ignore[arg-type]
    if rng.random() < EFFUSION_SHARE:
        right = rng.random() < 0.5
        volume_ml = float(rng.integers(40, 150))
        out.append(EffusionSpec(kind="effusion", side="right" if right else "left", volume_ml=volume_ml))
    return out


def _zone(
    key: Zone, burden: float, severity: Grade, irregular: bool, subpleural: bool, rng: np.random.Generator
) -> list[FindingSpec]:
    """Findings of one affected zone; 20-50 % of its pleura stays spared (C.4 [P])."""
    where = Where(zones=[key])
    share = float(rng.integers(50, 80))
    posterior_or_lateral = int(key[1]) >= 3  # where consolidation concentrates [V36]
    out: list[FindingSpec] = [
        InterstitialSpec(
            kind="interstitial", pattern="b_lines", where=where, percent_of_pleura=share, spacing_mm=6.0,
            severity=severity,
        )
    ]  # fmt: skip
    if irregular:
        out.append(
            PleuralIrregularitySpec(
                kind="pleural_irregularity", where=where, percent_of_pleura=share, severity=severity
            )
        )
    if burden > COALESCENT_FROM:
        out.append(
            InterstitialSpec(
                kind="interstitial", pattern="coalescent", where=where, severity=severity,
                percent_of_pleura=float(rng.integers(25, 60)),
            )
        )  # fmt: skip
        if subpleural and posterior_or_lateral and rng.random() < 0.6:
            out.append(
                SubpleuralConsolidationSpec(
                    kind="subpleural_consolidation", where=where, count=int(rng.integers(1, 3)),
                    depth_mm=float(rng.integers(4, 13)), width_mm=float(rng.integers(8, 20)),
                )
            )  # fmt: skip
    if burden > CONSOLIDATED_FROM and posterior_or_lateral:
        out.append(
            ConsolidationSpec(
                kind="consolidation", where=where, extent="hemilobar", border="shred",
                depth_mm=float(rng.integers(32, 45)),
            )
        )  # fmt: skip
    return out


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
