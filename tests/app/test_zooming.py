"""Which part of the sector is magnified."""

from __future__ import annotations

import pytest

from simulator.app import zooming
from simulator.probe import PRESETS, TRANSDUCERS
from simulator.render.sector import image_geometry, zoomed

WHOLE = image_geometry(TRANSDUCERS["convex"], PRESETS["convex"], (480, 360))


def test_the_point_under_the_pointer_stays_there() -> None:
    zoom, at = None, (0.012, 0.034)
    before = WHOLE.to_pixel(at)
    for _ in range(4):
        zoom = zooming.about(zoom, at, 1.0, WHOLE)
    assert zoom is not None
    assert zoom.factor == pytest.approx(zooming.NOTCH**4)
    assert zoomed(WHOLE, zoom).to_pixel(at) == pytest.approx(before)
    for _ in range(4):
        zoom = zooming.about(zoom, at, -1.0, WHOLE)
    assert zoom is None, "all the way out is the whole image"


def test_a_box_is_shown_whole_and_as_large_as_it_fits() -> None:
    a, b = (0.02, 0.03), (-0.025, 0.05)
    zoom = zooming.to_box(a, b, WHOLE)
    assert zoom is not None
    corners = zoomed(WHOLE, zoom).to_pixel([a, b])
    assert corners.min() == pytest.approx(0.0, abs=1e-6)
    assert corners[:, 0].max() == pytest.approx(480.0)
    assert 0.0 <= corners[:, 1].min() <= corners[:, 1].max() <= 360.0
    assert zooming.to_box(a, (0.0201, 0.0301), WHOLE) is None, "a slip of the hand"


def test_it_never_leaves_the_image_and_has_an_end() -> None:
    zoom = zooming.about(None, (0.5, 0.5), 99.0, WHOLE)
    assert zoom is not None
    assert zoom.factor == zooming.MOST
    pushed = zooming.pushed(zoom, -9.0, -9.0, WHOLE)
    assert pushed is not None
    seen = zoomed(WHOLE, pushed)
    corner, end = seen.to_plane([(0.0, 0.0), (480.0, 360.0)])
    whole_corner, whole_end = WHOLE.to_plane([(0.0, 0.0), (480.0, 360.0)])
    assert corner[0] <= whole_corner[0] + 1e-9
    assert end[0] >= whole_end[0] - 1e-9
    assert corner[1] >= whole_corner[1] - 1e-9
    assert end[1] <= whole_end[1] + 1e-9
