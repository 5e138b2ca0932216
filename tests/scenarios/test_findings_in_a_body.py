"""Findings measured in a real body: what was tested on a slab holds where the chest is curved."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from simulator.anatomy.body import Body
from simulator.pathology.bake import bake_findings
from simulator.pathology.effusion import DOWN, ML, Effusion
from simulator.pathology.fields import FindingFields
from simulator.pathology.interstitial import Interstitial
from simulator.pathology.patches import patch_of
from simulator.pathology.region import Lungs, Region, lungs_of
from simulator.pathology.registry import Finding
from simulator.pathology.subpleural_consolidation import SubpleuralConsolidation
from simulator.patient import Patient
from simulator.resources import resource_dir
from simulator.scenario.load import read_scenario


@pytest.fixture(scope="module")
def body() -> Body:
    return read_scenario(resource_dir("scenarios") / "covid_moderate.yaml").build().body


@pytest.fixture(scope="module")
def lungs(body: Body) -> Lungs:
    return lungs_of(body)


def bake(body: Body, finding: Finding, posture: str = "supine") -> FindingFields:
    return bake_findings(body, [finding], posture=posture, use_cache=False)


def pleura_of(lungs: Lungs, zone: str) -> npt.NDArray[np.float32]:
    """Points (n, 3) of the pleural surface of a zone."""
    patch = patch_of(lungs, Region((zone,)))
    return lungs.foot[patch.member[patch.counted(lungs)]]


@pytest.mark.parametrize("zone", ["R1", "L3", "R4", "L5", "R6"])
@pytest.mark.parametrize("percent", [25.0, 60.0])
def test_percent_of_each_zone(body: Body, lungs: Lungs, zone: str, percent: float) -> None:
    fields = bake(body, Interstitial(Region((zone,)), "coalescent", percent=percent, seed=1))
    density = fields.grid.sample(fields.lung[..., 0], pleura_of(lungs, zone))
    assert 100.0 * np.mean(density > 0.5) == pytest.approx(percent, abs=6.0)


def test_nothing_in_the_other_lung(body: Body, lungs: Lungs) -> None:
    fields = bake(body, Interstitial(Region(("R3",)), "white_lung"))
    for zone in ("L1", "L2", "L3", "L4", "L5", "L6", "R6"):
        density = fields.grid.sample(fields.lung[..., 0], pleura_of(lungs, zone))
        assert np.mean(density > 0.5) < 0.02, zone


def test_b_lines_along_a_rib_space(body: Body, lungs: Lungs) -> None:
    """On a line from head to feet over zone R3 there is a B-line every 7 to 11 mm, none of them fused."""
    fields = bake(body, Interstitial(Region(("R3",)), "b_lines", seed=2))
    surface = pleura_of(lungs, "R3")
    azimuth = np.degrees(body.azimuth_rad(surface))
    gaps, widths = [], []
    for degrees in range(72, 110, 4):
        z, radius = _profile(body, surface[np.abs(azimuth - degrees) < 2.0])
        angle = np.radians(degrees)
        points = np.stack([radius * np.sin(angle), radius * np.cos(angle) + body.axis_y_m, z], axis=-1)
        dense = fields.grid.sample(fields.lung[..., 0], points) > 0.5
        edges = np.flatnonzero(np.diff(dense.astype(int)))
        step = float(np.linalg.norm(np.diff(points, axis=0), axis=-1).mean())
        starts = edges[~dense[edges]]
        gaps += list(np.diff(starts) * step)
        widths += [step * (edges[edges > start][0] - start) for start in starts if (edges > start).any()]
    assert 0.006 < np.mean(gaps) < 0.012
    assert np.mean(np.array(widths) > 0.007) < 0.05


def _profile(body: Body, points: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Height and distance from the long axis (n,) along a strip of surface points, smoothed."""
    radius = np.hypot(points[:, 0], points[:, 1] - body.axis_y_m)
    z = np.arange(points[:, 2].min(), points[:, 2].max(), 0.0005)
    fit = np.polynomial.Polynomial.fit(points[:, 2], radius, 3)
    return z, fit(z)


def test_subpleural_lesions_lie_in_windows(body: Body) -> None:
    fields = bake(body, SubpleuralConsolidation(Region(("R3", "L4")), 0.008, 0.012, count=2, seed=3))
    points = fields.grid.points_m().reshape(-1, 3)
    inside = points[Patient(body, fields).at(0.0).finding("consolidation", points) < 0.0]
    inside = inside[body.sample("pleura", inside) < 0.0]
    assert inside.size
    at = fields.lenses[:, 0, :3]
    assert (
        np.linalg.norm(inside[:, None] - at, axis=-1).min(axis=1).max() < 0.013
    )  # each is found where it is, and once
    assert body.sample("bone", inside).min() > 0.0
    assert set(np.sign(inside[:, 0])) == {-1.0, 1.0}


@pytest.mark.parametrize("posture", sorted(DOWN))
@pytest.mark.parametrize("side", [1.0, -1.0])
def test_effusion_volume(body: Body, lungs: Lungs, posture: str, side: float) -> None:
    fields = bake(body, Effusion(side, volume_m3=300.0 * ML), posture)
    fluid = (fields.fluid < 0.0) & lungs.aerated
    assert fluid.sum() * fields.grid.spacing_m**3 / ML == pytest.approx(300.0, rel=0.10)
    x, _y, _z = lungs.grid.axes_m()
    assert (np.sign(x[np.flatnonzero(fluid.any(axis=(0, 1)))]) == side).all()


def test_supine_fluid_is_behind_and_above_the_diaphragm(body: Body, lungs: Lungs) -> None:
    fields = bake(body, Effusion(1.0, volume_m3=250.0 * ML))
    points = lungs.grid.points_m()
    fluid = points[(fields.fluid < 0.0) & lungs.aerated]
    lung = points[lungs.aerated & (points[..., 0] > 0.0)]
    assert np.median(fluid[:, 1]) < np.quantile(lung[:, 1], 0.25)
    assert np.median(fluid[:, 2]) < np.median(lung[:, 2])
