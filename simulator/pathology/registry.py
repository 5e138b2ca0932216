"""Every finding there is. A finding is one stem: its file here, its test, its entry in the author's guide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator.pathology import (
    consolidation,
    effusion,
    interstitial,
    pleural_irregularity,
    pneumothorax,
    sliding_loss,
    subcutaneous_emphysema,
    subpleural_consolidation,
)
from simulator.pathology.consolidation import Consolidation
from simulator.pathology.effusion import Effusion
from simulator.pathology.interstitial import Interstitial
from simulator.pathology.pleural_irregularity import PleuralIrregularity
from simulator.pathology.pneumothorax import Pneumothorax
from simulator.pathology.sliding_loss import SlidingLoss
from simulator.pathology.subcutaneous_emphysema import SubcutaneousEmphysema
from simulator.pathology.subpleural_consolidation import SubpleuralConsolidation

Finding = (
    Interstitial
    | PleuralIrregularity
    | SubpleuralConsolidation
    | Consolidation
    | Effusion
    | SlidingLoss
    | Pneumothorax
    | SubcutaneousEmphysema
)

PLACERS: dict[type[Any], Callable[..., None]] = {
    Interstitial: interstitial.place,
    PleuralIrregularity: pleural_irregularity.place,
    SubpleuralConsolidation: subpleural_consolidation.place,
    Consolidation: consolidation.place,
    Effusion: effusion.place,
    SlidingLoss: sliding_loss.place,
    Pneumothorax: pneumothorax.place,
    SubcutaneousEmphysema: subcutaneous_emphysema.place,
}
KINDS: tuple[str, ...] = tuple(kind.KIND for kind in PLACERS)
