"""A quality-assurance block: pins and cysts at known places in a background that scatters like liver.

The third implementation of a baked body, for calibration and for learning the knobs. The block is a closed box whose
top is the plane y = 0; targets are cylinders along x, so that a probe held with its marker to +z sees them as points
and discs. They are smaller than a voxel and therefore not baked: image and truth both compute them from `Target`s.
The block ends below on air, which sends all sound back: a perfect reflector.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.anatomy.body import CHANNELS, TEXTURES, Body, Habitus
from simulator.geometry import FloatArray, Grid, Pose
from simulator.tissue import Tissue
from simulator.units import MM

FAR_M = 0.06  # signed distances are clipped to +- this
SPACING_M = 4.0 * MM  # the block's faces are planes, which a coarse grid holds exactly
MARGIN_M = 16.0 * MM  # of air around the block
HALF_WIDTH_M = 40.0 * MM  # along x, the targets' axis
HALF_LENGTH_M = 160.0 * MM  # along z, the array of a probe at rest
DEPTH_M = 160.0 * MM  # of the reflector
SOFT_M = 10.0 * MM  # of the top fits itself to a curved face; nothing is squeezed

PIN, ANECHOIC, ECHOGENIC = "pin", "anechoic", "echogenic"
KINDS = (PIN, ANECHOIC, ECHOGENIC)
# What a ward's test block has: sizes, spacings and contrasts in common use [B].
ROW_STEP_M = 10.0 * MM
HORIZONTAL_ROWS_M = (40.0 * MM, 80.0 * MM)
RESOLUTION_DEPTHS_M = (30.0 * MM, 70.0 * MM)
RESOLUTION_STEPS_M = (4.0 * MM, 3.0 * MM, 2.0 * MM, 1.0 * MM, 0.5 * MM)
CYST_DEPTHS_M = (20.0 * MM, 40.0 * MM, 70.0 * MM, 110.0 * MM)
CYST_COLUMNS_M = ((3.0 * MM, -14.0 * MM), (5.0 * MM, -6.0 * MM), (10.0 * MM, 7.0 * MM))  # diameter, place in the view
CONTRAST_DEPTHS_M = (30.0 * MM, 70.0 * MM)
CONTRASTS_DB = ((6.0, -8.0 * MM), (12.0, 8.0 * MM))  # level re background, place in the view
CONTRAST_RADIUS_M = 5.0 * MM
# Where along z each group has its middle.
GROUPS_M = {"pins": 0.0, "resolution": 64.0 * MM, "cysts": -58.0 * MM, "contrast": -104.0 * MM}


@dataclass(frozen=True)
class Target:
    """A cylinder along x: centre (`z_m`, `depth_m` below the top), radius, what it is, its level in dB re background.

    A pin has no radius: it is smaller than any beam.
    """

    kind: str
    z_m: float
    depth_m: float
    radius_m: float = 0.0
    level_db: float = 0.0

    @property
    def centre_torso(self) -> npt.NDArray[np.float64]:
        """(3,) the point of its axis at x = 0."""
        return np.array([0.0, -self.depth_m, self.z_m])


@dataclass(frozen=True)
class Phantom:
    """What makes a body a test block: its targets, and the poses over its groups."""

    targets: tuple[Target, ...]
    views: dict[str, Pose]

    def of_kind(self, kind: str) -> tuple[Target, ...]:
        """All targets of one of KINDS."""
        return tuple(target for target in self.targets if target.kind == kind)

    def tissue(self, points_torso: FloatArray, background: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """`Tissue` labels (...) at points (..., 3): those of the background, and FLUID in the anechoic cysts."""
        label = np.array(background)
        points = np.asarray(points_torso)
        for cyst in self.of_kind(ANECHOIC):
            inside = np.hypot(points[..., 2] - cyst.z_m, points[..., 1] + cyst.depth_m) < cyst.radius_m
            label[inside & (label == Tissue.LIVER)] = Tissue.FLUID
        return label


def default_targets() -> tuple[Target, ...]:
    """The targets of the block that comes with the program."""
    pins = GROUPS_M["pins"]
    out = [Target(PIN, pins, step * ROW_STEP_M) for step in range(1, 16)]
    out += [Target(PIN, pins + side * ROW_STEP_M, row) for row in HORIZONTAL_ROWS_M for side in (-3, -2, -1, 1, 2, 3)]
    offsets = np.concatenate([[0.0], np.cumsum(RESOLUTION_STEPS_M)])
    for depth in RESOLUTION_DEPTHS_M:
        left = GROUPS_M["resolution"] + 14.0 * MM
        out += [Target(PIN, left - float(offset), depth) for offset in offsets]  # side by side
        out += [Target(PIN, GROUPS_M["resolution"] - 8.0 * MM, depth + float(offset)) for offset in offsets]  # in depth
    for depth in CYST_DEPTHS_M:
        out += [Target(ANECHOIC, GROUPS_M["cysts"] + at, depth, 0.5 * width) for width, at in CYST_COLUMNS_M]
    for depth in CONTRAST_DEPTHS_M:
        out += [
            Target(ECHOGENIC, GROUPS_M["contrast"] + at, depth, CONTRAST_RADIUS_M, level) for level, at in CONTRASTS_DB
        ]
    return tuple(out)


def phantom_body(targets: tuple[Target, ...] | None = None) -> Body:
    """The block, with `targets` or those of `default_targets`."""
    chosen = default_targets() if targets is None else targets
    low = np.array([-HALF_WIDTH_M, -DEPTH_M, -HALF_LENGTH_M]) - MARGIN_M
    high = np.array([HALF_WIDTH_M, 0.0, HALF_LENGTH_M]) + MARGIN_M
    nx, ny, nz = (round(size / SPACING_M) + 1 for size in high - low)
    grid = Grid((float(low[0]), float(low[1]), float(low[2])), SPACING_M, (nz, ny, nx))
    x1, y1, z1 = grid.axes_m()
    x, y, z = x1[None, None, :], y1[None, :, None], z1[:, None, None]
    sides = np.maximum(np.abs(x) - np.float32(HALF_WIDTH_M), np.abs(z) - np.float32(HALF_LENGTH_M))
    below = np.float32(-DEPTH_M) - y  # positive below the reflector
    far = np.full(grid.shape, FAR_M, dtype=np.float32)
    fields = {name: far for name in CHANNELS}
    fields["skin"] = np.maximum(np.maximum(sides, y), below - np.float32(MARGIN_M))
    fields["pleura"] = -far
    # The dome lies behind the reflector, so that nothing of it shows; its slope is that of the reflector.
    fields["diaphragm"] = np.broadcast_to(below - np.float32(0.02), grid.shape)
    fields["liver"] = np.broadcast_to(below, grid.shape)
    fields["stomach"] = np.broadcast_to(-below, grid.shape)
    textures = {name: np.empty((*grid.shape, 4), dtype=np.float16) for name in TEXTURES}
    for name, (texture, index) in CHANNELS.items():
        textures[texture][..., index] = np.clip(fields[name], -FAR_M, FAR_M)
    digest = hashlib.sha256(repr((chosen, grid)).encode())
    return Body(
        habitus=Habitus("female", 30.0, 1.70, 62.0), grid=grid, axis_y_m=-0.5 * DEPTH_M,
        notch_to_rib10_m=2.0 * HALF_LENGTH_M, wall=textures["wall"], thorax=textures["thorax"],
        organs=textures["organs"], skin_thickness_m=0.0, diaphragm_thickness_m=0.0, vessels=0.0,
        comets=0.0, one_muscle=True,
        phantom=Phantom(chosen, {name: _view(at) for name, at in GROUPS_M.items()}),
        content_hash=f"phantom-{digest.hexdigest()[:24]}",
    )  # fmt: skip


def _view(z_m: float) -> Pose:
    """The probe on top of the block, its marker towards +z."""
    return Pose(azimuth_rad=0.0, height_m=z_m)


def level_of(target: Target) -> float:
    """Amplitude of what scatters in a target re background: 0 in an anechoic cyst, 1 for a pin, which adds to it."""
    if target.kind == ANECHOIC:
        return 0.0
    return math.pow(10.0, target.level_db / 20.0)
