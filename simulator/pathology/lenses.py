"""Small airless lenses on the pleura, kept as shapes: the voxels of the baked fields are too coarse for them.

A lens is half an ellipse turned about its axis, its flat side on the pleura and its deep border ragged. It is evaluated
where it is looked at, by the picture and by the truth alike; twin of shaders/lib/lens.glsl.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simulator.geometry import FloatArray
from simulator.pathology.fields import FAR_M
from simulator.units import MM

RAGGED_SHARE = 0.16  # height of a ragged border's waves over the lesser of depth and width [P]
RAGGED_MAX_M = 3.0 * MM  # and at most this [P]
ALONG_M = 25.0 * MM  # a lens ends this far from its centre along its axis, beyond its depth: it is not on the far side
WIDENING = 0.4  # of what the lung has slid, by which the wall beside it may be nearer or farther than at rest [P]
MARGIN_M = 1.0 * MM  # farther off than this its distance need not be exact

# Waves that make a border ragged: wavelengths from that of its coarsest indentations down to what the beam resolves,
# heights that fall with them (together of deviation 0.67), along the six axes of an icosahedron [P].
WAVELENGTHS_M = np.array([8.0, 6.1, 4.3, 3.1, 2.2, 1.6]) * MM
HEIGHTS = np.array([0.60, 0.48, 0.37, 0.26, 0.18, 0.13])
_G = 0.8506508, 0.5257311  # a vertex of the icosahedron
_AXES = np.array([(0.0, _G[1], _G[0]), (0.0, -_G[1], _G[0]), (_G[1], _G[0], 0.0),
                  (-_G[1], _G[0], 0.0), (_G[0], 0.0, _G[1]), (_G[0], 0.0, -_G[1])])  # fmt: skip
WAVES = _AXES / WAVELENGTHS_M[:, None]  # (6, 3), turns a metre
SHRED_MOST = float(HEIGHTS.sum())
WAVES_FROM_M = 20.0 * MM  # waves of a lens are counted from a random point this far off, so that lenses differ

Lens = npt.NDArray[np.float32]  # (3, 4), see `lens`


def lens(centre_m: FloatArray, inward: FloatArray, half_width_m: float, depth_m: float, seed: tuple[int, ...]) -> Lens:
    """A lens (3, 4) float32: centre on the pleura at end-expiration and half width; unit vector inward and depth;
    where its waves are counted from, and their height; metres, torso frame."""
    off = np.random.default_rng((*seed, 22)).uniform(-WAVES_FROM_M, WAVES_FROM_M, 3)
    ragged_m = min(RAGGED_SHARE * min(depth_m, 2.0 * half_width_m), RAGGED_MAX_M)
    rows = (*centre_m, half_width_m), (*inward, depth_m), (*(np.asarray(centre_m) + off), ragged_m)
    return np.array(rows, dtype=np.float32)


def shred(from_origin_m: FloatArray) -> FloatArray:
    """How far a ragged border is out (...) at points (..., 3) from where its waves are counted, metres.

    Mean 0, deviation 0.67, at most SHRED_MOST; twin in GLSL.
    """
    turns = np.asarray(from_origin_m) @ WAVES.T
    s = 2.0 * (turns - np.floor(turns)) - 1.0
    return np.asarray((4.0 * s * (1.0 - np.abs(s))) @ HEIGHTS)  # parabolas: sines cost a software rasteriser more


def half_ellipse_m(across_m: FloatArray, depth_m: FloatArray, half_width_m: float, lens_depth_m: float) -> FloatArray:
    """Signed distance to half an ellipse with its flat side up, at `across_m` from its axis and `depth_m` below.

    Above the flat side (negative depth) the body goes on straight, so that the surface is crossed inside it. To first
    order exact on the border: k (k - 1) / |grad k| for the implicit k. Twin in GLSL.
    """
    below = np.maximum(depth_m, 0.0)
    k0 = np.hypot(across_m / half_width_m, below / lens_depth_m)
    k1 = np.hypot(across_m / half_width_m**2, below / lens_depth_m**2)
    deepest = min(half_width_m, lens_depth_m)
    return np.asarray(np.where(k0 > 0.05, k0 * (k0 - 1.0) / np.maximum(k1, 1e-9), -deepest))


def lens_m(one: Lens, points_lung: FloatArray, depth_m: FloatArray) -> FloatArray:
    """Signed distance (...) to a lens at points (..., 3) of the lung, `depth_m` (...) below the pleura now, metres.

    Exact near the lens, elsewhere a lower bound; twin in GLSL.
    """
    points, depth = np.asarray(points_lung, dtype=np.float64), np.asarray(depth_m)
    across, along = _place_m(one, points)
    half, deep, ragged = (float(one[row, 3]) for row in range(3))
    end = np.abs(along) - (deep + ALONG_M)
    out = np.maximum(np.maximum(across - half, depth - deep), end)
    near = out < MARGIN_M + SHRED_MOST * ragged
    out[near] = np.maximum(end[near], _border_m(one, points[near], across[near], depth[near]))
    return np.asarray(out)


def border_m(one: Lens, points_lung: FloatArray, depth_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Signed distance (...) to a lens as in `lens_m`, far from it too, and distance (...) from its axis; metres."""
    points = np.asarray(points_lung, dtype=np.float64)
    across, _along = _place_m(one, points)
    return _border_m(one, points, across, depth_m), across


def _place_m(one: Lens, points: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Distance (...) of points (..., 3) from the axis of a lens, and along it from its centre; metres."""
    away = points - one[0, :3]
    along = away @ one[1, :3].astype(np.float64)
    return np.asarray(np.sqrt(np.maximum(np.sum(away * away, axis=-1) - along * along, 0.0))), along


def _border_m(one: Lens, points: FloatArray, across_m: FloatArray, depth_m: FloatArray) -> FloatArray:
    half, deep, ragged = (float(one[row, 3]) for row in range(3))
    uneven = ragged * np.clip(depth_m / (0.6 * deep), 0.0, 1.0)
    return np.asarray(half_ellipse_m(across_m, depth_m, half, deep) + uneven * shred(points - one[2, :3]))


def airless_m(lenses: npt.NDArray[np.float32], points_lung: FloatArray, depth_m: FloatArray) -> FloatArray:
    """Signed distance (...) to all `lenses` (n, 3, 4) at points (..., 3) of the lung, `depth_m` (...) below the
    pleura now; FAR_M where none is near."""
    points, depth = np.asarray(points_lung).reshape(-1, 3), np.asarray(depth_m).reshape(-1)
    out = np.full(len(points), FAR_M, dtype=np.float32)
    if not len(lenses) or not len(points):
        return out.reshape(np.shape(depth_m))
    low, high = points.min(axis=0), points.max(axis=0)
    for one in lenses:
        reach = reach_m(one)
        if ((one[0, :3] < low - reach) | (one[0, :3] > high + reach)).any():
            continue
        near = np.flatnonzero((np.abs(points - one[0, :3]) < reach).all(axis=-1))
        out[near] = np.minimum(out[near], lens_m(one, points[near], depth[near])).astype(np.float32)
    return out.reshape(np.shape(depth_m))


def reach_m(one: Lens) -> float:
    """How far from its centre a lens can be met, metres, in lung coordinates."""
    half, deep, ragged = (float(one[row, 3]) for row in range(3))
    return float(np.hypot(half, deep + ALONG_M)) + MARGIN_M + SHRED_MOST * ragged


def radius_m(lenses: npt.NDArray[np.float32], descent_m: float) -> npt.NDArray[np.floating]:
    """Of the ball (n,) around the centre of each of `lenses` (n, 3, 4) that holds it in lung coordinates, metres, when
    lung is up to `descent_m` below its place at rest: the pleura that it lies on is then wider or narrower."""
    half, deep, ragged = (lenses[:, row, 3] for row in range(3))
    return np.asarray(np.hypot(half, deep + WIDENING * descent_m) + SHRED_MOST * ragged + MARGIN_M)


def meets(lenses: npt.NDArray[np.float32], points_torso: FloatArray, descent_m: float) -> npt.NDArray[np.bool_]:
    """Which points (...) of (..., 3) can be in one of `lenses` when lung is up to `descent_m` below where it rests."""
    points = np.asarray(points_torso)
    out = np.zeros(points.shape[:-1], dtype=bool)
    if not len(lenses) or not points.size:
        return out
    low, high = points.min(axis=tuple(range(points.ndim - 1))), points.max(axis=tuple(range(points.ndim - 1)))
    for centre, radius in zip(lenses[:, 0, :3], radius_m(lenses, descent_m), strict=True):
        if (centre - np.array([0.0, 0.0, descent_m]) > high + radius).any() or (centre < low - radius).any():
            continue
        away = points - centre
        away[..., 2] += np.clip(-away[..., 2], 0.0, descent_m)
        out |= np.sum(away * away, axis=-1) < radius * radius
    return out
