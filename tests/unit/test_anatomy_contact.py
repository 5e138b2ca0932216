"""Does the probe sit on the skin, and can every zone be looked into?"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np
import pytest
from anatomy_bodies import BODIES

from simulator.anatomy.body import Body
from simulator.anatomy.contact import FIRM_COMPRESSION, place, point_on_skin, pose_at_skin_point, settle
from simulator.anatomy.windows import SWEEP_POSES, zone_pose, zone_sweep
from simulator.anatomy.zones import ZONES, zone_at
from simulator.geometry import Pose
from simulator.pathology.fields import healthy
from simulator.patient import Patient, PatientState
from simulator.tissue import Tissue

BodyOf = Callable[[str], Body]
CHEST = Pose(azimuth_rad=math.radians(35.0), height_m=-0.08)


def state_of(body: Body) -> PatientState:
    """The body, healthy, at end-expiration."""
    return Patient(body, healthy(body.grid)).at(0.0)


def central_line(body: Body, pose: Pose, depth_m: float = 0.10) -> np.ndarray:
    """Tissue labels along the central beam, a sample each half millimetre."""
    placement = place(body, pose)
    t = np.arange(0.0, depth_m, 5e-4)
    points = np.array(placement.face_torso) + t[:, None] * placement.rotation[:, 2]
    return state_of(body).tissue(points)


def test_a_pose_lands_on_the_skin(body_of: BodyOf) -> None:
    """The face is on the skin, at the azimuth and the height asked for."""
    body = body_of("woman")
    for azimuth in np.radians([-170.0, -95.0, -30.0, 0.0, 40.0, 90.0, 150.0]):
        for height in (-0.03, -0.10, -0.20, -0.28):
            placement = place(body, Pose(float(azimuth), height))
            face = np.array(placement.face_torso)
            assert abs(float(body.sample("skin", face))) < 1e-4
            assert float(body.azimuth_rad(face)) == pytest.approx(float(azimuth), abs=1e-6)
            assert face[2] == pytest.approx(height)
            rotation = placement.rotation
            assert np.allclose(rotation.T @ rotation, np.eye(3), atol=1e-9)
            assert np.linalg.det(rotation) == pytest.approx(1.0)


def test_rest_points_inwards_with_the_marker_cranial(body_of: BodyOf) -> None:
    """At rest z goes into the body along the skin's normal and x is as cranial as the skin allows."""
    body = body_of("woman")
    placement = place(body, Pose(math.radians(90.0), -0.15))
    x, y, z = placement.rotation.T
    assert z[0] < -0.9
    assert x[2] > 0.9
    assert np.allclose(np.cross(z, x), y)


def test_angles_turn_in_the_documented_order(body_of: BodyOf) -> None:
    """Rotate about the beam first, then fan about the turned x, then rock about y."""
    body = body_of("woman")
    rest = place(body, CHEST).rotation
    fanned = place(body, CHEST.rotated(30.0).tilted(12.0)).rotation
    turned = place(body, CHEST.rotated(30.0)).rotation
    assert np.allclose(fanned[:, 0], turned[:, 0])  # a fan keeps the array's axis
    assert math.degrees(math.acos(fanned[:, 2] @ rest[:, 2])) == pytest.approx(12.0)
    rocked = place(body, CHEST.rocked(10.0)).rotation
    assert np.allclose(rocked[:, 1], rest[:, 1])
    assert rocked[:, 2] @ rest[:, 0] > 0.0  # towards the marker


def test_pressure_lifts_and_squeezes(body_of: BodyOf) -> None:
    """No pressure is a gap of air; more pressure is a thinner soft layer, up to a quarter of it."""
    body = body_of("woman")
    lifted, usual, firm = (place(body, CHEST.pressed(p)) for p in (0.0, 0.5, 1.0))
    assert lifted.lift_m == pytest.approx(0.008)
    assert lifted.compression_m == 0.0
    assert usual.lift_m == firm.lift_m == 0.0
    assert 0.0 < usual.compression_m < firm.compression_m
    assert firm.compression_m == pytest.approx(FIRM_COMPRESSION * firm.compressible_m)


@pytest.mark.slow
def test_a_heavier_body_has_more_to_squeeze(body_of: BodyOf) -> None:
    """The soft layer of the big man is thicker than that of the small woman."""
    assert place(body_of("man"), CHEST).compressible_m > 1.1 * place(body_of("woman"), CHEST).compressible_m


def test_slides_walk_on_the_skin_and_can_be_folded_in(body_of: BodyOf) -> None:
    """A slide goes as far as it says, and `settle` gives the same placement without slides."""
    body = body_of("woman")
    start = np.array(place(body, CHEST).face_torso)
    slid = CHEST.slid(along_mm=20.0, across_mm=-15.0)
    placement = place(body, slid)
    assert np.linalg.norm(np.array(placement.face_torso) - start) == pytest.approx(0.025, rel=0.06)
    settled = settle(body, slid)
    assert settled.slide_along_m == settled.slide_across_m == 0.0
    assert np.allclose(place(body, settled).torso_from_probe(), placement.torso_from_probe(), atol=1e-6)
    assert place(body, CHEST.slid(along_mm=5.0)).face_torso[2] > start[2]


def test_a_clicked_point_becomes_a_pose(body_of: BodyOf) -> None:
    """Dragging: the pose at a skin point lands on it and keeps the angles."""
    body = body_of("woman")
    target = point_on_skin(body, -2.0, -0.18)
    pose = pose_at_skin_point(body, target, CHEST.tilted(5.0).pressed(0.7))
    assert np.allclose(place(body, pose).face_torso, target, atol=2e-4)
    assert pose.fan_rad == pytest.approx(math.radians(5.0))
    assert pose.pressure == 0.7


def test_placing_is_quick(body_of: BodyOf) -> None:
    """Half a millisecond of processor time; bounded loosely, because a slow machine is not a failure."""
    body = body_of("woman")
    place(body, CHEST)
    times = []
    for _ in range(20):
        start = time.process_time()
        place(body, CHEST)
        times.append(time.process_time() - start)
    assert min(times) < 0.015


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("zone", list(ZONES))
def test_every_zone_of_every_body_has_a_window_over_lung(body_of: BodyOf, name: str, zone: str) -> None:
    """The central beam meets skin, fat, muscle, lung and no bone; it is square to the pleura and in the zone."""
    body = body_of(name)
    for intercostal in (False, True):
        pose = zone_pose(body, zone, intercostal=intercostal)
        assert zone_at(pose.azimuth_rad, -pose.height_m / body.notch_to_rib10_m) == zone
        labels = central_line(body, pose)
        kinds = [Tissue(int(v)) for v in dict.fromkeys(labels.tolist()) if v not in (Tissue.AIR, Tissue.GLAND)]
        assert kinds[:4] == [Tissue.SKIN, Tissue.FAT, Tissue.MUSCLE, Tissue.LUNG]
        placement = place(body, pose)
        depth = 5e-4 * int(np.argmax(labels == Tissue.LUNG))
        steps = 0.004 * np.concatenate([np.eye(3), -np.eye(3)])
        at = np.array(placement.face_torso) + depth * placement.rotation[:, 2]
        values = np.asarray(body.sample("pleura", at + steps))
        normal = values[:3] - values[3:]
        cosine = float(-normal @ placement.rotation[:, 2] / np.linalg.norm(normal))
        assert math.degrees(math.acos(min(1.0, cosine))) < 6.0
        assert max(abs(pose.fan_rad), abs(pose.rock_rad)) <= math.radians(15.0) + 1e-9


@pytest.mark.parametrize("zone", ["R1", "R2", "R4", "L4", "R6", "L6"])
def test_a_longitudinal_plane_shows_two_ribs_about_the_window(body_of: BodyOf, zone: str) -> None:
    """The bat sign: a rib on each side, 20-40 mm apart, the pleura a few millimetres deeper than their surface."""
    body = body_of("woman")
    placement = place(body, zone_pose(body, zone))
    x, _, z = placement.rotation.T
    along = np.arange(-0.035, 0.0351, 0.0005)
    depth = np.arange(0.0, 0.08, 0.001)
    points = np.array(placement.face_torso) + along[:, None, None] * x + depth[None, :, None] * z
    labels = state_of(body).tissue(points)
    rib = np.isin(labels, (Tissue.BONE, Tissue.CARTILAGE)).any(axis=1)
    middle = int(np.argmin(np.abs(along)))
    assert not rib[middle]
    upper, lower = along[middle:][rib[middle:]], along[:middle][rib[:middle]]
    assert len(upper)
    assert len(lower)
    assert 0.010 < upper.min() - lower.max() < 0.040  # the window between them
    first_rib = depth[np.argmax(np.isin(labels[rib], (Tissue.BONE, Tissue.CARTILAGE)), axis=1)].min()
    pleura = depth[np.argmax(labels[middle] == Tissue.LUNG)]
    assert 0.003 < pleura - first_rib < 0.020


@pytest.mark.parametrize("zone", ["R4", "L4", "R6", "L6"])
def test_lower_zones_end_at_the_curtain(body_of: BodyOf, zone: str) -> None:
    """Below the lower lateral and posterior windows come diaphragm and what is under it, within 60 mm."""
    body = body_of("woman")
    placement = place(body, zone_pose(body, zone))
    x, _, z = placement.rotation.T
    points = np.array(placement.face_torso) - np.linspace(0.0, 0.06, 61)[:, None] * x + 0.045 * z
    labels = set(state_of(body).tissue(points).tolist())
    assert labels & {Tissue.DIAPHRAGM, Tissue.LIVER, Tissue.SPLEEN, Tissue.ABDOMEN, Tissue.KIDNEY}


def test_sweeps_cover_their_zones(body_of: BodyOf) -> None:
    """Several different poses a zone, all in the zone, over more than one space where the zone holds more."""
    body = body_of("woman")
    for key in ZONES:
        poses = zone_sweep(body, key)
        assert 4 <= len(poses) <= SWEEP_POSES[1], key
        assert len(set(poses)) == len(poses)
        for pose in poses:
            assert zone_at(pose.azimuth_rad, -pose.height_m / body.notch_to_rib10_m) == key
