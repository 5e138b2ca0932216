"""The machine: what its knobs may be, how many transmits they cost, and where the scan lines of each probe lie."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simulator import cli
from simulator.errors import BadInputError
from simulator.probe import (
    ABDOMEN,
    LINEAR,
    MICRO_CONVEX,
    NAMED_PRESETS,
    PHASED,
    PRESETS,
    TRANSDUCERS,
    Settings,
    Transducer,
    frame_rate_hz,
    scan_lines,
)

PROBES = pytest.mark.parametrize("probe", TRANSDUCERS.values(), ids=lambda t: t.key)


@pytest.mark.parametrize(("knob", "value", "match"), [
    ("focal_zones", 5, "1 to 4"), ("focal_zones", 1.5, "whole number"), ("power_db", 3.0, "-20 to 0"),
    ("sector_percent", 20.0, "30 to 100"), ("line_density", "huge", "low, medium, high"),
])  # fmt: skip
def test_a_knob_out_of_range_is_refused_and_the_range_is_named(knob: str, value: object, match: str) -> None:
    with pytest.raises(BadInputError, match=match):
        Settings().replace(**{knob: value})


def test_frame_rate_is_what_sound_allows() -> None:
    """10 cm and 128 lines are 60 a second (clinical.md D.6); looks, zones, lines and width all cost."""
    preset = PRESETS["convex"]
    rate = frame_rate_hz(preset)
    assert rate == pytest.approx(60.2, abs=0.1)
    assert frame_rate_hz(preset.replace(compounding=True)) == pytest.approx(rate / 3.0)
    assert frame_rate_hz(preset.replace(focal_zones=4)) == pytest.approx(rate / 4.0)
    assert frame_rate_hz(preset.replace(line_density="high")) == pytest.approx(rate * 128 / 192)
    assert frame_rate_hz(preset.replace(line_density="low", sector_percent=50)) == pytest.approx(rate * 128 / 48)
    assert frame_rate_hz(preset.replace(lines=96, samples=320)) == rate, "quality of the picture costs no sound"
    assert frame_rate_hz(ABDOMEN) < 15.0


def test_focal_zones_are_spread_about_the_focus() -> None:
    for zones in (1, 2, 3, 4):
        depths = np.array(Settings(focus_cm=3.0, focal_zones=zones).focus_depths_cm)
        assert len(depths) == zones
        assert depths.mean() == pytest.approx(3.0)
        assert np.allclose(np.diff(depths, prepend=0.0), depths[0]), "evenly, from the face on"


@PROBES
def test_lines_start_on_the_face_and_a_narrow_sector_lies_within_the_full_one(probe: Transducer) -> None:
    settings = PRESETS[probe.key]
    full, narrow = scan_lines(probe, settings), scan_lines(probe, settings.replace(sector_percent=50))
    for scan in (full, narrow):
        np.testing.assert_allclose(np.linalg.norm(scan.directions, axis=1), 1.0)
        x, z = scan.origins_m[:, 0], scan.origins_m[:, 2]
        face = np.zeros_like(x) if math.isinf(probe.radius_m) else np.sqrt(probe.radius_m**2 - x**2) - probe.radius_m
        np.testing.assert_allclose(z, face, atol=1e-12)
        assert (np.abs(x) <= probe.arc_m / 2.0).all()
    at_5_cm = [scan.origins_m[:, 0] + 0.05 * scan.directions[:, 0] for scan in (full, narrow)]
    assert np.abs(at_5_cm[1]).max() < 0.62 * np.abs(at_5_cm[0]).max()


def test_faces_and_sectors_are_those_of_their_class() -> None:
    half = 0.5 * MICRO_CONVEX.field_of_view_rad
    assert 2.0 * MICRO_CONVEX.radius_m * math.sin(half) == pytest.approx(0.020, abs=0.001)  # footprint of 2 cm [V2]
    assert math.degrees(PHASED.field_of_view_rad) == pytest.approx(90.0)
    assert PHASED.arc_m == pytest.approx(19.2e-3)
    assert LINEAR.field_of_view_rad == 0.0
    outermost = scan_lines(PHASED, PRESETS["phased"]).origins_m[0, 0]
    assert outermost < 0.5 * PHASED.arc_m, "its near field is narrower than its face"


def test_the_command_line_offers_every_probe() -> None:
    assert tuple(TRANSDUCERS) == cli.PROBES


def test_presets_are_within_what_their_probe_can_do() -> None:
    assert set(PRESETS) == set(TRANSDUCERS)
    assert {"Lung-convex", "Lung-linear", "Abdomen", "Base"} <= set(NAMED_PRESETS)
    for probe, settings in (*PRESETS.items(), *NAMED_PRESETS.values()):
        low, high = TRANSDUCERS[probe].frequency_range_hz
        assert low <= settings.frequency_mhz * 1e6 <= high
        assert settings.replace(**{"depth_cm": settings.depth_cm, "focal_zones": settings.focal_zones}) == settings
