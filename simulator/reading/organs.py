"""What is seen beyond the lung: the lung's edge, diaphragm, spine, heart, and what is mirrored."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simulator.probe import scan_lines
from simulator.reading.lung import LungLines
from simulator.reading.picture import Array, BoolArray, Picture, shifted, smoothed
from simulator.reading.solid import ridge_lines, ridge_mm
from simulator.units import MM

STEEP_MM = 7.0  # by which the diaphragm's depth may change from line to line [P]
DIAPHRAGM_DB = 8.0  # of the diaphragm's line over what lies on both of its sides [P]
ORGAN_DB = (-18.0, 8.0)  # level of an organ behind it, over the wall's [P]
EVEN_DB = 4.0  # deviation of that level over depth: an organ is even [P]
LINE_DB = 10.0  # of the lung's line over the tissue above it where it has come [P]


def covered_mm(picture: Picture, reached_m: Array, rest: int = 0, inspired: int = 1) -> float:
    """Curtain: length of wall, mm, at which the lung's bright line appears on inspiration and is missing at rest.

    `reached_m` (lines,) is the depth of the inner wall as far as the lung comes down.
    """
    step = picture.settings.sample_spacing_m
    start = np.round(np.nan_to_num(reached_m) / step).astype(int)
    reach, above = round(2.0 / picture.spacing_mm), round(6.0 / picture.spacing_mm)
    rise = []
    for frame in (rest, inspired):
        near = shifted(picture.frame_db(frame), start - above)[:, : above + reach + 1]
        rise.append(np.nan_to_num(near[:, above - reach :].max(axis=1) - np.median(near[:, : above - reach], axis=1)))
    came = np.isfinite(reached_m) & (rise[1] >= LINE_DB) & (rise[0] < LINE_DB) & (rise[1] - rise[0] > 0.5 * LINE_DB)
    points_mm = float(np.median(picture.length_mm[picture.over_lung])) if picture.over_lung.any() else 1.0
    return float(came.sum()) * points_mm


def diaphragm(picture: Picture, first_mm: float = 30.0) -> tuple[BoolArray, Array, Array]:
    """The bright curved line between organ and lung or fluid: lines, their depth (mm) and contrast (dB)."""
    depth, contrast = ridge_mm(picture, first_mm, picture.settings.depth_cm * 10.0 - 10.0)
    lines = ridge_lines(depth, 5.0)
    return lines, depth, contrast


def mirror_db(picture: Picture, first_mm: float = 50.0) -> float:
    """Level just beyond the diaphragm less that before it, dB: near 0 where the organ is seen again, mirrored.

    The diaphragm is looked for towards the head, which is where the marker points; nan where it is not seen.
    """
    depth, _ = ridge_mm(picture, first_mm, picture.settings.depth_cm * 10.0 - 15.0)
    depth[len(depth) // 2 :] = np.nan
    lines = ridge_lines(depth, STEEP_MM)
    if np.isfinite(depth[lines]).sum() < 5:
        return float("nan")
    step = picture.spacing_mm
    found = []
    for line in np.flatnonzero(lines & np.isfinite(depth)):
        row = round(depth[line] / step)
        before = picture.level_db[line, row - round(14.0 / step) : row - round(4.0 / step)]
        beyond = picture.level_db[line, row + round(4.0 / step) : row + round(14.0 / step)]
        if len(beyond) and len(before):
            found.append(float(np.median(beyond) - np.median(before)))
    return float(np.median(found)) if found else float("nan")


def spine_db(picture: Picture, first_mm: float = 55.0) -> float:
    """Contrast, dB, of a deep bright border with a shadow behind, over at least eight lines; 0 without one."""
    depth, _ = ridge_mm(picture, first_mm, picture.settings.depth_cm * 10.0 - 15.0)
    rows = np.round(np.nan_to_num(depth) / picture.spacing_mm).astype(int)
    bright = picture.level_db[np.arange(len(depth)), rows] >= 0.0  # as bright as the wall: bone
    depth = np.where(bright, depth, np.nan)
    lines = ridge_lines(depth) & np.isfinite(depth)
    if lines.sum() < 8:
        return 0.0
    step, found = picture.spacing_mm, []
    for line in np.flatnonzero(lines):
        row = round(depth[line] / step)
        found.append(
            picture.level_db[line, row]
            - np.median(picture.level_db[line, row + round(6 / step) : row + round(14 / step)])
        )
    return float(np.median(found))


def beating_mm2(picture: Picture, first: int = 0, second: int = 1) -> float:
    """Area, mm^2, that changes between end-diastole and end-systole by over 8 dB: the walls of the heart."""
    change = smoothed(smoothed(picture.frame_db(second) - picture.frame_db(first), 5, axis=0), 9, axis=1)
    rows = slice(round(15.0 / picture.spacing_mm), None)
    bright = np.maximum(picture.frame_db(first), picture.frame_db(second))[:, rows] > -25.0
    width_mm = 1.5  # of a line in the middle of the field, near enough for an area
    return float((bright & (np.abs(change[:, rows]) > 8.0)).sum() * picture.spacing_mm * width_mm)


def organ_mm(picture: Picture, lung: LungLines, first_mm: float = 25.0, last_mm: float = 95.0) -> float:
    """Length, mm, of the diaphragm behind which an organ is seen, even and as grey as tissue.

    Behind a line of gas all is artefact, and a repeat of the wall no diaphragm.
    """
    depth, contrast = ridge_mm(picture, first_mm, min(last_mm, picture.settings.depth_cm * 10.0 - 25.0))
    depth = np.where((contrast >= DIAPHRAGM_DB) & ~lung.gas, depth, np.nan)
    lines = np.flatnonzero(ridge_lines(depth, 5.0) & np.isfinite(depth))
    step, seen = picture.spacing_mm, []
    for line in lines:
        row = round(depth[line] / step)
        beyond = smoothed(picture.level_db[line, row + round(4.0 / step) : row + round(20.0 / step)], 9, axis=0)
        seen.append(ORGAN_DB[0] <= float(np.median(beyond)) <= ORGAN_DB[1] and float(np.std(beyond)) < EVEN_DB)
    if len(lines) < 6 or not any(seen):
        return 0.0
    at = _points_mm(picture, lines, depth[lines])
    return float(np.mean(seen) * np.linalg.norm(np.diff(at, axis=0), axis=1).sum())


def arch_mm(picture: Picture, first_mm: float = 60.0) -> float:
    """Radius, mm, of a deep bright border that bulges towards the probe, as the edge of a kidney does; nan without."""
    depth, _ = ridge_mm(picture, first_mm, picture.settings.depth_cm * 10.0 - 20.0)
    lines = np.flatnonzero(ridge_lines(depth, 5.0) & np.isfinite(depth))
    if len(lines) < 8:
        return float("nan")
    at = _points_mm(picture, lines, depth[lines])
    curve = np.polynomial.Polynomial.fit(at[:, 0], at[:, 1], 2).convert().coef
    top = -0.5 * curve[1] / curve[2]
    bulges = curve[2] > 0.0 and at[:, 0].min() < top < at[:, 0].max()
    return float(0.5 / curve[2]) if bulges else float("nan")


def _points_mm(picture: Picture, lines: npt.NDArray[np.intp], depth_mm: Array) -> Array:
    """(n, 2) where echoes at a depth on some lines are in the image plane, mm: along the face, and deep."""
    scan = scan_lines(picture.transducer, picture.settings)
    at = scan.origins_m[lines] / MM + scan.directions[lines] * depth_mm[:, None]
    return np.asarray(at[:, [0, 2]])
