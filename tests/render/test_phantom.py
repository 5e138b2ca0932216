"""The test block in the picture: pins where they are, cysts black, discs brighter by what they say."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from simulator.anatomy.phantom import ANECHOIC, ECHOGENIC
from simulator.bench.imaging.calipers import pin_errors_m
from simulator.probe import TRANSDUCERS
from simulator.scanner import Frame, Scanner


@pytest.fixture(scope="module")
def scanner() -> Iterator[Scanner]:
    with Scanner("phantom", size_px=(900, 900)) as one:
        yield one


def level_db(frame: Frame, z_m: float, depth_m: float, half_m: float) -> float:
    """Level of the echo within a square about a place of the block."""
    face = np.asarray(frame.geometry.placement.face_torso)
    steps = np.arange(frame.envelope.shape[1])[None, :, None] + 0.5
    points = (
        frame.geometry.line_origins_m[:, None]
        + frame.geometry.line_directions[:, None] * steps * frame.geometry.sample_spacing_m
    )
    inside = np.maximum(np.abs(points[..., 2] - z_m), np.abs(face[1] - points[..., 1] - depth_m)) < half_m
    return float(10.0 * np.log10(np.mean(frame.envelope[inside] ** 2)))


@pytest.mark.parametrize("probe", list(TRANSDUCERS))
def test_pins_lie_where_they_are(scanner: Scanner, probe: str) -> None:
    scanner.use_probe(probe)
    scanner.place("pins")
    frame = scanner.frame()
    errors = pin_errors_m(frame)
    assert len(errors) >= 4
    assert np.abs(errors).max(axis=0)[0] < 1e-4, "in depth"
    assert np.median(np.abs(errors)[:, 1]) < 3e-4, "across; speckle beside a wide spot pulls at it"


def test_a_pin_is_seen_end_on_and_along(scanner: Scanner) -> None:
    scanner.use_probe("convex")
    scanner.place("pins")
    across = scanner.frame().envelope
    scanner.place("pins", intercostal=True)
    along = scanner.frame().envelope
    row = round(0.04 / (0.1 / scanner.settings.samples))
    level = [echo[80:112, row - 3 : row + 8].max(axis=1) for echo in (across, along)]
    bright = [float(np.mean(values > 0.4 * values[15:17].max())) for values in level]
    assert bright[0] < 0.4
    assert bright[1] > 0.9


def test_cysts_are_black_and_discs_brighter_by_what_they_say(scanner: Scanner) -> None:
    phantom = scanner.patient.body.phantom
    assert phantom is not None
    scanner.use_probe("linear")
    scanner.place("cysts")
    frame = scanner.frame()
    for cyst in phantom.of_kind(ANECHOIC):
        if cyst.depth_m < 0.045:
            ground = level_db(frame, cyst.z_m, cyst.depth_m - 2.2 * cyst.radius_m - 1e-3, cyst.radius_m)
            assert ground - level_db(frame, cyst.z_m, cyst.depth_m, 0.3 * cyst.radius_m) > 20.0
    scanner.place("contrast")
    frame = scanner.frame()
    for disc in phantom.of_kind(ECHOGENIC):
        if disc.depth_m < 0.045:
            shallow, deep = (level_db(frame, disc.z_m, disc.depth_m + step, 3e-3) for step in (-0.0085, 0.0085))
            contrast = level_db(frame, disc.z_m, disc.depth_m, 3e-3) - 0.5 * (shallow + deep)
            assert contrast == pytest.approx(disc.level_db, abs=1.5)


def test_the_bottom_reflects_and_the_picture_repeats(scanner: Scanner) -> None:
    scanner.use_probe("convex")
    scanner.place("pins")
    scanner.settings = scanner.settings.replace(depth_cm=18.0, frequency_mhz=2.5)
    first, again = scanner.frame(0.0, 5), scanner.frame(0.0, 5)
    np.testing.assert_array_equal(first.envelope, again.envelope)
    middle = first.envelope[90:102].mean(axis=0)
    bottom, below_pins = (round(depth_m / first.geometry.sample_spacing_m) for depth_m in (0.16, 0.153))
    assert np.argmax(middle[below_pins:]) + below_pins == pytest.approx(bottom, abs=4)
