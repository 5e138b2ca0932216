"""The anatomy of the image plane beside the image, in the same geometry: what would a knife show here?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from imgui_bundle import imgui

from simulator.anatomy.palette import PALETTE, Paint, Part
from simulator.app import theme, widgets
from simulator.app.cine import Shot
from simulator.app.interface import Interface, Rect
from simulator.app.screens.image_frame import Frame, mouse
from simulator.app.widgets import Vec
from simulator.messages import _
from simulator.patient import Patient
from simulator.render.sector import image_geometry

_GAP = 8.0  # between the two, one above the other
_SCALE = 44.0  # ... and side by side: the depth scale of both stands there
_ROW, _SWATCH = 15.0, 9.0
_STRIP = 4.0 * _ROW  # below both, side by side: the legend stands there


@dataclass(frozen=True)
class Places:
    """Where image and cut are: x, y, width, height in logical points."""

    image: Rect
    cut: Rect
    beside: bool


def places(shot: Shot, left: float, top: float, wide: float, tall: float) -> Places:
    """Side by side or one above the other, whichever shows the sector larger."""
    half_w, half_t = 0.5 * (wide - _SCALE), 0.5 * (tall - _GAP)
    beside_t = max(0.5 * tall, tall - _STRIP)
    beside = _scale_m(shot, half_w, beside_t) < _scale_m(shot, wide, half_t)
    if beside:
        return Places((left, top, half_w, beside_t), (left + half_w + _SCALE, top, half_w, beside_t), True)
    return Places((left, top, wide, half_t), (left, top + half_t + _GAP, wide, half_t), False)


def _scale_m(shot: Shot, wide: float, tall: float) -> float:
    """Metres in a logical point of a picture of this size."""
    size = (max(1, round(wide)), max(1, round(tall)))
    return image_geometry(shot.transducer, shot.settings, size).metres_per_pixel


def draw(ui: Interface, image: Frame, patient: Patient, place: Places) -> None:
    """The cut, its scale, its legend, and the name of what the pointer is on."""
    x, y, wide, tall = place.cut
    shot = image.shot
    picture = ui.pictures.cut(shot, patient, wide, tall, ui.program.scan.zoom)
    frame = Frame(image.draw, ui, shot, image.picture, x, y, wide, tall)
    if picture.reference is not None:
        frame.draw.add_image(picture.reference, Vec(x, y), Vec(x + wide, y + tall))
    if not place.beside:
        frame.scale()
    frame.marker()
    _legend(ui, frame, picture.legend, place, picture.gone)
    at = mouse()
    if picture.parts is not None and frame.holds(at) and imgui.is_window_hovered():
        rows, columns = picture.parts.shape
        row, column = int((at.y - y) / tall * rows), int((at.x - x) / wide * columns)
        part = Part(int(picture.parts[min(row, rows - 1), min(column, columns - 1)]))
        if part in PALETTE:
            widgets.tooltip(ui.letters, _(PALETTE[part].name))


def _legend(
    ui: Interface, frame: Frame, paints: tuple[Paint, ...], place: Places, gone: frozenset[Paint] = frozenset()
) -> None:
    """Colours and names, where the sectors leave room: in the upper corners of one, or below both.

    What is `gone` for the moment is faint.
    """
    x, y, wide, tall = place.cut
    outside = PALETTE[Part.AIR]
    words = [(_(paint.name), paint.rgb, paint in gone) for paint in paints if paint is not outside]
    if not words:
        return
    broad = max(widgets.width_of(ui.letters, name, theme.SMALL) for name, _rgb, _gone in words) + _SWATCH + 8.0
    if place.beside:
        first = place.image[0]
        columns = max(1, int((x + wide - first) / broad))
        each = -(-len(words) // columns)
        top = y + tall + 2.0 - max(0.0, each * _ROW - _STRIP)  # many names reach up to below the sector
        for number, word in enumerate(words):
            column, row = divmod(number, each)
            _entry(ui, frame.draw, first + 2.0 + column * broad, top + row * _ROW, *word)
        return
    each = -(-len(words) // 2)
    step = min(_ROW, (tall - 8.0) / each)  # deep sections hold two dozen names
    for number, (name, rgb, out) in enumerate(words):
        column, row = divmod(number, each)
        own = widgets.width_of(ui.letters, name, theme.SMALL) + _SWATCH + 6.0
        _entry(ui, frame.draw, x + 4.0 if column == 0 else x + wide - own - 6.0, y + 4.0 + row * step, name, rgb, out)


def _entry(
    ui: Interface, draw: Any, left: float, top: float, name: str, rgb: tuple[int, int, int], gone: bool
) -> None:  # fmt: skip
    """One colour and its name."""
    broad = widgets.width_of(ui.letters, name, theme.SMALL) + _SWATCH + 6.0
    ground = Vec(left - 2.0, top), Vec(left + broad + 2.0, top + _ROW)
    draw.add_rect_filled(*ground, theme.colour(theme.BLACK, 0.6), 3.0)
    box = Vec(left, top + 3.0), Vec(left + _SWATCH, top + 3.0 + _SWATCH)
    alpha = 0.35 if gone else 1.0
    draw.add_rect_filled(*box, theme.colour((rgb[0] / 255.0, rgb[1] / 255.0, rgb[2] / 255.0, alpha)), 2.0)
    draw.add_rect(*box, theme.colour(theme.LINE), 2.0)
    widgets.write(
        draw, ui.letters, left + _SWATCH + 5.0, top - 1.0, name, theme.SMALL, theme.FAINT if gone else theme.SOFT
    )
    if gone and imgui.is_mouse_hovering_rect(*ground) and imgui.is_window_hovered():
        widgets.tooltip(ui.letters, _("Not in the plane at this moment: breath or heartbeat moves it in and out."))
