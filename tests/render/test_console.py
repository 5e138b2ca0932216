"""What the knobs of the console do to the picture: compounding, harmonics, grey map, persistence."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from simulator.bench.scenes import EchoBench, level_db, rows_between, slab_patient, slab_placement, strip
from simulator.errors import BadInputError
from simulator.probe import PRESETS, TRANSDUCERS, Settings

SIZE_PX = (360, 300)
PRESET = PRESETS["convex"]


def picture(bench: EchoBench, settings: Settings, frames: int = 1, time_s: float = 0.0) -> npt.NDArray[np.uint8]:
    patient = slab_patient(strip(0.0015), rib_centres_z_m=(-0.018, 0.018), excursion_m=0.01)
    with bench.renderer.ctx:
        for index in range(frames):
            bench.renderer.draw(
                patient.at(time_s), slab_placement(), TRANSDUCERS[bench.probe], settings, index, SIZE_PX
            )
        return bench.renderer.read_image()


def test_the_wrong_preset_hides_b_lines(bench: EchoBench) -> None:
    """Compounding and harmonics blur and weaken a B-line [V12]; so do they here, each by itself."""

    def contrast(**knobs: bool) -> float:
        image = picture(bench, PRESET.replace(**knobs)).astype(float)[170:230]
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
        with one.renderer.ctx:
            one.renderer.draw(slab_patient().at(0.0), slab_placement(), TRANSDUCERS[probe], knobs, 0, SIZE_PX)
            images.append(one.renderer.read_image().astype(float))
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
        one = picture(bench, settings.replace(persistence=persistence), frames=24).astype(float)
        other = picture(bench, settings.replace(persistence=persistence), frames=25).astype(float)
        return float(np.abs(one - other)[220:280, 100:260].mean())

    assert flicker(0.8) < 0.4 * flicker(0.0)


def test_grey_maps_keep_black_and_white(bench: EchoBench) -> None:
    linear, soft, hard = (
        picture(bench, PRESET.replace(grey_map=name)).astype(int) for name in ("linear", "soft", "hard")
    )
    middle = (linear > 60) & (linear < 200)
    assert (soft[middle] > linear[middle]).all()
    assert (hard[middle] < linear[middle]).all()
    assert soft[linear == 0].max() <= 4


def test_knobs_refuse_what_they_have_not() -> None:
    with pytest.raises(BadInputError, match="linear, soft, hard"):
        PRESET.replace(grey_map="sepia")
    with pytest.raises(BadInputError, match=r"0 to 0\.9"):
        PRESET.replace(persistence=1.0)
