"""Where an image pixel lies in the probe plane, and back. No GL here."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from simulator.probe import Settings, Transducer, scanned_span_m
from simulator.units import CM


@dataclass(frozen=True)
class ImageGeometry:
    """A sector image of `size_px` (width, height). The marker is on the left: x of the probe frame grows that way."""

    size_px: tuple[int, int]
    metres_per_pixel: float
    centre_x_px: float  # where x = 0 is
    top_z_m: float  # z of the upper edge of the image (negative for a convex face: its edges curve back)
    depth_m: float
    arc_m: float  # length that the lines are spread over, counted at `radius_m`
    radius_m: float  # how far behind the middle of the face the lines meet; inf where they are parallel
    face_radius_m: float  # of the face itself; inf where it is flat

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

    def on_line(self, arc_m: npt.ArrayLike, depth_m: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """(..., 2) as (x, z) metres: the point `depth_m` below the face on the unsteered line at `arc_m`."""
        s, depth = np.broadcast_arrays(np.asarray(arc_m, dtype=np.float64), np.asarray(depth_m, dtype=np.float64))
        if math.isinf(self.radius_m):
            return np.stack([s, depth], axis=-1)
        phi = s / self.radius_m
        reach = self._face_reach_m(phi) + depth
        return np.stack([reach * np.sin(phi), reach * np.cos(phi) - self.radius_m], axis=-1)

    def line_through(self, plane_m: npt.ArrayLike) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """(arc_m, depth_m) of points (..., 2) given as (x, z): the unsteered line there, and how deep."""
        x, z = np.moveaxis(np.asarray(plane_m, dtype=np.float64), -1, 0)
        if math.isinf(self.radius_m):
            return x, z
        phi = np.arctan2(x, z + self.radius_m)
        return phi * self.radius_m, np.hypot(x, z + self.radius_m) - self._face_reach_m(phi)

    def direction(self, arc_m: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """(..., 2) unit vectors (x, z) of the unsteered lines at `arc_m`."""
        phi = np.asarray(arc_m, dtype=np.float64) / self.radius_m
        return np.stack([np.sin(phi), np.cos(phi)], axis=-1)

    def _face_reach_m(self, phi: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """How far from where the lines meet the face is, along lines at these angles."""
        return self.radius_m / np.cos(phi) if math.isinf(self.face_radius_m) else np.full_like(phi, self.radius_m)


def sector_shape(transducer: Transducer, depth_m: float, span_m: float) -> ImageGeometry:
    """A sector in metres alone, before it is fitted into an image: for `on_line` and `line_through`."""
    return ImageGeometry((1, 1), 1.0, 0.0, 0.0, depth_m, span_m, transducer.apex_m, transducer.radius_m)


def image_geometry(transducer: Transducer, settings: Settings, size_px: tuple[int, int]) -> ImageGeometry:
    """The largest sector that fits `size_px` with a small margin, centred."""
    depth, span = settings.depth_cm * CM, scanned_span_m(transducer, settings)
    shape = sector_shape(transducer, depth, span)
    edge = shape.on_line(0.5 * span, np.array([0.0, depth]))  # the outermost line, from the face to the bottom
    half_width, top = float(edge[1, 0]), float(min(edge[0, 1], 0.0))
    width, height = size_px
    metres = max(2.0 * half_width / (width * 0.98), (depth - top) / (height * 0.98))
    margin = 0.5 * (height * metres - (depth - top))
    return replace(shape, size_px=size_px, metres_per_pixel=metres, centre_x_px=0.5 * width, top_z_m=top - margin)


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
