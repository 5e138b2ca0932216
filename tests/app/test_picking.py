"""What is pressed on is what is seen: the trunk's skin, and not the skin behind an arm."""

from __future__ import annotations

import math

import fakes
import numpy as np
import pytest
import standin

from simulator.anatomy.mesh import Mesh
from simulator.app.hospital import Hospital
from simulator.app.picking import Outside, seen_point
from simulator.render.camera import VIEWS_RAD, Camera

BODY = standin.trunk_body()
UP = np.array([0.0, 0.0, 1.0])


def with_bar(gap_m: float) -> Mesh:
    """The stand-in's skin, and a sheet across the chest as an arm would be, so far before it."""
    vertices, faces, normals = standin.skin_mesh(BODY)
    y = float(vertices[:, 1].max()) + gap_m
    bar = np.array([[-0.2, y, -0.12], [0.2, y, -0.12], [-0.2, y, -0.08], [0.2, y, -0.08]])
    more = np.array([[0, 1, 2], [2, 1, 3]]) + len(vertices)
    out = np.tile([0.0, 1.0, 0.0], (4, 1))
    return Mesh(np.concatenate([vertices, bar]), np.concatenate([faces, more]), np.concatenate([normals, out]))


def test_a_ray_meets_the_first_triangle() -> None:
    outside = Outside.of(with_bar(0.1))
    y = float(with_bar(0.1).vertices[:, 1].max())
    origin = np.array([0.03, y + 0.5, -0.1])
    assert outside.met_m(origin, np.array([0.0, -1.0, 0.0])) == pytest.approx(0.5, abs=1e-6)
    assert outside.met_m(origin, np.array([0.0, 1.0, 0.0])) == math.inf
    assert outside.met_m(origin + UP, np.array([0.0, -1.0, 0.0])) == math.inf


def test_skin_behind_an_arm_is_not_met_and_a_press_there_is_answered() -> None:
    class World(fakes.FakeWorld):
        def skin(self, body: object, posture: str, arms: str = "") -> Mesh:
            return with_bar(0.06)

    program = fakes.scanning(World())
    origin = np.array([0.03, 1.0, 0.0])
    down = np.array([0.0, -1.0, 0.0])
    assert program.pointed_at(origin - 0.20 * UP, down, True) is not None
    assert program.state.notice is None
    assert program.pointed_at(origin - 0.10 * UP, down, False) is None
    assert program.state.notice is None, "a drag that passes over an arm is no reason for a word"
    assert program.pointed_at(origin - 0.10 * UP, down, True) is None
    assert program.state.notice is not None
    assert "trunk" in program.state.notice.text
    assert program.pointed_at(origin + 2.0 * UP, down, True) is None, "past the patient"


def test_the_chest_that_breath_lifts_hides_nothing() -> None:
    outside = Outside.of(with_bar(0.004))
    point, elsewhere = seen_point(BODY, outside, np.array([0.0, 1.0, -0.1]), np.array([0.0, -1.0, 0.0]))
    assert point is not None
    assert not elsewhere


@pytest.mark.slow
@pytest.mark.parametrize("posture", ["supine", "sitting", "lateral_left"])
def test_on_a_person_the_trunk_is_met_and_arms_and_head_are_not(posture: str) -> None:
    world = Hospital()
    body = world.open("normal_young_woman").patient(posture, lambda share, what: None).body
    skin = world.skin(body, posture)
    assert world.skin(body, posture) is skin, "made once for drawing and for picking"
    outside = Outside.of(skin)
    assert skin.paint is not None
    trunk = (
        (skin.paint[:, 0] < 0.05) & (skin.vertices[:, 2] < -0.09) & (skin.vertices[:, 2] > body.grid.origin_m[2] + 0.03)
    )
    other = (skin.paint[:, 0] > 0.95) | (skin.vertices[:, 2] > 0.10)
    for yaw in VIEWS_RAD.values():
        eye = Camera(yaw_rad=yaw).eye_torso
        for chosen in (trunk, other):
            counted = [0, 0]
            for index in np.flatnonzero(chosen)[::31]:
                vertex = skin.vertices[index].astype(np.float64)
                way = vertex - eye
                far = float(np.linalg.norm(way))
                facing = -float(skin.normals[index] @ way) / far
                if facing < 0.3 or outside.met_m(eye, way / far) < far - 0.002:
                    continue  # it is not seen from here
                point, elsewhere = seen_point(body, outside, eye, way / far)
                right = elsewhere if chosen is other else point is not None and np.linalg.norm(point - vertex) < 0.02
                counted[int(right)] += 1
            assert counted[1] > 5
            assert counted[0] <= 0.02 * counted[1], (posture, yaw)
