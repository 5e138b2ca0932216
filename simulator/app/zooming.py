"""Which part of the sector is magnified: around the pointer, by a box, pushed about. Pure functions of the geometry."""

from __future__ import annotations

from simulator.app.calipers import Point
from simulator.render.sector import ImageGeometry, Zoom

MOST = 6.0  # beyond this the point spread fills the picture ([P])
NOTCH = 1.25  # a notch of the wheel
SMALLEST_BOX = 0.04  # of the image's width; less is a slip of the hand


def _within(factor: float, centre: Point, whole: ImageGeometry) -> Zoom | None:
    """A zoom that stays inside the whole image; None where nothing is magnified."""
    factor = min(MOST, factor)
    if factor <= 1.0 + 1e-6:
        return None
    width, height = (n * whole.metres_per_pixel for n in whole.size_px)
    x0, z0 = whole.to_plane((0.5 * whole.size_px[0], 0.5 * whole.size_px[1]))
    room_x, room_z = 0.5 * width * (1.0 - 1.0 / factor), 0.5 * height * (1.0 - 1.0 / factor)
    x = min(x0 + room_x, max(x0 - room_x, centre[0]))
    z = min(z0 + room_z, max(z0 - room_z, centre[1]))
    return Zoom(float(factor), (float(x), float(z)))


def about(zoom: Zoom | None, at: Point, notches: float, whole: ImageGeometry) -> Zoom | None:
    """Nearer by some notches (farther if negative), with the point `at` staying where it is on the screen."""
    before, centre = (1.0, _middle(whole)) if zoom is None else (zoom.factor, zoom.centre_m)
    factor = min(MOST, max(1.0, before * NOTCH**notches))
    share = before / factor
    return _within(factor, (at[0] + (centre[0] - at[0]) * share, at[1] + (centre[1] - at[1]) * share), whole)


def to_box(a: Point, b: Point, whole: ImageGeometry) -> Zoom | None:
    """The largest magnification that still shows the whole box with these opposite corners."""
    width, height = (n * whole.metres_per_pixel for n in whole.size_px)
    wide, tall = abs(a[0] - b[0]), abs(a[1] - b[1])
    if max(wide / width, tall / height) < SMALLEST_BOX:
        return None
    factor = 1.0 / max(wide / width, tall / height)
    return _within(factor, (0.5 * (a[0] + b[0]), 0.5 * (a[1] + b[1])), whole)


def pushed(zoom: Zoom, dx_m: float, dz_m: float, whole: ImageGeometry) -> Zoom | None:
    """The magnified part moved by so much of the probe plane."""
    return _within(zoom.factor, (zoom.centre_m[0] + dx_m, zoom.centre_m[1] + dz_m), whole)


def _middle(whole: ImageGeometry) -> Point:
    x, z = whole.to_plane((0.5 * whole.size_px[0], 0.5 * whole.size_px[1]))
    return float(x), float(z)
