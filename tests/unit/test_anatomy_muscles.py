"""Each muscle is where a sonographer meets it, in the order and thickness in which they lie."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from anatomy_bodies import BODIES

from simulator.anatomy.body import Body
from simulator.anatomy.contact import point_on_skin
from simulator.anatomy.muscles import SEEN, borders_m, inner_share, intercostal_m, muscle_at, seen_shares
from simulator.anatomy.palette import MUSCLES, Part
from simulator.anatomy.slab import slab_body
from simulator.anatomy.zones import ZONES

BodyOf = Callable[[str], Body]
STEP_M = 2.5e-4
P = Part


def found(body: Body, azimuth_deg: float, height: float) -> dict[Part, float]:
    """Muscles from the fat down to the pleura on the way from the skin to the long axis, and how thick each is, mm."""
    skin = point_on_skin(body, math.radians(azimuth_deg), -height * body.notch_to_rib10_m)
    inwards = np.array([0.0, body.axis_y_m, skin[2]]) - skin
    points = skin + np.arange(0.0, 0.12, STEP_M)[:, None] * inwards / np.linalg.norm(inwards)
    muscle_m, pleura_m = body.sample("muscle", points), body.sample("pleura", points)
    wall = (muscle_m < 0.0) & (pleura_m > 0.0) & (np.cumsum(pleura_m < 0.0) == 0)
    parts: npt.NDArray[np.uint8] = muscle_at(body, points[wall], muscle_m[wall], pleura_m[wall])
    order = list(dict.fromkeys(parts.tolist()))
    return {Part(code): float((parts == code).sum()) * STEP_M * 1e3 for code in order}


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("side", [1.0, -1.0])
def test_zones_lie_over_their_muscles(body_of: BodyOf, name: str, side: float) -> None:
    """From the skin down: pectorals, serratus at the side, trapezius over rhomboids, latissimus; intercostals last."""
    body = body_of(name)
    expected = {
        "R1": [P.PECTORALIS_MAJOR, P.PECTORALIS_MINOR, P.INTERCOSTALS],
        "R3": [P.SERRATUS, P.INTERCOSTALS],
        "R4": [P.SERRATUS, P.INTERCOSTALS],
        "R5": [P.TRAPEZIUS, P.RHOMBOIDS, P.INTERCOSTALS],
        "R6": [P.LATISSIMUS, P.INTERCOSTALS],
    }
    for zone, muscles in expected.items():
        azimuth_deg, height = ZONES[zone].centre
        assert list(found(body, side * azimuth_deg, height)) == muscles, zone


@pytest.mark.parametrize("name", BODIES)
def test_muscles_away_from_the_zones(body_of: BodyOf, name: str) -> None:
    """Erector spinae beside the spine, serratus under the latissimus, the belly's muscles below the costal margin."""
    body = body_of(name)
    assert list(found(body, 168.0, 0.25))[:2] == [P.TRAPEZIUS, P.ERECTOR_SPINAE]
    assert P.ERECTOR_SPINAE in found(body, 167.0, 0.60)
    assert list(found(body, 116.0, 0.50))[:2] == [P.LATISSIMUS, P.SERRATUS]
    assert P.PECTORALIS_MAJOR not in found(body, 20.0, -0.10)  # the neck
    assert next(iter(found(body, 70.0, 0.92))) == P.OBLIQUE
    assert next(iter(found(body, 18.0, 0.95))) == P.BELLY
    assert next(iter(found(body, 100.0, 0.05))) == P.SHOULDER


@pytest.mark.parametrize("name", BODIES)
def test_intercostals_are_everywhere_between_ribs(body_of: BodyOf, name: str) -> None:
    """On the pleura of every zone, as thick as a rib or a little less: 5-10 mm (clinical.md D.4)."""
    body = body_of(name)
    assert 0.005 < intercostal_m(body) < 0.010
    for zone in ZONES.values():
        for aside_deg in (-12.0, 0.0, 12.0):
            parts = found(body, zone.sign * (zone.centre[0] + aside_deg), zone.centre[1])
            assert list(parts)[-1] == P.INTERCOSTALS, zone.key
            assert parts[P.INTERCOSTALS] > 4.0, zone.key
            assert set(parts) <= set(MUSCLES)


def test_thicknesses_are_those_of_textbooks(body_of: BodyOf) -> None:
    """Pectoralis major 5-20 mm, serratus with latissimus 5-15, clinical.md D.4; the minor is the thinner."""
    body = body_of("woman")
    front = found(body, *ZONES["R1"].centre)
    assert 5.0 < front[P.PECTORALIS_MAJOR] < 20.0
    assert 2.0 < front[P.PECTORALIS_MINOR] < front[P.PECTORALIS_MAJOR]
    assert 5.0 < found(body, *ZONES["R3"].centre)[P.SERRATUS] < 15.0
    assert 5.0 < found(body, *ZONES["R6"].centre)[P.LATISSIMUS] < 15.0


@pytest.mark.parametrize("back_deg", [-4.0, 0.0, 18.0])
def test_borders_are_smooth_and_nowhere_crossed(back_deg: float) -> None:
    """The share changes by less than a tenth of the thickness in 1 degree or 2 mm, and lies between 0 and 1."""
    azimuth_deg, height = np.meshgrid(np.arange(0.0, 180.5, 0.5), np.arange(-0.15, 1.3, 0.0035))
    share = inner_share(azimuth_deg, height, back_deg)
    assert share.min() >= 0.0
    assert share.max() <= 1.0
    ribs, between = borders_m(0.008, share, np.full(share.shape, -0.01), np.full(share.shape, 0.012))
    assert (between <= ribs).all()
    assert np.abs(np.diff(share, axis=0)).max() < 0.2
    assert np.abs(np.diff(share, axis=1)).max() < 0.2


def test_a_test_body_has_one_muscle() -> None:
    body = slab_body()
    points = np.array([[0.0, -0.010, 0.0], [0.02, -0.018, 0.03]])
    muscle_m, pleura_m = body.sample("muscle", points), body.sample("pleura", points)
    assert (muscle_at(body, points, muscle_m, pleura_m) == Part.MUSCLE).all()
    assert (borders_m(intercostal_m(body), np.array(0.5), muscle_m, pleura_m) < -0.1).all()


def test_what_is_seen_from_outside_is_what_lies_under_the_fat(body_of: BodyOf) -> None:
    """Shares add up to one, and the largest is the outermost muscle at the zones' centres."""
    body = body_of("woman")
    for zone in ("R1", "R3", "R5", "R6"):
        azimuth_deg, height = ZONES[zone].centre
        skin = point_on_skin(body, math.radians(azimuth_deg), -height * body.notch_to_rib10_m)
        shares = seen_shares(body, skin[None])[0]
        assert shares.sum() == pytest.approx(1.0, abs=0.01)
        assert SEEN[int(np.argmax(shares))] == next(iter(found(body, azimuth_deg, height))), zone
