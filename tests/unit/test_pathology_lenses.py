"""Small lenses of airless lung: as deep and as wide as they are said to be, wherever they lie between the voxels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from assessment_scenes import placement

from simulator.anatomy.layers import MOST_FACES
from simulator.anatomy.slab import slab_body
from simulator.assessment.plane import plane_truth
from simulator.assessment.section import section
from simulator.assessment.volumes import affected_volume
from simulator.pathology.canvas import Canvas
from simulator.pathology.fields import FAR_M, FindingFields, healthy
from simulator.pathology.layers import disease_layers
from simulator.pathology.lenses import SHRED_MOST, airless_m, border_m, half_ellipse_m, lens, meets, radius_m, shred
from simulator.pathology.region import Region, lungs_of
from simulator.pathology.subpleural_consolidation import SubpleuralConsolidation, place
from simulator.patient import Patient
from simulator.physiology.heart import Heart
from simulator.physiology.respiration import Respiration
from simulator.probe import LOOK_ANGLES_RAD, PRESETS, TRANSDUCERS, scan_lines
from simulator.render.lenses import lens_record, lenses_near

PLEURA_M = 0.020
BODY = slab_body(pleura_m=PLEURA_M, half_width_m=0.05)
INWARD = np.array([0.0, -1.0, 0.0])
SIZES = [(deep, wide) for deep in (3.0, 6.0, 9.0) for wide in (4.0, 8.0, 14.0)]
Lens = npt.NDArray[np.float32]


def one_lens(deep_mm: float, wide_mm: float, at_mm: tuple[float, float] = (0.0, 0.0), seed: int = 0) -> Lens:
    centre = np.array([at_mm[0] * 1e-3, -PLEURA_M, at_mm[1] * 1e-3])
    return lens(centre, INWARD, 0.5e-3 * wide_mm, 1e-3 * deep_mm, (seed,))


def patient_with(*shapes: Lens, rate: float = 0.0, **changes: float) -> Patient:
    fields = replace(healthy(BODY.grid), lenses=np.array(shapes, dtype=np.float32))
    return Patient(BODY, fields, Respiration(rate_per_min=rate, **changes), Heart(0.0))


def deep_end_mm(depth_mm: npt.NDArray[np.float64], distance: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Where rays (n, steps) leave a body that they start in, millimetres."""
    out = np.argmax(distance >= 0.0, axis=1)
    assert (out > 0).all()
    row = np.arange(len(distance))
    a, b = distance[row, out - 1], distance[row, out]
    return depth_mm[out - 1] - a / (b - a) * (depth_mm[1] - depth_mm[0])


def rays(shape: Lens, rng: np.random.Generator, count: int = 40) -> tuple[npt.NDArray[np.float64], npt.NDArray]:
    """Depths below the pleura in millimetres (steps,) and points (count, steps, 3) on rays square to it in a lens."""
    half, deep = float(shape[0, 3]), float(shape[1, 3])
    angle, share = rng.uniform(0.0, 2.0 * np.pi, count), np.sqrt(rng.uniform(0.0, 0.64, count))
    foot = shape[0, :3] + half * share[:, None] * np.stack([np.cos(angle), 0.0 * angle, np.sin(angle)], axis=-1)
    depth_mm = np.arange(0.0, 2e3 * deep, 0.05)
    return depth_mm, foot[:, None, :] + 1e-3 * depth_mm[None, :, None] * INWARD


@pytest.mark.parametrize(("deep_mm", "wide_mm"), SIZES)
def test_the_border_is_where_it_is_between_the_voxels_too(deep_mm: float, wide_mm: float) -> None:
    """0.3 mm demanded. A field of 2 mm voxels cannot do this for the smallest: see the next test."""
    rng = np.random.default_rng(int(10 * deep_mm + wide_mm))
    for seed in range(6):
        shape = one_lens(deep_mm, wide_mm, tuple(rng.uniform(-20.0, 20.0, 2)), seed)
        depth_mm, points = rays(shape, rng)
        found = deep_end_mm(depth_mm, patient_with(shape).at(0.0).finding("consolidation", points))
        half, deep, ragged = (float(shape[row, 3]) for row in range(3))
        across = np.linalg.norm(points[:, 0] - shape[0, :3], axis=-1)
        bowl = np.sqrt(1.0 - (across / half) ** 2) * deep
        waves = SHRED_MOST * ragged * np.clip(found * 1e-3 / (0.6 * deep), 0.0, 1.0)
        assert (np.abs(half_ellipse_m(across, 1e-3 * found, half, deep)) < waves + 5e-5).all()
        smooth = shape.copy()
        smooth[2, 3] = 0.0
        plain = deep_end_mm(depth_mm, patient_with(smooth).at(0.0).finding("consolidation", points))
        assert np.abs(plain - 1e3 * bowl).max() < 0.05
        exact = deep_end_mm(depth_mm, border_m(shape, points, 1e-3 * depth_mm)[0])
        assert np.percentile(np.abs(found - exact), 95) < 0.02  # but for rays that graze it


@pytest.mark.parametrize(("wide_mm", "least_mm"), [(4.0, 0.3), (14.0, 0.0)])
def test_voxels_would_be_worse(wide_mm: float, least_mm: float) -> None:
    rng = np.random.default_rng(5)
    grid, errors = BODY.grid, []
    nodes = grid.points_m().astype(np.float64)
    for seed in range(6):
        shape = one_lens(3.0, wide_mm, tuple(rng.uniform(-20.0, 20.0, 2)), seed)
        field = border_m(shape, nodes, -nodes[..., 1] - PLEURA_M)[0]
        depth_mm, points = rays(shape, rng)
        exact = border_m(shape, points, 1e-3 * depth_mm)[0] < 0.0
        voxels = grid.sample(field, points) < 0.0
        errors.append(0.05 * np.abs(exact.sum(axis=1) - voxels.sum(axis=1)))
    assert float(np.percentile(errors, 90)) > least_mm


def test_the_waves_are_even_and_bounded() -> None:
    out = shred(np.random.default_rng(1).uniform(-0.05, 0.05, (100_000, 3)))
    assert abs(out.mean()) < 0.01
    assert out.std() == pytest.approx(0.67, abs=0.01)
    assert np.abs(out).max() <= SHRED_MOST


def test_a_finding_is_found_once_and_only_as_a_shape() -> None:
    lungs = lungs_of(BODY)
    canvas = Canvas.healthy(lungs)
    place(SubpleuralConsolidation(Region(("R1",)), 0.003, 0.004, count=3, seed=1), lungs, canvas)
    assert canvas.consolidation.min() == np.float32(FAR_M)
    fields = canvas.fields(lungs, (), "")
    assert fields.lenses.shape == (3, 3, 4)
    assert np.abs(fields.lenses[:, 0, 1] + PLEURA_M).max() < 1e-6  # on the pleura
    # Nowhere else along its axis: the lung goes on for 14 cm, and the plane of the pleura is not the only one.
    far = fields.lenses[0, 0, :3] + np.linspace(0.004, 0.2, 400)[:, None] * INWARD
    assert Patient(BODY, fields).at(0.0).finding("consolidation", far).min() > 0.0
    assert airless_m(fields.lenses, far, np.zeros(len(far)))[np.linspace(0.004, 0.2, 400) > 0.03].min() > 0.0


def test_it_goes_with_the_lung_and_free_air_hides_it() -> None:
    shape = one_lens(4.0, 8.0)
    patient = patient_with(shape, rate=15.0, excursion_m=0.02)
    state = patient.at(60.0 / 15.0 / 3.0)
    z = np.linspace(-0.03, 0.03, 601)
    points = np.stack([0.0 * z, 0.0 * z - PLEURA_M - 0.001, z], axis=-1)
    rest, now = (s.finding("consolidation", points) < 0.0 for s in (patient.at(0.0), state))
    moved = z[rest].mean() - z[now].mean()
    lung = (state.in_lung(points) - points)[:, 2]
    assert moved == pytest.approx(lung[now].mean(), abs=2e-4)
    assert moved > 0.002
    space = patient.findings.space.copy()
    space[..., 2] = -0.01
    parted = replace(patient, findings=replace(patient.findings, space=space)).at(0.0)
    assert parted.finding("consolidation", points).min() > 0.0


@pytest.mark.parametrize(("deep_mm", "wide_mm"), [(3.0, 5.0), (6.0, 8.0), (9.0, 14.0)])
def test_the_truth_of_a_plane_knows_its_depth(deep_mm: float, wide_mm: float) -> None:
    """To half a millimetre, line for line, although the lattice of the plane is of 2 mm elsewhere."""
    scan = scan_lines(TRANSDUCERS["linear"], PRESETS["linear"])
    for seed in range(4):
        shape = one_lens(deep_mm, wide_mm, (0.0, 1.3 * seed - 2.0), seed)
        state = patient_with(shape).at(0.0)
        plane = plane_truth(state, placement(), scan, PRESETS["linear"].samples, labels=False)
        z = scan.origins_m[:, 0]
        depth = np.arange(0.0, 2e-3 * deep_mm, 2e-5)
        points = np.stack(np.broadcast_arrays(0.0, -PLEURA_M - depth[None, :], z[:, None]), axis=-1)
        inside = border_m(shape, points, depth)[0] < 0.0
        first = np.where(inside.all(axis=1), len(depth), np.argmin(inside, axis=1))  # to where lung begins
        error = np.abs(plane.pleural_line.consolidation_mm - 0.02 * first)[first > 0]
        assert np.percentile(error, 95) < 0.3  # the rest are lines that graze it
        assert plane.findings.consolidation_depth_mm == pytest.approx(0.02 * first.max(), abs=0.35)


def test_a_plane_without_lenses_keeps_its_lattice() -> None:
    scan = scan_lines(TRANSDUCERS["linear"], PRESETS["linear"])
    here, away = (one_lens(4.0, 6.0, at) for at in ((0.0, 0.0), (30.0, 0.0)))
    fine, plain = (section(patient_with(one).at(0.0), placement(), scan, 0.08) for one in (here, away))
    assert fine.step_m == pytest.approx(0.0005)
    assert plain.step_m == pytest.approx(0.002)
    at = np.linspace(0.001, 0.079, 50)
    np.testing.assert_allclose(fine.resampled("pleura", at), plain.resampled("pleura", at), atol=1e-6)


@pytest.mark.parametrize(("deep_mm", "wide_mm"), SIZES)
def test_its_volume_counts(deep_mm: float, wide_mm: float) -> None:
    lenses = [one_lens(deep_mm, wide_mm, (x, z), seed=9) for x, z in ((-21.3, -20.7), (20.2, 21.1))]
    patient = patient_with(*lenses)
    ml = 2 * 2.0 / 3.0 * np.pi * (0.05 * wide_mm) ** 2 * 0.1 * deep_mm  # half an ellipsoid each
    found = affected_volume(BODY, patient.findings)
    assert found.total.airless_ml == pytest.approx(ml, rel=0.25)  # the waves of a few are not even
    step = 2.5e-4
    x = np.arange(-0.7e-3 * wide_mm, 0.7e-3 * wide_mm, step)
    depth = np.arange(0.5 * step, 1.6e-3 * deep_mm, step)
    exact = 0.0
    for one in lenses:
        offsets = np.stack(np.meshgrid(x, -depth, x, indexing="ij"), axis=-1)
        points = one[0, :3] + offsets
        exact += 1e6 * step**3 * float((border_m(one, points, -offsets[..., 1])[0] < 0.0).sum())
    assert found.total.airless_ml == pytest.approx(exact, rel=0.05)


def test_the_3d_view_shows_each() -> None:
    shapes = [one_lens(3.0, 5.0, (-12.0, 0.0)), one_lens(6.0, 10.0, (15.0, 8.0))]
    (layer,) = disease_layers(BODY, patient_with(*shapes).findings)
    assert layer.name == "Consolidation"
    assert layer.mesh.faces.max() < len(layer.mesh.vertices)
    for shape in shapes:
        near = layer.mesh.vertices[
            np.linalg.norm(layer.mesh.vertices - shape[0, :3], axis=-1) < radius_m(shape[None], 0.0)[0] + 1e-3
        ]
        size = np.ptp(near, axis=0)
        assert 1e3 * size[[0, 2]] == pytest.approx(2e3 * shape[0, [3, 3]] + 1.6, abs=1.5)
        assert 1e3 * size[1] == pytest.approx(1e3 * shape[1, 3] + 1.6, abs=2.0)


def test_many_are_no_more_faces_than_a_layer_may_have() -> None:
    shapes = [one_lens(4.0, 6.0, (x, z)) for x in range(-40, 41, 10) for z in range(-40, 41, 10)]
    (layer,) = disease_layers(BODY, patient_with(*shapes).findings)
    assert len(layer.mesh.faces) <= MOST_FACES
    assert all(np.linalg.norm(layer.mesh.vertices - one[0, :3], axis=-1).min() < 0.005 for one in shapes)


@pytest.mark.parametrize("probe", ["convex", "linear", "phased"])
def test_no_line_misses_a_lens_that_it_meets(probe: str) -> None:
    """What is handed to the shaders holds each lens that a sample of a line lies in, on that line's strip."""
    rng = np.random.default_rng(3)
    shapes = [one_lens(*rng.uniform(3.0, 9.0, 2), tuple(rng.uniform(-25.0, 25.0, 2)), k) for k in range(30)]
    patient = patient_with(*shapes, rate=15.0, excursion_m=0.02)
    settings, transducer = PRESETS[probe], TRANSDUCERS[probe]
    scan = scan_lines(transducer, settings)
    met_any = 0
    for time_s, turn in ((0.0, 0.0), (1.0, 0.0), (1.3, 25.0)):
        state, held = patient.at(time_s), placement(fan_deg=turn)
        for look, angle in enumerate(LOOK_ANGLES_RAD):
            record = lens_record(state, held, transducer, settings, look)
            turned = np.array([[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]])
            directions = scan.directions @ turned.T
            depths = np.arange(0.015, 0.05, 0.0007)
            probe_points = scan.origins_m[:, None] + directions[:, None] * depths[:, None]
            points = np.asarray(held.face_torso) + probe_points @ held.rotation.T
            lung, below = state.in_lung(points), -BODY.sample("pleura", points)
            for one in shapes:
                lines = np.flatnonzero((airless_m(one[None], lung, below) < 0.0).any(axis=1))
                met_any += len(lines)
                for strip in np.unique(lines // 8):
                    low, high = record["lens_strips"][strip, :2]
                    given = record["lenses"].reshape(-1, 3, 4)[low:high]
                    assert (given == one).all(axis=(1, 2)).any()
    assert met_any > 100


def test_of_too_many_the_nearest_are_drawn() -> None:
    shapes = [one_lens(3.0, 4.0, (0.1 * k, 0.0), k) for k in range(40)]
    state, held = patient_with(*shapes[::-1]).at(0.0), placement()
    near = lenses_near(state, held, 0.1)
    assert len(near) == 40
    assert (np.diff(near[:, 0, 0]) >= 0.0).all()
    record = lens_record(state, held, TRANSDUCERS["linear"], PRESETS["linear"])
    assert record["lenses"].reshape(-1, 3, 4)[:, 0, 0].max() == pytest.approx(0.0031)
    assert record["lens_strips"][:, 1].max() == 32
    far = patient_with(one_lens(3.0, 4.0, (30.0, 0.0))).at(0.0)
    assert lens_record(far, held, TRANSDUCERS["linear"], PRESETS["linear"])["lens_strips"].max() == 0


def test_points_that_can_be_in_a_lens() -> None:
    shape = one_lens(4.0, 6.0)
    points = np.array([[0.0, -PLEURA_M, 0.0], [0.0, -PLEURA_M, -0.02], [0.0, -PLEURA_M, -0.05], [0.04, -PLEURA_M, 0.0]])
    assert meets(shape[None], points, 0.0).tolist() == [True, False, False, False]
    assert meets(shape[None], points, 0.02).tolist() == [True, True, False, False]
    assert not meets(healthy(BODY.grid).lenses, points, 0.02).any()
    assert isinstance(healthy(BODY.grid), FindingFields)
