"""Calipers measure true millimetres of the probe plane: at every probe, size of the window and zoom."""

from __future__ import annotations

import math

import fakes
import numpy as np
import pytest

from simulator.app import calipers
from simulator.app.calipers import Distance, Ellipse
from simulator.app.handling import with_probe
from simulator.app.keys import Command
from simulator.app.pictures import UltrasoundPicture
from simulator.app.program import Program
from simulator.app.screens.image_frame import Frame, line_ends_m, nearest_line, scale_steps_cm
from simulator.app.screens.image_tools import length, results
from simulator.app.widgets import Vec
from simulator.messages import set_language
from simulator.probe import PRESETS, TRANSDUCERS
from simulator.render.sector import Zoom, image_geometry, zoomed
from simulator.units import MM


def frame(probe: str, zoom: Zoom | None, size_px: tuple[int, int], stretch: float = 1.0) -> Frame:
    program = fakes.scanning()
    program.change(with_probe(program.scan, probe))
    program.tick(0.1)
    whole = image_geometry(TRANSDUCERS[probe], PRESETS[probe], size_px)
    picture = UltrasoundPicture(None, zoomed(whole, zoom), whole)
    assert program.shot is not None
    return Frame(None, None, program.shot, picture, 424.0, 76.0, size_px[0] * stretch, size_px[1] * stretch)  # type: ignore[arg-type]


@pytest.mark.parametrize("probe", list(TRANSDUCERS))
@pytest.mark.parametrize("zoom", [None, Zoom(2.4, (0.004, 0.03)), Zoom(6.0, (-0.01, 0.02))])
@pytest.mark.parametrize(("size_px", "stretch"), [((477, 338), 1.0), ((954, 676), 0.5), ((811, 593), 1.0)])
def test_a_known_distance_is_measured_to_a_tenth_of_a_millimetre(
    probe: str, zoom: Zoom | None, size_px: tuple[int, int], stretch: float
) -> None:
    seen = frame(probe, zoom, size_px, stretch)
    a, b = (0.006, 0.018), (-0.008, 0.031)
    on_screen = [seen.point(*a), seen.point(*b)]
    measured = Distance(seen.plane(on_screen[0]), seen.plane(on_screen[1]))
    assert measured.length_m == pytest.approx(math.dist(a, b), abs=0.1 * MM)
    # The hand sets points on whole pixels: at most one of them off at either end.
    rounded = [seen.plane(Vec(round(p.x), round(p.y))) for p in on_screen]
    pixel_m = seen.geometry.metres_per_pixel / stretch
    assert Distance(rounded[0], rounded[1]).length_m == pytest.approx(math.dist(a, b), abs=1.5 * pixel_m)


def test_zoom_shows_the_same_plane_at_another_scale() -> None:
    plain, near = frame("convex", None, (480, 360)), frame("convex", Zoom(3.0, (0.0, 0.03)), (480, 360))
    a, b = plain.point(0.01, 0.03), plain.point(-0.01, 0.03)
    c, d = near.point(0.01, 0.03), near.point(-0.01, 0.03)
    assert (d.x - c.x) == pytest.approx(3.0 * (b.x - a.x), rel=1e-5)
    middle = near.plane(Vec(near.left + 240.0, near.top + 180.0))
    assert middle == pytest.approx((0.0, 0.03), abs=1e-7)


def test_an_ellipse_has_the_area_and_circumference_of_one() -> None:
    ellipse = Ellipse((0.02, 0.05), (-0.02, 0.05), 0.01)
    assert ellipse.axes_m == (0.04, 0.02)
    assert ellipse.area_m2 == pytest.approx(math.pi * 0.02 * 0.01)
    outline = np.array(ellipse.points_m(20000))
    around = float(np.linalg.norm(np.diff(outline, axis=0), axis=1).sum())
    assert ellipse.circumference_m == pytest.approx(around, rel=1e-4)
    circle = Ellipse((0.0, 0.0), (0.0, 0.02), 0.01)
    assert circle.circumference_m == pytest.approx(math.pi * 0.02)
    flat = Ellipse((0.0, 0.0), (0.0, 0.02), 0.0)
    assert flat.circumference_m == pytest.approx(0.04, rel=0.01)
    assert Ellipse((0.0, 0.0), (0.0, 0.0), 0.0).circumference_m == 0.0


def test_the_other_axis_is_how_far_the_third_point_is_from_the_first_axis() -> None:
    made = calipers.made("ellipse", ((0.0, 0.02), (0.0, 0.06), (0.012, 0.09)))
    assert isinstance(made, Ellipse)
    assert made.half_width_m == pytest.approx(0.012)
    assert calipers.made("ellipse", ((0.0, 0.02), (0.0, 0.06))) is None


def test_lengths_are_written_as_a_machine_does() -> None:
    assert length(0.02344) == "23.4 mm"
    assert length(0.1234) == "12.34 cm"
    assert results(Distance((0.0, 0.0), (0.0, 0.03))) == ["30.0 mm"]
    set_language("fr")
    try:
        assert length(0.02344) == "23,4 mm"
    finally:
        set_language("en")
    words = results(Ellipse((0.0, 0.0), (0.0, 0.04), 0.01))
    assert words[1] == "A 6.28 cm²"
    assert words[2] == "40.0 × 20.0 mm"


def measuring() -> Program:
    program = fakes.scanning()
    program.tick(0.1)
    program.command(Command.FREEZE)
    return program


def test_several_are_placed_and_deleted() -> None:
    program = measuring()
    program.take_tool("distance")
    for at in ((0.0, 0.02), (0.0, 0.02), (0.0, 0.05), (0.01, 0.02), (0.01, 0.03)):
        program.place_point(at)  # the second is a slip: nothing is 0 mm long
    assert [round(c.length_m / MM) for c in program.scan.measured] == [30, 10]  # type: ignore[union-attr]
    program.take_tool("ellipse")
    program.place_point((0.0, 0.03))
    assert isinstance(program.caliper_to((0.0, 0.05)), Distance)
    program.place_point((0.0, 0.05))
    assert isinstance(program.caliper_to((0.004, 0.04)), Ellipse)
    program.delete_caliper()
    assert not program.scan.placing, "first what is not finished"
    program.delete_caliper(0)
    assert [round(c.length_m / MM) for c in program.scan.measured] == [10]  # type: ignore[union-attr]
    program.take_tool("ellipse")
    assert program.scan.tool == "", "the same again lays it down"
    program.take_tool("distance")
    for number in range(20):
        program.place_point((0.0, 0.02))
        program.place_point((0.0, 0.03 + 0.001 * number))
    assert len(program.scan.measured) == calipers.MOST
    program.delete_calipers()
    assert not program.scan.measured


def test_what_was_measured_on_a_frozen_image_goes_with_it() -> None:
    program = measuring()
    program.take_tool("distance")
    program.place_point((0.0, 0.02))
    program.place_point((0.0, 0.03))
    program.cine.step(-1)
    assert program.scan.measured
    program.command(Command.FREEZE)
    assert not program.scan.measured


@pytest.mark.parametrize("probe", list(TRANSDUCERS))
def test_the_line_nearest_to_a_point_is_the_one_that_it_lies_on(probe: str) -> None:
    settings = PRESETS[probe].replace(sector_percent=70.0)
    ends = line_ends_m(probe, settings)
    for line in (0, 31, 96, 191):
        a, b = ends[line]
        at = a + 0.4 * (b - a)
        assert nearest_line(probe, settings, (float(at[0]), float(at[1]))) == pytest.approx((line + 0.5) / 192)


def test_numbers_of_the_scale_have_room_and_ticks_are_finer_under_zoom() -> None:
    for px_per_cm in (11.0, 26.0, 74.0, 150.0, 400.0):
        tick, number = scale_steps_cm(px_per_cm)
        assert tick * px_per_cm >= 9.0
        assert number * px_per_cm >= 28.0
        assert number / tick == pytest.approx(round(number / tick))
    assert scale_steps_cm(400.0)[0] < scale_steps_cm(26.0)[0]
