"""Which part of the 3D view can the probe and its beam plane touch? A box of pixels: the rest is left as it is."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simulator.geometry import Placement
from simulator.render.camera import Camera

Box = tuple[int, int, int, int]  # x, y from the lower left corner, width, height; pixels

_HOUSING_M = np.array([[-0.05, -0.025, -0.15], [0.06, 0.025, 0.012]])  # with footprint and marker, probe frame
_CABLE_M = np.array([[-0.006, -0.022, -0.29], [0.036, 0.006, -0.10]])
_MARGIN_PX = 8  # what the smoothing of edges looks at beside a pixel


def seen_box(
    camera: Camera, size_px: tuple[int, int], placements: tuple[Placement, ...], sheet_m: npt.NDArray[np.floating]
) -> Box:
    """Around probes at `placements` with beam planes whose points are `sheet_m` (n, 2), x and z of the probe frame."""
    plane = np.stack([sheet_m[:, 0], np.zeros(len(sheet_m)), sheet_m[:, 1]], axis=-1)
    solid = np.concatenate([_corners(_HOUSING_M), _corners(_CABLE_M), plane])
    points = []
    for placement in placements:
        matrix = placement.torso_from_probe()
        matrix[:3, 3] -= matrix[:3, 2] * placement.lift_m
        points.append(solid @ matrix[:3, :3].T + matrix[:3, 3])
    width, height = size_px
    torso = np.concatenate(points)
    depth = (torso - camera.eye_torso) @ camera.axes_torso()[:, 2]
    if float(depth.min()) < 0.05:  # something is behind the eye: it may be anywhere
        return 0, 0, width, height
    seen = camera.project(torso, width / height) * np.array([width, height])
    low, high = np.floor(seen.min(axis=0)) - _MARGIN_PX, np.ceil(seen.max(axis=0)) + _MARGIN_PX
    left, right = (int(min(width, max(0.0, v))) for v in (low[0], high[0]))
    bottom, top = (int(min(height, max(0.0, height - v))) for v in (high[1], low[1]))
    return left, bottom, max(0, right - left), max(0, top - bottom)


def joined(a: Box, b: Box) -> Box:
    """The smallest box around both; an empty one counts for nothing."""
    if a[2] == 0 or a[3] == 0:
        return b
    if b[2] == 0 or b[3] == 0:
        return a
    left, bottom = min(a[0], b[0]), min(a[1], b[1])
    return left, bottom, max(a[0] + a[2], b[0] + b[2]) - left, max(a[1] + a[3], b[1] + b[3]) - bottom


def _corners(ends: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(8, 3) corners of a box given by two opposite ones (2, 3)."""
    i = np.array(np.meshgrid([0, 1], [0, 1], [0, 1])).reshape(3, -1).T
    return np.asarray(ends[i, np.arange(3)])
