"""Small subpleural consolidations in the picture: as deep as they are, once, and no more where there are none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simulator.bench.scenes import Array, EchoBench, slab_patient, slab_placement
from simulator.pathology.fields import FindingFields
from simulator.pathology.lenses import border_m, lens
from simulator.patient import Patient
from simulator.probe import PRESETS, TRANSDUCERS, scan_lines
from simulator.tissue import Tissue
from tests.render.flat import END_INSPIRATION_S, PLEURA_M, heartless

MM = 1e-3
Shape = np.ndarray


def a_lens(deep_mm: float, wide_mm: float, z_mm: float = 0.0, seed: int = 0) -> Shape:
    return lens(
        np.array([0.0, -PLEURA_M, z_mm * MM]), np.array([0.0, -1.0, 0.0]), 0.5 * wide_mm * MM, deep_mm * MM, (seed,)
    )


def patient_with(*shapes: Shape, excursion_m: float = 0.0) -> Patient:
    def change(findings: FindingFields, points: Array) -> FindingFields:
        lung = findings.lung.copy()
        lung[..., 0] = 0.6  # wet lung around it: its border is bright
        return replace(findings, lung=lung, lenses=np.array(shapes, dtype=np.float32).reshape(-1, 3, 4))

    return heartless(slab_patient(change, excursion_m=excursion_m, pleura_m=PLEURA_M))


@pytest.fixture
def linear(bench: EchoBench) -> EchoBench:
    return replace(bench, probe="linear")


def lung_depth_mm(bench: EchoBench, patient: Patient, time_s: float = 0.0) -> tuple[Array, Array, Array]:
    """Along the array in millimetres (lines,), how far below the pleura gas begins there, and the power of the echo."""
    echo = np.abs(bench.iq(patient, time_s=time_s)) ** 2
    gas = bench.target("gas_lines")[:, 0, 0]
    z = scan_lines(TRANSDUCERS["linear"], PRESETS["linear"]).origins_m[:, 0]
    return 1e3 * z, 1e3 * (gas - PLEURA_M), echo


def exact_depth_mm(shape: Shape, z_mm: Array) -> Array:
    """To where lung begins (lines,) below a lens, on lines square to the pleura; 0 beside it."""
    depth = np.arange(0.0, 0.02, 2e-5)
    points = np.stack(np.broadcast_arrays(0.0, -PLEURA_M - depth[None, :], z_mm[:, None] * MM), axis=-1)
    return np.asarray(0.02 * np.argmin(border_m(shape, points, depth)[0] < 0.0, axis=1))


@pytest.mark.parametrize(("deep_mm", "wide_mm"), [(3.0, 5.0), (6.0, 8.0), (9.0, 14.0)])
def test_the_picture_ends_where_the_lens_ends(linear: EchoBench, deep_mm: float, wide_mm: float) -> None:
    for seed, at_mm in ((0, 0.0), (1, 0.7), (2, 1.3)):
        shape = a_lens(deep_mm, wide_mm, at_mm, seed)
        z, found, power = lung_depth_mm(linear, patient_with(shape))
        exact = exact_depth_mm(shape, z)
        error = np.abs(found - exact)
        assert np.percentile(error, 95) < 0.3  # the rest are lines that graze it
        assert (exact > 0.0).any()
        # In the echo with all its blur the brightest of each line, below the pleura, is that border too.
        step_mm = 1e3 * PRESETS["linear"].sample_spacing_m
        middle = np.abs(z - at_mm) < 0.2 * wide_mm
        first = round((1e3 * PLEURA_M + 0.4 * deep_mm) / step_mm)
        peak = np.argmax(power[middle, first : round((1e3 * PLEURA_M + 2.0 * deep_mm) / step_mm)], axis=1)
        seen_mm = (first + peak + 0.5) * step_mm - 1e3 * PLEURA_M
        assert float(np.median(np.abs(seen_mm - exact[middle]))) < 1.0


def test_a_line_meets_it_once_and_not_beside_it(linear: EchoBench) -> None:
    shape = a_lens(4.0, 6.0)
    linear.iq(patient_with(shape))
    medium = linear.target("medium")
    solid = np.round(medium[..., 1] * 255.0).astype(int) == Tissue.CONSOLIDATION
    z = 1e3 * scan_lines(TRANSDUCERS["linear"], PRESETS["linear"]).origins_m[:, 0]
    assert solid.any()
    assert np.abs(z[solid.any(axis=1)]).max() < 3.0 + 0.7
    rows = np.flatnonzero(solid.any(axis=0)) * PRESETS["linear"].sample_spacing_m * 1e3 - 20.0
    assert rows.min() > -0.3
    assert rows.max() < 6.0


def test_it_slides_with_the_lung(linear: EchoBench) -> None:
    shape = a_lens(4.0, 6.0, 4.0)
    patient = patient_with(shape, excursion_m=0.02)
    places = []
    for time_s in (0.0, END_INSPIRATION_S):
        z, found, _power = lung_depth_mm(linear, patient, time_s)
        deep = found > 1.0
        assert found.max() == pytest.approx(exact_depth_mm(shape, z).max(), abs=0.4)
        places.append(z[deep].mean())
    state = patient.at(END_INSPIRATION_S)
    at = np.array([[0.0, -PLEURA_M - 0.001, places[1] * MM]])
    assert places[0] - places[1] == pytest.approx(1e3 * float((state.in_lung(at) - at)[0, 2]), abs=0.4)


def test_a_lens_out_of_the_plane_changes_nothing(linear: EchoBench) -> None:
    shape = a_lens(4.0, 6.0)
    none = linear.iq(patient_with())
    aside = linear.iq(patient_with(shape), slab_placement(across_m=0.03))
    plain = linear.iq(patient_with(), slab_placement(across_m=0.03))
    np.testing.assert_array_equal(aside, plain)
    assert not np.array_equal(linear.iq(patient_with(shape)), none)
