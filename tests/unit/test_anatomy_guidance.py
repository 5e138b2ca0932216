"""Help for the hand: over the next intercostal space, square to the pleura; measured as the truth measures a plane."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from anatomy_bodies import BODIES

from simulator.anatomy.body import Body
from simulator.anatomy.contact import place
from simulator.anatomy.guidance import CAUDAL, CRANIAL, next_space, square_to_pleura
from simulator.anatomy.windows import zone_pose
from simulator.assessment.plane import plane_truth
from simulator.geometry import Pose
from simulator.pathology.fields import healthy
from simulator.patient import Patient
from simulator.probe import CONVEX, PRESETS, scan_lines

SETTINGS = PRESETS["convex"]


def central(body: Body, pose: Pose) -> tuple[float, bool]:
    """(incidence on the pleura in degrees, whether bone lies before it) of the middle line."""
    lines = scan_lines(CONVEX, SETTINGS)
    patient = Patient(body, healthy(body.grid))
    truth = plane_truth(patient.at(0.0), place(body, pose), lines, SETTINGS.samples, labels=False)
    middle = SETTINGS.lines // 2
    return float(truth.pleural_line.incidence_deg[middle]), bool(truth.rib[middle])


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("zone", ["R1", "R3", "L4", "L6"])
def test_square_means_square(body_of: Callable[[str], Body], name: str, zone: str) -> None:
    body = body_of(name)
    at = zone_pose(body, zone)
    for turn in (0.0, 1.0):
        askew = replace(at, rotate_rad=turn, fan_rad=0.3, rock_rad=-0.25)
        found = square_to_pleura(body, askew)
        assert found is not None
        assert replace(found, fan_rad=0.3, rock_rad=-0.25) == askew, "only fanned and rocked"
        assert central(body, found)[0] < 5.0, "within what the A-lines forgive"


@pytest.mark.parametrize("zone", ["R1", "L2", "R3", "L4", "R5"])
def test_steps_go_from_space_to_space_and_back(body_of: Callable[[str], Body], zone: str) -> None:
    body = body_of("woman")
    start = zone_pose(body, zone)
    first = next_space(body, start, CAUDAL)
    assert first is not None
    second = next_space(body, first, CAUDAL)
    assert second is not None
    for upper, lower in ((start, first), (first, second)):
        assert 0.015 < upper.height_m - lower.height_m < 0.050, "one space, and none left out"
        assert (lower.fan_rad, lower.rock_rad, lower.rotate_rad) == (start.fan_rad, start.rock_rad, start.rotate_rad)
        assert not central(body, lower)[1], "no rib before the middle of the picture"
    back = next_space(body, second, CRANIAL)
    assert back is not None
    assert back.height_m == pytest.approx(first.height_m, abs=0.003)
    assert back.azimuth_rad == start.azimuth_rad


def test_from_a_rib_the_next_space_is_the_one_beside_it(body_of: Callable[[str], Body]) -> None:
    body = body_of("woman")
    start = zone_pose(body, "R3")
    below = next_space(body, start, CAUDAL)
    assert below is not None
    on_rib = replace(start, height_m=0.5 * (start.height_m + below.height_m))
    down, up = next_space(body, on_rib, CAUDAL), next_space(body, on_rib, CRANIAL)
    assert down is not None
    assert up is not None
    assert down.height_m == pytest.approx(below.height_m, abs=0.004)
    assert up.height_m == pytest.approx(start.height_m, abs=0.006)


def test_the_steps_end_at_the_last_space(body_of: Callable[[str], Body]) -> None:
    body = body_of("woman")
    for way in (CRANIAL, CAUDAL):
        pose: Pose | None = zone_pose(body, "R4")
        steps = 0
        while pose is not None and steps < 20:
            pose, steps = next_space(body, pose, way), steps + 1
        assert pose is None


def test_where_there_is_no_pleura_there_is_no_help(body_of: Callable[[str], Body]) -> None:
    body = body_of("woman")
    belly = Pose(0.0, -0.41)
    assert square_to_pleura(body, replace(belly, fan_rad=-0.6)) is None
