"""Airless lung: sizes and distances as measured in the field."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from scipy import ndimage

from simulator.anatomy.slab import slab_body
from simulator.geometry import Grid, normalized
from simulator.pathology.bake import bake_findings
from simulator.pathology.bronchi import AIR, VOXEL_M
from simulator.pathology.consolidation import Consolidation
from simulator.pathology.fields import BRONCHUS_REACH_M, FAR_M, FindingFields, in_fluid_bronchus
from simulator.pathology.lenses import airless_m, half_ellipse_m
from simulator.pathology.region import Region
from simulator.pathology.subpleural_consolidation import SubpleuralConsolidation
from simulator.patient import Patient
from simulator.physiology.airways import DYNAMIC_SHIFT_M
from simulator.tissue import Tissue

PLEURA_M = 0.020
BODY = slab_body(pleura_m=PLEURA_M, half_width_m=0.09)
R1 = Region(("R1",))


def fields_of(*findings: Consolidation | SubpleuralConsolidation) -> FindingFields:
    return bake_findings(BODY, findings, use_cache=False)


def in_lenses(fields: FindingFields) -> npt.NDArray[np.bool_]:
    """Voxels in small lenses, which are not in the field."""
    assert fields.lung[..., 1].min() > 0.0
    points = fields.grid.points_m()
    return airless_m(fields.lenses, points, -points[..., 1] - PLEURA_M) < 0.0


def inside_lung(fields: FindingFields) -> npt.NDArray[np.bool_]:
    _x, y, _z = fields.grid.axes_m()
    return np.broadcast_to((y < -PLEURA_M)[None, :, None], fields.grid.shape)


@pytest.mark.parametrize(("depth_mm", "width_mm"), [(5.0, 10.0), (12.0, 18.0), (25.0, 30.0)])
def test_a_lens_has_its_depth_and_width(depth_mm: float, width_mm: float) -> None:
    fields = fields_of(SubpleuralConsolidation(R1, depth_mm * 1e-3, width_mm * 1e-3, seed=1))
    airless = in_lenses(fields) & inside_lung(fields)
    z, y, x = (np.flatnonzero(airless.any(axis=axes)) for axes in ((1, 2), (0, 2), (0, 1)))
    assert 2.0 * y.size == pytest.approx(depth_mm, abs=0.3 * depth_mm + 2.0)
    for across in (x, z):
        assert 2.0 * across.size == pytest.approx(width_mm, abs=0.2 * width_mm + 2.0)


def test_the_lens_is_at_the_pleura_with_trails_below_and_rough_above() -> None:
    fields = fields_of(SubpleuralConsolidation(R1, 0.010, 0.016, seed=2))
    airless = in_lenses(fields)
    _x, y, _z = fields.grid.axes_m()
    top = int(np.flatnonzero(y <= -PLEURA_M)[-1])
    assert airless[:, top, :].sum() * 4.0 == pytest.approx(np.pi * 64.0, rel=0.2)  # mm^2 of pleura
    at_pleura = fields.grid.sample(fields.lung[..., 0], _points(fields, -PLEURA_M))
    deep = fields.grid.sample(fields.lung[..., 0], _points(fields, -PLEURA_M - 0.009))
    assert at_pleura.max() < 0.5
    assert deep.max() > 0.6
    assert fields.lung[..., 2].max() > 0.5


def _points(fields: FindingFields, y_m: float) -> npt.NDArray[np.float64]:
    x, _y, z = fields.grid.axes_m()
    xx, zz = np.meshgrid(x, z)
    return np.stack([xx, np.full_like(xx, y_m), zz], axis=-1)


def test_lenses_keep_apart() -> None:
    fields = fields_of(SubpleuralConsolidation(R1, 0.005, 0.010, count=4, seed=3))
    _labels, count = ndimage.label(in_lenses(fields))
    assert count == len(fields.lenses) == 4


def test_half_ellipse_is_zero_on_the_ellipse_and_grows_by_a_millimetre_a_millimetre() -> None:
    angle = np.linspace(0.0, np.pi / 2, 50)
    across, below = 0.010 * np.cos(angle), 0.006 * np.sin(angle)
    assert np.abs(half_ellipse_m(across, below, 0.010, 0.006)).max() < 1e-9
    normal = np.stack([across / 0.010**2, below / 0.006**2])
    normal /= np.linalg.norm(normal, axis=0)
    for step in (-0.001, 0.001):
        moved = half_ellipse_m(across + step * normal[0], below + step * normal[1], 0.010, 0.006)
        assert moved == pytest.approx(np.full(50, step), rel=0.25)


@pytest.mark.parametrize("border", ["regular", "shred"])
def test_lobar_depth_and_border(border: str) -> None:
    finding = Consolidation(R1, 0.050, border=border, bronchograms="none", seed=4)  # type: ignore[arg-type]
    fields = fields_of(finding)
    x, z = np.meshgrid(np.arange(0.035, 0.060, 0.002), np.arange(-0.055, -0.035, 0.002))
    depths = np.arange(0.0, 0.09, 0.0005)
    points = np.stack(np.broadcast_arrays(x[..., None], -PLEURA_M - depths, z[..., None]), axis=-1)
    airless = fields.grid.sample(fields.lung[..., 1], points) < 0.0
    depth = airless.sum(axis=-1) * 0.5
    assert depth.mean() == pytest.approx(50.0, abs=4.0)
    assert depth.std() < 1.0 if border == "regular" else depth.std() > 1.0


def test_the_field_is_a_distance() -> None:
    fields = fields_of(Consolidation(R1, 0.040, border="regular", bronchograms="none", seed=5))
    airless = fields.lung[..., 1] < 0.0
    true = 2e-3 * (ndimage.distance_transform_edt(~airless) - ndimage.distance_transform_edt(airless))
    near = (np.abs(true) < 0.010) & inside_lung(fields)
    error = np.abs(fields.lung[..., 1].astype(np.float64) - true)[near]
    assert np.quantile(error, 0.95) < 0.003


def test_hemilobar_is_about_half_and_dependent() -> None:
    whole = fields_of(Consolidation(R1, 0.040, seed=6)).lung[..., 1] < 0.0
    half = fields_of(Consolidation(R1, 0.040, extent="hemilobar", seed=6)).lung[..., 1] < 0.0
    assert 0.25 < half.sum() / whole.sum() < 0.75
    centre = [ndimage.center_of_mass(mask)[0] for mask in (whole, half)]
    assert centre[1] < centre[0]


def airless_at(fields: FindingFields, points: npt.NDArray[np.floating]) -> npt.NDArray[np.bool_]:
    return np.asarray(fields.grid.sample(fields.lung[..., 1], points) < 0.0)


def test_bronchi_are_thin_and_inside() -> None:
    fields = fields_of(Consolidation(R1, 0.050, seed=7))
    assert fields.lung[..., 3].min() == np.float16(FAR_M)  # not in voxels of 2 mm
    channel = fields.bronchi.distance_m[..., 0]
    tubes = channel < 0.0
    assert tubes.any()
    points = fields.bronchi.grid.points_m()[tubes]
    assert airless_at(fields, points).all()
    assert -0.0016 < channel.min() < -0.0011  # radius at most 1.5 mm
    share = tubes.sum() * fields.bronchi.grid.spacing_m**3 / ((fields.lung[..., 1] < 0.0).sum() * 8e-9)
    assert 0.0005 < share < 0.05
    np.testing.assert_array_equal(Patient(BODY, fields).at(0.0).finding("bronchogram", points) < 1e-4, True)


def test_bronchi_keep_their_width() -> None:
    """Straight tubes of a twig's and a stem's radius between the voxels: their border to 0.4 mm, none broken."""
    rng = np.random.default_rng(1)
    grid = Grid((0.0, 0.0, 0.0), VOXEL_M, (30, 30, 30))
    turn = np.linspace(0.0, 2.0 * np.pi, 40, endpoint=False)
    for radius in (AIR.twig_radius_m, AIR.stem_radius_m):
        for _ in range(12):
            axis = normalized(rng.standard_normal(3))
            middle = 0.0145 + rng.uniform(-0.5, 0.5, 3) * VOXEL_M
            off = grid.points_m() - middle
            field = (np.linalg.norm(off - (off @ axis)[..., None] * axis, axis=-1) - radius).astype(np.float16)
            u = normalized(np.cross(axis, (0.3, 0.5, 0.8)))
            v = np.cross(axis, u)
            along = np.linspace(-0.008, 0.008, 60)[:, None, None, None]
            out = np.arange(0.0, 0.003, 2e-5)[:, None]
            ring = np.cos(turn)[:, None, None] * u + np.sin(turn)[:, None, None] * v
            found = 2e-5 * (grid.sample(field, middle + along * axis + out * ring) < 0.0).sum(axis=-1)
            assert found.min() > 0.0
            assert np.abs(found - radius).max() < 4e-4


def test_fluid_bronchi_hold_no_air_and_are_wider() -> None:
    fields = fields_of(Consolidation(R1, 0.050, bronchograms="fluid", seed=7))
    channel = fields.bronchi.distance_m[..., 0]
    assert channel.min() > 0.0
    tubes = in_fluid_bronchus(channel)
    assert tubes.any()
    points = fields.bronchi.grid.points_m()[tubes]
    assert airless_at(fields, points).all()
    assert channel.max() < FAR_M + BRONCHUS_REACH_M + 0.0031  # radius at most 3 mm
    points = points[points[:, 1] < -PLEURA_M][::37].astype(np.float64)
    patient = Patient(BODY, fields)
    assert (patient.at(0.0).tissue(points) == Tissue.FLUID).all()
    np.testing.assert_array_equal(in_fluid_bronchus(patient.at(0.0).finding("bronchogram", points)), True)


def test_air_and_fluid_in_one_patient_stay_apart() -> None:
    fields = fields_of(
        Consolidation(R1, 0.050, bronchograms="fluid", seed=7), Consolidation(Region(("L1",)), 0.050, seed=8)
    )
    points, channel = fields.bronchi.grid.points_m(), fields.bronchi.distance_m[..., 0]
    assert in_fluid_bronchus(channel).any()
    assert (channel < 0.0).any()
    assert (points[in_fluid_bronchus(channel)][:, 0] > 0.0).all()
    assert (points[channel < 0.0][:, 0] < 0.0).all()


def test_without_bronchograms_there_are_none() -> None:
    fields = fields_of(Consolidation(R1, bronchograms="none"))
    assert fields.lung[..., 3].min() > 0.04
    assert not fields.bronchi.present


def test_a_place_without_lung_stays_as_it_is() -> None:
    fields = fields_of(Consolidation(Region(("R6",))), SubpleuralConsolidation(Region(("R6",))))
    assert fields.lung[..., 1].min() > 0.0
    assert len(fields.lenses) == 0


def test_open_bronchi_move_their_air() -> None:
    shifts = {
        kind: fields_of(Consolidation(R1, bronchograms=kind)).bronchi_shift_m  # type: ignore[arg-type]
        for kind in ("none", "static", "dynamic")
    }
    assert shifts == {"none": 0.0, "static": 0.0, "dynamic": pytest.approx(DYNAMIC_SHIFT_M)}
    assert DYNAMIC_SHIFT_M > 0.001  # what is called dynamic
