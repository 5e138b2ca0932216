"""Where a finding is: regions of the lungs by zone and lobe, and the lungs of one body made ready for placing findings.

Findings live on the pleural surface. Around it a *shell* of voxels carries, for each, the point of the surface next to
it (its foot), so that a pattern drawn on the surface reaches through the shell unchanged and is met wherever a beam
crosses the pleura, also after the lung has slid.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from simulator.anatomy.body import Body
from simulator.anatomy.lobes import LOBES, lobe_distance_m
from simulator.anatomy.zones import ZONES
from simulator.geometry import FloatArray, Grid
from simulator.units import MM

SHELL_M = 10.0 * MM  # patterns reach this far to both sides of the pleural surface [P]
SLACK_M = 30.0 * MM  # and this far below the diaphragm, where the lung will be in inspiration [P]
ZONE_OVERLAP_M = 1.5 * MM  # neighbouring zones of one region overlap by this, so that no seam shows [P]

ChestCoordinates = tuple[FloatArray, FloatArray, FloatArray]  # azimuth in degrees, height fraction, radius in metres


@dataclass(frozen=True)
class Spot:
    """A round place on the chest: `azimuth_rad` (0 anterior, positive to the right), `height` fraction, `radius_m`."""

    azimuth_rad: float
    height: float
    radius_m: float

    def distance_m(self, around: ChestCoordinates, length_m: float) -> FloatArray:
        """Signed distance along the chest to the border of the spot, metres, negative inside."""
        azimuth_deg, height, radius_m = around
        across = np.radians(azimuth_deg) - self.azimuth_rad
        across = (across + np.pi) % (2.0 * np.pi) - np.pi
        return np.asarray(np.hypot(across * radius_m, (height - self.height) * length_m) - self.radius_m)


@dataclass(frozen=True)
class Region:
    """Part of the lungs: any of `zones` or `spots`, any of `lobes`, or what is in both; empty means no restriction."""

    zones: tuple[str, ...] = ()
    lobes: tuple[str, ...] = ()
    spots: tuple[Spot, ...] = ()

    def __post_init__(self) -> None:
        unknown = [key for key in self.zones if key not in ZONES] + [key for key in self.lobes if key not in LOBES]
        if unknown:
            raise ValueError(f"no such zone or lobe: {', '.join(unknown)}")

    def parts(self) -> tuple[Region, ...]:
        """One region per zone and spot, or per lobe where none is named: the places an extent is true in by itself."""
        if self.zones or self.spots:
            zones = tuple(Region((zone,), self.lobes) for zone in self.zones)
            return zones + tuple(Region((), self.lobes, (spot,)) for spot in self.spots)
        return tuple(Region((), (lobe,)) for lobe in self.lobes) or (self,)

    def distance_m(self, body: Body, points_torso: FloatArray, around: ChestCoordinates | None = None) -> FloatArray:
        """Signed distance along the chest to the region's border at points (..., 3), metres, negative inside.

        `around` are the points' `chest_coordinates` where they are known already.
        """
        points = np.asarray(points_torso)
        inside = np.full(points.shape[:-1], -1.0, dtype=np.float32)
        if self.zones or self.spots:
            around = around or chest_coordinates(body, points)
            length_m = body.notch_to_rib10_m
            places = [_zone_distance_m(key, around, length_m) for key in self.zones]
            places += [spot.distance_m(around, length_m) for spot in self.spots]
            inside = np.maximum(inside, np.min(places, axis=0))
        if self.lobes:
            inside = np.maximum(inside, np.min([lobe_distance_m(body, lobe, points) for lobe in self.lobes], axis=0))
        return inside


def chest_coordinates(body: Body, points_torso: FloatArray) -> ChestCoordinates:
    """Azimuth, height fraction and distance from the long axis of points (..., 3)."""
    points = np.asarray(points_torso)
    radius = np.hypot(points[..., 0], points[..., 1] - body.axis_y_m)
    return np.degrees(body.azimuth_rad(points)), body.height_fraction(points), radius


def _zone_distance_m(key: str, around: ChestCoordinates, length_m: float) -> FloatArray:
    zone = ZONES[key]
    azimuth_deg, height, radius_m = around
    azimuth = azimuth_deg * zone.sign
    across = np.maximum(zone.azimuth_deg[0] - azimuth, azimuth - zone.azimuth_deg[1])
    along = np.maximum(zone.height[0] - height, height - zone.height[1])
    return np.asarray(np.maximum(np.radians(across) * radius_m, along * length_m) - ZONE_OVERLAP_M)


@dataclass(frozen=True)
class Lungs:
    """The lungs of one body on their own grid, at end-expiration. Fields are (nz, ny, nx) float32 metres.

    `shell` (n,) are flat indices of the voxels within `SHELL_M` of the chest wall's inner surface; `foot` (n, 3) and
    `outward` (n, 3) are the nearest surface points and the surface's unit normals, `depth` (n,) is metres below it.
    """

    body: Body
    posture: str
    grid: Grid
    pleura: npt.NDArray[np.float32]
    diaphragm: npt.NDArray[np.float32]
    heart: npt.NDArray[np.float32]
    mediastinum: npt.NDArray[np.float32]
    shell: npt.NDArray[np.intp]
    foot: npt.NDArray[np.float32]
    outward: npt.NDArray[np.float32]
    depth: npt.NDArray[np.float32]
    inside: dict[Region, tuple[npt.NDArray[np.intp], npt.NDArray[np.float32]]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def near(self, region: Region, margin_m: float) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float32]]:
        """Positions (m,) in the shell's arrays of voxels in `region` or within `margin_m` of it, and their distances.

        Worked out once per region: many findings share one.
        """
        if region not in self.inside:
            distance = region.distance_m(self.body, self.foot, self.around)
            member = np.flatnonzero(distance < margin_m)
            self.inside[region] = (member, distance[member].astype(np.float32))
        return self.inside[region]

    @cached_property
    def aerated(self) -> npt.NDArray[np.bool_]:
        """Voxels (nz, ny, nx) of lung."""
        return (self.pleura < 0.0) & (self.diaphragm > 0.0) & (self.heart > 0.0) & (self.mediastinum > 0.0)

    @cached_property
    def surface(self) -> npt.NDArray[np.bool_]:
        """(n,) which shell voxels are the pleural surface of lung itself; each stands for about the same area."""
        at = self.shell
        near = np.abs(self.depth) <= 0.5 * self.grid.spacing_m
        lung = (self.diaphragm.ravel()[at] > 0.0) & (self.heart.ravel()[at] > 0.0)
        return np.asarray(near & lung & (self.mediastinum.ravel()[at] > 0.0))

    @cached_property
    def around(self) -> ChestCoordinates:
        """Chest coordinates of the feet, each (n,)."""
        return chest_coordinates(self.body, self.foot)

    def box(self, low: FloatArray, high: FloatArray) -> tuple[tuple[slice, slice, slice], npt.NDArray[np.float32]]:
        """Slices (z, y, x) of the voxels between two corners (3,), and their positions (..., 3), metres."""
        slices, axes = [], []
        for axis, (start, stop) in enumerate(zip(low, high, strict=True)):
            coordinates = self.grid.axes_m()[axis]
            first = int(np.searchsorted(coordinates, start))
            last = int(np.searchsorted(coordinates, stop, side="right"))
            slices.append(slice(first, last))
            axes.append(coordinates[first:last])
        zz, yy, xx = np.meshgrid(axes[2], axes[1], axes[0], indexing="ij")
        return (slices[2], slices[1], slices[0]), np.stack([xx, yy, zz], axis=-1).astype(np.float32)


def lungs_of(body: Body, posture: str = "supine") -> Lungs:
    """The lungs of `body` in `posture`, cropped from its grid with the margin that breathing needs."""
    low, high = _crop(body)
    cut = tuple(slice(a, b) for a, b in zip(low, high, strict=True))
    nz, ny, nx = (b - a for a, b in zip(low, high, strict=True))
    spacing = body.grid.spacing_m
    offset = np.array(low[::-1]) * spacing
    x0, y0, z0 = (float(v) for v in np.asarray(body.grid.origin_m) + offset)
    grid = Grid((x0, y0, z0), spacing, (nz, ny, nx))
    fields = {name: body.channel(name)[cut].astype(np.float32) for name in _NEEDED}
    pleura = fields["pleura"]
    near = (np.abs(pleura) < SHELL_M) & (fields["diaphragm"] > -SLACK_M)
    near[[0, -1]] = near[:, [0, -1]] = near[:, :, [0, -1]] = False  # the gradient needs a neighbour on each side
    shell = np.flatnonzero(near)
    flat = pleura.ravel()
    gradient = np.stack([flat[shell + step] - flat[shell - step] for step in (1, nx, nx * ny)], axis=-1)
    length = np.linalg.norm(gradient, axis=-1, keepdims=True)
    outward = (gradient / np.maximum(length, 1e-9)).astype(np.float32)
    distance = flat[shell]
    iz, iy, ix = np.unravel_index(shell, grid.shape)
    x, y, z = grid.axes_m()
    foot = np.stack([x[ix], y[iy], z[iz]], axis=-1) - distance[:, None] * outward
    return Lungs(
        body, posture, grid, pleura, fields["diaphragm"], fields["heart"], fields["mediastinum"],
        shell, foot.astype(np.float32), outward, -distance,
    )  # fmt: skip


_NEEDED = ("pleura", "diaphragm", "heart", "mediastinum")


def _crop(body: Body) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """First and one-past-last voxel (z, y, x) of the chest with its margin; looked for on every fourth voxel."""
    step = 4
    coarse = (body.channel("pleura")[::step, ::step, ::step] < SHELL_M) & (
        body.channel("diaphragm")[::step, ::step, ::step] > -SLACK_M
    )
    low, high = [], []
    for axis in range(3):
        others = tuple(a for a in range(3) if a != axis)
        used = np.flatnonzero(coarse.any(axis=others))
        first, last = (used[0], used[-1]) if used.size else (0, coarse.shape[axis] - 1)
        low.append(max(0, int(first) * step - step))
        high.append(min(body.grid.shape[axis], int(last) * step + step + 1))
    return (low[0], low[1], low[2]), (high[0], high[1], high[2])
