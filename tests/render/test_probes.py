"""Each probe, and the knobs that say how it transmits, on flat test bodies."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.bench.echoes import centre_profile, level_db, peak_depth_m, rows_between
from simulator.bench.scenes import EchoBench, slab_patient, slab_placement, strip
from simulator.patient import Patient
from simulator.probe import NAMED_PRESETS, PRESETS, TRANSDUCERS, Settings, scan_lines
from tests.render.flat import PRESET, SIZE_PX, picture

PROBES = pytest.mark.parametrize("probe", TRANSDUCERS)


@pytest.fixture(scope="module")
def b_line() -> Patient:
    return slab_patient(strip(0.0015))


@PROBES
def test_the_pleura_is_drawn_where_it_is(bench: EchoBench, probe: str) -> None:
    """Within 0.1 mm, and bright: on the echo, and at the pixel that the geometry gives."""
    one = EchoBench(bench.renderer, probe)
    for depth_m in (0.0187, 0.0243):
        patient = slab_patient(pleura_m=depth_m)
        places = [slab_placement(across_m=a) for a in np.linspace(-0.03, 0.03, 7)]
        profile = np.mean([centre_profile(one.iq(patient, p)) for p in places], axis=0)
        assert peak_depth_m(profile, one.preset, depth_m, 1e-3) == pytest.approx(depth_m, abs=1e-4)
    with one.renderer.ctx:
        image = one.renderer.read_image().astype(float)
        geometry = one.renderer.image_geometry(TRANSDUCERS[probe], one.preset, (320, 320))
    column, row = np.round(geometry.to_pixel((0.0, depth_m))).astype(int)
    assert image[row - 2 : row + 6, column - 8 : column + 9].max() > 120
    assert image.mean() > 2.0, "not black"


@PROBES
def test_lines_off_the_middle_meet_the_pleura_where_geometry_says(bench: EchoBench, probe: str) -> None:
    """A flat pleura at 20 mm of an uncompressed body, along every line that touches."""
    one = EchoBench(bench.renderer, probe)
    one.iq(slab_patient())
    gas = one.target("gas_lines")[:, 0]
    scan = scan_lines(TRANSDUCERS[probe], one.preset)
    expected = (0.020 - scan.origins_m[:, 2]) / scan.directions[:, 2]
    met = gas[:, 1] == 1.0
    assert met.mean() > 0.8
    np.testing.assert_allclose(gas[met, 0], expected[met], atol=2e-4)


def test_a_phased_array_sees_less_of_the_near_field_than_a_convex_one(bench: EchoBench, b_line: Patient) -> None:
    lit = {}
    for probe in ("convex", "phased", "micro_convex"):
        one = EchoBench(bench.renderer, probe)
        settings = PRESETS[probe].replace(depth_cm=10.0)
        geometry = one.renderer.image_geometry(TRANSDUCERS[probe], settings, SIZE_PX)
        image = picture(one, b_line, settings)
        row = round(float(geometry.to_pixel((0.0, 0.010))[1]))
        lit[probe] = np.count_nonzero(image[row] > 3) * geometry.metres_per_pixel
    assert lit["phased"] < lit["micro_convex"] < lit["convex"]
    assert lit["phased"] < 0.035


def test_a_narrow_sector_shows_the_same_lung_over_fewer_degrees(bench: EchoBench) -> None:
    full = np.abs(bench.iq(slab_patient()))
    half = np.abs(bench.iq(slab_patient(), settings=PRESET.replace(sector_percent=50)))
    assert half.shape == full.shape
    below = rows_between(PRESET, 0.004, 0.018)
    assert level_db(half[:, below]) == pytest.approx(level_db(full[48:144, below]), abs=1.0)
    outermost = bench.renderer.image_geometry(TRANSDUCERS["convex"], PRESET.replace(sector_percent=50), SIZE_PX)
    assert outermost.arc_m == pytest.approx(0.5 * TRANSDUCERS["convex"].arc_m)


def test_power_lowers_the_echo_and_not_the_noise(bench: EchoBench, b_line: Patient) -> None:
    """On the screen, after gain by depth: 12 dB less power is 12 dB less liver, and the same noise."""
    ribbed, lung = slab_patient(rib_centres_z_m=(0.0,), rib_radius_m=0.012), slab_patient()
    low = PRESET.replace(power_db=-12.0)
    deep, wall = rows_between(PRESET, 0.09, 0.099), rows_between(PRESET, 0.010, 0.018)
    noise = [level_db(bench.iq(ribbed, settings=s)[92:100, deep]) + s.power_db for s in (PRESET, low)]
    echo = [level_db(bench.iq(lung, settings=s)[92:100, wall]) + s.power_db for s in (PRESET, low)]
    assert noise[1] == pytest.approx(noise[0], abs=0.3)
    assert echo[1] == pytest.approx(echo[0] - 12.0, abs=0.5)
    bright, dim = (picture(bench, b_line, s).astype(float) for s in (PRESET, low))
    lit = (dim > 20) & (bright < 250)
    assert np.median((bright - dim)[lit]) * 60.0 / 255.0 == pytest.approx(12.0, abs=0.5)


def test_several_focal_zones_break_a_b_line_into_steps(bench: EchoBench, b_line: Patient) -> None:
    """[V12]: what is shown below comes from transmits that met the pleura out of focus, and excited its traps less."""
    settings = PRESET.replace(focus_cm=5.0)
    zones = settings.replace(focal_zones=3)  # at 2.5, 5 and 7.5 cm; the pleura lies at 2
    middle = slice(93, 99)

    def step(knobs: Settings) -> float:
        """By how many dB the line falls where the first zone gives way to the second, at 3.75 cm."""
        echo = bench.iq(b_line, settings=knobs)[middle]
        above, below = rows_between(knobs, 0.033, 0.037), rows_between(knobs, 0.038, 0.042)
        return level_db(echo[:, above]) - level_db(echo[:, below])

    assert step(zones) - step(settings) > 3.0
    assert step(PRESET.replace(focus_cm=2.5)) == pytest.approx(step(settings), abs=2.5)


def test_the_abdomen_preset_hides_b_lines(bench: EchoBench, b_line: Patient) -> None:
    """Contrast on the screen of a B-line over what is beside it, in dB, 15 to 25 mm below the pleura."""

    def contrast_db(name: str) -> float:
        probe, settings = NAMED_PRESETS[name]
        geometry = bench.renderer.image_geometry(TRANSDUCERS[probe], settings, SIZE_PX)
        shown_db = picture(bench, b_line, settings, frames=6).astype(float) / 255.0 * settings.dynamic_range_db

        def mean_db(from_m: float, to_m: float) -> float:
            x, z = np.meshgrid(np.linspace(from_m, to_m, 9), np.linspace(0.035, 0.045, 24))
            column, row = np.moveaxis(np.round(geometry.to_pixel(np.stack([x, z], -1))).astype(int), -1, 0)
            return float(shown_db[row, column].mean())

        return mean_db(-1e-3, 1e-3) - 0.5 * (mean_db(-0.012, -0.008) + mean_db(0.008, 0.012))

    lung, abdomen = contrast_db("Lung-convex"), contrast_db("Abdomen")
    assert lung > 12.0
    assert abdomen < lung - 6.0
