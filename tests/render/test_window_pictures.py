"""What the window draws with the renderer: the M-mode strip, a magnified sector, a loop that is scrolled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import moderngl
import numpy as np
import numpy.typing as npt
import pytest

from simulator.acoustics.display import grey_level, tgc_db
from simulator.app.cine import Cine, Shot
from simulator.app.gl_pictures import GlPictures
from simulator.probe import Settings
from simulator.render.mmode import COLUMNS, RATE_HZ, ROWS, MmodeStrip
from simulator.render.sector import Zoom, image_geometry, zoomed
from simulator.scanner import Scanner

SIZE = (320, 240)
Grey = npt.NDArray[np.uint8]


@pytest.fixture(scope="module")
def scanner() -> Iterator[Scanner]:
    with Scanner("covid_moderate", size_px=SIZE) as one:
        one.place("L4")
        yield one


def grey(texture: moderngl.Texture) -> Grey:
    width, height = texture.size
    return np.frombuffer(texture.read(), np.uint8).reshape(height, width, 4)[..., 0].copy()


def strip_of(scanner: Scanner, seconds: float, settings: Settings) -> tuple[Grey, int]:
    """The newest columns after so long, oldest first, and how many lines were computed."""
    ctx, state = scanner._ctx, scanner.patient.at(0.0)
    with ctx:
        scanner._renderer.draw(state, scanner.placement(), scanner.transducer, settings, 0, SIZE)
        strip, lines = MmodeStrip(ctx), 0
        strip.restart("new", 0.0)
        for frame in range(round(seconds * 30.0) + 1):
            lines += strip.take(
                scanner._renderer, scanner.patient, scanner.placement(), scanner.transducer, settings, 96.5 / 192.0,
                frame / 30.0, SIZE,
            )  # fmt: skip
        ring = np.roll(grey(strip.texture), -strip.head, axis=1)
        strip.release()
    return ring[:, -lines:], lines


def test_the_strip_has_two_hundred_lines_a_second_and_they_are_those_of_the_image(scanner: Scanner) -> None:
    settings = scanner.settings.replace(samples=ROWS)
    strip, lines = strip_of(scanner, 0.1, settings)
    assert RATE_HZ >= 200.0
    assert lines == 21
    assert strip.shape == (ROWS, lines)
    before, scanner.settings = scanner.settings, settings
    for number in (0, 7, 20):
        frame = scanner.frame(number / RATE_HZ, number)
        level = 20.0 * np.log10(np.maximum(frame.envelope[96], 1e-9)) + tgc_db(settings, settings.sample_depths_m)
        expected = 255.0 * grey_level(level, settings.dynamic_range_db)
        assert np.percentile(np.abs(strip[:, number] - expected), 98.0) <= 3.0, "0.5 dB of 60 are 2 of 255"
    scanner.settings = before


def test_the_wall_stands_still_and_the_lung_does_not(scanner: Scanner) -> None:
    """Seashore, in the strip itself."""
    strip, _ = strip_of(scanner, 0.6, scanner.settings)
    scanner_frame = scanner.frame()
    pleura_m = float(np.nanmedian(scanner_frame.truth.gas_depth_m[92:100]))
    row = round(pleura_m / (scanner.settings.depth_cm / 100.0) * ROWS)
    picture = strip.astype(float)

    def alike(rows: slice) -> float:
        return float(np.corrcoef(picture[rows, 5], picture[rows, 110])[0, 1])

    assert alike(slice(20, row - 10)) > 0.9
    assert alike(slice(row + 12, row + 120)) < 0.7


def test_a_long_pause_is_left_black_and_another_line_begins_anew(scanner: Scanner) -> None:
    ctx = scanner._ctx
    with ctx:
        strip = MmodeStrip(ctx)
        args = (scanner._renderer, scanner.patient, scanner.placement(), scanner.transducer, scanner.settings, 0.5)
        strip.restart("one", 0.0)
        strip.take(*args, 0.05, SIZE)
        assert strip.take(*args, 1.05, SIZE) < 30, "no more than a frame's worth"
        assert strip.newest_s == pytest.approx(1.05)
        ring = np.roll(grey(strip.texture), -strip.head, axis=1)
        filled = ring.max(axis=0) > 0
        assert 25 < filled.sum() < 50
        assert filled[-15:].all()
        strip.restart("one", 1.05)
        assert grey(strip.texture).any()
        strip.restart("two", 1.05)
        assert not grey(strip.texture).any()
        assert strip.take(*args, 30.0, SIZE) < 30
        assert COLUMNS == 800
        strip.release()


def test_zoom_is_drawn_at_full_resolution(scanner: Scanner) -> None:
    """The magnified part is what a larger image has there, not a larger picture of a small one."""
    zoom, state = Zoom(2.0, (0.006, 0.035)), scanner.patient.at(0.3)
    draw = scanner._renderer.draw
    with scanner._ctx:
        near = grey(draw(state, scanner.placement(), scanner.transducer, scanner.settings, 0, SIZE, zoom=zoom))
        large_size = (2 * SIZE[0], 2 * SIZE[1])
        large = grey(draw(state, scanner.placement(), scanner.transducer, scanner.settings, 0, large_size))
    part = zoomed(image_geometry(scanner.transducer, scanner.settings, SIZE), zoom)
    whole = image_geometry(scanner.transducer, scanner.settings, large_size)
    rows, columns = np.mgrid[0 : SIZE[1], 0 : SIZE[0]]
    at = np.round(whole.to_pixel(part.to_plane(np.stack([columns, rows], -1)))).astype(int)
    np.testing.assert_allclose(whole.metres_per_pixel, part.metres_per_pixel, rtol=1e-6)
    inside = (at >= 0).all(-1) & (at[..., 0] < large_size[0]) & (at[..., 1] < large_size[1])
    there = large[np.clip(at[..., 1], 0, large_size[1] - 1), np.clip(at[..., 0], 0, large_size[0] - 1)]
    assert np.corrcoef(near[inside], there[inside])[0, 1] > 0.95, "the same speckle, to within half a pixel"


def test_scrolling_shows_each_frame_as_it_was_with_persistence_too(scanner: Scanner) -> None:
    with scanner._ctx:
        pictures = GlPictures(scanner._ctx, lambda texture: texture, None, clock=lambda: 0.0)  # type: ignore[arg-type]
        pictures.set_patient = lambda patient: None  # type: ignore[method-assign]
        cine, live = Cine(), []
        settings = scanner.settings.replace(persistence=0.6)
        shot = Shot(scanner.pose, scanner.placement(), ("supine", "abducted"), "convex", settings, 0.0, 0)
        for index in range(24):
            cine.film(replace(shot, time_s=index / 20.0, frame_index=index), 0.0)
            live.append(_drawn(pictures, scanner, cine, 1))
        for index in (20, 12, 13, 23):
            cine.seek(index)
            again = _drawn(pictures, scanner, cine, 12)
            assert np.abs(again.astype(int) - live[index].astype(int)).max() <= 2, f"frame {index}"
        cine.seek(23)
        first = _drawn(pictures, scanner, cine, 12)
        shown = cine.shown
        assert shown is not None
        louder = shown.shown_with(settings.replace(gain_db=6.0))
        assert louder.settings.persistence == 0.6
        picture = pictures.ultrasound(louder, scanner.patient, *SIZE, None, (), True)
        assert grey(picture.reference).mean() > first.mean()


def _drawn(pictures: GlPictures, scanner: Scanner, cine: Cine, most: int) -> Grey:
    shot = cine.shown
    assert shot is not None
    return grey(pictures.ultrasound(shot, scanner.patient, *SIZE, None, cine.trail(most), most > 1).reference)
