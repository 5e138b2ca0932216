"""What the knobs of the console do to the picture: compounding, harmonics, grey map, persistence."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from simulator.bench.echoes import centre_profile, level_db, peak_depth_m, rows_between
from simulator.bench.scenes import EchoBench, slab_patient, strip
from simulator.errors import BadInputError
from simulator.probe import TRANSDUCERS, Settings
from tests.render.flat import PRESET, SIZE_PX, picture


def between_ribs(bench: EchoBench, settings: Settings, frames: int = 1) -> npt.NDArray[np.uint8]:
    """A B-line between two ribs."""
    patient = slab_patient(strip(0.0015), rib_centres_z_m=(-0.018, 0.018), excursion_m=0.01)
    return picture(bench, patient, settings, frames)


def test_the_wrong_preset_hides_b_lines(bench: EchoBench) -> None:
    """Compounding and harmonics blur and weaken a B-line [V12]; so do they here, each by itself."""

    def contrast(**knobs: bool) -> float:
        image = between_ribs(bench, PRESET.replace(**knobs)).astype(float)[170:230]
        column = image.mean(axis=0)
        return float(column[176:184].mean() - 0.5 * (column[150:160].mean() + column[200:210].mean()))

    plain = contrast()
    assert plain > 40.0
    assert contrast(compounding=True) < 0.75 * plain
    assert contrast(harmonics=True) < 0.85 * plain
    assert contrast(compounding=True, harmonics=True) < 0.6 * plain


def test_harmonics_take_clutter_away(bench: EchoBench) -> None:
    below = rows_between(PRESET, 0.030, 0.038)
    plain = level_db(bench.iq(slab_patient())[84:108, below])
    harmonic = level_db(bench.iq(slab_patient(), settings=PRESET.replace(harmonics=True))[84:108, below])
    assert plain - harmonic > 3.0


@pytest.mark.parametrize("probe", ["convex", "linear"])
def test_looks_agree_on_where_things_are(bench: EchoBench, probe: str) -> None:
    """Scan conversion of steered looks puts the pleural line where the unsteered one has it."""
    one = EchoBench(bench.renderer, probe)
    settings = one.preset
    images = []
    for knobs in (settings, settings.replace(compounding=True)):
        images.append(picture(one, slab_patient(), knobs).astype(float))
        geometry = one.renderer.image_geometry(TRANSDUCERS[probe], knobs, SIZE_PX)
    row = geometry.to_pixel(np.array([0.0, 0.020]))[1]
    for image in images:
        profile = image[:, 170:190].mean(axis=1)
        near = slice(int(row) - 6, int(row) + 7)
        assert abs(int(np.argmax(profile[near])) + near.start - row) <= 1.5


def test_persistence_averages_over_frames_and_is_off_by_default(bench: EchoBench) -> None:
    assert PRESET.persistence == 0.0
    settings = PRESET.replace(gain_db=20.0)

    def flicker(persistence: float) -> float:
        one = between_ribs(bench, settings.replace(persistence=persistence), frames=24).astype(float)
        other = between_ribs(bench, settings.replace(persistence=persistence), frames=25).astype(float)
        return float(np.abs(one - other)[220:280, 100:260].mean())

    assert flicker(0.8) < 0.4 * flicker(0.0)


def test_grey_maps_keep_black_and_white(bench: EchoBench) -> None:
    linear, soft, hard = (
        between_ribs(bench, PRESET.replace(grey_map=name)).astype(int) for name in ("linear", "soft", "hard")
    )
    middle = (linear > 60) & (linear < 200)
    assert (soft[middle] > linear[middle]).all()
    assert (hard[middle] < linear[middle]).all()
    assert soft[linear == 0].max() <= 4


def liver_db(bench: EchoBench, settings: Settings, depth_m: float) -> float:
    """Level on the screen, read back from the grey, at a depth of a block of liver."""
    geometry = bench.renderer.image_geometry(TRANSDUCERS[bench.probe], settings, SIZE_PX)
    image = picture(bench, slab_patient(liver_below_m=0.02), settings).astype(float)
    column, row = np.round(geometry.to_pixel((0.0, depth_m))).astype(int)
    part = image[row - 6 : row + 7, column - 40 : column + 41]
    return float((part / 255.0 - 1.0).mean() * settings.dynamic_range_db)


def test_each_tgc_slider_raises_its_own_depth_and_gain_raises_all(bench: EchoBench) -> None:
    """Eight sliders of 12.5 mm each at 10 cm; one pushed up by 6 dB is felt there and not two sliders away."""
    settings = PRESET.replace(gain_db=6.0)  # liver well within the greys
    depths = (np.arange(8) + 0.5) * 0.0125
    for slider in (2, 4, 6):
        pushed = settings.replace(tgc_db=tuple(6.0 * (i == slider) for i in range(8)))
        raised = [liver_db(bench, pushed, d) - liver_db(bench, settings, d) for d in depths[[slider - 2, slider]]]
        assert raised[0] == pytest.approx(0.0, abs=0.1)
        assert 3.5 < raised[1] <= 6.1
    louder = settings.replace(gain_db=12.0)
    for depth_m in depths[[3, 5]]:
        assert liver_db(bench, louder, depth_m) - liver_db(bench, settings, depth_m) == pytest.approx(6.0, abs=0.3)


def test_dynamic_range_is_the_span_from_black_to_white(bench: EchoBench) -> None:
    """The same echo lies as many dB below white at every dynamic range that still shows it."""
    levels = [liver_db(bench, PRESET.replace(gain_db=12.0, dynamic_range_db=db), 0.045) for db in (60.0, 75.0, 90.0)]
    assert np.ptp(levels) < 0.8


@pytest.mark.parametrize("depth_cm", [5.0, 10.0, 20.0])
def test_depth_moves_the_scale_and_not_the_body(bench: EchoBench, depth_cm: float) -> None:
    settings = PRESET.replace(depth_cm=depth_cm)
    profile = centre_profile(bench.iq(slab_patient(), settings=settings))
    assert peak_depth_m(profile, settings, 0.020, 1e-3) == pytest.approx(0.020, abs=1.5e-4)


def test_a_higher_frequency_is_finer_and_reaches_less_deep(bench: EchoBench) -> None:
    liver = slab_patient(liver_below_m=0.02)
    low, high = PRESET.replace(frequency_mhz=2.5), PRESET.replace(frequency_mhz=5.0)

    def fall_db(settings: Settings) -> float:
        echo = bench.iq(liver, settings=settings)[48:144]
        return level_db(echo[:, rows_between(settings, 0.03, 0.04)]) - level_db(
            echo[:, rows_between(settings, 0.06, 0.07)]
        )

    def grain_m(settings: Settings) -> float:
        """Lag at which the envelope's correlation along the beam has fallen to half."""
        rows = rows_between(settings, 0.03, 0.05)
        envelope = np.abs(bench.iq(liver, settings=settings)[48:144, rows])
        envelope = envelope - envelope.mean()
        lags = [float((envelope[:, : -k or None] * envelope[:, k:]).mean()) for k in range(12)]
        return float(np.interp(-0.5 * lags[0], -np.array(lags), np.arange(12))) * settings.sample_spacing_m

    assert fall_db(high) > 1.6 * fall_db(low)
    assert grain_m(high) < 0.7 * grain_m(low)


def test_knobs_refuse_what_they_have_not() -> None:
    with pytest.raises(BadInputError, match="linear, soft, hard"):
        PRESET.replace(grey_map="sepia")
    with pytest.raises(BadInputError, match=r"0 to 0\.9"):
        PRESET.replace(persistence=1.0)
