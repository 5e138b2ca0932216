"""What the visible pleural line of an image plane shows: lengths, percentages and counts, never pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.assessment.section import Array, BoolArray

DENSE = 0.5  # interstitial density 0..1 above which the pleura carries a vertical artefact [P]
WHITE = 0.8  # density above which no single line is told apart in a confluent area [P]
ROUGH = 0.5  # roughness 0..1 above which the pleural line looks irregular [P]
COALESCENT_MM = 7.0  # a run longer than the spacing of septal B-lines is confluent [V21 for 7 mm; P for the use]
MERGE_MM = 1.0  # gaps narrower than a B-line's own apex, 1-3 mm, are not seen as gaps [P]
CONSOLIDATED_MM = 1.0  # thinner airless lung is not seen [P]
COLLAPSED_MM = 10.0  # behind fluid this deep, airless lung thinner than this is the rim of the floating lung [P]
EFFUSION_MM = 2.0  # a thinner film of fluid is not called an effusion [P]
SQUARE_DEG = 10.0  # A-lines need the beam this square to the pleura; they are gone beyond 15 degrees [P, B.8]
SLIDING_MM = 1.0  # peak to peak; less sliding is not seen [P]
PULSE_MM = 0.2  # heart-driven motion, peak to peak, that shows where nothing slides: 0.3-0.6 mm is usual [P]
IRREGULAR_PERCENT = 10.0  # share of the visible pleura that must be rough to call it irregular [P]


@dataclass(frozen=True)
class PleuralLine:
    """The lung's surface along the scan lines; every array is (lines,).

    `surface` is where a line meets the pleura over lung (aerated, airless or behind fluid), ribs or not; `visible`
    is the part of it that no rib hides and sound reaches. `length_mm` is each line's share of the pleural arc.
    """

    surface: BoolArray
    visible: BoolArray
    length_mm: Array
    interstitial: Array
    roughness: Array
    consolidation_mm: Array  # airless lung below the pleura, square to it
    effusion_mm: Array  # fluid between wall and lung, square to the pleura
    incidence_deg: Array  # between beam and pleural normal
    sliding_mm: Array  # peak to peak over a breath
    pulse_mm: Array  # peak to peak over a heartbeat
    detached: BoolArray  # free air lies between wall and lung
    wall_gas_mm: Array  # each line's share of the gas in the chest wall that it meets before anything else


@dataclass(frozen=True)
class PlaneFindings:
    """Findings visible in one image plane. Percentages are of the visible pleural line."""

    pleura_visible_mm: float = 0.0
    rib_spaces: int = 0
    n_b_lines: int = 0  # separate ones, in the rib space that has most
    n_b_lines_total: int = 0  # separate ones in the whole view
    percent_coalescent: float = 0.0  # confluent B-lines or subpleural consolidation
    percent_white: float = 0.0  # confluent and so dense that no line is told apart
    percent_consolidation: float = 0.0
    percent_a_lines: float = 0.0  # healthy, gas-backed and square to the beam
    widest_band_mm: float = 0.0  # longest confluent run over smooth pleura
    consolidation_depth_mm: float = 0.0
    effusion_depth_mm: float = 0.0
    percent_irregular: float = 0.0
    sliding_mm: float = 0.0
    still_mm: float = 0.0  # visible pleura that does not slide
    pulsing_mm: float = 0.0  # of it, what beats with the heart
    detached_mm: float = 0.0  # visible pleura behind which free air lies
    free_mm: float = 0.0  # visible pleura that slides
    wall_gas_mm: float = 0.0  # gas in the chest wall, across the view
    incidence_deg: float = float("nan")  # of the beam that is most square to the visible pleura

    @property
    def pleura_irregular(self) -> bool:
        """Whether a trainee should call the pleural line irregular (never high stakes, clinical.md F.4)."""
        return self.percent_irregular >= IRREGULAR_PERCENT


def runs(flags: BoolArray) -> list[tuple[int, int]]:
    """Start and end (exclusive) of each stretch of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def plane_findings(line: PleuralLine) -> PlaneFindings:
    """Count and measure what the visible pleural line shows.

    A lesion that runs on under a rib keeps its whole length when it is decided whether it is confluent, but only what
    is visible counts towards the percentages. Traps beside a consolidation are its trails and no separate B-lines.
    """
    visible, length = line.visible, line.length_mm
    total = float(length[visible].sum())
    wall_gas_mm = float(line.wall_gas_mm.sum())
    if total <= 0.0:
        return PlaneFindings(wall_gas_mm=wall_gas_mm)

    def percent(flags: BoolArray) -> float:
        return 100.0 * float(length[flags & visible].sum()) / total

    floating = (line.effusion_mm >= COLLAPSED_MM) & (line.consolidation_mm < COLLAPSED_MM)
    consolidated = line.surface & (line.consolidation_mm >= CONSOLIDATED_MM) & ~floating
    wet = line.surface & (line.effusion_mm >= EFFUSION_MM)
    dense = line.surface & (line.interstitial > DENSE) & ~consolidated
    for start, end in runs(line.surface & ~dense & ~consolidated):  # close gaps that are not seen as gaps
        inner = start > 0 and end < len(dense) and dense[start - 1] and dense[end]
        if inner and length[start:end].sum() < MERGE_MM:
            dense[start:end] = True
    confluent = np.zeros_like(dense)
    separate: list[int] = []
    widest = 0.0
    for start, end in runs(dense | consolidated):
        seen = slice(start, end)
        if length[seen].sum() >= COALESCENT_MM:
            confluent[seen] = dense[seen]
            smooth = visible[seen] & dense[seen] & (line.roughness[seen] <= ROUGH)
            widest = max(widest, float(length[seen][smooth].sum()))
        elif visible[seen].any() and not consolidated[seen].any():
            separate.append(start + int(np.argmax(visible[seen])))
    spaces = runs(visible)
    per_space = [sum(start <= i < end for i in separate) for start, end in spaces]
    still = visible & (line.sliding_mm < SLIDING_MM)
    healthy = visible & ~dense & ~consolidated & ~wet
    depths = np.where(visible & consolidated, line.consolidation_mm, 0.0)
    return PlaneFindings(
        pleura_visible_mm=total,
        rib_spaces=len(spaces),
        n_b_lines=max(per_space, default=0),
        n_b_lines_total=len(separate),
        percent_coalescent=percent(confluent | consolidated),
        percent_white=percent(confluent & (line.interstitial > WHITE)),
        percent_consolidation=percent(consolidated),
        percent_a_lines=percent(healthy & (line.incidence_deg <= SQUARE_DEG)),
        widest_band_mm=widest,
        consolidation_depth_mm=float(depths.max()),
        effusion_depth_mm=float(np.where(visible & wet, line.effusion_mm, 0.0).max()),
        percent_irregular=percent(line.surface & (line.roughness > ROUGH)),
        sliding_mm=float(np.average(line.sliding_mm[visible], weights=length[visible])),
        still_mm=float(length[still].sum()),
        pulsing_mm=float(length[still & (line.pulse_mm >= PULSE_MM)].sum()),
        detached_mm=float(length[visible & line.detached].sum()),
        free_mm=float(length[visible & ~still].sum()),
        wall_gas_mm=wall_gas_mm,
        incidence_deg=float(line.incidence_deg[visible].min()),
    )
