"""The signs that a trainee can state for a zone: a closed vocabulary, each with a name, a definition and its source.

Names and definitions are English message ids; pass them through `messages._` where they are shown. Sources are the keys
of the project's clinical reference: [V..] read in the source, [B] widely published, [P] proposed here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from simulator.errors import BadInputError
from simulator.messages import N_


@dataclass(frozen=True)
class Sign:
    """One sign. `weight` is its share in the marking of a zone's signs; `family` groups signs that exclude each other
    as the worst finding of one view."""

    key: str
    name: str
    definition: str
    source: str
    family: str = ""
    weight: float = 1.0


_SIGNS = (
    Sign("a_lines", N_("A-lines"),
         N_("Horizontal repeats of the pleural line, one skin-to-pleura distance apart."), "[V17, V20]", "pattern"),
    Sign("b_lines_isolated", N_("Isolated B-lines (1-2)"),
         N_("At most two well-spaced B-lines in a rib space; normal at the bases and with age."), "[V5, V18b]",
         "b_lines"),
    Sign("b_lines_separate", N_("Separate B-lines (3 or more)"),
         N_("Three or more B-lines in a rib space with dark lung between them."), "[V18, V21]", "b_lines"),
    Sign("b_lines_coalescent", N_("Coalescent B-lines"),
         N_("B-lines fused into a band; graded by the share of the pleural line that they take."), "[V5]", "b_lines"),
    Sign("white_lung", N_("White lung"),
         N_("The whole field below the pleura is white; neither A-lines nor single B-lines can be told apart."),
         "[V23b]", "b_lines"),
    Sign("light_beam", N_("Light beam"),
         N_("One broad, sharp-edged band from a regular pleural line, on an otherwise normal background."),
         "[V23b, B]"),
    Sign("pleural_irregularity", N_("Irregular pleural line"),
         N_("Indentations or gaps in the pleural line. Readers agree poorly, so it weighs little."), "[V23b, V73]",
         weight=0.25),  # kappa 0.23 for pleural thickening [V73]: not high stakes (F.4 [P])
    Sign("subpleural_consolidation", N_("Subpleural consolidation"),
         N_("A dark notch at the pleura less than 15 mm deep, with a ragged, bright deep edge."), "[V34, V26]",
         "consolidation"),
    Sign("consolidation", N_("Tissue-like consolidation"),
         N_("Airless lung that looks like liver, at least 15 mm deep."), "[V26, V34]", "consolidation"),
    Sign("effusion", N_("Pleural effusion"),
         N_("Fluid between the chest wall and the lung: an echo-free space above the diaphragm."), "[V25]"),
    Sign("sliding_absent", N_("No lung sliding"),
         N_("The pleural line does not shimmer with the breath."), "[V28, V47]"),
    Sign("lung_pulse", N_("Lung pulse"),
         N_("The pleural line beats with the heart where it does not slide: the two layers touch."), "[V30]"),
    Sign("lung_point", N_("Lung point"),
         N_("Sliding and no sliding meet in one view, and the place moves with the breath: the edge of free air."),
         "[V29]"),
    Sign("subcutaneous_emphysema", N_("Subcutaneous emphysema"),
         N_("Gas in the chest wall: bright spots above the ribs and vertical E-lines below them, which hide the pleura "
            "and stand still with the breath."), "[V17, V19]"),
)  # fmt: skip

SIGNS: dict[str, Sign] = {sign.key: sign for sign in _SIGNS}


def checked_signs(keys: Iterable[str]) -> frozenset[str]:
    """`keys` as a set; a sign outside the vocabulary is a BadInputError that lists it."""
    found = frozenset(keys)
    unknown = sorted(found - set(SIGNS))
    if unknown:
        raise BadInputError(f"signs: unknown {', '.join(map(repr, unknown))}; known are {', '.join(SIGNS)}")
    return found


def in_order(keys: Iterable[str]) -> tuple[str, ...]:
    """`keys` in the order of the vocabulary."""
    chosen = set(keys)
    return tuple(key for key in SIGNS if key in chosen)


def sign_names(keys: Iterable[str]) -> tuple[str, ...]:
    """Names (message ids) of `keys`, in the order of the vocabulary."""
    return tuple(SIGNS[key].name for key in in_order(keys))
