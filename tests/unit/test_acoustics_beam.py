"""Beam widths against an independent array simulation (PyMUST 0.1.9 SIMUS, Hann receive, two-dimensional)."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.acoustics.aperture import beam_widths_m, slice_widths_m
from simulator.acoustics.beam import axial_width_m, beam_table, slice_width_m
from simulator.probe import CONVEX, LINEAR, MICRO_CONVEX, PHASED, PRESETS, Transducer

# Depth mm, lateral -6 dB width mm (maximum projection) and axial -6 dB width mm, attenuation off.
REFERENCE = {
    ("convex", 3.5e6, 0.060): (
        (20, 1.82, 0.36), (40, 2.13, 0.34), (60, 1.35, 0.36), (80, 2.05, 0.37), (100, 3.20, 0.36)
    ),
    ("convex", 3.5e6, 0.025): (
        (20, 1.18, 0.36), (40, 1.64, 0.36), (60, 1.91, 0.37), (80, 2.41, 0.38), (100, 3.02, 0.38)
    ),
    ("linear", 8.0e6, 0.020): ((10, 0.78, 0.17), (20, 0.55, 0.16), (30, 0.75, 0.16), (40, 0.90, 0.16)),
}  # fmt: skip
PROBES = {"convex": CONVEX, "linear": LINEAR}


@pytest.mark.parametrize("key", REFERENCE, ids=str)
def test_widths_are_within_15_percent_of_the_reference(key: tuple[str, float, float]) -> None:
    probe, frequency_hz, focus_m = key
    depth = np.array([row[0] for row in REFERENCE[key]]) * 1e-3
    two_way, _ = beam_widths_m(PROBES[probe], focus_m, frequency_hz, depth)
    for (_, lateral, axial), width in zip(REFERENCE[key], two_way, strict=True):
        assert 1e3 * width == pytest.approx(lateral, rel=0.15)
        assert 1e3 * axial_width_m(frequency_hz) == pytest.approx(axial, rel=0.15)


def test_transmit_beam_at_the_pleura_depends_on_the_focus() -> None:
    """A pleura at 25 mm: about 1.7 mm with the focus there, several times as wide with the focus at 60 mm."""
    depth = np.array([0.025])
    at_pleura = 1e3 * beam_widths_m(CONVEX, 0.025, 3.5e6, depth)[1][0]
    deep = 1e3 * beam_widths_m(CONVEX, 0.060, 3.5e6, depth)[1][0]
    assert at_pleura == pytest.approx(1.7, abs=0.2)
    assert 7.0 < deep < 12.0


@pytest.mark.parametrize(("probe", "depth_mm", "width_mm"), [
    (CONVEX, 25, 6.0), (CONVEX, 60, 1.8), (CONVEX, 100, 3.6), (LINEAR, 10, 1.75), (LINEAR, 20, 0.7), (LINEAR, 40, 1.95),
])  # fmt: skip
def test_slice_thickness(probe: Transducer, depth_mm: float, width_mm: float) -> None:
    assert 1e3 * slice_width_m(probe, np.array([depth_mm * 1e-3]))[0] == pytest.approx(width_mm)


def test_slice_thickness_follows_from_elevation_aperture_and_focus() -> None:
    """The field of the aperture gives the known tables within 12 %, so it serves for probes that have none."""
    for probe, depths_mm in ((CONVEX, (25, 60, 100)), (LINEAR, (10, 20, 40))):
        depth = np.array(depths_mm) * 1e-3
        np.testing.assert_allclose(slice_widths_m(probe, depth), slice_width_m(probe, depth), rtol=0.12)
    for probe in (MICRO_CONVEX, PHASED):
        focus = probe.elevation_focus_m
        near, at, far = slice_width_m(probe, np.array([0.4, 1.0, 2.0]) * focus)
        assert at < 0.5 * near
        assert at < 0.7 * far


def test_a_steered_beam_widens_as_its_aperture_shortens() -> None:
    """At the focus by 1 / cos of the steering, which is what the lateral pass does to lines of a phased array."""
    depth = np.array([0.060])
    straight, _ = beam_widths_m(PHASED, 0.060, 2.72e6, depth)
    for steer_deg in (15.0, 30.0, 45.0):
        steered, _ = beam_widths_m(PHASED, 0.060, 2.72e6, depth, np.radians(steer_deg))
        assert steered[0] / straight[0] == pytest.approx(1.0 / np.cos(np.radians(steer_deg)), rel=0.06)


def test_each_depth_is_as_narrow_as_the_nearest_focal_zone_makes_it() -> None:
    preset = PRESETS["convex"].replace(focus_cm=5.0)
    one, three = beam_table(CONVEX, preset), beam_table(CONVEX, preset.replace(focal_zones=3))
    depth = preset.sample_depths_m
    for focus_cm, zone in zip(preset.replace(focal_zones=3).focus_depths_cm, range(3), strict=True):
        row = int(np.abs(depth - focus_cm * 1e-2).argmin())
        assert three.zone[row] == zone
        alone = beam_widths_m(CONVEX, focus_cm * 1e-2, 3.5e6, depth[row : row + 1])[1][0]
        assert three.transmit_width_m[row] == pytest.approx(alone, rel=1e-4)
    at_pleura = int(np.abs(depth - 0.025).argmin())
    assert three.transmit_width_m[at_pleura] < 0.5 * one.transmit_width_m[at_pleura]
    assert (np.diff(three.zone) >= 0).all()
    assert (one.zone == 0).all()


def test_few_lines_widen_the_picture_and_many_do_not() -> None:
    preset = PRESETS["convex"]
    low, medium, high = (beam_table(CONVEX, preset.replace(line_density=d)) for d in ("low", "medium", "high"))
    np.testing.assert_array_equal(medium.lateral_sigma_lines, high.lateral_sigma_lines)
    assert (low.lateral_sigma_lines > 1.02 * medium.lateral_sigma_lines).all()


def test_a_narrow_sector_keeps_the_beam_and_puts_the_lines_closer() -> None:
    full, half = (beam_table(CONVEX, PRESETS["convex"].replace(sector_percent=p)) for p in (100, 50))
    np.testing.assert_allclose(half.lateral_sigma_lines, 2.0 * full.lateral_sigma_lines, rtol=1e-5)
    np.testing.assert_allclose(half.transmit_half_lines, 2.0 * full.transmit_half_lines, rtol=1e-5)


def test_speckle_gain_restores_unit_power() -> None:
    """Blur lattice noise with the table's kernels: its power times the gain is one."""
    table = beam_table(CONVEX, PRESETS["convex"])
    rng = np.random.default_rng(0)
    row = 300
    sigma = float(table.lateral_sigma_lines[row])
    lattice_per_line = 0.5e-3 / table.lattice_m  # lines are farther apart than the lattice: independent noise
    assert lattice_per_line > 2.0
    taps = np.arange(-24, 25)
    across = np.exp(-0.5 * (taps / sigma) ** 2)
    across /= across.sum()
    along = np.exp(-0.5 * (taps / table.axial_sigma_samples) ** 2)
    along /= along.sum()
    step = 0.10 / 640 / table.lattice_m
    nodes = rng.standard_normal((400, 900)) + 1j * rng.standard_normal((400, 900))
    x = np.arange(300) * step
    low, f = x.astype(int), x % 1.0
    lines = nodes[:, low] * (1 - f) + nodes[:, low + 1] * f
    lines /= np.sqrt(2.0 * ((1 - f) ** 2 + f**2))
    blurred = np.apply_along_axis(np.convolve, 1, lines, along, "valid")
    blurred = np.apply_along_axis(np.convolve, 0, blurred, across, "valid")
    power = np.mean(np.abs(blurred) ** 2) * table.speckle_gain[row] ** 2
    assert power == pytest.approx(1.0, abs=0.12)
