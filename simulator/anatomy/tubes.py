"""Curved rods with an elliptical section (ribs, cartilages, clavicles, sternum) and the distance to them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import KDTree

from simulator.anatomy.polar import Array


@dataclass(frozen=True)
class Tube:
    """A rod: centre line (n, 3), unit direction of its thickness (n, 3), half thickness and half height (n,), metres.

    The height is across both the thickness and the course.
    """

    centre_m: Array
    thick_axis: Array
    half_thickness_m: Array
    half_height_m: Array

    @property
    def tangent(self) -> Array:
        """(n, 3) unit vectors along the course."""
        t = np.gradient(self.centre_m, axis=0)
        return np.asarray(t / np.linalg.norm(t, axis=1, keepdims=True))

    @property
    def length_m(self) -> float:
        """Length of the course."""
        return float(np.linalg.norm(np.diff(self.centre_m, axis=0), axis=1).sum())


def make_tube(
    centre_m: Array, outward: Array, half_thickness_m: float | Array, half_height_m: float | Array, step_m: float = 2e-3
) -> Tube:
    """A tube through points (n, 3), resampled to about `step_m`; its thickness points to `outward` (n, 3)."""
    arc = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(centre_m, axis=0), axis=1))])
    n = max(4, int(arc[-1] / step_m) + 1)
    s = np.linspace(0.0, arc[-1], n)
    line = np.stack([np.interp(s, arc, centre_m[:, i]) for i in range(3)], axis=1)
    side = np.stack([np.interp(s, arc, outward[:, i]) for i in range(3)], axis=1)
    tangent = np.gradient(line, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    side -= np.sum(side * tangent, axis=1, keepdims=True) * tangent
    side /= np.linalg.norm(side, axis=1, keepdims=True)

    def along(value: float | Array) -> Array:
        v = np.broadcast_to(np.asarray(value, float), (len(arc),))
        return np.asarray(np.interp(s, arc, v))

    return Tube(line, side, along(half_thickness_m), along(half_height_m))


def tubes_distance(tubes: list[Tube], points_m: Array, reach_m: float) -> Array:
    """Signed distance (n,) of points (n, 3) to the nearest tube, metres; +reach where none is within `reach_m`.

    The section's ellipse by the first-order distance of its implicit form; ends are rounded off.
    """
    centre = np.concatenate([t.centre_m for t in tubes])
    tangent = np.concatenate([t.tangent for t in tubes])
    thick = np.concatenate([t.thick_axis for t in tubes])
    a = np.concatenate([t.half_thickness_m for t in tubes])
    b = np.concatenate([t.half_height_m for t in tubes])
    tree = KDTree(centre)  # type: ignore[no-untyped-call]
    _, index = tree.query(points_m, distance_upper_bound=reach_m + float(b.max()), workers=2)  # type: ignore[no-untyped-call]
    out = np.full(len(points_m), reach_m)
    found = np.flatnonzero(index < len(centre))
    i = index[found]
    rel = points_m[found] - centre[i]
    along = np.einsum("ij,ij->i", rel, tangent[i])
    u = np.einsum("ij,ij->i", rel, thick[i])
    v = np.einsum("ij,ij->i", rel, np.cross(thick[i], tangent[i]))
    ends = np.cumsum([len(t.centre_m) for t in tubes])
    is_end = np.zeros(len(centre), dtype=bool)
    is_end[ends - 1] = True
    is_end[np.concatenate([[0], ends[:-1]])] = True
    w = np.where(is_end[i], along, 0.0)  # beyond an end the rod is an ellipsoid's half
    out[found] = np.minimum(reach_m, ellipsoid_distance(u, v, w, a[i], b[i], np.minimum(a[i], b[i])))
    return out


def ellipsoid_distance(u: Array, v: Array, w: Array, a: Array, b: Array, c: Array) -> Array:
    """First-order signed distance to (u/a)^2 + (v/b)^2 + (w/c)^2 = 1; exact at the surface and at the centre."""
    k1 = np.sqrt((u / a) ** 2 + (v / b) ** 2 + (w / c) ** 2)
    k2 = np.sqrt((u / a**2) ** 2 + (v / b**2) ** 2 + (w / c**2) ** 2)
    smallest = np.minimum(np.minimum(a, b), c)
    d = k1 * (k1 - 1.0) / np.maximum(k2, 1e-9)
    return np.where(k1 < 0.2, -smallest * (1.0 - k1), d)
