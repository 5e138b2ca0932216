"""B-lines and white lung as they are measured on the pleural surface, not as they were asked for."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.anatomy.slab import slab_body
from simulator.pathology.bake import bake_findings
from simulator.pathology.fields import FindingFields
from simulator.pathology.interstitial import Interstitial, Pattern
from simulator.pathology.region import Region

PLEURA_M = 0.020
BODY = slab_body(pleura_m=PLEURA_M)
STEP_M = 0.00025
HALF_M = 0.077  # of the slab that is measured: all but its outermost voxels
EVERYWHERE = Region()


def bake(finding: Interstitial) -> FindingFields:
    return bake_findings(BODY, [finding], use_cache=False)


def line(fields: FindingFields, x_m: float, below_m: float = 0.0) -> npt.NDArray[np.float32]:
    """The density along the body's axis on (or a little below) the pleura."""
    z = np.arange(-HALF_M, HALF_M, STEP_M)
    points = np.stack([np.full_like(z, x_m), np.full_like(z, -PLEURA_M - below_m), z], axis=-1)
    return np.asarray(fields.grid.sample(fields.lung[..., 0], points))


def runs_m(density: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Lengths of the stretches over 0.5 that begin and end inside the line."""
    edges = np.flatnonzero(np.diff((density > 0.5).astype(int)))
    if density[0] > 0.5:
        edges = edges[1:]
    return np.diff(edges)[::2] * STEP_M


def surface(fields: FindingFields) -> npt.NDArray[np.float32]:
    """The density on a fine net over the pleura, (x, z)."""
    return np.stack([line(fields, x) for x in np.arange(-HALF_M, HALF_M, 0.001)])


def test_b_lines_are_separate_and_septal() -> None:
    fields = bake(Interstitial(EVERYWHERE, "b_lines", spacing_m=0.007, seed=1))
    lines = [line(fields, x) for x in np.linspace(-0.06, 0.06, 25)]
    widths = np.concatenate([runs_m(density) for density in lines])
    spacing = 25 * 2.0 * HALF_M / len(widths)
    assert 0.006 < spacing < 0.011  # B7, less those that a plane misses
    assert 0.0015 < np.median(widths) < 0.0040  # the apex of a B-line is 1-3 mm wide
    assert np.mean(widths >= 0.007) < 0.03  # none to speak of is fused
    count = np.array([np.count_nonzero(np.diff((density > 0.5).astype(int)) == 1) for density in lines])
    assert count.min() >= 8  # 15 cm of pleura: a rib space of 20 mm has 3 in places


def test_every_b_line_is_strong_enough_to_be_told() -> None:
    density = surface(bake(Interstitial(EVERYWHERE, "b_lines", strength=0.3, seed=2)))
    assert density.max() > 0.8
    assert 0.05 < np.mean(density > 0.5) < 0.30


@pytest.mark.parametrize("pattern", ["coalescent", "white_lung", "light_beam"])
@settings(max_examples=6, deadline=None)
@given(percent=st.floats(10.0, 95.0), seed=st.integers(0, 1000))
def test_the_percent_asked_is_the_percent_measured(pattern: Pattern, percent: float, seed: int) -> None:
    fields = bake(Interstitial(EVERYWHERE, pattern, percent=percent, seed=seed))
    assert 100.0 * np.mean(surface(fields) > 0.5) == pytest.approx(percent, abs=6.0)


def test_coalescent_stretches_are_longer_than_septal_spacing() -> None:
    fields = bake(Interstitial(EVERYWHERE, "coalescent", percent=40.0, seed=3))
    widths = np.concatenate([runs_m(line(fields, x)) for x in np.linspace(-0.06, 0.06, 25)])
    assert widths[widths > 0.007].sum() / widths.sum() > 0.8
    assert 0.008 < np.median(widths[widths > 0.007]) < 0.025


def test_white_lung_is_denser_than_coalescence() -> None:
    white = surface(bake(Interstitial(EVERYWHERE, "white_lung", percent=100.0, strength=1.0)))
    fused = surface(bake(Interstitial(EVERYWHERE, "coalescent", percent=100.0, strength=1.0)))
    assert white.min() >= 0.85
    assert 0.6 < fused.mean() < 0.8


def test_light_beams_have_sharp_borders_and_leave_the_pleura_smooth() -> None:
    fields = bake(Interstitial(EVERYWHERE, "light_beam", percent=30.0, seed=4))
    density = surface(fields)
    between = np.mean((density > 0.1) & (density < 0.8))
    assert between < 0.12  # borders no wider than the 2 mm grid makes them
    assert fields.lung[..., 2].max() == 0.0


def test_a_pattern_is_the_same_a_little_below_the_surface() -> None:
    """After the lung has slid, a beam meets the pattern a few millimetres off the surface it was drawn on."""
    fields = bake(Interstitial(EVERYWHERE, "b_lines", seed=5))
    at = line(fields, 0.02)
    for below in (-0.004, 0.004):
        assert np.corrcoef(at, line(fields, 0.02, below))[0, 1] > 0.97


def test_percent_is_of_each_zone() -> None:
    region = Region(("R1", "L1"))
    fields = bake(Interstitial(region, "coalescent", percent=50.0, seed=6))
    for zone in ("R1", "L1"):
        inside = _zone_points(zone)
        density = fields.grid.sample(fields.lung[..., 0], inside)
        assert 100.0 * np.mean(density > 0.5) == pytest.approx(50.0, abs=8.0)


def test_nothing_outside_the_region() -> None:
    fields = bake(Interstitial(Region(("R1",)), "white_lung"))
    assert surface(fields)[:60].max() == 0.0  # the left side
    assert fields.grid.sample(fields.lung[..., 0], _zone_points("R1")).min() > 0.8


def _zone_points(zone: str) -> npt.NDArray[np.float64]:
    """A net on the slab's pleura inside a zone, a little off its borders."""
    sign = 1.0 if zone[0] == "R" else -1.0
    x, z = np.meshgrid(np.arange(0.023, 0.077, 0.001), np.arange(-0.077, -0.016, 0.001))
    return np.stack([sign * x, np.full_like(x, -PLEURA_M), z], axis=-1).reshape(-1, 3)


def test_seeds_differ_and_repeat() -> None:
    one, again, other = (bake(Interstitial(EVERYWHERE, "coalescent", percent=40.0, seed=s)).lung for s in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_two_findings_in_one_place_do_not_weaken_each_other() -> None:
    b_lines = Interstitial(EVERYWHERE, "b_lines", seed=7)
    fused = Interstitial(EVERYWHERE, "coalescent", percent=30.0, seed=8)
    both = bake_findings(BODY, [b_lines, fused], use_cache=False).lung[..., 0]
    assert (both >= np.maximum(bake(b_lines).lung[..., 0], bake(fused).lung[..., 0])).all()
