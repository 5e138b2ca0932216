"""What is seen of the chest wall: ribs and their shadows, cartilage, gas in it, contact and the bare probe."""

from __future__ import annotations

import numpy as np

from simulator.acoustics.display import WHITE_DB
from simulator.reading.lung import BLACK_DB, LungLines
from simulator.reading.picture import Array, BoolArray, Picture, runs, shifted

RIB_MM = (-14.0, -3.0)  # above the pleura: where the bright arc of a rib is looked for [P]
SHADE_MM = (-2.0, 12.0)  # below it: where shadows are compared [P]
CARTILAGE_MM = (-9.0, -3.0)  # above it: where costal cartilage lies, darker than muscle [B]
GAS_MM, RINGING_MM = (-12.0, -4.0), (2.0, 12.0)  # above and below the pleura: gas in the wall rings through both [P]
NEAR_MM = 10.0  # the face's own echo and the skin end before this [P]
SKIN_WITHIN_MM = 9.0  # of the face: gel holds no wider gap [P]


def _mean(levels: Array) -> Array:
    """Level of the mean power over depth, (lines,)."""
    power = np.nan_to_num(10.0 ** (levels / 10.0), nan=0.0).mean(axis=1)
    return np.asarray(10.0 * np.log10(power + 10.0 ** (BLACK_DB / 10.0)))


def around_pleura(picture: Picture, between_mm: tuple[float, float]) -> Array:
    """(lines, n) level between two depths from the expected pleura; nan outside the picture or past the lung."""
    first = np.round(np.nan_to_num(picture.expected_m) / picture.settings.sample_spacing_m).astype(int)
    start = first + round(between_mm[0] / picture.spacing_mm)
    count = round((between_mm[1] - between_mm[0]) / picture.spacing_mm)
    return np.where(picture.over_lung[:, None], shifted(picture.level_db, start)[:, :count], np.nan)


def spaces(picture: Picture, lung: LungLines) -> list[tuple[int, int]]:
    """Stretches of lines between two shadows: the spaces between two ribs."""
    found = []
    for start, end in runs(picture.over_lung & ~lung.shadow):
        if start > 0 and end < len(lung.shadow) and lung.shadow[start - 1] and lung.shadow[end]:
            found.append((start, end))
    return found


def bat_mm(picture: Picture, lung: LungLines) -> float:
    """How far the pleural line lies below the ribs on both sides of it, mm; nan without two ribs and a line of gas."""
    step = picture.spacing_mm
    depth = picture.expected_m * 1e3
    best = float("nan")
    for start, end in spaces(picture, lung):
        if lung.gas[start:end].mean() < 0.5 or end - start < 4:
            continue
        sides = []
        for a, b in ((max(0, start - 12), start), (end, min(len(depth), end + 12))):
            shaded = np.flatnonzero(lung.shadow[a:b]) + a
            if len(shaded) < 3:
                break
            arc = np.nan_to_num(around_pleura(picture, RIB_MM)[shaded], nan=BLACK_DB)
            sides.append(float(np.median(-(RIB_MM[0] + np.argmax(arc, axis=1) * step))))
        if len(sides) == 2:
            return float(np.mean(sides))
    return best


def rib_shadow_db(picture: Picture, lung: LungLines) -> float:
    """How much darker it is behind ribs than between them, dB, over the same depths."""
    level = _mean(around_pleura(picture, SHADE_MM))
    open_ = picture.over_lung & ~lung.shadow
    core = _inner(lung.shadow, 2)
    if not core.any() or not open_.any():
        return float("nan")
    return float(np.median(level[open_]) - np.median(level[core]))


def partial_shadow_db(picture: Picture, lung: LungLines) -> float:
    """How much darker the pleura and what is below it are under cartilage than beside it, dB.

    Cartilage is where the wall itself is darkest; under bone there would be no pleura to be seen at all.
    """
    square = picture.over_lung & (picture.incidence_deg < 20.0)
    wall, below = _mean(around_pleura(picture, CARTILAGE_MM)), _mean(around_pleura(picture, SHADE_MM))
    if square.sum() < 12:
        return float("nan")
    low, high = np.quantile(wall[square], [0.25, 0.75])
    return float(np.median(below[square & (wall >= high)]) - np.median(below[square & (wall <= low)]))


def open_mm(picture: Picture, lung: LungLines) -> float:
    """Length of the longest stretch of pleura that no rib hides, mm."""
    length = picture.length_mm
    return max((float(length[a:b].sum()) for a, b in runs(picture.over_lung & ~lung.shadow)), default=0.0)


def screen_grey(picture: Picture) -> Array:
    """(lines, samples) grey 0..1 on the screen, before the grey map."""
    level = picture.line_db + picture.wall_db
    return np.asarray(np.clip((level - WHITE_DB) / picture.settings.dynamic_range_db + 1.0, 0.0, 1.0))


def lit_percent(picture: Picture, over: float = 0.1) -> float:
    """Percent of the picture below the near field that is not black: next to nothing without contact."""
    return 100.0 * float((picture.band(screen_grey(picture), NEAR_MM, 1e3) > over).mean())


def contact_percent(picture: Picture) -> float:
    """Percent of the lines on which anything is seen below the near field."""
    grey = picture.band(screen_grey(picture), NEAR_MM, NEAR_MM + 8.0)
    return 100.0 * float((grey.mean(axis=1) > 0.05).mean())


def gel_mm(picture: Picture) -> float:
    """How much farther from the face the skin lies at one end of it than where it touches, mm: a wedge of gel."""
    near = picture.band(picture.line_db, 0.5, SKIN_WITHIN_MM)
    skin = np.argmax(near, axis=1) * picture.spacing_mm + 0.5
    parts = [float(np.median(part)) for part in np.array_split(skin, 8)]
    return max(parts) - min(parts)


def hidden_by_gas(picture: Picture, lung: LungLines) -> BoolArray:
    """(lines,) where gas in the wall hides the pleura: bright, then ringing on through where the pleura should be."""
    above, below = _mean(around_pleura(picture, GAS_MM)), _mean(around_pleura(picture, RINGING_MM))
    return picture.over_lung & (lung.rise_db < 6.0) & (above - below < 14.0) & (above > 6.0)


def wall_gas_mm(picture: Picture, lung: LungLines) -> float:
    """Width, mm, over which gas in the wall hides the pleura."""
    return float(picture.length_mm[hidden_by_gas(picture, lung)].sum())


def _inner(flags: BoolArray, margin: int) -> BoolArray:
    """Flags without their outermost lines."""
    out = flags.copy()
    for start, end in runs(flags):
        out[start : start + margin] = out[max(start, end - margin) : end] = False
    return out
