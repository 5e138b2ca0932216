"""The lattice of scatterers: across the plane, within two degrees, and the same while the probe slides."""

from __future__ import annotations

import numpy as np

from simulator.render.lattice import lattice_axes


def test_axes_are_orthonormal_and_across_the_plane() -> None:
    rng = np.random.default_rng(3)
    for direction in rng.standard_normal((200, 3)):
        elevation = direction / np.linalg.norm(direction)
        u, v, across, _ = lattice_axes(elevation, np.array([0.05, 0.1, -0.2]))
        axes = np.stack([u, v, across])
        assert np.allclose(axes @ axes.T, np.eye(3), atol=1e-12)
        assert abs(float(across @ elevation)) > np.cos(np.radians(2.5))


def test_the_lattice_stays_while_the_probe_slides_a_little() -> None:
    elevation = np.array([1.0, 0.0, 0.0])
    here, there = (lattice_axes(elevation, np.array([x, 0.1, -0.2])) for x in (0.010, 0.020))
    for a, b in zip(here, there, strict=True):
        assert np.array_equal(a, b)
    assert abs(float(np.array([0.02, 0.1, -0.2]) @ there[2]) - there[3]) <= 0.032
