"""Signs measured in the echo of a flat test body, against what physics says (targets: image formation contract)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from simulator.geometry import shown_depth_m, uncompressed_depth_m
from simulator.patient import Patient
from simulator.probe import CONVEX, GEL_LIMIT_M, LINEAR, PRESETS, scan_lines
from simulator.tissue import Tissue
from tests.render.conftest import Bench, level_db, slab_patient, slab_placement, with_traps

PLEURA_M = 0.020
SPACING_M = {key: s.depth_cm * 0.01 / s.samples for key, s in PRESETS.items()}


def depth_rows(probe: str, start_m: float, stop_m: float) -> slice:
    return slice(round(start_m / SPACING_M[probe]), round(stop_m / SPACING_M[probe]))


def centre_profile(iq: npt.NDArray[np.complex64], half: int = 4) -> npt.NDArray[np.float64]:
    """Mean power against depth over the central lines."""
    middle = iq.shape[0] // 2
    return np.asarray(np.mean(np.abs(iq[middle - half : middle + half]) ** 2, axis=0))


def peak_depth_m(profile: npt.NDArray[np.float64], near_m: float, window_m: float = 1.5e-3) -> float:
    rows = depth_rows("convex", near_m - window_m, near_m + window_m)
    part = profile[rows]
    k = int(np.argmax(part))
    a, b, c = np.log(part[max(k - 1, 0)]), np.log(part[k]), np.log(part[min(k + 1, len(part) - 1)])
    offset = 0.0 if a + c == 2 * b else 0.5 * (a - c) / (a - 2 * b + c)
    return (rows.start + k + 0.5 + offset) * SPACING_M["convex"]


def a_line_levels(bench: Bench, fan_deg: float) -> list[float]:
    """Level at the pleural line and at A-lines 1..3, dB, averaged over places of the lung."""
    patient = slab_patient(half_width_m=0.10)
    depth_m = PLEURA_M / np.cos(np.radians(fan_deg))
    out = []
    for k in range(1, 5):
        rows = depth_rows("convex", k * depth_m - 4e-4, k * depth_m + 4e-4)
        powers = [
            np.max(centre_profile(bench.iq(patient, slab_placement(fan_deg, across_m=a)))[rows])
            for a in (-0.02, -0.01, 0.0, 0.01, 0.02)
        ]
        out.append(10.0 * np.log10(np.mean(powers)))
    return out


def test_pleura_and_a_lines_lie_at_multiples_of_its_depth(bench: Bench) -> None:
    profile = np.mean(
        [centre_profile(bench.iq(slab_patient(), slab_placement(across_m=a))) for a in np.linspace(-0.03, 0.03, 7)],
        axis=0,
    )
    for k in (1, 2, 3, 4):
        assert peak_depth_m(profile, k * PLEURA_M) == pytest.approx(k * PLEURA_M, abs=0.3e-3)


def test_each_a_line_is_weaker_and_tilt_takes_the_higher_orders_first(bench: Bench) -> None:
    square, six, fifteen = (a_line_levels(bench, fan) for fan in (0.0, 6.0, 15.0))
    assert square == sorted(square, reverse=True)
    loss = [a - b for a, b in zip(square, six, strict=True)]
    assert loss[1] > loss[0] + 3.0
    assert square[1] - fifteen[1] > 15.0  # the first A-line is gone (what is left is chest wall and haze)


def test_rib_casts_a_shadow_of_25_db(bench: Bench) -> None:
    rows = depth_rows("convex", 0.025, 0.040)
    liver = slab_patient(liver_below_m=PLEURA_M)
    ribbed = slab_patient(liver_below_m=PLEURA_M, rib_centres_z_m=(0.0,))
    middle = slice(90, 102)
    assert level_db(bench.iq(liver)[middle, rows]) - level_db(bench.iq(ribbed)[middle, rows]) > 25.0


def test_liver_speckle_is_fully_developed(bench: Bench) -> None:
    """Rayleigh: mean/std of the envelope 1.91 +- 0.08, std of the level 5.57 +- 0.3 dB, over the depth trend."""
    ratios, spreads = [], []
    patient = slab_patient(liver_below_m=PLEURA_M, half_width_m=0.12)
    for across in np.linspace(-0.06, 0.06, 13):
        envelope = np.abs(bench.iq(patient, slab_placement(across_m=across)))
        rows = depth_rows("convex", 0.030, 0.060)
        part = envelope[60:132, rows]
        part = part / np.sqrt(np.mean(part**2, axis=0, keepdims=True))
        ratios.append(part.mean() / part.std())
        spreads.append((20.0 * np.log10(part)).std())
    assert np.mean(ratios) == pytest.approx(1.91, abs=0.08)
    assert np.mean(spreads) == pytest.approx(5.57, abs=0.3)


def test_speckle_power_does_not_depend_on_the_grid(bench: Bench) -> None:
    """The blur's cost is paid back by the speckle gain: liver has the same level at any line density and depth."""
    patient = slab_patient(liver_below_m=PLEURA_M)
    levels = []
    for lines, samples in ((128, 512), (192, 640), (384, 1024)):
        settings = PRESETS["convex"].replace(lines=lines, samples=samples)
        iq = bench.iq(patient, settings=settings)
        levels.append(level_db(iq[lines // 3 : 2 * lines // 3, samples * 3 // 10 : samples * 5 // 10]))
    assert np.ptp(levels) < 1.5


def test_fluid_is_35_db_below_liver(bench: Bench) -> None:
    def flooded(findings, points):  # type: ignore[no-untyped-def]
        return replace(findings, fluid=np.full(findings.fluid.shape, -0.05, dtype=np.float16))

    rows = depth_rows("convex", 0.030, 0.045)
    liver = bench.iq(slab_patient(liver_below_m=PLEURA_M))[60:132, rows]
    fluid = bench.iq(slab_patient(flooded))[60:132, rows]
    assert level_db(liver) - level_db(fluid) > 35.0


def strip(points: npt.NDArray[np.float64], half_m: float = 0.002) -> npt.NDArray[np.float64]:
    return 0.95 * (np.abs(points[..., 2]) <= half_m)


def test_b_line_reaches_the_bottom_and_erases_a_lines(bench: Bench) -> None:
    patient = slab_patient(with_traps(strip))
    iq = bench.iq(patient)
    deep = depth_rows("convex", 0.070, 0.095)
    assert level_db(iq[92:100, deep]) - level_db(iq[60:75, deep]) > 12.0
    between = depth_rows("convex", 0.0405, 0.0595)
    a_line = depth_rows("convex", 0.0397, 0.0403)
    healthy_contrast = contrast(bench, slab_patient(), a_line, between)
    wet_contrast = contrast(bench, slab_patient(with_traps(lambda p: np.full(p.shape[:-1], 0.95))), a_line, between)
    assert healthy_contrast > 6.0
    assert wet_contrast < 3.0


def contrast(bench: Bench, patient: Patient, line: slice, between: slice) -> float:
    values = []
    for across in (-0.02, 0.0, 0.02):
        profile = centre_profile(bench.iq(patient, slab_placement(across_m=across)))
        values.append(10.0 * np.log10(np.mean(profile[line]) / np.mean(profile[between])))
    return float(np.mean(values))


def test_b_line_slides_with_the_lung(bench: Bench) -> None:
    patient = slab_patient(with_traps(strip), excursion_m=0.017)
    rows = depth_rows("convex", 0.035, 0.060)
    positions = []
    for time_s in (0.0, 0.6):
        power = np.sum(np.abs(bench.iq(patient, time_s=time_s)[:, rows]) ** 2, axis=1)
        arc = (0.5 - (np.arange(192) + 0.5) / 192) * CONVEX.arc_m
        at_pleura = np.sin(arc / CONVEX.radius_m) * (CONVEX.radius_m + PLEURA_M)
        near = np.abs(at_pleura) < 0.012
        positions.append(float(np.sum(power[near] * at_pleura[near]) / np.sum(power[near])))
    state = patient.at(0.6)
    expected = float(state.in_lung(np.array([0.0, -PLEURA_M, 0.0]))[2])  # the lung moved caudally by this
    assert expected > 1e-3
    assert positions[0] - positions[1] == pytest.approx(expected, abs=0.5e-3)


def test_b_lines_are_6_to_12_db_weaker_at_8_mhz() -> None:
    from simulator.acoustics.traps import frequency_response

    ratio_db = 20.0 * np.log10(frequency_response(3.5e6) / frequency_response(8.0e6))
    assert 6.0 <= ratio_db <= 12.0


def test_focus_at_the_pleura_makes_b_lines_narrower_and_stronger(bench: Bench) -> None:
    patient = slab_patient(with_traps(lambda p: strip(p, 0.001)))
    rows = depth_rows("convex", 0.030, 0.060)
    widths, peaks = [], []
    for focus in (2.5, 6.0):
        iq = bench.iq(patient, settings=PRESETS["convex"].replace(focus_cm=focus))
        power = np.mean(np.abs(iq[:, rows]) ** 2, axis=1)[70:122]
        widths.append(np.sum(power > 0.25 * power.max()))
        peaks.append(power.max())
    assert widths[1] > 1.5 * widths[0]
    assert peaks[0] > peaks[1]


def test_pressing_lifts_the_pleura_and_its_a_lines(bench: Bench) -> None:
    pressed = replace(slab_placement(), compression_m=0.003, compressible_m=0.012)
    profile = np.mean(
        [
            centre_profile(bench.iq(slab_patient(), replace(pressed, face_torso=(across, 0.0, 0.0))))
            for across in np.linspace(-0.03, 0.03, 7)
        ],
        axis=0,
    )
    assert peak_depth_m(profile, 0.017) == pytest.approx(0.017, abs=0.3e-3)
    assert peak_depth_m(profile, 0.034) == pytest.approx(0.034, abs=0.3e-3)


def test_lifted_probe_shows_only_its_own_reverberation(bench: Bench) -> None:
    lifted = replace(slab_placement(), lift_m=0.008)
    iq = bench.iq(slab_patient(), lifted)
    near, deep = depth_rows("convex", 0.0, 0.005), depth_rows("convex", 0.05, 0.09)
    noise = bench.iq(slab_patient(rib_centres_z_m=(0.0,), rib_radius_m=0.012))[92:100, deep]
    assert level_db(iq[90:102, near]) > 0.0
    assert level_db(iq[90:102, deep]) < level_db(noise) + 3.0


def test_edges_of_a_convex_face_lose_contact_where_gel_does_not_reach(bench: Bench) -> None:
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


def test_same_inputs_same_bytes_and_noise_depends_on_the_frame(bench: Bench) -> None:
    patient = slab_patient()
    first = bench.iq(patient, time_s=0.4, frame_index=7)
    np.testing.assert_array_equal(first, bench.iq(patient, time_s=0.4, frame_index=7))
    assert not np.array_equal(first, bench.iq(patient, time_s=0.4, frame_index=8))


@pytest.mark.parametrize("probe", ["convex", "linear"])
def test_shader_and_patient_agree_on_every_tissue(bench: Bench, linear_bench: Bench, probe: str) -> None:
    one, transducer = (bench, CONVEX) if probe == "convex" else (linear_bench, LINEAR)
    patient = slab_patient(rib_centres_z_m=(-0.015, 0.015))
    one.iq(patient)
    drawn = np.round(one.target("medium")[..., 1] * 255.0).astype(int)
    scan = scan_lines(transducer, PRESETS[probe])
    depth = (np.arange(drawn.shape[1]) + 0.5) * scan.sample_spacing_m
    placement = slab_placement()
    body = uncompressed_depth_m(
        depth[None], placement.compressible_m, placement.compression_m, scan.bridged_gap_m(placement)[:, None]
    )
    points = scan.origins_m[:, None] + scan.directions[:, None] * body[..., None]
    torso = points @ placement.rotation.T
    expected = patient.at(0.0).tissue(torso)
    expected[expected == Tissue.AIR] = Tissue.GEL
    assert np.mean(drawn == expected) > 0.995
