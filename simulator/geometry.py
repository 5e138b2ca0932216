"""Rigid poses and sampled grids, and the frames that points live in.

Torso frame: RAS+ (x to the patient's right, y anterior, z superior), metres, origin at the suprasternal notch at
end-expiration. Probe frame: z along the central beam into the body, x along the array towards the marker,
y = z cross x (elevation). A point says its frame (`tip_torso`), a transform says both (`torso_from_probe`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.floating]


def normalized(vector: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Unit vector(s) along `vector` (..., 3); a vector of length zero stays zero."""
    v = np.asarray(vector, dtype=np.float64)
    length = np.linalg.norm(v, axis=-1, keepdims=True)
    return np.asarray(np.divide(v, length, out=np.zeros_like(v), where=length > 0.0))


def smooth_step(value: FloatArray, low: float, high: float) -> FloatArray:
    """0 below `low`, 1 above `high`, cubic between (either order of the limits)."""
    t = np.clip((value - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t))


def rotation_matrix(axis: npt.ArrayLike, angle_rad: float) -> npt.NDArray[np.float64]:
    """(3, 3) rotation by `angle_rad` about the unit vector `axis`, right-handed (Rodrigues)."""
    x, y, z = normalized(axis)
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.asarray(np.eye(3) + math.sin(angle_rad) * cross + (1.0 - math.cos(angle_rad)) * cross @ cross)


@dataclass(frozen=True)
class Grid:
    """A regular grid of sample points in the torso frame.

    `origin_m` (3,) is the centre of voxel (0, 0, 0) as (x, y, z); `shape` is (nz, ny, nx): x runs fastest in memory,
    which is what a GL 3D texture wants.
    """

    origin_m: tuple[float, float, float]
    spacing_m: float
    shape: tuple[int, int, int]

    def axes_m(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Sample coordinates (x, y, z) along each axis, metres, float32."""
        nz, ny, nx = self.shape
        return tuple(  # type: ignore[return-value]
            (o + self.spacing_m * np.arange(n)).astype(np.float32)
            for o, n in zip(self.origin_m, (nx, ny, nz), strict=True)
        )

    def points_m(self) -> FloatArray:
        """All sample points, (nz, ny, nx, 3) float32, metres, torso frame."""
        x, y, z = self.axes_m()
        zz, yy, xx = np.meshgrid(z, y, x, indexing="ij")
        return np.stack([xx, yy, zz], axis=-1)

    def size_m(self) -> tuple[float, float, float]:
        """Edge lengths (x, y, z) counted in whole voxels, metres (what a texture coordinate of 1 spans)."""
        nz, ny, nx = self.shape
        return (nx * self.spacing_m, ny * self.spacing_m, nz * self.spacing_m)

    def sample(self, field: FloatArray, points_torso: FloatArray) -> FloatArray:
        """Trilinear value of `field` (nz, ny, nx) or (nz, ny, nx, c) at points (..., 3), clamped at the border.

        The same arithmetic as a GL texture with linear filter and clamp to edge. Returns (...) or (..., c) float32.
        """
        nz, ny, nx = self.shape
        p = (np.asarray(points_torso, dtype=np.float64) - np.asarray(self.origin_m)) / self.spacing_m
        p = np.clip(p, 0.0, np.array([nx - 1, ny - 1, nz - 1], dtype=np.float64))
        low = np.minimum(p.astype(np.intp), np.maximum(np.array([nx - 2, ny - 2, nz - 2]), 0))
        frac = (p - low).astype(np.float32)
        out: FloatArray | None = None
        for corner in range(8):
            dx, dy, dz = corner & 1, corner >> 1 & 1, corner >> 2 & 1
            ix = np.minimum(low[..., 0] + dx, nx - 1)
            iy = np.minimum(low[..., 1] + dy, ny - 1)
            iz = np.minimum(low[..., 2] + dz, nz - 1)
            weight = (
                (frac[..., 0] if dx else 1.0 - frac[..., 0])
                * (frac[..., 1] if dy else 1.0 - frac[..., 1])
                * (frac[..., 2] if dz else 1.0 - frac[..., 2])
            )
            value = field[iz, iy, ix].astype(np.float32)
            term = value * (weight[..., None] if value.ndim > weight.ndim else weight)
            out = term if out is None else out + term
        assert out is not None
        return out


@dataclass(frozen=True)
class Pose:
    """Where the trainee holds the probe, before the body decides where that is in space.

    The skin point is given by `azimuth_rad` (about the torso's long axis, 0 anterior, positive to the patient's
    right) and `height_m` (z of the torso frame). At rest the beam enters along the inward skin normal with the marker
    cranial (longitudinal view). `rotate_rad` turns about the beam (z), `fan_rad` about the array (x, sweeps the plane
    in elevation), `rock_rad` about elevation (y, in plane). `slide_along_m` / `slide_across_m` walk on the skin from
    the point along the probe's x / y; `pressure` is 0 (lifted off) to 1 (firm), 0.5 an ordinary hand.
    """

    azimuth_rad: float
    height_m: float
    rotate_rad: float = 0.0
    fan_rad: float = 0.0
    rock_rad: float = 0.0
    pressure: float = 0.5
    slide_along_m: float = 0.0
    slide_across_m: float = 0.0

    def tilted(self, fan_deg: float) -> Pose:
        """This pose fanned by `fan_deg` more (the plane sweeps in elevation)."""
        return replace(self, fan_rad=self.fan_rad + math.radians(fan_deg))

    def rocked(self, rock_deg: float) -> Pose:
        """This pose rocked in plane by `rock_deg` more (towards the marker)."""
        return replace(self, rock_rad=self.rock_rad + math.radians(rock_deg))

    def rotated(self, rotate_deg: float) -> Pose:
        """This pose turned about the beam by `rotate_deg` more."""
        return replace(self, rotate_rad=self.rotate_rad + math.radians(rotate_deg))

    def slid(self, along_mm: float = 0.0, across_mm: float = 0.0) -> Pose:
        """This pose moved on the skin: `along_mm` towards the marker, `across_mm` in elevation."""
        return replace(
            self,
            slide_along_m=self.slide_along_m + along_mm * 1e-3,
            slide_across_m=self.slide_across_m + across_mm * 1e-3,
        )

    def pressed(self, pressure: float) -> Pose:
        """This pose with `pressure` 0..1 (0 is lifted off the skin)."""
        return replace(self, pressure=min(1.0, max(0.0, pressure)))


@dataclass(frozen=True)
class Placement:
    """A pose resolved on a body: where the probe really is.

    `face_torso` (3,) is the centre of the probe face, on the uncompressed skin, metres. `axes_torso` (3, 3) has the
    probe's x, y, z axes as columns. `lift_m` is the air gap when the probe is lifted off. `compression_m` is by how
    much the soft layer of thickness `compressible_m` under the face is squeezed: everything below it is that much
    nearer to the probe.
    """

    face_torso: tuple[float, float, float]
    axes_torso: tuple[tuple[float, float, float], ...]
    compression_m: float = 0.0
    compressible_m: float = 0.01
    lift_m: float = 0.0

    @property
    def rotation(self) -> npt.NDArray[np.float64]:
        """(3, 3) matrix whose columns are the probe axes in the torso frame."""
        return np.array(self.axes_torso)

    def torso_from_probe(self) -> npt.NDArray[np.float64]:
        """(4, 4) rigid transform from the probe frame to the torso frame."""
        m = np.eye(4)
        m[:3, :3] = self.rotation
        m[:3, 3] = self.face_torso
        return m


def uncompressed_depth_m(
    depth_m: npt.ArrayLike, compressible_m: float, compression_m: float, gap_m: npt.ArrayLike = 0.0
) -> FloatArray:
    """How deep in the resting body lies what is seen `depth_m` below the face of a pressed probe, metres.

    A soft layer of thickness L = `compressible_m` is squeezed by c = `compression_m`; where a curved face stands
    `gap_m` off the resting skin, the skin is drawn to it. Linear from `gap_m` at the face to L at L - c; below, s + c.
    The same name and arithmetic in GLSL.
    """
    s, gap = np.asarray(depth_m, dtype=np.float64), np.asarray(gap_m, dtype=np.float64)
    squeezed = max(compressible_m - compression_m, 1e-6)
    return np.where(s < squeezed, gap + s * ((compressible_m - gap) / squeezed), s + compression_m)


def shown_depth_m(
    torso_depth_m: npt.ArrayLike, compressible_m: float, compression_m: float, gap_m: npt.ArrayLike = 0.0
) -> FloatArray:
    """Depth below the face at which a depth of the resting body is seen; the inverse of `uncompressed_depth_m`."""
    t, gap = np.asarray(torso_depth_m, dtype=np.float64), np.asarray(gap_m, dtype=np.float64)
    squeezed = max(compressible_m - compression_m, 1e-6)
    slope = np.maximum(compressible_m - gap, 1e-6) / squeezed
    return np.where(t < compressible_m, (t - gap) / slope, t - compression_m)
