"""The mechanical index follows power, frequency, focus and focal zones as pressure does."""

from __future__ import annotations

import pytest

from simulator.acoustics.output import HIGHEST_MI, PRESET_MI, advice, focal_pressure, mechanical_index, warns
from simulator.probe import CONVEX, PRESETS, TRANSDUCERS, Transducer

PRESET = PRESETS["convex"]


@pytest.mark.parametrize("probe", TRANSDUCERS.values(), ids=lambda t: t.key)
def test_lung_presets_start_at_0_7_and_power_lowers_it_as_pressure(probe: Transducer) -> None:
    settings = PRESETS[probe.key]
    assert mechanical_index(probe, settings) == pytest.approx(PRESET_MI)
    assert mechanical_index(probe, settings.replace(power_db=-6.0)) == pytest.approx(0.501 * PRESET_MI, rel=1e-3)
    assert not warns(mechanical_index(probe, settings))


def test_a_focus_where_the_elevation_lens_gathers_too_raises_it() -> None:
    shallow, deep = (mechanical_index(CONVEX, PRESET.replace(focus_cm=f)) for f in (1.0, 5.0))
    assert shallow < PRESET_MI < deep
    assert warns(deep)
    assert mechanical_index(CONVEX, PRESET.replace(focus_cm=12.0)) < deep, "beyond it sound is lost on the way"


def test_the_strongest_of_the_focal_zones_counts() -> None:
    zones = PRESET.replace(focal_zones=3)
    alone = [mechanical_index(CONVEX, PRESET.replace(focus_cm=f)) for f in zones.focus_depths_cm]
    assert mechanical_index(CONVEX, zones) == pytest.approx(max(alone))


def test_frequency_counts_by_what_the_probe_sends_and_by_its_root() -> None:
    high = PRESET.replace(frequency_mhz=5.0)
    ratio = focal_pressure(CONVEX, 0.025, 5.0e6) / focal_pressure(CONVEX, 0.025, 3.5e6)
    expected = PRESET_MI * ratio * (3.5 / 5.0) ** 0.5
    assert mechanical_index(CONVEX, high) == pytest.approx(expected)
    assert expected < PRESET_MI


def test_advice_names_the_limit_that_matters() -> None:
    assert "0.7" in (advice(0.9) or "")
    assert "0.4" in (advice(0.5) or "")
    assert advice(0.39) is None


def test_no_setting_is_above_what_machines_let_out() -> None:
    for key, probe in TRANSDUCERS.items():
        for focus in (2.0, 4.0, 6.0, 8.0):
            assert mechanical_index(probe, PRESETS[key].replace(focus_cm=focus)) <= HIGHEST_MI
