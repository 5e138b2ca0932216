"""Do the scapulae go with the arms, and the drawn arms with both?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pytest

from simulator.anatomy.arms import ARMS_OF_POSTURE, HOLDS, arms_or_usual, held
from simulator.anatomy.bake import SPACING_M, _shell, bake_body
from simulator.anatomy.body import Body, Habitus
from simulator.anatomy.diaphragm import POSTURE_DROP_M
from simulator.anatomy.girdle import PLATE_HALF_M, scapula_maps
from simulator.anatomy.muscles import BORDER_DEG, muscle_at, scapulae_back_deg
from simulator.anatomy.palette import Part
from simulator.anatomy.person_shapes import WEIGHT_COLUMNS, blended, load_shapes
from simulator.anatomy.polar import AZIMUTHS
from simulator.anatomy.ribs import build_ribs
from simulator.anatomy.tubes import tubes_distance
from simulator.anatomy.windows import zone_windows
from simulator.units import MM

Array = npt.NDArray[np.float64]

HABITUS = {
    "small woman": Habitus("female", 85.0, 1.50, 40.0),
    "large woman": Habitus("female", 50.0, 1.78, 110.0),
    "small man": Habitus("male", 25.0, 1.58, 48.0),
    "large man": Habitus("male", 30.0, 2.00, 108.0),
}
SIZES = [pytest.param(name, marks=() if name == "small woman" else pytest.mark.slow) for name in HABITUS]
BEHIND_M = 13.0 * MM  # no rib is farther out from the pleura
PLATE_M = np.arange(13.5, 26.0, 0.5) * MM  # where the plate is looked for behind the ribs, from the pleura
PARAVERTEBRAL_DEG = 165.0


@lru_cache(maxsize=2)  # of some 200 MB each
def body_with(name: str, arms: str, posture: str = "sitting") -> Body:
    """One bake a body and way to hold the arms."""
    return bake_body(HABITUS[name], posture, arms=arms)


@pytest.fixture(autouse=True, scope="module")
def _nothing_stays() -> Iterator[None]:
    """The bodies go with the last of these tests: the process has others to run."""
    yield
    body_with.cache_clear()


def line_on(body: Body, channel: str, side: str, height_m: float) -> tuple[Array, Array]:
    """Azimuths (n,) from the flank to the paravertebral line in degrees, and points (n, 3) where `channel` is 0."""
    azimuth = np.radians(np.arange(90.0, 165.01, 0.25))
    sign = 1.0 if side == "R" else -1.0
    way = np.stack([sign * np.sin(azimuth), np.cos(azimuth), np.zeros(len(azimuth))], axis=1)
    axis = np.array([0.0, body.axis_y_m, height_m])
    low, high = np.full(len(azimuth), 0.02), np.full(len(azimuth), 0.25)
    for _ in range(20):
        middle = 0.5 * (low + high)
        inside = np.asarray(body.sample(channel, axis + middle[:, None] * way)) < 0.0
        low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    return np.degrees(azimuth), axis + low[:, None] * way


def off_the_wall(body: Body, side: str, height_m: float) -> tuple[Array, Array, Array]:
    """Azimuths (n,) in degrees, points (n, 3) of the pleura and its outward normals within the level (n, 3)."""
    azimuth, pleura = line_on(body, "pleura", side, height_m)
    along = np.gradient(pleura, axis=0)
    outward = np.stack([-along[:, 1], along[:, 0], 0.0 * along[:, 0]], axis=1)
    outward /= np.linalg.norm(outward, axis=1, keepdims=True)
    centre = pleura - np.array([0.0, body.axis_y_m, height_m])
    return azimuth, pleura, outward * np.sign(np.einsum("ij,ij->i", outward, centre))[:, None]


def inner_edge_deg(body: Body, side: str, height_m: float, without: Body | None = None) -> float:
    """Azimuth of the scapula's inner edge, looked for in the baked bone behind the ribs.

    What is bone `without` it, in a body with the arms elsewhere, is not looked at: vertebrae may lie behind the edge.
    """
    azimuth, pleura, outward = off_the_wall(body, side, height_m)
    plate = np.zeros(len(azimuth), dtype=bool)
    for off in PLATE_M:
        points = pleura + off * outward
        found = (np.asarray(body.sample("bone", points)) < 0.0) & (np.asarray(body.sample("pleura", points)) > BEHIND_M)
        plate |= found if without is None else found & (np.asarray(without.sample("bone", points)) > 0.0)
    ends = np.flatnonzero(np.diff(np.r_[False, plate, False].astype(int)))
    longest = int(np.argmax(ends[1::2] - ends[::2]))
    return float(azimuth[ends[2 * longest + 1] - 1])


def between_m(line: Array, azimuth_deg: Array, low_deg: float, high_deg: float) -> float:
    """Length of a line (n, 3) between two azimuths."""
    part = line[(azimuth_deg >= low_deg) & (azimuth_deg <= high_deg)]
    return float(np.linalg.norm(np.diff(part, axis=0), axis=1).sum())


def border_height_m(body: Body) -> float:
    """Height of the middle of the scapula's inner edge."""
    return body.landmarks["scapula_border_R"][2]


def test_every_posture_says_how_the_arms_are_held() -> None:
    assert set(ARMS_OF_POSTURE) == set(POSTURE_DROP_M)
    for posture, known in ARMS_OF_POSTURE.items():
        assert held(posture) == held(posture, known[0])
        assert arms_or_usual(posture, "no such way") == known[0]
        lateral = posture.startswith("lateral")
        assert (held(posture).right == held(posture).left) != lateral
    assert held("lateral_right").right == held("lateral_left").left
    assert {"forward", "beside"} <= set(ARMS_OF_POSTURE["sitting"]) & set(ARMS_OF_POSTURE["semi_recumbent"])
    with pytest.raises(ValueError, match="posture is 'standing'"):
        held("standing")
    with pytest.raises(ValueError, match="arms is 'forward'"):
        held("supine", "forward")


def test_the_scapula_turns_by_about_a_third_of_what_the_arm_is_raised() -> None:
    raised = sorted(HOLDS.values(), key=lambda hold: hold.elevation_deg)
    assert raised[0] is HOLDS["beside"]
    assert raised[0].elevation_deg < 20.0
    assert raised[-1] is HOLDS["overhead"]
    for hold in raised:
        assert 0.25 < hold.rotation_deg / hold.elevation_deg < 0.36
        assert 0.0 <= hold.protraction_m <= 50.0 * MM


@pytest.mark.parametrize("name", SIZES)
def test_arms_forward_move_the_scapulae_along_the_wall_and_open_the_window_between(name: str) -> None:
    """By 30-50 mm (E.3); with the arms beside the body their inner edges are about 50-70 mm from the midline."""
    beside, forward = body_with(name, "beside"), body_with(name, "forward")
    height = border_height_m(forward)
    for side in "RL":
        front_deg, back_deg = inner_edge_deg(forward, side, height), inner_edge_deg(beside, side, height, forward)
        azimuth, muscle = line_on(forward, "muscle", side, height)
        moved_m = between_m(muscle, azimuth, front_deg, back_deg)
        assert 30.0 * MM < moved_m < 50.0 * MM
        azimuth, skin = line_on(forward, "skin", side, height)
        narrow_m, wide_m = (between_m(skin, azimuth, deg, PARAVERTEBRAL_DEG) for deg in (back_deg, front_deg))
        assert wide_m > 1.7 * narrow_m, "the interscapular window"
        assert narrow_m > 20.0 * MM, "none is shut"
        assert 36.0 * MM < abs(beside.landmarks[f"scapula_border_{side}"][0]) < 85.0 * MM
        zone = f"{side}5"
        assert len(zone_windows(forward, zone)) > 1.15 * len(zone_windows(beside, zone)) > 20


@pytest.mark.parametrize("name", SIZES)
def test_lying_on_a_side_the_scapula_of_the_arm_under_the_head_is_turned_further(name: str) -> None:
    body = body_with(name, "", "lateral_right")
    low, up = body.landmarks["scapula_tip_R"], body.landmarks["scapula_tip_L"]
    below_deg, above_deg = (abs(np.degrees(body.azimuth_rad(np.array(point)))) for point in (low, up))
    assert above_deg - below_deg > 8.0
    bone = body.channel("bone")
    assert not np.array_equal(bone, bone[:, :, ::-1])


@pytest.mark.parametrize("arms", ["beside", "abducted", ""])
@pytest.mark.parametrize("name", SIZES)
def test_the_plate_touches_neither_ribs_nor_skin(name: str, arms: str) -> None:
    """Behind the ribs, and under the muscle's border or at most in the fat, as with the arms forward."""
    cage, skin, muscle, grid = _shell(HABITUS[name], SPACING_M)
    outline, offset = scapula_maps(cage, muscle, held("sitting", arms) if arms else held("lateral_left"))
    k, j, i = np.nonzero(np.abs(cage.surface.distance_on(grid) - 0.025) < 0.030)
    x, y, z = grid.axes_m()
    points = np.stack([x[i], y[j], z[k]], axis=1).astype(float)
    column = np.round((np.arctan2(points[:, 0], points[:, 1] - cage.surface.axis_y_m) + np.pi) * AZIMUTHS / 2.0 / np.pi)
    column = column.astype(int) % AZIMUTHS
    wall = cage.surface.distance_on(grid)[k, j, i]
    plate = np.maximum(outline[k, column], np.abs(wall - offset[k, column]) - PLATE_HALF_M) < 0.0
    assert plate.sum() > 5000, "there is a scapula on each side"
    ribs = build_ribs(cage)
    assert tubes_distance([*ribs.ribs.values(), ribs.sternum], points[plate], 0.05).min() > 1.0 * MM
    assert skin.distance_on(grid)[k, j, i][plate].max() < -3.0 * MM


@pytest.mark.parametrize("posture", sorted(ARMS_OF_POSTURE))
def test_the_drawn_arms_point_where_the_scapulae_are_told_they_do(posture: str) -> None:
    """From the middle of the upper arm's vertices to those of the elbow: the joints lie a little beside both."""
    weights = load_shapes().weights
    for arms in ARMS_OF_POSTURE[posture]:
        vertices = blended(HABITUS["small man"], posture, arms).vertices
        for side, sign in (("R", 1.0), ("L", -1.0)):
            limb, beyond = (weights[:, WEIGHT_COLUMNS.index(f"{part}_{side}")] for part in ("upper_arm", "forearm"))
            along = vertices[np.minimum(limb, beyond) > 0.3].mean(axis=0) - vertices[limb > 0.97].mean(axis=0)
            along /= np.linalg.norm(along)
            hold = held(posture, arms).side(side)
            assert np.degrees(np.arccos(-along[2])) == pytest.approx(hold.elevation_deg, abs=12.0), (arms, side)
            wanted = np.array(hold.upper_arm) * [sign, 1.0, 1.0]
            assert along @ wanted / np.linalg.norm(wanted) > np.cos(np.radians(15.0))


def test_a_bake_is_another_where_the_arms_are_and_the_same_where_they_are_not() -> None:
    forward, beside = body_with("small woman", "forward"), body_with("small woman", "beside")
    usual = bake_body(HABITUS["small woman"], "sitting")
    assert usual.content_hash == forward.content_hash
    assert beside.content_hash != forward.content_hash
    for name in ("pleura", "skin", "diaphragm", "liver", "heart"):
        far = np.abs(beside.channel(name) - forward.channel(name)) > 1e-6
        assert not far.any(), f"{name} has nothing to do with the arms"


@pytest.mark.slow
def test_the_muscles_end_where_the_scapula_does() -> None:
    """Rhomboids reach the scapula's inner edge from behind and end there; under it there is serratus."""
    assert min(scapulae_back_deg(body_with("large man", "beside"))) > 12.0
    for arms, least_deg in (("forward", -0.01), ("abducted", 2.0)):
        body = body_with("large man", arms)
        for side, back_deg in zip("RL", scapulae_back_deg(body), strict=True):
            assert least_deg < back_deg < least_deg + 9.0
            height = -0.17 * body.notch_to_rib10_m
            azimuth, pleura, outward = off_the_wall(body, side, height)

            def at(deg: float) -> set[int]:
                i = int(np.argmin(np.abs(azimuth - deg)))  # noqa: B023
                points = pleura[i] + np.arange(4.0, 40.0, 1.0)[:, None] * MM * outward[i]  # noqa: B023
                points = points[np.asarray(body.sample("muscle", points)) < 0.0]  # noqa: B023
                muscle_m, pleura_m = body.sample("muscle", points), body.sample("pleura", points)  # noqa: B023
                return set(muscle_at(body, points, muscle_m, pleura_m).tolist())  # noqa: B023

            assert Part.RHOMBOIDS not in at(BORDER_DEG + back_deg - 6.0)
            assert Part.SERRATUS in at(BORDER_DEG + back_deg - 6.0)
            assert Part.RHOMBOIDS in at(BORDER_DEG + back_deg + 7.0)
