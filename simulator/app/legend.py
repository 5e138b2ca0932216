"""What does the legend of the cut name? What the plane showed within a breath, so that no name jumps with each beat.

While the probe rests, breath and heart carry parts into the plane and out of it: their names keep their places, and
which of them are there at the moment is said. Another plane begins anew.
"""

from __future__ import annotations

from simulator.anatomy.palette import PALETTE, Paint
from simulator.cut import Cut

KEPT_S = 5.0  # that a name stays after its part was seen last: a quiet breath and a little ([P])


class Legend:
    """The names of one plane after the other."""

    def __init__(self) -> None:
        """Nothing was seen yet."""
        self._plane: object = None
        self._seen_s: dict[Paint, float] = {}

    def of(self, cut: Cut, plane: object, now_s: float) -> tuple[tuple[Paint, ...], frozenset[Paint]]:
        """(names in the order of the palette, those of them that are not in the plane now). `plane` is compared."""
        if plane != self._plane:
            self._plane, self._seen_s = plane, {}
        here = cut.legend
        self._seen_s |= dict.fromkeys(here, now_s)
        self._seen_s = {paint: seen_s for paint, seen_s in self._seen_s.items() if now_s - seen_s <= KEPT_S}
        return tuple(paint for paint in PALETTE.values() if paint in self._seen_s), frozenset(self._seen_s) - {*here}
