"""The 3D view: its camera agrees with its picture, and picking with the skin."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator

import moderngl
import numpy as np
import pytest
import standin

from simulator.app.picking import skin_point
from simulator.geometry import Pose
from simulator.probe import CONVEX, TRANSDUCERS
from simulator.render.camera import Camera
from simulator.render.probe_model import probe_mesh
from simulator.render.torso import TorsoView
from simulator.render.torso_scene import TorsoScene

BODY = standin.trunk_body()


@pytest.mark.parametrize("aspect", [0.5, 1.0, 1.7])
@pytest.mark.parametrize("yaw", [0.0, 1.0, math.pi, -2.0])
def test_a_projected_point_lies_on_its_ray(aspect: float, yaw: float) -> None:
    camera = Camera(yaw_rad=yaw, pitch_rad=0.3)
    point = np.array([0.05, -0.02, -0.2])
    u, v = camera.project(point, aspect)
    origin, direction = camera.ray(float(u), float(v), aspect)
    along = (point - origin) @ direction
    assert np.linalg.norm(origin + along * direction - point) < 1e-9


def test_the_patients_right_is_on_the_left_of_the_screen() -> None:
    front = Camera()
    right, left = front.project(np.array([[0.1, 0.0, -0.1], [-0.1, 0.0, -0.1]]), 1.0)
    assert right[0] < 0.5 < left[0]
    up, down = front.project(np.array([[0.0, 0.0, 0.0], [0.0, 0.0, -0.3]]), 1.0)
    assert up[1] < down[1]


@pytest.mark.parametrize("yaw", [0.0, 0.7, -1.5, math.pi])
def test_picking_finds_the_skin(yaw: float) -> None:
    camera = Camera(yaw_rad=yaw)
    point = skin_point(BODY, *camera.ray(0.47, 0.5, 0.6))
    assert point is not None
    assert abs(float(BODY.sample("skin", point))) < 0.001
    assert (point - np.array([0.0, BODY.axis_y_m, point[2]])) @ (camera.eye_torso - point) > 0.0, "the near side"


def test_a_ray_past_the_patient_finds_nothing() -> None:
    assert skin_point(BODY, *Camera().ray(0.01, 0.01, 0.6)) is None
    assert skin_point(BODY, np.array([0.0, 2.0, 0.0]), np.array([0.0, 1.0, 0.0])) is None


def test_picking_is_fast_enough_for_a_hand() -> None:
    ray = Camera().ray(0.45, 0.5, 0.6)
    skin_point(BODY, *ray)
    times = []
    for _ in range(9):
        start = time.process_time()
        skin_point(BODY, *ray)
        times.append(time.process_time() - start)
    assert min(times) < 0.025  # 1 ms of processor time; a slow machine is not a failure


@pytest.mark.parametrize("transducer", TRANSDUCERS.values(), ids=lambda t: t.key)
def test_the_probe_stands_on_its_face(transducer: object) -> None:
    vertices, faces = probe_mesh(transducer)  # type: ignore[arg-type]
    assert np.isfinite(vertices).all()
    assert vertices[:, 2].max() == pytest.approx(0.0, abs=0.002)
    assert faces.max() < len(vertices)
    glowing = vertices[vertices[:, 9] > 1.5]
    assert len(glowing), "there is a marker"
    assert glowing[:, 0].min() > 0.0, "on the side of +x"


def picture(view: TorsoView, scene: TorsoScene, size: tuple[int, int] = (240, 300)) -> np.ndarray:
    texture = view.draw(scene, size)
    return np.frombuffer(texture.read(), np.uint8).reshape(size[1], size[0], 4)[::-1, :, :3].astype(int)


@pytest.fixture
def view(gl_context: moderngl.Context) -> Iterator[TorsoView]:
    with gl_context:  # there may be other contexts in this process
        made = TorsoView(gl_context)
        made.set_body(*standin.skin_mesh(BODY), BODY.axis_y_m, BODY.notch_to_rib10_m)
        yield made


def scene(**changes: object) -> TorsoScene:
    given = {"camera": Camera(), "placement": None, "transducer": CONVEX, "depth_m": 0.1, "posture": "sitting"}
    return TorsoScene(**{**given, **changes})  # type: ignore[arg-type]


def test_skin_is_where_the_ray_meets_it(view: TorsoView) -> None:
    drawn = picture(view, scene(show_zones=False))
    bright = drawn.sum(axis=-1) > 150
    hit = np.zeros_like(bright)
    for row in range(40, 280, 24):
        for column in range(54, 190, 24):
            ray = Camera().ray((column + 0.5) / 240, (row + 0.5) / 300, 0.8)
            point = skin_point(BODY, *ray)
            hit[row, column] = point is not None and -0.33 < point[2] < -0.02
            assert not hit[row, column] or bright[row, column], (row, column)
    assert hit.sum() > 10


def test_a_chosen_zone_and_an_answered_one_are_tinted(view: TorsoView) -> None:
    plain = picture(view, scene())
    chosen = picture(view, scene(selected=0))
    answered = picture(view, scene(zone_states=(2,) + (0,) * 11))
    for other in (chosen, answered):
        changed = np.abs(other - plain).sum(axis=-1) > 12
        rows, columns = np.nonzero(changed)
        assert len(rows) > 300
        assert columns.max() < 120, "R1 is on the left of the screen seen from the front"
        assert rows.max() < 200


def test_the_probe_is_seen_and_its_plane(view: TorsoView) -> None:
    placement = standin.place(BODY, Pose(0.5, -0.1))
    plain, probe = picture(view, scene()), picture(view, scene(placement=placement, show_fan=False))
    fan = picture(view, scene(placement=placement))
    assert (np.abs(probe - plain).sum(axis=-1) > 30).sum() > 200
    assert (np.abs(fan - probe).sum(axis=-1) > 30).sum() > 100


def test_nothing_is_drawn_twice(view: TorsoView, monkeypatch: pytest.MonkeyPatch) -> None:
    view.draw(scene(), (120, 150))
    drawn: list[object] = []
    monkeypatch.setattr(view, "_draw", lambda *inputs: drawn.append(inputs))
    view.draw(scene(), (120, 150))
    assert drawn == []
    view.draw(scene(show_fan=False), (120, 150))
    assert len(drawn) == 1


def test_cloth_and_skin_have_their_own_colours(view: TorsoView) -> None:
    vertices, faces, normals = standin.skin_mesh(BODY)
    paint = np.tile(np.array([0.0, 1.0, 1.0, 1.0, 0.0]), (len(vertices), 1))
    paint[:, 1] = vertices[:, 2] + 0.2  # the drape covers what is lower than 20 cm below the notch

    def drawn(tone: tuple[float, float, float]) -> np.ndarray:
        view.set_body(vertices, faces, normals, BODY.axis_y_m, BODY.notch_to_rib10_m, paint=paint, skin_linear=tone)
        return picture(view, scene(show_zones=False))

    light, deep = drawn((0.6, 0.4, 0.31)), drawn((0.105, 0.054, 0.036))
    for part, point in (("skin", (0.05, 0.0, -0.1)), ("drape", (0.05, 0.0, -0.3))):
        u, v = Camera().project(np.array(point), 0.8)
        a, b = (p[int(v * 300), int(u * 240)] for p in (light, deep))
        if part == "skin":
            assert a.sum() > b.sum() + 150
        else:
            assert np.abs(a - b).max() <= 2
            assert a[2] > a[0], "cloth is blue-green"


def test_an_arm_is_no_place_for_the_probe(view: TorsoView) -> None:
    assert skin_point(BODY, np.array([0.5, BODY.axis_y_m, -0.02]), np.array([-1.0, 0.0, 0.0])) is None
    assert skin_point(BODY, np.array([0.5, BODY.axis_y_m, -0.12]), np.array([-1.0, 0.0, 0.0])) is not None
