"""What the catalogue of signs measures on a shot beyond what the package `reading` says of one picture."""

from __future__ import annotations

import numpy as np

from simulator.bench.views import Shot
from simulator.reading import motion, organs, solid
from simulator.reading.lung import a_line_contrast


def second_a_line_mm(shot: Shot) -> float:
    """Depth of the first A-line less twice the pleura's, mm, over the lines square to it; nan without A-lines."""
    lung, picture = shot.lung, shot.picture
    lines = np.flatnonzero(lung.horizontal & (picture.incidence_deg < 8.0))
    if len(lines) < 4:
        return float("nan")
    errors = []
    for line in lines:
        centre = round(2.0 * float(lung.pleura_m[line]) * 1e3 / picture.spacing_mm)
        reach = round(1.5 / picture.spacing_mm)
        near = picture.level_db[line, centre - reach : centre + reach + 1]
        errors.append((int(np.argmax(near)) - reach) * picture.spacing_mm)
    return float(abs(np.median(errors)))


def share(shot: Shot, flags: np.ndarray) -> float:
    """Percent of the readable pleura."""
    length, readable = shot.picture.length_mm, shot.lung.readable
    return 100.0 * float(length[readable & flags].sum()) / max(1e-9, float(length[readable].sum()))


def still_a_lines_mm(shot: Shot) -> float:
    """Pleura with A-lines under which nothing moves, neither with the breath nor with the heart, mm."""
    lung, move = shot.lung, shot.motion
    flags = lung.horizontal & move.still & ~move.beating & ~lung.vertical
    return float(shot.picture.length_mm[flags].sum())


def line_rise_db(shot: Shot) -> float:
    """Level of the pleural line over the tissue above it, dB, where the beam is square."""
    lung = shot.lung
    square = lung.readable & (shot.picture.incidence_deg < 10.0)
    return float(np.median(lung.rise_db[square])) if square.any() else float("nan")


def unevenness_db(shot: Shot) -> float:
    """Rms of the pleural line's brightness about its smooth course, dB, where the beam is square."""
    lung = shot.lung
    lines = np.flatnonzero(lung.readable & lung.gas & (shot.picture.incidence_deg < 10.0))
    if len(lines) < 8:
        return float("nan")
    values = lung.rise_db[lines]
    return float(np.std(values - np.polynomial.Polynomial.fit(lines, values, 2)(lines)))


def a_line_db(shot: Shot) -> float:
    """First A-line over its surroundings, dB, where the beam is square."""
    lines = shot.lung.readable & (shot.picture.incidence_deg < 8.0)
    return float(np.nanmedian(a_line_contrast(shot.picture, shot.lung.pleura_m)[lines]))


def bronchogram_count(shot: Shot) -> float:
    """Bright spots in solid lung."""
    return float(len(solid.spots(shot.picture, shot.lung)))


def moving_bronchograms_percent(shot: Shot) -> float:
    """Percent of the bright spots in solid lung that move with the breath."""
    return solid.moving_percent(shot.picture, solid.spots(shot.picture, shot.lung), 0, 1)


def diaphragm_db(shot: Shot) -> float:
    """Contrast of the diaphragm's line, dB; 0 without one."""
    lines, _, contrast = organs.diaphragm(shot.picture)
    return float(np.nanmedian(contrast[lines])) if lines.sum() >= 8 else 0.0


def travel_mm(shot: Shot) -> float:
    """How far the lung slides in an inspiration, mm."""
    return motion.travel_mm(shot.film, shot.lung.readable)


def point_travel_mm(shot: Shot) -> float:
    """How far the edge between still and sliding pleura moves in an inspiration, mm; nan if it is seen but once."""
    places = [motion.border_mm(shot.film, shot.lung.readable, k) for k in range(len(shot.film.times_s) - 1)]
    seen = [place for place in places if np.isfinite(place)]
    return max(seen) - min(seen) if len(seen) >= 3 else float("nan")
