"""The great vessels near the notch: courses, diameters, what they keep clear of, what a point in them is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from anatomy_bodies import BODIES

from simulator.anatomy.body import VESSELS, Body
from simulator.anatomy.dimensions import REFERENCE_NOTCH_TO_RIB10_M
from simulator.anatomy.doctor import overlaps
from simulator.anatomy.mesh import organ_distance
from simulator.anatomy.vessels import CURVE, REFERENCE, nearest_vessel, vessel_names
from simulator.assessment.section import field_values
from simulator.pathology.fields import healthy
from simulator.patient import Patient
from simulator.physiology.heart import ARTERY_PULSE_M
from simulator.tissue import Tissue
from simulator.units import MM

BodyOf = Callable[[str], Body]
SYSTOLE_S = 0.35 * 60.0 / 75.0


def line(body: Body, name: str) -> np.ndarray:
    """Points of a vessel's centre line within the fields and outside of the heart."""
    points = body.curves[CURVE + name].astype(float)
    top = body.grid.axes_m()[2][-1]
    return points[(points[:, 2] < top - 2.0 * MM) & (body.sample("heart", points) > 4.0 * MM)]


@pytest.mark.parametrize("name", BODIES)
def test_every_vessel_is_open_all_along(body_of: BodyOf, name: str) -> None:
    """Its centre line lies in its channel but for short narrows at the chest's inlet and under the fat of an armpit."""
    body = body_of(name)
    for vessel, reference in REFERENCE.items():
        depth = body.sample(reference.channel, line(body, vessel))
        assert (depth < 0.0).mean() > 0.85, vessel
        assert body.sample("skin", line(body, vessel)).max() < -3.0 * MM, vessel


@pytest.mark.parametrize("name", BODIES)
def test_nothing_overlaps(body_of: BodyOf, name: str) -> None:
    """No vessel is in lung, bone, cartilage, heart or another vessel, or comes through the skin: 0 ml."""
    wrong = [c for c in overlaps(body_of(name)) if c.value > 0.0 and any(v in c.name for v in VESSELS)]
    assert not wrong


def test_courses_are_those_of_the_textbook(body_of: BodyOf) -> None:
    """Sides, heights and order from front to back at the notch."""
    body = body_of("woman")
    unit = body.notch_to_rib10_m / REFERENCE_NOTCH_TO_RIB10_M * MM
    arch = line(body, "aorta")
    top = arch[np.argmax(arch[:, 2])]
    assert -45.0 < top[2] / unit < -25.0  # behind the lower half of the manubrium
    assert arch[-1, 0] < -10.0 * unit  # it descends on the left of the spine, far behind
    assert arch[-1, 1] < top[1] - 30.0 * unit
    cava = line(body, "vena_cava")
    assert (cava[:, 0] > 10.0 * unit).all()
    for pair, sign in (("R", 1.0), ("L", -1.0)):
        for vessel in ("carotid", "jugular", "subclavian_artery", "subclavian_vein"):
            assert line(body, f"{vessel}_{pair}")[-1, 0] * sign > 10.0 * unit
        upper = {v: line(body, f"{v}_{pair}") for v in ("carotid", "jugular")}
        assert abs(upper["jugular"][-1, 0]) > abs(upper["carotid"][-1, 0]) + 5.0 * unit  # lateral to the artery

    def at_notch(vessel: str) -> float:
        course = line(body, vessel)
        return float(course[np.argmin(np.abs(course[:, 2] + 4.0 * unit)), 1])

    order = ("brachiocephalic_vein_L", "brachiocephalic_artery", "trachea")
    assert at_notch(order[0]) > at_notch(order[1]) + 5.0 * unit > at_notch(order[2]) + 10.0 * unit
    lengths = {
        v: float(np.linalg.norm(np.diff(body.curves[CURVE + v], axis=0), axis=1).sum()) / unit for v in REFERENCE
    }
    assert 35.0 < lengths["brachiocephalic_artery"] < 70.0  # 4-5 cm [B], its rounded origin included
    assert lengths["brachiocephalic_vein_L"] > lengths["brachiocephalic_vein_R"]  # 6 cm and less [B]
    assert 45.0 < lengths["vena_cava"] < 80.0  # 7 cm [B], the last of it in the heart


def widths_m(body: Body, vessel: str) -> np.ndarray:
    """Diameters along a vessel: of the circle of the same area as its section, felt by rays in the field."""
    course = line(body, vessel)
    along = np.gradient(course, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    first = np.cross(along, np.roll(along, 1, axis=1) + np.array([0.3, 0.0, 0.1]))
    first /= np.linalg.norm(first, axis=1, keepdims=True)
    second = np.cross(along, first)
    angle = np.linspace(0.0, 2.0 * np.pi, 24, endpoint=False)[:, None, None]
    rays = np.cos(angle) * first + np.sin(angle) * second
    reach = np.linspace(0.0, 22.0 * MM, 111)
    channel = REFERENCE[vessel].channel
    outside = body.sample(channel, course[:, None, :] + rays[..., None, :] * reach[:, None]) > 0.0
    radius = reach[np.argmax(outside, axis=-1)]
    return 2.0 * np.sqrt((radius**2).mean(axis=0))


@pytest.mark.parametrize("name", BODIES)
def test_diameters(body_of: BodyOf, name: str) -> None:
    """Of the middle of each, in proportion to the body: within the ranges of textbooks [B]."""
    body = body_of(name)
    unit = body.notch_to_rib10_m / REFERENCE_NOTCH_TO_RIB10_M * MM
    for vessel, low, high in (
        ("aorta", 22.0, 32.0), ("brachiocephalic_artery", 8.0, 14.0), ("carotid_L", 5.0, 9.0),
        ("vena_cava", 13.0, 22.0),
        ("subclavian_artery_R", 6.5, 11.0), ("subclavian_artery_L", 6.5, 11.0), ("brachiocephalic_vein_L", 6.5, 15.0),
        ("brachiocephalic_vein_R", 7.0, 16.0), ("trachea", 13.0, 20.0),
    ):  # fmt: skip
        assert low < float(np.median(widths_m(body, vessel))) / unit < high, vessel


def test_the_dome_parts_what_shares_a_channel(body_of: BodyOf) -> None:
    """A vessel ends above the dome and an organ below it, far apart; the organs are as they were."""
    body = body_of("woman")
    dome = body.channel("diaphragm")
    for vessel, organ in VESSELS.items():
        assert dome[body.channel(vessel) < 0.0].min() > 2.0 * MM
        below = organ_distance(body, organ) < 0.0
        assert dome[below].max() < -2.0 * MM
        assert below.any()
    for channel in VESSELS:
        assert body.sample(channel, np.array([[0.05, body.axis_y_m, -0.28]]))[0] > 0.0


def test_what_a_point_is_and_how_arteries_pulse(body_of: BodyOf) -> None:
    """Blood in arteries and veins, air in the trachea, at every time; arteries widen in systole, veins do not."""
    body = body_of("woman")
    patient = Patient(body, healthy(body.grid))
    rest, systole = patient.at(0.0), patient.at(SYSTOLE_S)
    points = {v: line(body, v)[8:-8] for v in ("aorta", "vena_cava", "trachea")}
    for state in (rest, systole, patient.at(1.4)):
        assert (state.tissue(points["aorta"]) == Tissue.BLOOD).all()
        assert (state.tissue(points["vena_cava"]) == Tissue.BLOOD).all()
        assert (state.tissue(points["trachea"]) == Tissue.TRACHEA).all()
        everywhere = np.concatenate(list(points.values()))
        values = field_values(state, everywhere)
        for channel in VESSELS:
            np.testing.assert_allclose(values[channel], state.distance_m(channel, everywhere), atol=1e-5)
    wider = rest.distance_m("artery", points["aorta"]) - systole.distance_m("artery", points["aorta"])
    np.testing.assert_allclose(wider, ARTERY_PULSE_M * systole.contraction, atol=1e-6)
    assert systole.contraction > 0.99
    still = rest.distance_m("vein", points["vena_cava"]) - systole.distance_m("vein", points["vena_cava"])
    np.testing.assert_allclose(still, 0.0, atol=1e-9)


def test_vessels_are_told_apart_by_name(body_of: BodyOf) -> None:
    """A point in the arch is of the aorta even where a branch begins; others are of the vessel that they are in."""
    body = body_of("woman")
    for channel in VESSELS:
        names = vessel_names(body, channel)
        for vessel in names:
            middle = line(body, vessel)
            middle = middle[2 * len(middle) // 5 : 4 * len(middle) // 5]
            found = [names[i] for i in nearest_vessel(body, channel, middle)]
            assert found.count(vessel) > 0.6 * len(found), vessel
    arch = body.curves[CURVE + "aorta"].astype(float)
    assert (nearest_vessel(body, "artery", arch) == 0).all()
