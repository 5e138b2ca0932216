"""How far an answer's zone scores agree with the truth, in the statistics that studies report (clinical.md F.4)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.assessment.answer import SCORES, Answer
from simulator.assessment.truth import Truth


@dataclass(frozen=True)
class Agreement:
    """Of the `compared` zones (scored and assessable), how many are exact and how many within one grade.

    `weighted_kappa` has linear weights, 1 - |i - j| / 3 [P]; None where chance alone would agree (one grade only).
    """

    compared: int
    exact: int
    within_one: int
    weighted_kappa: float | None


def agreement(answer: Answer, truth: Truth) -> Agreement:
    """Agreement of an answer with the truth, zone by zone."""
    pairs = [
        (zone.score, said)
        for key, zone in truth.zones.items()
        if zone.score is not None and (said := answer.zone(key).score) is not None
    ]
    steps = np.array([abs(right - said) for right, said in pairs], dtype=int)
    table = np.zeros((len(SCORES), len(SCORES)))
    for right, said in pairs:
        table[right, said] += 1.0 / len(pairs)
    grades = np.array(SCORES)
    weight = 1.0 - np.abs(grades[:, None] - grades[None, :]) / 3.0
    observed = float((weight * table).sum())
    chance = float((weight * np.outer(table.sum(axis=1), table.sum(axis=0))).sum())
    kappa = (observed - chance) / (1.0 - chance) if pairs and chance < 1.0 - 1e-12 else None
    return Agreement(len(pairs), int((steps == 0).sum()), int((steps <= 1).sum()), kappa)
