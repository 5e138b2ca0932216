"""Are the greys those of real pictures? Shares and means inside the sector, against real frames.

The ranges are the 10th to 90th percentile over real convex frames: 18 of healthy lung, 9 of Covid-19 with B-lines, from
public collections (POCUS Atlas, Northumbria and Neuruppin, and published series; only these numbers were taken). Each
was measured as here: the sector without its outermost pixels, bands of its height from the top.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.anatomy.zones import ZONES
from simulator.assessment.truth import zone_truth
from simulator.bench.report import Row, at_most, between
from simulator.bench.scenes import EchoBench
from simulator.render.sector import ImageGeometry
from simulator.scanner import Scanner

DARK_BELOW, WHITE_FROM = 85, 230  # grey: the dark third, and white
NEAR, DEEP = (0.03, 0.25), (0.65, 0.95)  # bands of the sector's height
WHITE_PERCENT = 1.0  # at most, in every real frame
SIZE_PX = (480, 480)


@dataclass(frozen=True)
class Greys:
    """Of one picture: share of dark pixels and of white ones (%), and means in grey or as a ratio."""

    dark_percent: float
    white_percent: float
    mean: float
    near: float
    near_over_mean: float
    deep_over_near: float


# case -> aeration scores of the zones looked at; percentiles 10 and 90 of the real frames, in the order of NAMES
SCORES: dict[str, tuple[int, ...]] = {"normal_young_woman": (0,), "covid_moderate": (1, 2)}
RANGES: dict[str, tuple[tuple[float, float], ...]] = {
    "normal_young_woman": ((74.0, 93.0), (34.0, 59.0), (68.0, 111.0), (1.40, 2.25), (0.15, 0.57)),  # healthy
    "covid_moderate": ((26.0, 80.0), (51.0, 111.0), (88.0, 134.0), (0.92, 1.71), (0.36, 1.02)),  # B-lines
}
NAMES = (
    ("dark_percent", "share of pixels in the dark third", "%"), ("mean", "mean", "of 255"),
    ("near", "mean of the near field", "of 255"), ("near_over_mean", "near field over all", ""),
    ("deep_over_near", "deep field over near field", ""),
)  # fmt: skip


def sector_mask(geometry: ImageGeometry) -> npt.NDArray[np.bool_]:
    """(H, W) the pixels of the sector."""
    width, height = geometry.size_px
    columns, rows = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    x, z = np.moveaxis(geometry.to_plane(np.stack([columns, rows], axis=-1)), -1, 0)
    if np.isinf(geometry.radius_m):
        return np.asarray((np.abs(x) < 0.49 * geometry.arc_m) & (z > 0.0) & (z < geometry.depth_m))
    reach = np.hypot(x, z + geometry.radius_m) - geometry.radius_m
    arc = np.arctan2(x, z + geometry.radius_m) * geometry.radius_m
    return np.asarray((np.abs(arc) < 0.49 * geometry.arc_m) & (reach > 0.0) & (reach < 0.99 * geometry.depth_m))


def greys(image: npt.NDArray[np.uint8], mask: npt.NDArray[np.bool_]) -> Greys:
    """The statistics of one picture (H, W) inside `mask`."""
    grey, rows = image.astype(float), np.flatnonzero(mask.any(axis=1))
    height = (np.arange(len(image)) - rows[0]) / (rows[-1] - rows[0])

    def band(share: tuple[float, float]) -> float:
        inside = mask & ((height >= share[0]) & (height < share[1]))[:, None]
        return float(grey[inside].mean())

    seen, near, deep = grey[mask], band(NEAR), band(DEEP)
    return Greys(
        100.0 * float(np.mean(seen < DARK_BELOW)), 100.0 * float(np.mean(seen > WHITE_FROM)), float(seen.mean()),
        near, near / float(seen.mean()), deep / near,
    )  # fmt: skip


def realism(bench: EchoBench) -> list[Row]:
    """The median picture of a case's zones, at their worst, against the middle four fifths of real frames.

    Of the ill, those zones count that have B-lines and no lobar consolidation, as in the real frames.
    """
    rows = []
    for case, ranges in RANGES.items():
        with Scanner(case, size_px=SIZE_PX) as scanner:
            found = []
            for zone in ZONES:
                seen = zone_truth(scanner.patient, zone)
                if seen.worst is None or seen.worst.pose is None or seen.score not in SCORES[case]:
                    continue
                scanner.pose = seen.worst.pose
                frame = scanner.frame(0.7)
                found.append(greys(frame.image, sector_mask(frame.geometry.image)))
        for (key, words, unit), (low, high) in zip(NAMES, ranges, strict=True):
            median = float(np.median([getattr(one, key) for one in found]))
            rows.append(between(f"greys, {case}, {words}", median, unit, low, high))
        white = float(np.median([one.white_percent for one in found]))
        rows.append(at_most(f"greys, {case}, share of white pixels", white, "%", WHITE_PERCENT))
    return rows
