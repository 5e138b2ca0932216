"""What a reader says of one view: counts, widths and depths over the readable pleural line, and the signs they make."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np

from simulator.reading import limits
from simulator.reading.lung import LungLines, pleura_by_line, read_lung
from simulator.reading.motion import Motion, read_motion
from simulator.reading.picture import Array, BoolArray, Picture, runs
from simulator.reading.wall import hidden_by_gas, wall_gas_mm

POSITIVE_B_LINES = 3  # B-lines in one rib space that make it positive [V21]


@dataclass(frozen=True)
class ViewReading:
    """Lengths in mm of pleura, depths in mm square to the face, shares in percent of the readable pleura."""

    readable_mm: float
    b_lines: int  # separate ones, in the rib space that has most
    spacing_mm: float  # between neighbouring separate B-lines, nan with fewer than two
    percent_coalescent: float
    percent_vertical: float
    widest_band_mm: float
    a_lines_mm: float
    airless_mm: float
    fluid_mm: float
    step_mm: float
    still_mm: float
    sliding_mm: float
    beating_mm: float
    wall_gas_mm: float


def read_view(picture: Picture, inspired: int = 1, beat: int = 2) -> ViewReading:
    """Read a series whose first frame is at rest; `inspired` and `beat` are the frames that `read_motion` wants."""
    lung = read_lung(picture)
    return judged(picture, lung, read_motion(picture, 0, inspired, beat))


def judged(picture: Picture, lung: LungLines, motion: Motion) -> ViewReading:
    """The numbers of a view from its lines."""
    gas_mm = wall_gas_mm(picture, lung)
    if gas_mm > 0.0:  # nothing is read beside gas in the wall: its lines are no B-lines, and stand still
        hidden = _believed(picture, hidden_by_gas(picture, lung), limits.HIDDEN_MM)
        seen = ~(np.convolve(hidden, np.ones(5), mode="same") > 0.0)
        lung = replace(lung, readable=lung.readable & seen, vertical=lung.vertical & seen)
    length, readable = picture.length_mm, lung.readable
    total = float(length[readable].sum())

    def share(flags: BoolArray) -> float:
        return 100.0 * float(length[flags & readable].sum()) / total if total > 0.0 else 0.0

    square = picture.incidence_deg <= limits.READABLE_DEG
    solid = _believed(picture, readable & (lung.airless_mm >= limits.SUBPLEURAL_MM), limits.NOTCH_EXTENT_MM)
    deep = lung.airless_mm >= limits.TISSUE_LIKE_MM  # dark lung between B-lines of a broken pleura is narrower
    solid &= ~deep | _believed(picture, solid & deep, limits.DEEP_EXTENT_MM)
    solid = _believed(picture, solid, limits.NOTCH_EXTENT_MM)
    wet = _believed(picture, square & (lung.fluid_mm >= limits.EFFUSION_MM), limits.EXTENT_MM)
    separate, confluent, widest = _bands(picture, lung, lung.vertical & ~solid & ~wet)
    places = np.sort(np.array([picture.points_mm[i] for i in separate])[:, 0]) if separate else np.zeros(0)
    per_space = [sum(start <= i < end for i in separate) for start, end in runs(readable)]
    return ViewReading(
        readable_mm=total,
        b_lines=max(per_space, default=0),
        spacing_mm=float(np.median(np.diff(places))) if len(places) > 1 else float("nan"),
        percent_coalescent=share(confluent),
        percent_vertical=share(lung.vertical & ~solid & ~wet),
        widest_band_mm=widest,
        a_lines_mm=float(length[lung.horizontal & readable & ~lung.vertical].sum()),
        airless_mm=_typical(lung.airless_mm, solid),
        fluid_mm=_typical(lung.fluid_mm, wet),
        step_mm=_steps_mm(picture, lung),
        still_mm=float(length[readable & motion.still].sum()),
        sliding_mm=float(length[readable & motion.sliding].sum()),
        beating_mm=float(length[readable & motion.beating].sum()),
        wall_gas_mm=gas_mm,
    )


def _believed(picture: Picture, flags: BoolArray, extent: float) -> BoolArray:
    """Only stretches long enough to be believed."""
    out = np.zeros_like(flags)
    for start, end in runs(flags):
        out[start:end] = picture.length_mm[start:end].sum() >= extent
    return out


def _typical(values: Array, flags: BoolArray) -> float:
    return float(np.quantile(values[flags], 0.75)) if flags.any() else 0.0


def _bands(picture: Picture, lung: LungLines, vertical: BoolArray) -> tuple[list[int], BoolArray, float]:
    """Lines of separate B-lines, lines of confluent ones, and the widest confluent band, mm.

    A stretch of vertical artefact is split where the lower field dips between two brighter lines.
    """
    length, level = picture.length_mm, lung.deep_db
    separate: list[int] = []
    confluent = np.zeros_like(vertical)
    widest = 0.0
    for start, end in runs(_closed(picture, vertical, lung.readable)):
        for a, b in _split(level, start, end):
            width = float(length[a:b].sum())
            if width >= limits.COALESCENT_MM:
                confluent[a:b] = True
                widest = max(widest, width)
            elif width >= limits.NARROWEST_MM:
                separate.append((a + b - 1) // 2)
    return separate, confluent, widest


def _closed(picture: Picture, flags: BoolArray, inside: BoolArray) -> BoolArray:
    """Flags with gaps that are too narrow to be seen closed."""
    out = flags.copy()
    for start, end in runs(inside & ~flags):
        if start > 0 and end < len(flags) and flags[start - 1] and flags[end]:
            out[start:end] = picture.length_mm[start:end].sum() < limits.MERGE_MM
    return out


def _split(level: Array, start: int, end: int) -> list[tuple[int, int]]:
    """Parts of a stretch between dips of at least GAP_DB below the lower of the peaks beside them."""
    inner = level[start:end]
    lowest = [
        k
        for k in range(1, len(inner) - 1)
        if min(inner[:k].max(), inner[k + 1 :].max()) - inner[k] >= limits.GAP_DB
        and inner[k] == inner[max(0, k - 2) : k + 3].min()
    ]
    cuts = [0, *lowest, len(inner)]
    return [(start + a, start + b) for a, b in itertools.pairwise(cuts) if b - a > 1]


def _steps_mm(picture: Picture, lung: LungLines) -> float:
    """Mean step of the pleural line's depth from one line to the next, mm, where the beam is square to it.

    Each line by itself: smoothing over the grain would smooth the indentations too. A tilt or bend of the whole line
    is taken out.
    """
    depth, open_ = pleura_by_line(picture)
    readable = open_ & lung.gas
    steps = []
    for start, end in runs(readable & (picture.incidence_deg <= limits.SQUARE_DEG)):
        if end - start >= 6:
            x = np.linspace(-1.0, 1.0, end - start)
            course = np.polynomial.Polynomial.fit(x, depth[start:end], 2)(x)
            steps.append(np.abs(np.diff(depth[start:end] - course)))
    return float(np.mean(np.concatenate(steps))) if steps else float("nan")


def signs_read(view: ViewReading) -> frozenset[str]:
    """The signs, in the vocabulary of the answer sheet, that a reader would state of a view; the worst B-lines only."""
    white = view.percent_vertical >= limits.WHITE_PERCENT and view.a_lines_mm <= 0.0
    fused = view.percent_coalescent > limits.COALESCENT_PERCENT and not white
    irregular = view.step_mm > limits.IRREGULAR_MM
    band = limits.BAND_MM[0] <= view.widest_band_mm <= limits.BAND_MM[1]
    alone = view.percent_vertical - view.percent_coalescent <= limits.BESIDE_PERCENT
    moving = view.still_mm + view.sliding_mm
    seen = {
        "a_lines": view.a_lines_mm >= limits.A_LINE_MM,
        "b_lines_isolated": 0 < view.b_lines < POSITIVE_B_LINES and not fused and not white,
        "b_lines_separate": view.b_lines >= POSITIVE_B_LINES and not fused and not white,
        "b_lines_coalescent": fused,
        "white_lung": white,
        "light_beam": fused and band and alone and not irregular and view.percent_coalescent <= limits.BEAM_PERCENT,
        "pleural_irregularity": irregular,
        "subpleural_consolidation": 0.0 < view.airless_mm < limits.TISSUE_LIKE_MM,
        "consolidation": view.airless_mm >= limits.TISSUE_LIKE_MM,
        "effusion": view.fluid_mm >= limits.EFFUSION_MM,
        "sliding_absent": moving > 0.0 and view.still_mm >= limits.STILL_SHARE * view.readable_mm,
        "lung_point": min(view.still_mm, view.sliding_mm) >= limits.EDGE_MM and view.beating_mm < limits.PULSE_MM,
        "lung_pulse": view.beating_mm >= limits.PULSE_MM,
        "subcutaneous_emphysema": view.wall_gas_mm >= limits.WALL_GAS_MM,
    }
    return frozenset(key for key, present in seen.items() if present)
