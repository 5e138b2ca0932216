"""Where an image pixel lies in the probe plane, and back. No GL here."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from simulator.probe import Settings, Transducer
from simulator.units import CM


@dataclass(frozen=True)
class ImageGeometry:
    """A sector image of `size_px` (width, height). The marker is on the left: x of the probe frame grows that way."""

    size_px: tuple[int, int]
    metres_per_pixel: float
    centre_x_px: float  # where x = 0 is
    top_z_m: float  # z of the upper edge of the image (negative for a convex face: its edges curve back)
    depth_m: float
    arc_m: float
    radius_m: float

    def to_plane(self, pixels: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """(x, z) metres in the probe frame of pixels (..., 2) given as (column, row)."""
        p = np.asarray(pixels, dtype=np.float64)
        x = (self.centre_x_px - p[..., 0]) * self.metres_per_pixel
        z = p[..., 1] * self.metres_per_pixel + self.top_z_m
        return np.stack([x, z], axis=-1)

    def to_pixel(self, plane_m: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """(column, row) of points (..., 2) given as (x, z) metres in the probe frame."""
        q = np.asarray(plane_m, dtype=np.float64)
        column = self.centre_x_px - q[..., 0] / self.metres_per_pixel
        row = (q[..., 1] - self.top_z_m) / self.metres_per_pixel
        return np.stack([column, row], axis=-1)


def image_geometry(transducer: Transducer, settings: Settings, size_px: tuple[int, int]) -> ImageGeometry:
    """The largest sector that fits `size_px` with a small margin, centred."""
    depth = settings.depth_cm * CM
    if math.isinf(transducer.radius_m):
        half_width, top = 0.5 * transducer.arc_m, 0.0
    else:
        half_angle = 0.5 * transducer.field_of_view_rad
        half_width = (transducer.radius_m + depth) * math.sin(half_angle)
        top = transducer.radius_m * (math.cos(half_angle) - 1.0)
    width, height = size_px
    metres = max(2.0 * half_width / (width * 0.98), (depth - top) / (height * 0.98))
    margin = 0.5 * (height * metres - (depth - top))
    return ImageGeometry(size_px, metres, 0.5 * width, top - margin, depth, transducer.arc_m, transducer.radius_m)


@dataclass(frozen=True)
class Zoom:
    """A part of the image shown as large as the whole: `factor` times magnified about (x, z) of the probe plane."""

    factor: float
    centre_m: tuple[float, float]


def zoomed(geometry: ImageGeometry, zoom: Zoom | None) -> ImageGeometry:
    """The geometry of the magnified part, drawn at the full resolution of `size_px`."""
    if zoom is None:
        return geometry
    width, height = geometry.size_px
    metres = geometry.metres_per_pixel / zoom.factor
    x, z = zoom.centre_m
    return replace(
        geometry, metres_per_pixel=metres, centre_x_px=0.5 * width + x / metres, top_z_m=z - 0.5 * height * metres
    )
