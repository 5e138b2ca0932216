"""What pose, pressure and contact do to the echo of a flat test body; the rest is in the imaging bench."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simulator.bench.echoes import centre_profile, level_db, peak_depth_m, rows_between
from simulator.bench.scenes import EchoBench, slab_patient, slab_placement
from simulator.geometry import shown_depth_m, uncompressed_depth_m
from simulator.probe import CONVEX, GEL_LIMIT_M, PRESETS, TRANSDUCERS, scan_lines
from simulator.tissue import Tissue
from tests.render.flat import PLEURA_M


def test_speckle_power_does_not_depend_on_the_grid(bench: EchoBench) -> None:
    """The blur's cost is paid back by the speckle gain: liver has the same level at any line density and depth."""
    patient = slab_patient(liver_below_m=PLEURA_M)
    levels = []
    for lines, samples in ((128, 512), (192, 640), (384, 1024)):
        settings = PRESETS["convex"].replace(lines=lines, samples=samples)
        iq = bench.iq(patient, settings=settings)
        levels.append(level_db(iq[lines // 3 : 2 * lines // 3, samples * 3 // 10 : samples * 5 // 10]))
    assert np.ptp(levels) < 1.5


def test_gain_raises_noise_and_signal_alike(bench: EchoBench) -> None:
    from simulator.acoustics.display import tgc_db

    depth = np.array([0.02, 0.09])
    preset = bench.preset
    raised = tgc_db(preset.replace(gain_db=6.0), depth) - tgc_db(preset, depth)
    np.testing.assert_allclose(raised, 6.0)
    patient = slab_patient()
    quiet = bench.iq(patient)  # gain acts on the display alone: the echo is the same
    np.testing.assert_array_equal(quiet, bench.iq(patient, settings=preset.replace(gain_db=6.0)))


def test_pressing_lifts_the_pleura_and_its_a_lines(bench: EchoBench) -> None:
    pressed = replace(slab_placement(), compression_m=0.003, compressible_m=0.012)
    profile = np.mean(
        [
            centre_profile(bench.iq(slab_patient(), replace(pressed, face_torso=(across, 0.0, 0.0))))
            for across in np.linspace(-0.03, 0.03, 7)
        ],
        axis=0,
    )
    assert peak_depth_m(profile, bench.preset, 0.017) == pytest.approx(0.017, abs=0.3e-3)
    assert peak_depth_m(profile, bench.preset, 0.034) == pytest.approx(0.034, abs=0.3e-3)


def test_lifted_probe_shows_only_its_own_reverberation(bench: EchoBench) -> None:
    lifted = replace(slab_placement(), lift_m=0.008)
    iq = bench.iq(slab_patient(), lifted)
    face, deep = rows_between(bench.preset, 0.0, 0.005), rows_between(bench.preset, 0.05, 0.09)
    noise = bench.iq(slab_patient(rib_centres_z_m=(0.0,), rib_radius_m=0.012))[92:100, deep]
    assert level_db(iq[90:102, face]) > 0.0
    assert level_db(iq[90:102, deep]) < level_db(noise) + 3.0


def test_edges_of_a_convex_face_lose_contact_where_gel_does_not_reach(bench: EchoBench) -> None:
    """A probe held 4 mm off a flat chest: gel fills the middle, skin bridges part, the edges see air."""
    off_m = 0.004
    placement = replace(slab_placement(), face_torso=(0.0, off_m, 0.0))
    bench.iq(slab_patient(), placement)
    kind = bench.target("surface")[:, 0, 3]
    scan = scan_lines(CONVEX, PRESETS["convex"])
    skin = scan.gap_m + off_m / scan.directions[:, 2]
    layer, squeeze = placement.compressible_m, placement.compression_m
    gel = shown_depth_m(skin, layer, squeeze, scan.bridged_gap_m(placement))
    assert (gel > GEL_LIMIT_M + 5e-4).sum() > 10
    np.testing.assert_array_equal(kind[gel > GEL_LIMIT_M + 5e-4], 2.0)
    np.testing.assert_array_equal(kind[gel < GEL_LIMIT_M - 5e-4], 1.0)


def test_noise_depends_on_the_frame(bench: EchoBench) -> None:
    patient = slab_patient()
    first, second = (bench.iq(patient, time_s=0.4, frame_index=i) for i in (7, 8))
    assert not np.array_equal(first, second)
    deep = rows_between(bench.preset, 0.085, 0.099)
    ribbed = slab_patient(rib_centres_z_m=(0.0,), rib_radius_m=0.012)
    dark = [np.abs(bench.iq(ribbed, frame_index=i)[92:100, deep]).ravel() for i in (7, 8)]
    assert abs(np.corrcoef(dark)[0, 1]) < 0.2


@pytest.mark.parametrize("probe", ["convex", "linear"])
def test_shader_and_patient_agree_on_every_tissue(bench: EchoBench, probe: str) -> None:
    one = EchoBench(bench.renderer, probe)
    patient = slab_patient(rib_centres_z_m=(-0.015, 0.015))
    one.iq(patient)
    drawn = np.round(one.target("medium")[..., 1] * 255.0).astype(int)
    scan = scan_lines(TRANSDUCERS[probe], PRESETS[probe])
    depth = (np.arange(drawn.shape[1]) + 0.5) * scan.sample_spacing_m
    placement = slab_placement()
    body = uncompressed_depth_m(
        depth[None], placement.compressible_m, placement.compression_m, scan.bridged_gap_m(placement)[:, None]
    )
    points = scan.origins_m[:, None] + scan.directions[:, None] * body[..., None]
    expected = patient.at(0.0).tissue(points @ placement.rotation.T)
    expected[expected == Tissue.AIR] = Tissue.GEL
    assert np.mean(drawn == expected) > 0.995


def test_a_border_midway_in_the_wall_draws_a_line_between_the_a_lines(bench: EchoBench) -> None:
    """A'-lines of the older nomenclature: between the A-lines, where mirrored and repeated fascia meet (B.1 [V17])."""

    def line_db(fat_m: float) -> float:
        body = slab_patient(half_width_m=0.10, fat_m=fat_m)
        places = [slab_placement(across_m=a) for a in np.linspace(-0.04, 0.04, 17)]
        profile = np.mean([centre_profile(bench.iq(body, place)) for place in places], axis=0)
        at, above, below = (
            profile[rows_between(bench.preset, *(1.5 * PLEURA_M + step for step in band))]
            for band in ((-3e-4, 3e-4), (-2.2e-3, -1.2e-3), (1.2e-3, 2.2e-3))
        )
        return float(10.0 * np.log10(at.max() / np.mean([*above, *below])))

    assert line_db(0.5 * PLEURA_M) > 2.5
    assert line_db(0.2 * PLEURA_M) < 2.0
    assert line_db(0.8 * PLEURA_M) < 2.0
