"""What is read from pictures whose content is known: made of numbers here, without a body and without OpenGL."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from simulator.probe import LINEAR, PRESETS
from simulator.reading.lung import read_lung
from simulator.reading.mmode import MMode, approach_mm, beats_per_min, contrast, still, still_share
from simulator.reading.motion import likeness
from simulator.reading.picture import Picture, runs, shifted, smoothed
from simulator.reading.view import read_view, signs_read

SETTINGS = PRESETS["linear"].replace(depth_cm=6.0, lines=96, samples=384)
PLEURA_M = 0.012
PLEURA_ROW = round(PLEURA_M / SETTINGS.sample_spacing_m)
Array = npt.NDArray[np.float32]


def speckle(seed: int) -> Array:
    rng = np.random.default_rng(seed)
    return np.hypot(rng.standard_normal((96, 384)), rng.standard_normal((96, 384))).astype(np.float32) / 1.4


def flat_gain() -> npt.NDArray[np.float64]:
    """What takes the automatic gain back, so that levels here are those on the screen."""
    from simulator.acoustics.display import tgc_db

    return 10.0 ** (-tgc_db(SETTINGS, SETTINGS.sample_depths_m) / 20.0)


def picture(*levels_db: npt.NDArray[np.float64], seeds: tuple[int, ...] = (1,)) -> Picture:
    """Speckle of given levels (lines, samples), one frame for each seed; the pleura is flat."""
    frames = [speckle(seed) * 10.0 ** (levels_db[0] / 20.0) * flat_gain() for seed in seeds]
    return Picture(np.stack(frames), tuple(range(len(frames))), LINEAR, SETTINGS, np.full(96, PLEURA_M))


def lung(fall_db_mm: float, start_db: float = 8.0) -> npt.NDArray[np.float64]:
    """A wall at 0 dB, a bright line of gas, and below it a level that falls."""
    below_mm = (np.arange(384) - PLEURA_ROW) * SETTINGS.sample_spacing_m * 1e3
    level = np.where(below_mm < 0.0, 0.0, start_db - fall_db_mm * below_mm)
    level[np.abs(below_mm) < 0.6] = 30.0
    return np.tile(level, (96, 1))


def test_healthy_lung_has_a_line_of_gas_and_no_verticals() -> None:
    lines = read_lung(picture(lung(1.0)))
    assert lines.gas.all()
    assert not lines.vertical.any()
    assert not lines.airless_mm.any()
    np.testing.assert_allclose(lines.pleura_m, PLEURA_M, atol=1e-3)


def test_columns_that_do_not_fall_are_counted() -> None:
    level = lung(1.0)
    bright = lung(0.02, 18.0)
    for centre in (20, 40, 60, 80):  # 8 mm apart
        level[centre - 4 : centre + 5] = bright[centre - 4 : centre + 5]
    view = read_view(picture(level, seeds=(1, 2, 3)))
    assert view.b_lines == 4
    assert view.spacing_mm == pytest.approx(8.0, abs=0.7)
    assert view.percent_coalescent == 0.0
    assert {"b_lines_separate"} <= signs_read(view)


def test_a_broad_column_is_confluent() -> None:
    level = lung(1.0)
    level[30:66] = lung(0.02, 18.0)[30:66]
    view = read_view(picture(level, seeds=(1, 2, 3)))
    assert view.widest_band_mm == pytest.approx(14.4, abs=1.5)
    assert "b_lines_coalescent" in signs_read(view)


def test_fluid_ends_at_the_lung_line_and_a_shadow_does_not() -> None:
    level = lung(0.0, -60.0)
    level[:, PLEURA_ROW - 4 : PLEURA_ROW + 5] = -60.0
    fluid = level.copy()
    fluid[:, PLEURA_ROW + 96 :] = 5.0
    assert read_view(picture(fluid, seeds=(1, 2, 3))).fluid_mm == pytest.approx(15.0, abs=1.5)
    assert read_view(picture(level, seeds=(1, 2, 3))).fluid_mm == 0.0


def test_a_rib_is_a_shadow_above_the_pleura() -> None:
    level = lung(1.0)
    level[40:56, PLEURA_ROW - 40 :] = -60.0
    lines = read_lung(picture(level))
    assert lines.shadow[43:53].all()
    assert not lines.shadow[:38].any()


def test_solid_lung_has_no_bright_line_and_keeps_its_level() -> None:
    solid = np.zeros((96, 384))
    solid[:, PLEURA_ROW + 128 :] = -40.0
    view = read_view(picture(solid, seeds=(1, 2, 3)))
    assert view.airless_mm == pytest.approx(20.0, abs=2.0)
    assert "consolidation" in signs_read(view)


def test_what_comes_back_is_still_and_what_does_not_slides() -> None:
    level = lung(0.3)
    same, other = picture(level, seeds=(1, 1)), picture(level, seeds=(1, 2))
    assert np.nanmin(likeness(same, 0, 1)) > 0.95
    assert abs(np.nanmedian(likeness(other, 0, 1))) < 0.2


def grey_mmode(moving: bool, seconds: float = 4.0, rate_hz: float = 15.0) -> MMode:
    rng = np.random.default_rng(4)
    count = round(seconds * rate_hz)
    column = rng.integers(40, 200, 384).astype(np.uint8)
    grey = np.tile(column[:, None], (1, count))
    if moving:
        grey[PLEURA_ROW:] = rng.integers(40, 200, (384 - PLEURA_ROW, count))
    return MMode(grey, SETTINGS.sample_spacing_m * 1e3, rate_hz, PLEURA_M * 1e3)


def test_seashore_and_barcode() -> None:
    assert contrast(grey_mmode(moving=True)) > 0.8
    assert still(grey_mmode(moving=False)) > 0.95
    assert still_share(grey_mmode(moving=False)) == 1.0
    assert still_share(grey_mmode(moving=True)) < 0.1


def test_sinusoid_needs_fluid() -> None:
    mmode = grey_mmode(moving=False)
    assert approach_mm(mmode) == 0.0
    grey = mmode.grey.copy()
    times = np.arange(grey.shape[1]) / mmode.rate_hz
    for k, deep in enumerate(25.0 + 5.0 * np.cos(2.0 * np.pi * times / 4.0)):
        grey[PLEURA_ROW + 4 : round(deep / mmode.spacing_mm), k] = 0
    assert approach_mm(MMode(grey, mmode.spacing_mm, mmode.rate_hz, mmode.pleura_mm)) == pytest.approx(10.0, abs=1.5)


def test_ticks_have_the_rate_of_the_heart() -> None:
    mmode = grey_mmode(moving=False, seconds=8.0)
    other = grey_mmode(moving=True, seconds=8.0).grey
    grey = mmode.grey.copy()
    times = np.arange(grey.shape[1]) / mmode.rate_hz
    beat = (times * 90.0 / 60.0) % 1.0 < 0.12
    grey[PLEURA_ROW:, beat] = other[PLEURA_ROW:, beat]
    rate = beats_per_min(MMode(grey, mmode.spacing_mm, mmode.rate_hz, mmode.pleura_mm))
    assert rate == pytest.approx(90.0, abs=6.0)


def test_helpers() -> None:
    assert runs([False, True, True, False, True]) == [(1, 3), (4, 5)]
    np.testing.assert_allclose(smoothed(np.array([0.0, 3.0, 0.0]), 3, axis=0), [1.0, 1.0, 1.0])
    moved = shifted(np.arange(6.0).reshape(2, 3), np.array([1, -1]))
    np.testing.assert_array_equal(moved, [[1.0, 2.0, np.nan], [np.nan, 3.0, 4.0]])
