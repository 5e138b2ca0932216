"""The library interface on a whole patient."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from simulator.anatomy.zones import ZONES, zone_at
from simulator.errors import BadInputError
from simulator.probe import TRANSDUCERS
from simulator.scanner import Scanner
from simulator.tissue import Tissue


@pytest.fixture(scope="module")
def scanner() -> Iterator[Scanner]:
    with Scanner("covid_moderate", size_px=(320, 300)) as one:
        yield one


@pytest.fixture(autouse=True)
def _as_new(scanner: Scanner) -> None:
    scanner.use_probe("convex")
    scanner.place("R1")


def test_frame_has_what_the_documentation_says(scanner: Scanner) -> None:
    frame = scanner.frame(time_s=0.5)
    lines, samples = scanner.settings.lines, scanner.settings.samples
    assert frame.image.shape == (300, 320)
    assert frame.image.dtype == np.uint8
    assert frame.envelope.shape == (lines, samples)
    assert frame.envelope.dtype == np.float32
    assert np.isfinite(frame.envelope).all()
    assert frame.geometry.line_origins_m.shape == (lines, 3)
    np.testing.assert_allclose(np.linalg.norm(frame.geometry.line_directions, axis=1), 1.0)
    assert frame.geometry.sample_spacing_m == pytest.approx(0.10 / samples)
    assert frame.truth.gas_depth_m.shape == (lines,)
    assert frame.truth.rib.dtype == np.bool_
    assert frame.truth.tissue is not None
    assert frame.truth.tissue.shape == (lines, samples)


@pytest.mark.parametrize("probe", TRANSDUCERS)
def test_pixels_and_torso_points_are_inverse(scanner: Scanner, probe: str) -> None:
    scanner.use_probe(probe)
    geometry = scanner.frame().geometry
    pixels = np.array([[160.0, 60.0], [140.0, 120.0], [190.0, 200.0], [160.0, 280.0]])
    points = geometry.pixel_to_torso(pixels)
    np.testing.assert_allclose(geometry.torso_to_pixel(points), pixels, atol=0.05)
    first_line = geometry.line_origins_m[0] + 0.03 * geometry.line_directions[0]
    assert geometry.torso_to_pixel(first_line)[0] < 160.0  # the marker's side is left


def test_longitudinal_marker_is_cranial_and_zone_is_where_it_says(scanner: Scanner) -> None:
    body = scanner.patient.body
    for key in ZONES:
        scanner.place(key)
        geometry = scanner.frame().geometry
        assert geometry.line_origins_m[0, 2] > geometry.line_origins_m[-1, 2]
        face = np.array(geometry.placement.face_torso)
        assert zone_at(float(body.azimuth_rad(face)), float(body.height_fraction(face))) == key


def test_every_zone_shows_ribs_and_pleura_in_truth_and_picture(scanner: Scanner) -> None:
    """The pleural line that the truth puts between the ribs is where the picture is bright."""
    for key in ZONES:
        scanner.place(key)
        frame = scanner.frame(0.7)
        truth = frame.truth
        assert truth.rib.any(), key
        middle = slice(92, 100)
        depth = truth.gas_depth_m[middle]
        assert np.isfinite(depth).all(), key
        assert not truth.rib[middle].any(), key
        rows = np.round(depth / frame.geometry.sample_spacing_m).astype(int)
        at_line = [frame.envelope[92 + i, r - 2 : r + 8].max() for i, r in enumerate(rows)]
        before = [frame.envelope[92 + i, r - 24 : r - 12].mean() for i, r in enumerate(rows)]
        assert np.median(at_line) > 2.0 * np.median(before), key


def test_rib_shadow_lies_where_the_truth_says(scanner: Scanner) -> None:
    frame = scanner.frame(0.7)
    ribs = frame.truth.rib & (np.abs(np.arange(len(frame.truth.rib)) - 96) < 60)
    deep = frame.envelope[:, 300:400].mean(axis=1)
    inner = ribs & np.roll(ribs, 7) & np.roll(ribs, -7)  # haze greys the edges
    between = ~ribs & np.isfinite(frame.truth.gas_depth_m) & (np.abs(np.arange(len(ribs)) - 96) < 10)
    assert inner.sum() > 4
    assert deep[between].mean() > 5.0 * deep[inner].mean()


def test_tilting_loses_the_a_lines(scanner: Scanner) -> None:
    scanner.place("L2")
    depth = np.nanmedian(scanner.frame().truth.gas_depth_m[90:102])

    def a_line(frame_pose: float) -> float:
        scanner.place("L2")
        scanner.pose = scanner.pose.tilted(fan_deg=frame_pose)
        frame = scanner.frame(0.0)
        at = np.nanmedian(frame.truth.gas_depth_m[90:102])
        row = round(2.0 * at / frame.geometry.sample_spacing_m)
        line = np.sqrt(np.mean(frame.envelope[90:102, row - 3 : row + 4] ** 2))
        haze = np.sqrt(np.mean(frame.envelope[90:102, [*range(row - 30, row - 12), *range(row + 12, row + 30)]] ** 2))
        return float(line / haze)

    assert 0.015 < depth < 0.045
    assert a_line(0.0) > 1.8
    assert a_line(18.0) < 1.3


def test_pressing_brings_the_pleura_nearer_and_lifting_loses_contact(scanner: Scanner) -> None:
    scanner.pose = scanner.pose.pressed(0.2)
    loose = np.nanmedian(scanner.frame().truth.gas_depth_m[90:102])
    scanner.pose = scanner.pose.pressed(1.0)
    firm = np.nanmedian(scanner.frame().truth.gas_depth_m[90:102])
    assert firm < loose - 1e-3
    scanner.pose = scanner.pose.pressed(0.0)
    frame = scanner.frame()
    assert not frame.truth.coupled.any()
    assert frame.image[150:].mean() < 8.0


def test_same_frame_same_bytes_and_clip(scanner: Scanner) -> None:
    first = scanner.frame(0.4, 5)
    np.testing.assert_array_equal(first.image, scanner.frame(0.4, 5).image)
    clip = list(scanner.clip(seconds=0.2, fps=30.0))
    assert len(clip) == 6
    np.testing.assert_array_equal(clip[3].image, scanner.frame(3 / 30.0, 3).image)
    assert not np.array_equal(clip[0].image, clip[5].image)


def test_mmode_wall_stands_still_and_lung_moves(scanner: Scanner) -> None:
    """Seashore: above the pleura columns agree, below they change as the lung slides."""
    scanner.place("L4")
    frame = scanner.frame()
    pleura = int(np.nanmedian(frame.truth.gas_depth_m[92:100]) / frame.geometry.sample_spacing_m)
    picture = scanner.mmode(line=96, seconds=0.6, rate_hz=200.0).astype(float)
    assert picture.shape == (scanner.settings.samples, 120)
    wall = np.corrcoef(picture[20 : pleura - 10, 10], picture[20 : pleura - 10, 110])[0, 1]
    lung = np.corrcoef(picture[pleura + 12 : pleura + 120, 10], picture[pleura + 12 : pleura + 120, 110])[0, 1]
    assert wall > 0.9
    assert lung < 0.6


@pytest.mark.parametrize(("probe", "sector_percent"), [("convex", 100.0), ("convex", 50.0), ("phased", 100.0)])
def test_mmode_equals_the_frame_at_its_line(scanner: Scanner, probe: str, sector_percent: float) -> None:
    """Only some lines are computed for M-mode; what is shown must be what a whole frame has there."""
    scanner.use_probe(probe)
    scanner.settings = scanner.settings.replace(sector_percent=sector_percent)
    column = scanner.mmode(line=96, seconds=0.005, rate_hz=200.0)[:, 0].astype(int)
    whole = scanner.frame(0.0, 0)
    np.testing.assert_array_less(np.abs(np.diff(column[:5])), 256)
    from simulator.acoustics.display import grey_level, tgc_db

    depth = (np.arange(len(column)) + 0.5) * whole.geometry.sample_spacing_m
    level = 20.0 * np.log10(np.maximum(whole.envelope[96], 1e-9)) + tgc_db(scanner.settings, depth)
    expected = np.round(255.0 * grey_level(level, scanner.settings.dynamic_range_db))
    assert np.mean(np.abs(expected - column) > 2) < 0.02


def test_consolidation_and_labels_reach_the_truth(scanner: Scanner) -> None:
    labels = set()
    for key in ZONES:
        scanner.place(key)
        tissue = scanner.frame().truth.tissue
        assert tissue is not None
        labels |= {Tissue(v) for v in np.unique(tissue)}
    assert {Tissue.SKIN, Tissue.FAT, Tissue.MUSCLE, Tissue.BONE, Tissue.LUNG, Tissue.LIVER} <= labels


def test_bad_requests_say_what_would_be_right(scanner: Scanner) -> None:
    with pytest.raises(BadInputError, match="R1, R2"):
        scanner.place("R7")
    with pytest.raises(BadInputError, match="convex, linear"):
        scanner.use_probe("endocavity")
    with pytest.raises(BadInputError, match="depth_cm is 99"):
        scanner.settings.replace(depth_cm=99.0)
    with pytest.raises(BadInputError, match="unknown"):
        scanner.settings.replace(depth=10.0)
    with pytest.raises(BadInputError, match="0 to 191"):
        scanner.mmode(line=500)
