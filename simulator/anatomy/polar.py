"""Surfaces that every ray from the long axis meets once: a radius for each height and azimuth.

The inner chest wall, the fat/muscle border and the skin are such surfaces, so that they are closed forms in a table and
their signed distance on the whole grid is one look-up a voxel.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.interpolate import PchipInterpolator

from simulator.geometry import FloatArray, Grid

AZIMUTHS = 360  # columns of a table; linear interpolation of a 120 mm radius errs by 5 um
Array = FloatArray


def curve_through(knots: npt.ArrayLike, values: npt.ArrayLike, at: npt.ArrayLike) -> Array:
    """Values (...) at `at` (...) of the smooth curve through points, without overshoot (PCHIP), ends held."""
    x = np.asarray(knots, dtype=np.float64)
    curve = PchipInterpolator(x, np.asarray(values, dtype=np.float64))  # type: ignore[no-untyped-call]
    return np.asarray(curve(np.clip(at, x[0], x[-1])), dtype=np.float64)


def azimuth_columns_rad() -> Array:
    """(AZIMUTHS,) azimuths of the columns, -pi .. pi, 0 anterior, positive to the patient's right."""
    return np.linspace(-np.pi, np.pi, AZIMUTHS, endpoint=False)


@dataclass(frozen=True)
class PolarSurface:
    """`radius_m` (nz, AZIMUTHS) about the axis x = 0, y = `axis_y_m`; rows at heights `z_m` (nz,), ascending."""

    axis_y_m: float
    z_m: Array
    radius_m: Array

    def slope(self) -> Array:
        """(nz, AZIMUTHS) length of the gradient of r - R(azimuth, z) at the surface: 1 / cos of its obliquity."""
        step = 2.0 * np.pi / AZIMUTHS
        by_azimuth = (np.roll(self.radius_m, -1, axis=1) - np.roll(self.radius_m, 1, axis=1)) / (2.0 * step)
        by_height = np.gradient(self.radius_m, self.z_m, axis=0)
        r = np.maximum(self.radius_m, 0.01)
        return np.asarray(np.sqrt(1.0 + (by_azimuth / r) ** 2 + by_height**2))

    def radius(self, azimuth_rad: npt.ArrayLike, height_m: npt.ArrayLike) -> Array:
        """Radius at azimuths and heights (broadcast together), metres; heights are clamped to the table."""
        return self._look_up(self.radius_m, azimuth_rad, height_m)

    def points(self, azimuth_rad: npt.ArrayLike, height_m: npt.ArrayLike, offset_m: npt.ArrayLike = 0.0) -> Array:
        """Points (..., 3) of the surface, moved outwards along its normal by `offset_m`, torso frame, metres."""
        azimuth, height = np.broadcast_arrays(np.asarray(azimuth_rad, float), np.asarray(height_m, float))
        r = self.radius(azimuth, height)
        base = np.stack([r * np.sin(azimuth), self.axis_y_m + r * np.cos(azimuth), height], axis=-1)
        return np.asarray(base + np.asarray(offset_m)[..., None] * self.normals(azimuth, height))

    def normals(self, azimuth_rad: npt.ArrayLike, height_m: npt.ArrayLike) -> Array:
        """Outward unit normals (..., 3) of the surface."""
        azimuth, height = np.broadcast_arrays(np.asarray(azimuth_rad, float), np.asarray(height_m, float))
        da, dz = 0.02, 0.004  # steps of the difference: rad, metres
        r = np.maximum(self.radius(azimuth, height), 0.01)
        by_azimuth = (self.radius(azimuth + da, height) - self.radius(azimuth - da, height)) / (2.0 * da * r)
        by_height = (self.radius(azimuth, height + dz) - self.radius(azimuth, height - dz)) / (2.0 * dz)
        s, c = np.sin(azimuth), np.cos(azimuth)
        n = np.stack([s - by_azimuth * c, c + by_azimuth * s, -by_height], axis=-1)
        return np.asarray(n / np.linalg.norm(n, axis=-1, keepdims=True))

    def _look_up(self, table: Array, azimuth_rad: npt.ArrayLike, height_m: npt.ArrayLike) -> Array:
        column = (np.asarray(azimuth_rad, float) + np.pi) * (AZIMUTHS / (2.0 * np.pi))
        c0 = np.floor(column).astype(np.intp)
        wc = column - c0
        row = (np.asarray(height_m, float) - self.z_m[0]) / (self.z_m[1] - self.z_m[0])
        row = np.clip(row, 0.0, len(self.z_m) - 1.0)
        r0 = np.minimum(row.astype(np.intp), len(self.z_m) - 2)
        wr = row - r0
        c0, c1 = c0 % AZIMUTHS, (c0 + 1) % AZIMUTHS
        low = table[r0, c0] * (1.0 - wc) + table[r0, c1] * wc
        high = table[r0 + 1, c0] * (1.0 - wc) + table[r0 + 1, c1] * wc
        return np.asarray(low * (1.0 - wr) + high * wr)

    def distance_on(self, grid: Grid) -> FloatArray:
        """Signed distance on a grid whose heights are the rows of the table, (nz, ny, nx) float32, metres.

        (r - R) / |grad (r - R)|: a true distance to first order, negative inside.
        """
        x, y, _ = grid.axes_m()
        xx, yy = np.meshgrid(x.astype(np.float64), y.astype(np.float64) - self.axis_y_m)
        r = np.hypot(xx, yy).astype(np.float32)
        column = (np.arctan2(xx, yy) + np.pi) * (AZIMUTHS / (2.0 * np.pi))
        c0 = np.floor(column).astype(np.intp)
        w = (column - c0).astype(np.float32)
        c0, c1 = c0 % AZIMUTHS, (c0 + 1) % AZIMUTHS
        radius = self.radius_m.astype(np.float32)
        gain = (1.0 / self.slope()).astype(np.float32)
        out = np.empty(grid.shape, dtype=np.float32)
        for k in range(grid.shape[0]):
            surface = radius[k][c0] * (1.0 - w) + radius[k][c1] * w
            out[k] = (r - surface) * (gain[k][c0] * (1.0 - w) + gain[k][c1] * w)
        return out
