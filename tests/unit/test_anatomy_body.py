"""Is every baked body anatomically sound?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from anatomy_bodies import BODIES

from simulator.anatomy.bake import FAR_M, MOST_VOXELS, SPACING_M, bake_body
from simulator.anatomy.body import CHANNELS, Body, Habitus
from simulator.anatomy.diaphragm import POSTURE_DROP_M, posture_share
from simulator.anatomy.doctor import examine
from simulator.anatomy.filling import expected_lung_volume_l
from simulator.anatomy.mesh import organ_distance, organ_meshes, skin_mesh

BodyOf = Callable[[str], Body]


@pytest.mark.slow
@pytest.mark.parametrize("name", BODIES)
def test_the_doctor_finds_nothing_wrong(body_of: BodyOf, name: str) -> None:
    """All measures of all bodies are in their ranges, and every kind of measure is taken."""
    checks = examine(body_of(name))
    wrong = [f"{c.name}: {c.value:.2f} {c.unit}, not {c.low:.2f} to {c.high:.2f}" for c in checks if not c.ok]
    assert not wrong, wrong
    names = " ".join(c.name for c in checks)
    assert sum("intercostal gap" in c.name for c in checks) == 22
    assert sum("pleural depth" in c.name for c in checks) == 12
    for kind in ("fat", "lung volume", "chest circumference", "liver in spleen", "through the skin"):
        assert kind in names


@pytest.mark.slow
def test_a_check_fails_out_of_its_range(body_of: BodyOf) -> None:
    """The doctor can say no: a body measured against another habitus is wrong."""
    from dataclasses import replace

    stretched = replace(body_of("woman"), habitus=Habitus("male", 30.0, 1.95, 120.0))
    assert any(not c.ok for c in examine(stretched))


def near(body: Body, name: str, reach_m: float) -> np.ndarray:
    """Length of the gradient of a channel within `reach_m` outside of its surface, inside the skin."""
    field = body.channel(name).astype(np.float32)
    length = np.sqrt(sum(g * g for g in np.gradient(field, body.grid.spacing_m)))
    close = (np.abs(field) < reach_m) & (body.channel("skin") < 0.01)
    return length[close]


@pytest.mark.parametrize("name", ["skin", "muscle", "pleura", "diaphragm", "heart", "mediastinum"])
def test_distances_are_true_near_the_surface(body_of: BodyOf, name: str) -> None:
    """|grad| is 1 within 10 mm of a smooth surface."""
    low, middle, high = np.percentile(near(body_of("woman"), name, 0.010), [5, 50, 95])
    assert low > 0.85
    assert middle == pytest.approx(1.0, abs=0.04)
    assert high < 1.15


@pytest.mark.parametrize("name", ["bone", "cartilage", "liver", "spleen", "kidney"])
def test_distances_of_thin_or_cut_things_are_nearly_true(body_of: BodyOf, name: str) -> None:
    """Edges cost a few tenths, not more."""
    low, middle, high = np.percentile(near(body_of("woman"), name, 0.004), [10, 50, 95])
    assert low > 0.6
    assert middle == pytest.approx(1.0, abs=0.08)
    assert high < 1.25


@pytest.mark.parametrize("name", BODIES)
def test_ribs_lie_where_their_curves_say(body_of: BodyOf, name: str) -> None:
    """Every rib's centre line is in bone, just outside the pleura; 24 ribs, sternum, clavicles."""
    body = body_of(name)
    names = [n for n in body.curves if n.startswith("rib_")]
    assert len(names) == 24
    assert {"sternum", "clavicle_R", "clavicle_L", "cartilage_R1", "cartilage_L10"} <= set(body.curves)
    for rib in names:
        line = body.curves[rib][5:-5]
        assert body.sample("bone", line).max() < -0.002, rib
        if rib[-1] not in "12" or rib[-2:] in ("11", "12"):  # ribs 1 and 2 arch over the apex
            inner = body.sample("pleura", line)
            assert 0.003 < np.median(inner) < 0.009, rib


def test_fields_are_clipped_half_floats(body_of: BodyOf) -> None:
    """What the GPU gets: float16, finite, within +-60 mm."""
    body = body_of("woman")
    for name in CHANNELS:
        field = body.channel(name)
        assert field.dtype == np.float16
        assert np.isfinite(field).all()
        assert np.abs(field).max() <= FAR_M + 1e-4
    assert body.channel("skin")[:, 0].min() > 0.0  # air on all sides
    assert body.channel("skin")[:, :, 0].min() > 0.0


@pytest.mark.parametrize("name", BODIES)
def test_left_and_right_differ_where_they_should(body_of: BodyOf, name: str) -> None:
    """Liver right, spleen and heart's apex left, the left dome lower."""
    body = body_of(name)
    x, _, _ = body.grid.axes_m()
    for organ, sign in (("liver", 1.0), ("spleen", -1.0), ("heart", -1.0)):
        inside = organ_distance(body, organ) < 0.0
        mean = float((inside.sum(axis=(0, 1)) * x).sum() / inside.sum())
        assert mean * sign > 0.01, organ
    assert body.landmarks["dome_L"][2] < body.landmarks["dome_R"][2] - 0.010


def _most_left_m(body: Body) -> float:
    """How far the heart reaches to the left, without regard to the diaphragm."""
    columns = np.flatnonzero((body.channel("heart") < 0.0).any(axis=(0, 1)))
    return -float(body.grid.axes_m()[0][columns[0]])


@pytest.mark.slow
def test_sitting_lowers_the_domes_and_a_side_raises_its_own() -> None:
    """Postures move the diaphragm; an unknown posture is refused."""
    habitus = Habitus("female", 30.0, 1.60, 55.0)
    told: list[tuple[str, float]] = []
    sitting = bake_body(habitus, "sitting", lambda what, share: told.append((what, share)))
    lying = bake_body(habitus, "lateral_left")
    assert told[0][1] == 0.0
    assert told[-1][1] == 1.0
    assert sitting.landmarks["dome_R"][2] < lying.landmarks["dome_L"][2]
    assert lying.landmarks["dome_L"][2] > sitting.landmarks["dome_L"][2] + 0.02
    left, upright = (float(_most_left_m(each)) for each in (lying, sitting))
    assert 0.006 < left - upright < 0.015, "the apex sinks by 15 mm, what is behind it by less"
    assert set(POSTURE_DROP_M) == {"supine", "semi_recumbent", "sitting", "lateral_left", "lateral_right"}
    with pytest.raises(ValueError, match="upside_down"):
        bake_body(habitus, "upside_down")


def test_the_obese_lose_little_lung_volume_when_they_lie_down() -> None:
    """Controls of BMI < 27 lose 0.5 to 0.7 l, people of BMI 44 under 0.1 l (V80); the domes' drop follows."""

    def lost(bmi: float) -> float:
        habitus = Habitus("male", 49.0, 1.72, bmi * 1.72**2)
        return expected_lung_volume_l(habitus, "sitting") - expected_lung_volume_l(habitus, "supine")

    assert 0.5 <= lost(24.0) <= 0.85
    assert 0.0 <= lost(44.0) <= 0.1
    assert lost(44.0) < lost(35.0) < lost(27.0)
    assert posture_share(20.0) == 1.0
    assert posture_share(60.0) == posture_share(44.0) == pytest.approx(0.1)


@pytest.mark.slow
def test_meshes_are_closed_and_face_outwards(body_of: BodyOf) -> None:
    """Signed volumes are positive and those of the fields; normals are unit vectors; not too many faces."""
    body = body_of("woman")
    meshes = {"skin": skin_mesh(body), **organ_meshes(body)}
    assert {"skin", "bone", "lung", "heart", "liver", "spleen"} <= set(meshes)
    for name, mesh in meshes.items():
        assert len(mesh.faces) < 150_000
        assert mesh.vertices.dtype == np.float32
        assert mesh.faces.dtype == np.int32
        a, b, c = (mesh.vertices[mesh.faces[:, i]].astype(float) for i in range(3))
        volume_l = float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum()) / 6.0 * 1e3
        assert volume_l > 0.0, name
        assert np.allclose(np.linalg.norm(mesh.normals, axis=1), 1.0, atol=1e-3)
        edges = np.sort(np.concatenate([mesh.faces[:, [0, 1]], mesh.faces[:, [1, 2]], mesh.faces[:, [2, 0]]]), axis=1)
        _, counts = np.unique(edges, axis=0, return_counts=True)
        assert (counts % 2 == 0).all(), f"{name} has an open edge"
    outward = np.einsum("ij,ij->i", meshes["skin"].vertices - [0.0, body.axis_y_m, -0.15], meshes["skin"].normals)
    assert (outward > 0.0).mean() > 0.95


@pytest.mark.slow
def test_voxels_grow_only_where_the_body_would_not_fit() -> None:
    """2 mm for most; the heaviest keep to the budget with slightly larger ones."""
    heavy = bake_body(Habitus("male", 50.0, 1.65, 122.0))
    assert 0.002 < heavy.grid.spacing_m < 0.0024
    assert np.prod(heavy.grid.shape) <= MOST_VOXELS
    assert heavy.channel("skin")[:, :, -1].min() > 0.0


@pytest.mark.parametrize("name", BODIES)
def test_the_bodies_of_the_cases_have_voxels_of_two_millimetres(body_of: BodyOf, name: str) -> None:
    """As `SPACING_M` says."""
    assert body_of(name).grid.spacing_m == SPACING_M
