"""The person that the 3D view draws: on the baked skin where the probe goes, of every habitus, light enough to draw."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from anatomy_bodies import BODIES, HABITUS
from scipy.spatial import cKDTree

from simulator.anatomy.body import Body, Habitus
from simulator.anatomy.cache import load_body
from simulator.anatomy.contact import point_on_skin, skin_normal
from simulator.anatomy.mesh import Mesh
from simulator.anatomy.person import is_arm, nipple_torso, person_mesh
from simulator.anatomy.person_relief import costal_margin, landmark_lift, spinous_heights_m
from simulator.anatomy.person_shapes import blended, corner_weights, load_shapes
from simulator.anatomy.zones import ZONES

POSTURES = ("supine", "semi_recumbent", "sitting", "lateral_left", "lateral_right")


def body_of(name: str) -> Body:
    return load_body(HABITUS[name])


def off_the_drawn_skin_m(body: Body, mesh: Mesh, points: np.ndarray) -> np.ndarray:
    """Distance (n,) of baked skin points from the drawn skin, along the baked normal."""
    corners = mesh.vertices[mesh.faces].astype(float)
    corners = corners[(np.abs(corners[..., 2]) < 0.6).all(axis=1)]
    share = np.array([(i, j, 6 - i - j) for i in range(7) for j in range(7 - i)]) / 6.0
    samples = (share @ corners).reshape(-1, 3)
    distance, index = cKDTree(samples).query(points, k=12)
    normals = np.array([skin_normal(body, p) for p in points])
    along = np.abs(np.einsum("pkj,pj->pk", samples[index] - points[:, None], normals))
    return np.where(distance < distance[:, :1] + 0.001, along, np.inf).min(axis=1)


@pytest.mark.parametrize("name", BODIES)
def test_the_drawn_skin_is_the_baked_skin_in_every_zone(name: str) -> None:
    body = body_of(name)
    mesh = person_mesh(body, "supine")
    points = np.array([
        point_on_skin(body, np.radians(azimuth) * zone.sign, -height * body.notch_to_rib10_m)
        for zone in ZONES.values()
        for azimuth in np.linspace(zone.azimuth_deg[0] + 2.0, zone.azimuth_deg[1] - 2.0, 6)
        for height in np.linspace(zone.height[0] + 0.01, zone.height[1] - 0.01, 6)
    ])  # fmt: skip
    off = off_the_drawn_skin_m(body, mesh, points)
    assert np.percentile(off, 99) < 0.001
    assert off.max() < 0.0015


def test_the_mesh_is_light_closed_and_quickly_made() -> None:
    body = body_of("woman")
    person_mesh(body, "supine")
    start = time.process_time()
    mesh = person_mesh(body, "supine")
    assert time.process_time() - start < 3.0  # a quarter of a second of processor time; a slow machine is no failure
    assert len(mesh.faces) <= 60_000
    assert np.isfinite(mesh.vertices).all()
    assert mesh.faces.max() < len(mesh.vertices)
    assert np.allclose(np.linalg.norm(mesh.normals, axis=1), 1.0, atol=1e-3)
    edges = np.sort(mesh.faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    _, count = np.unique(edges, axis=0, return_counts=True)
    assert count.max() == 2, "no edge has three faces"
    assert (count == 1).mean() < 0.005, "open at the shins, the eyes and the mouth alone"


def test_few_triangles_of_the_trunk_are_turned_over() -> None:
    body = body_of("woman")
    mesh = person_mesh(body, "supine")
    v = mesh.vertices.astype(float)
    centre = v[mesh.faces].mean(axis=1)
    trunk = (centre[:, 2] < -0.03) & (centre[:, 2] > -0.34) & (mesh.paint[mesh.faces].mean(axis=1)[:, 0] < 0.3)  # type: ignore[index]
    a, b, c = v[mesh.faces[trunk]].transpose(1, 0, 2)
    outward = np.cross(b - a, c - a)
    gradient = np.stack([
        body.sample("skin", centre[trunk] + s) - body.sample("skin", centre[trunk] - s) for s in 0.003 * np.eye(3)
    ], axis=1)  # fmt: skip
    assert (np.einsum("ij,ij->i", outward, gradient) < 0.0).mean() < 0.002


@pytest.mark.parametrize("posture", POSTURES)
@pytest.mark.parametrize(
    "habitus",
    [Habitus("female", 18.0, 1.50, 38.3), Habitus("female", 90.0, 1.65, 122.5), Habitus("male", 90.0, 2.00, 68.0)],
    ids=("thin", "obese", "tall"),
)
def test_a_person_of_any_habitus_has_true_stature_and_two_like_sides(habitus: Habitus, posture: str) -> None:
    person, asset = blended(habitus, posture), load_shapes()
    assert corner_weights(habitus).sum() == pytest.approx(1.0)
    head = person.vertices[asset.weights[:, -2] > 0.9]
    above = float(head[:, 2].max())  # the notch is at 81.85 % of the stature
    assert above == pytest.approx((1.0 - 0.8185) * habitus.height_m, rel=0.03)
    right = person.points["upper_arm_R"] * np.array([-1.0, 1.0, 1.0])
    assert np.allclose(right, person.points["upper_arm_L"], atol=0.001)


def test_arms_are_raised_and_the_one_below_lies_under_the_head() -> None:
    habitus = HABITUS["man"]
    hand = load_shapes().weights[:, [6, 7]]
    for posture, low in (("supine", None), ("lateral_right", 0), ("lateral_left", 1)):
        vertices = blended(habitus, posture).vertices
        for side, sign in ((0, 1.0), (1, -1.0)):
            middle = vertices[hand[:, side] > 0.9].mean(axis=0)
            assert middle[2] > 0.15, "hands are beside the head"
            wide = abs(vertices[(hand[:, side] > 0.9), 0]).max()
            assert sign * middle[0] > 0.0 or side == low
            assert wide < (0.30 if side == low else 0.65)


def test_the_stumps_of_the_baked_arms_are_no_place_for_the_probe() -> None:
    body = body_of("woman")
    assert is_arm(body, point_on_skin(body, np.radians(90.0), -0.02))
    for zone in ZONES.values():
        for azimuth in (zone.azimuth_deg[0] + 1.0, zone.azimuth_deg[1] - 1.0):
            for height in zone.height:
                point = point_on_skin(body, np.radians(azimuth) * zone.sign, -height * body.notch_to_rib10_m)
                assert not is_arm(body, point), (zone.key, azimuth, height)


def test_nipples_are_where_the_baked_skin_has_them() -> None:
    body = body_of("man")
    nipple = np.array(nipple_torso(body))
    assert abs(float(body.sample("skin", nipple))) < 0.0005
    around = [float(body.sample("skin", nipple + 0.02 * np.array([0.0, 0.0, s]))) for s in (-1.0, 1.0)]
    assert min(around) > 0.0, "it stands out"


def test_shading_shows_bone_where_it_lies_shallow_and_nowhere_else() -> None:
    body = body_of("woman")
    wall = body.wall.copy()
    wall[..., 2:] = 0.06  # neither bone nor cartilage
    mesh, boneless = person_mesh(body, "supine"), person_mesh(replace(body, wall=wall), "supine")
    assert np.array_equal(mesh.vertices, boneless.vertices), "it is only shading"
    turned = np.arccos(np.clip(np.einsum("ij,ij->i", boneless.normals, mesh.normals), -1.0, 1.0))
    depth = np.minimum(body.sample("bone", mesh.vertices), body.sample("cartilage", mesh.vertices))
    trunk = (mesh.vertices[:, 2] < -0.03) & (mesh.vertices[:, 2] > -0.30)
    shallow, deep = (float(np.degrees(turned[trunk & where]).mean()) for where in (depth < 0.012, depth > 0.045))
    assert shallow > 3.0
    assert shallow > 3.0 * deep


def turns_deg(mesh: Mesh, body: Body, x_m: float) -> np.ndarray:
    """How much the drawn back bends from one 10 mm to the next on its way from the shoulders to the neck."""
    v = mesh.vertices.astype(float)
    at = v[(np.abs(np.abs(v[:, 0]) - x_m) < 0.008) & (v[:, 1] < body.axis_y_m) & (np.abs(v[:, 2]) < 0.07)]
    z = np.arange(-0.03, 0.031, 0.01)
    near = np.exp(-(((at[:, 2] - z[:, None]) / 0.005) ** 2))
    y = (near @ at[:, 1]) / near.sum(axis=1)
    return np.degrees(np.diff(np.arctan(np.diff(y) / 0.01)))


@pytest.mark.parametrize("name", BODIES)
def test_the_back_goes_over_into_the_neck_without_a_ledge(name: str) -> None:
    body = body_of(name)
    mesh = person_mesh(body, "supine")
    for x_m in (0.0, 0.05):
        turns = turns_deg(mesh, body, x_m)
        assert turns.max() < 30.0, "no edge"
        assert turns.min() > -20.0, "and no groove above it"


@pytest.mark.parametrize("name", BODIES)
def test_landmarks_are_lifted_where_the_bone_is(name: str) -> None:
    body = body_of(name)

    def lift(*points: tuple[float, float, float]) -> np.ndarray:
        return landmark_lift(body, np.array(points))

    def on_skin(azimuth_deg: float, z_m: float) -> tuple[float, float, float]:
        x, y, z = point_on_skin(body, np.radians(azimuth_deg), z_m)
        return float(x), float(y), float(z)

    middle = body.curves["clavicle_R"][len(body.curves["clavicle_R"]) // 2]
    x, y, z = (float(value) for value in middle)
    ridge, below, above = lift((x, y + 0.05, z), (x, y + 0.05, z - 0.03), (x, y + 0.05, z + 0.025))
    assert ridge > 0.002
    assert abs(below) < 0.001
    assert above < -0.001
    assert lift(on_skin(0.0, 0.005))[0] < -0.004, "the notch is a pit"
    angle = body.landmarks["sternal_angle"][2]
    there, beside = lift(on_skin(0.0, angle), on_skin(0.0, angle - 0.022))
    assert there > beside + 0.001
    margin = costal_margin(body)[4]
    azimuth = np.degrees(np.arctan2(margin[0], 0.12))
    inside, outside = lift(on_skin(azimuth, margin[1] + 0.03), on_skin(azimuth, margin[1] - 0.03))
    assert inside > outside + 0.0005
    tip = body.landmarks["scapula_tip_R"]
    assert lift(tip)[0] > lift((tip[0], tip[1], tip[2] - 0.04))[0] + 0.002
    process = spinous_heights_m(body)[4:6]
    on, between = lift(on_skin(180.0, process[0]), on_skin(180.0, float(process.mean())))
    assert on > between + 0.0008
    assert np.abs(landmark_lift(body, person_mesh(body, "supine").vertices.astype(float))).max() < 0.012
