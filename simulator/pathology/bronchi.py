"""Bronchi inside airless lung: branching tubes that run from the hilum's side towards the pleura."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from simulator.geometry import normalized
from simulator.pathology.fields import FAR_M
from simulator.units import MM

PIECE_M = 7.0 * MM  # length of a straight piece [P]
SPACING_M = 10.5 * MM  # between the pleural ends of neighbouring bronchi [P]
SHORT_OF_PLEURA_M = 8.0 * MM  # bronchi end this far below the pleura [P]
MAX_STEMS = 64
VOXEL_M = 1.1 * MM  # of their own grid: a twig keeps its width to 0.4 mm, both lungs of the tallest have room
REACH_M = 4.0 * MM  # the distance is exact within this, beyond it only "far"


@dataclass(frozen=True)
class Calibre:
    """Radii of bronchi at their deep end and of their twigs, and the share of pieces that are not seen."""

    stem_radius_m: float
    twig_radius_m: float
    gap_share: float


AIR = Calibre(1.5 * MM, 0.9 * MM, 0.25)  # bronchograms are 1-3 mm wide (B.6 [P]); gaps are filled with mucus [P]
FLUID = Calibre(3.0 * MM, 2.0 * MM, 0.0)  # fluid that is pent up widens them [B]; sizes [P]


def bronchi_distance_m(
    points: npt.NDArray[np.float32],
    candidates: npt.NDArray[np.float32],
    depth_m: npt.NDArray[np.float32],
    seed: tuple[int, ...],
    calibre: Calibre = AIR,
) -> npt.NDArray[np.float32]:
    """Signed distance (nz, ny, nx) to the tubes on a box of `points` (nz, ny, nx, 3).

    `candidates` (n, 3) are points inside the airless lung and `depth_m` (n,) how far below the pleura each is: bronchi
    start at the deepest third and end near the pleura.
    """
    rng = np.random.default_rng(seed)
    twig = replace(calibre, stem_radius_m=calibre.twig_radius_m)
    field = np.full(points.shape[:-1], FAR_M, dtype=np.float32)
    deep = candidates[depth_m >= np.quantile(depth_m, 0.8)]
    root = deep.mean(axis=0)
    shallow = candidates[depth_m <= max(SHORT_OF_PLEURA_M, float(np.quantile(depth_m, 0.15)))]
    for end in _apart(shallow, rng):
        start = deep[rng.integers(len(deep))] * 0.5 + root * 0.5
        stem = _path(start, end, rng)
        _draw(field, points, stem, calibre, rng)
        for share in (0.2, 0.4, 0.6, 0.8):
            fork = stem[int(share * (len(stem) - 1))]
            ahead = end - fork
            side = np.cross(ahead, rng.standard_normal(3))
            twig_end = fork + 0.7 * ahead + 0.5 * float(np.linalg.norm(ahead)) * normalized(side)
            _draw(field, points, _path(fork, twig_end, rng), twig, rng)
    return field


def _apart(points: npt.NDArray[np.float32], rng: np.random.Generator) -> list[npt.NDArray[np.float32]]:
    """Up to MAX_STEMS of `points`, in random order, none nearer than SPACING_M to another."""
    chosen: list[npt.NDArray[np.float32]] = []
    left = points[rng.permutation(len(points))[:4000]]
    while left.size and len(chosen) < MAX_STEMS:
        chosen.append(left[0])
        left = left[np.linalg.norm(left - left[0], axis=-1) > SPACING_M]
    return chosen


def _path(
    start: npt.NDArray[np.floating], end: npt.NDArray[np.floating], rng: np.random.Generator
) -> npt.NDArray[np.float64]:
    """A gently curved line (n, 3) from `start` to `end`."""
    length = float(np.linalg.norm(end - start))
    count = max(2, round(length / PIECE_M) + 1)
    t = np.linspace(0.0, 1.0, count)[:, None]
    bend = 0.15 * length * rng.standard_normal(3)
    return np.asarray(start + t * (end - start) + 4.0 * t * (1.0 - t) * bend)


def _draw(
    field: npt.NDArray[np.float32],
    points: npt.NDArray[np.float32],
    path: npt.NDArray[np.float64],
    calibre: Calibre,
    rng: np.random.Generator,
) -> None:
    """Unite `field` with capsules along `path`, some of them left out."""
    origin, far = points[0, 0, 0], points[-1, -1, -1]
    size = np.array(points.shape[2::-1])
    spacing = (far - origin) / np.maximum(size - 1, 1)
    radii = np.linspace(calibre.stem_radius_m, calibre.twig_radius_m, len(path))
    for a, b, radius in zip(path[:-1], path[1:], radii, strict=False):
        if rng.random() < calibre.gap_share:
            continue
        low = np.clip(np.floor((np.minimum(a, b) - REACH_M - origin) / spacing), 0, size).astype(int)
        high = np.clip(np.ceil((np.maximum(a, b) + REACH_M - origin) / spacing) + 1, 0, size).astype(int)
        cut = (slice(low[2], high[2]), slice(low[1], high[1]), slice(low[0], high[0]))
        local = points[cut]
        if local.size == 0:
            continue
        along = b - a
        t = np.clip((local - a) @ along / max(float(along @ along), 1e-12), 0.0, 1.0)
        distance = np.linalg.norm(local - a - t[..., None] * along, axis=-1) - radius
        field[cut] = np.minimum(field[cut], distance)
