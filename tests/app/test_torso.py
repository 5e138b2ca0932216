"""The 3D view: its camera agrees with its picture, and picking with the skin."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import replace

import moderngl
import numpy as np
import pytest
import standin

from simulator.anatomy.layers import GROUPS
from simulator.app.picking import skin_point
from simulator.app.state import FADES
from simulator.geometry import Pose
from simulator.physiology.chest_wall import wall_shift_m
from simulator.probe import CONVEX, PRESETS, TRANSDUCERS, Transducer
from simulator.render.beam_plane import sector_sheet
from simulator.render.camera import LYING, VIEWS_RAD, Camera
from simulator.render.footprint import footprint_mesh, half_size_m
from simulator.render.probe_model import probe_mesh
from simulator.render.sector import Zoom, image_geometry, zoomed
from simulator.render.seen_box import seen_box
from simulator.render.torso import TorsoView
from simulator.render.torso_layers import LAYERS, SOLID_LAYERS
from simulator.render.torso_scene import TorsoScene

BODY = standin.trunk_body()


@pytest.mark.parametrize("aspect", [0.5, 1.0, 1.7])
@pytest.mark.parametrize("yaw", [0.0, 1.0, math.pi, -2.0])
@pytest.mark.parametrize("lying", [0.0, 1.0, -0.4])
def test_a_projected_point_lies_on_its_ray(aspect: float, yaw: float, lying: float) -> None:
    camera = Camera(yaw_rad=yaw, pitch_rad=0.3, lying=lying)
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


@pytest.mark.parametrize("posture", sorted(LYING))
@pytest.mark.parametrize("yaw_deg", [0.0, 40.0, 140.0, 180.0])
def test_who_lies_on_a_side_has_the_bed_below(posture: str, yaw_deg: float) -> None:
    lying = LYING[posture]
    camera = Camera(yaw_rad=lying * math.radians(yaw_deg), pitch_rad=0.0, lying=lying)
    middle = np.array(camera.target_torso)
    under, head = camera.project(middle + np.array([[-0.1 * lying, 0.0, 0.0], [0.0, 0.0, 0.1]]), 0.5) - 0.5
    assert under[1] > 0.02
    assert abs(under[0]) < 0.1 * under[1], "straight down"
    assert head[0] * (lying if yaw_deg < 90.0 else -lying) > 0.05, "seen from behind the head is on the other side"
    ends = camera.project(np.array([[0.0, -0.1, 0.02], [0.0, -0.1, -0.37]]), 0.5)
    assert ends.min() > 0.02, "the whole trunk fits a narrow pane"
    assert ends.max() < 0.98


def test_from_the_ceiling_the_head_is_on_top() -> None:
    for lying, yaw in ((1.0, VIEWS_RAD["right"]), (-1.0, VIEWS_RAD["left"])):
        lies, stands = (Camera(yaw_rad=yaw, lying=share) for share in (lying, 0.0))
        np.testing.assert_allclose(lies.axes_torso(), stands.axes_torso(), atol=1e-12)
    turns = [Camera(yaw_rad=math.radians(yaw), lying=1.0).roll_rad for yaw in range(-180, 181)]
    assert np.abs(np.diff(turns)).max() < math.radians(6.0), "it leans no faster than a hand can follow"


@pytest.mark.parametrize("yaw", [0.0, 0.7, -1.5, math.pi])
@pytest.mark.parametrize("lying", [0.0, 1.0])
def test_picking_finds_the_skin(yaw: float, lying: float) -> None:
    camera = Camera(yaw_rad=yaw, lying=lying)
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


SIDE = standin.place(BODY, Pose(0.5, -0.1))


def test_only_the_probe_is_drawn_again_while_only_the_probe_moves(view: TorsoView) -> None:
    first = picture(view, scene(placement=SIDE))
    bodies = view.bodies
    elsewhere = standin.place(BODY, Pose(-0.6, -0.25, rotate_rad=0.7))
    picture(view, scene(placement=elsewhere, transducer=TRANSDUCERS["phased"], depth_m=0.2))
    again = picture(view, scene(placement=SIDE))
    assert view.bodies == bodies
    assert np.array_equal(again, first), "and nothing is left where it was"
    picture(view, scene(placement=SIDE, camera=Camera(yaw_rad=0.3)))
    assert view.bodies == bodies + 1


def test_a_picture_in_parts_is_the_picture_in_one(view: TorsoView) -> None:
    picture(view, scene(placement=standin.place(BODY, Pose(-0.6, -0.25))))
    parts = picture(view, scene(placement=SIDE))
    view.set_body(*standin.skin_mesh(BODY), BODY.axis_y_m, BODY.notch_to_rib10_m)
    assert np.array_equal(parts, picture(view, scene(placement=SIDE)))


@pytest.mark.parametrize("transducer", TRANSDUCERS.values(), ids=lambda t: t.key)
def test_the_box_holds_the_probe_and_its_plane(view: TorsoView, transducer: Transducer) -> None:
    for yaw in (0.0, 1.2, math.pi):
        given = scene(transducer=transducer, camera=Camera(yaw_rad=yaw), placement=SIDE, depth_m=0.16)
        without = picture(view, replace(given, placement=None))
        rows, columns = np.nonzero(np.abs(picture(view, given) - without).sum(axis=-1))
        sheet, _ = sector_sheet(transducer, 0.16, None)
        x, y, wide, tall = seen_box(given.camera, (240, 300), (SIDE,), sheet[:, :2])
        assert x <= columns.min()
        assert columns.max() < x + wide
        assert 300 - y - tall <= rows.min()
        assert rows.max() < 300 - y


@pytest.mark.parametrize("transducer", TRANSDUCERS.values(), ids=lambda t: t.key)
def test_the_footprint_is_as_large_as_the_face_and_its_bar_is_on_the_markers_side(transducer: Transducer) -> None:
    vertices, faces = footprint_mesh(transducer)
    half_x, half_y = half_size_m(transducer)
    assert faces.max() < len(vertices)
    assert half_x < -vertices[:, 0].min() < half_x + 0.008, "around the face"
    assert half_y < vertices[:, 1].max() < half_y + 0.008
    assert vertices[:, 0].max() > -vertices[:, 0].min() + 0.003, "the bar of the marker stands out"


def test_a_frozen_image_stays_in_the_body_where_it_was_taken(view: TorsoView, gl_context: moderngl.Context) -> None:
    white = gl_context.texture((8, 8), 1, b"\xff" * 64)
    moved = standin.place(BODY, Pose(-0.5, -0.1))
    geometry = image_geometry(CONVEX, PRESETS["convex"], (8, 8))

    def shown(placement: object, taken: object, zoom: Zoom | None = None) -> np.ndarray:
        given = scene(placement=placement, image_placement=taken)
        texture = view.draw(given, (240, 300), white, zoomed(geometry, zoom), (placement, taken, zoom))
        return np.frombuffer(texture.read(), np.uint8).reshape(300, 240, 4)[::-1, :, :3].astype(int)

    live, frozen = shown(SIDE, None), shown(moved, SIDE)
    bright = live.sum(axis=-1) > 650
    assert bright.sum() > 100
    assert (frozen.sum(axis=-1) > 650)[bright].mean() > 0.9, "the image is where it was"
    part = shown(SIDE, None, Zoom(3.0, (0.0, 0.06)))
    left = (part.sum(axis=-1) > 650)[bright].mean()
    assert 0.03 < left < 0.6, "a magnified image covers the part of the plane that it shows"


def test_layers_fade_one_by_one(view: TorsoView) -> None:
    view.set_layers([standin.layer("organs", BODY), standin.layer("lungs", BODY)])
    plain = picture(view, scene())

    def seen(**fades: float) -> np.ndarray:
        return picture(view, scene(show_inside=True, fades={"skin": 1.0, "lungs": 0.0, "organs": 0.0, **fades}))

    assert np.array_equal(seen(), plain), "an opaque skin hides all"
    thin, gone = seen(skin=0.3, organs=1.0), seen(skin=0.0, organs=1.0)
    nothing = seen(skin=0.0)
    half = seen(skin=0.0, organs=0.5)
    for a, b in ((thin, plain), (gone, thin), (half, gone), (half, nothing)):
        assert (np.abs(a - b).sum(axis=-1) > 20).sum() > 1000
    assert np.abs(nothing[150, 120]).sum() < 120, "with all of them gone the room is empty"
    assert set(SOLID_LAYERS) == set(GROUPS)
    assert set(LAYERS) == {*SOLID_LAYERS, "skin", "zones", "slice"} == set(FADES)


def test_nothing_shines_through_what_covers_it(view: TorsoView) -> None:
    bare, chest = picture(view, scene(show_zones=False)), (slice(110, 200), slice(90, 150))
    bones = standin.layer("bones", BODY)
    forward = (bones.mesh.vertices + np.array([0.0, 0.05, 0.0])).astype(np.float32)  # breaks through the skin
    mesh = replace(bones.mesh, vertices=forward)
    muscle = standin.layer("muscle", BODY)
    grey = replace(bones, mesh=mesh, colours=np.full_like(bones.colours, 0.5))
    view.set_layers([grey, replace(muscle, colours=np.full_like(muscle.colours, 0.9))])

    def seen(**fades: float) -> np.ndarray:
        gone = {"skin": 0.0, "bones": 0.0, "muscle": 0.0}
        return picture(view, scene(show_zones=False, show_inside=True, fades={**gone, **fades}))

    assert np.array_equal(seen(skin=1.0, bones=1.0, muscle=0.5)[chest], bare[chest]), "a whole skin hides all"
    alone, muscle_only = seen(bones=1.0), seen(muscle=1.0)
    middle = (150, 120)
    assert np.abs(seen(bones=1.0, muscle=1.0)[middle] - alone[middle]).max() <= 2, "bone on the muscle is seen"
    half = seen(bones=0.5, muscle=1.0)[middle]
    assert np.abs(half - 0.5 * (alone + muscle_only)[middle]).max() <= 4, "and what it lies on through it, not the room"


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


@pytest.mark.parametrize("breath", [1.0, 3.8])
def test_chest_and_belly_rise_where_they_are_said_to(view: TorsoView, breath: float) -> None:
    camera = Camera(yaw_rad=0.5 * math.pi)  # from the side: the front is an outline
    size = (400, 500)

    def outline(moment: TorsoScene) -> np.ndarray:
        """The first and last columns of skin in each row, from 0 to 1."""
        skin = picture(view, moment, size).sum(axis=-1) > 150
        return np.where(skin.any(axis=1), np.stack([skin.argmax(axis=1), 399 - skin[:, ::-1].argmax(axis=1)]), -1)

    still, risen = (outline(scene(camera=camera, show_zones=False, breath=b)) for b in (0.0, breath))
    for height in (0.3, 0.95):
        z = -height * BODY.notch_to_rib10_m
        front = skin_point(BODY, np.array([0.0, 0.5, z]), np.array([0.0, -1.0, 0.0]))
        assert front is not None
        shift = wall_shift_m(front, breath, BODY.axis_y_m, BODY.notch_to_rib10_m)
        ends = camera.project(np.stack([front, front + shift]), size[0] / size[1]) * np.array(size)
        row = round(float(ends[:, 1].mean()))
        moved = risen[:, row] - still[:, row]
        wide, narrow = np.abs(moved).max(), np.abs(moved).min()
        assert wide == pytest.approx(abs(ends[1, 0] - ends[0, 0]), abs=2.5), "pixels"
        assert wide > 0
        assert narrow <= 1, "the back lies still"


def test_the_probe_rides_on_the_skin(view: TorsoView) -> None:
    placement = standin.place(BODY, Pose(0.5, -0.1))
    asked = scene(placement=placement, image_placement=placement, breath=3.8)
    ridden = asked.carried(BODY.axis_y_m, BODY.notch_to_rib10_m)
    assert ridden.placement is not None
    face = np.array(placement.face_torso)
    shift = wall_shift_m(face, 3.8, BODY.axis_y_m, BODY.notch_to_rib10_m)
    assert np.linalg.norm(shift) > 0.008
    np.testing.assert_allclose(np.array(ridden.placement.face_torso) - face, shift)
    assert ridden.image_placement == ridden.placement
    assert scene(placement=placement).carried(BODY.axis_y_m, BODY.notch_to_rib10_m).placement == placement
    drawn, plain = picture(view, asked), picture(view, scene(breath=3.8))
    rows, columns = np.nonzero(np.abs(drawn - plain).sum(axis=-1) > 30)
    u, v = Camera().project(face + shift, 0.8)
    assert np.hypot(columns - 240 * u, rows - 300 * v).min() < 4.0


def test_lungs_and_liver_descend_and_the_heart_beats(view: TorsoView) -> None:
    view.set_layers([standin.layer(group, BODY) for group in ("organs", "lungs")])
    shown = {"show_inside": True, "fades": {**FADES, "skin": 0.0, "zones": 0.0}}
    still, breathed = picture(view, scene(**shown)), picture(view, scene(**shown, breath=1.0))
    assert (np.abs(breathed - still).sum(axis=-1) > 20).sum() > 100
    heart = replace(standin.layer("organs", BODY), name="Heart")
    view.set_layers([heart])
    diastole, systole = picture(view, scene(**shown)), picture(view, scene(**shown, contraction=1.0))
    empty = picture(view, scene(show_inside=True, fades={"skin": 0.0}))
    sizes = [int((np.abs(one - empty).sum(axis=-1) > 20).sum()) for one in (diastole, systole)]
    assert sizes[1] < sizes[0], "it is smaller in systole"
    assert (picture(view, scene(**shown, breath=1.0)) == diastole).all(), "in the image, too, it does not descend"
