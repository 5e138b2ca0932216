"""Tools on the image: the column of small buttons, what the mouse does with them, and what was measured."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from imgui_bundle import imgui

from simulator.app import theme, widgets
from simulator.app.calipers import Caliper, Distance, Point
from simulator.app.interface import Interface
from simulator.app.keys import BINDINGS, Command
from simulator.app.numbers import local
from simulator.app.screens.image_frame import Frame, mouse
from simulator.app.widgets import Vec
from simulator.messages import N_, _
from simulator.units import MM

BUTTONS = 7
_HINTS = {
    "distance": N_("Measure a distance"),
    "ellipse": N_("Measure an ellipse: the ends of one axis, then the other"),
    "delete": N_("Delete the last measurement"),
    "zoom": N_("Magnify a box of the image"),
    "nearer": N_("Nearer"),
    "farther": N_("Farther"),
    "whole": N_("The whole image again"),
}
_KEYS = {"distance": Command.DISTANCE, "ellipse": Command.ELLIPSE, "delete": Command.DELETE, "zoom": Command.ZOOM,
         "whole": Command.WHOLE}  # fmt: skip
_DRAG_PX = 6.0  # a press that moves farther than this has drawn a line, not set a point


def length(metres: float) -> str:
    """A length as the machine writes it: millimetres to a tenth below 10 cm."""
    return local(f"{metres / MM:.1f} mm") if metres < 0.1 else local(f"{metres * 100.0:.2f} cm")


def results(caliper: Caliper) -> list[str]:
    """What a caliper says, line by line."""
    if isinstance(caliper, Distance):
        return [length(caliper.length_m)]
    long, short = caliper.axes_m
    area = local(f"{caliper.area_m2 * 1e4:.2f} cm²")
    return [f"C {length(caliper.circumference_m)}", f"A {area}", local(f"{long / MM:.1f} × {short / MM:.1f} mm")]


# -- the column of buttons ---------------------------------------------------------------------------------------
def rail(ui: Interface, frame: Frame, x: float, y: float, each: float) -> None:
    """The buttons, one under the other, `each` tall."""
    program = ui.program
    scan, whole = program.scan, frame.picture.whole
    middle = frame.plane(Vec(frame.left + 0.5 * frame.wide, frame.top + 0.5 * frame.tall))
    todo: tuple[tuple[str, Callable[[], None], bool], ...] = (
        ("distance", lambda: program.take_tool("distance"), True),
        ("ellipse", lambda: program.take_tool("ellipse"), True),
        ("delete", program.delete_caliper, bool(scan.measured or scan.placing)),
        ("zoom", lambda: program.take_tool("zoom"), True),
        ("nearer", lambda: program.zoom_about(middle, 2.0, whole), True),
        ("farther", lambda: program.zoom_about(middle, -2.0, whole), scan.zoom is not None),
        ("whole", program.zoom_out, scan.zoom is not None),
    )
    for index, (name, act, usable) in enumerate(todo):
        corner = Vec(x, y + index * each)
        imgui.set_cursor_screen_pos(corner)
        imgui.begin_disabled(not usable)
        if imgui.invisible_button(f"##tool-{name}", Vec(30.0, each - 2.0)):
            act()
        hovered = imgui.is_item_hovered()
        imgui.end_disabled()
        if imgui.is_item_hovered(int(imgui.HoveredFlags_.delay_short | imgui.HoveredFlags_.allow_when_disabled)):
            widgets.tooltip(ui.letters, _hint(name))
        ground = theme.ACCENT_DEEP if scan.tool == name else theme.HOVER if hovered else theme.RAISED
        end = Vec(corner.x + 30.0, corner.y + each - 2.0)
        frame.draw.add_rect_filled(corner, end, theme.colour(ground, 1.0 if usable else 0.4), 5.0)
        _icon(frame.draw, name, corner.x + 15.0, corner.y + 0.5 * each - 1.0, each / 28.0, 1.0 if usable else 0.3)


def _hint(name: str) -> str:
    keys = [_(binding.shown) for binding in BINDINGS if binding.command == _KEYS.get(name)]
    return _(_HINTS[name]) + (f" ({keys[0]})" if keys else "")


def _icon(draw: Any, name: str, x: float, y: float, size: float, alpha: float) -> None:
    """A drawing of what the button does: no words to cut off in any language."""
    ink = theme.colour(theme.TEXT, alpha)

    def line(ax: float, ay: float, bx: float, by: float) -> None:
        draw.add_line(Vec(x + size * ax, y + size * ay), Vec(x + size * bx, y + size * by), ink, 1.5)

    match name:
        case "distance":
            line(-7.0, 5.0, 7.0, -5.0)
            line(-9.0, 2.0, -5.0, 8.0)
            line(5.0, -8.0, 9.0, -2.0)
        case "ellipse":
            draw.add_ellipse(Vec(x, y), Vec(9.0 * size, 6.0 * size), ink, 0.0, 0, 1.5)
        case "delete":
            line(-5.0, -5.0, 5.0, 5.0)
            line(-5.0, 5.0, 5.0, -5.0)
        case "zoom":
            for corner in (
                (-8.0, -6.0, 4.0, -6.0),
                (4.0, -6.0, 4.0, 4.0),
                (4.0, 4.0, -8.0, 4.0),
                (-8.0, 4.0, -8.0, -6.0),
            ):
                line(*corner)
            line(3.0, 7.0, 9.0, 7.0)
            line(6.0, 4.0, 6.0, 10.0)
        case "nearer":
            line(-5.0, 0.0, 5.0, 0.0)
            line(0.0, -5.0, 0.0, 5.0)
        case "farther":
            line(-5.0, 0.0, 5.0, 0.0)
        case "whole":
            for sx in (-1.0, 1.0):
                for sy in (-1.0, 1.0):
                    line(8.0 * sx, 6.0 * sy, 4.0 * sx, 6.0 * sy)
                    line(8.0 * sx, 6.0 * sy, 8.0 * sx, 3.0 * sy)


# -- the mouse ---------------------------------------------------------------------------------------------------
def use(ui: Interface, frame: Frame) -> bool:
    """What the mouse does with the tool in the hand, for the item just laid out; whether there is one."""
    program, at = ui.program, mouse()
    scan, point = program.scan, frame.plane(at)
    inside = frame.holds(at)
    if not scan.tool:
        return False
    if imgui.is_item_hovered() and imgui.is_mouse_clicked(1):
        if scan.placing:
            program.delete_caliper()
        else:
            program.take_tool("")
        return True
    if imgui.is_item_activated() and imgui.is_mouse_clicked(0) and inside:
        ui.pressed_at = (at.x, at.y)
        if scan.tool == "zoom":
            program.begin_box(point)
        else:
            program.place_point(point)
    elif imgui.is_item_deactivated() and program.scan.placing and ui.pressed_at is not None:
        far = max(abs(at.x - ui.pressed_at[0]), abs(at.y - ui.pressed_at[1])) > _DRAG_PX
        ui.pressed_at = None
        if scan.tool == "zoom":
            program.zoom_to(scan.placing[0], point, frame.picture.whole)
        elif far and inside:
            program.place_point(point)
    return True


def preview(ui: Interface, frame: Frame) -> None:
    """What the tool in the hand would make of the place of the pointer."""
    scan, at = ui.program.scan, mouse()
    if not scan.tool or not frame.holds(at):
        return
    frame.clip()
    if scan.tool == "zoom":
        if scan.placing:
            frame.draw.add_rect(frame.point(*scan.placing[0]), at, theme.colour(theme.ACCENT))
    else:
        caliper = ui.program.caliper_to(frame.plane(at)) if scan.placing else None
        if caliper is not None:
            _outline(frame, caliper, theme.ACCENT)
            words = results(caliper)[0]
            widgets.write(frame.draw, ui.letters, at.x + 12.0, at.y - 20.0, words, theme.SMALL, theme.ACCENT, True)
        _cross(frame, frame.plane(at), theme.ACCENT)
    frame.draw.pop_clip_rect()


# -- what was measured -------------------------------------------------------------------------------------------
def measured(ui: Interface, frame: Frame) -> None:
    """The calipers on the picture, numbered."""
    if not ui.program.scan.measured:
        return
    frame.clip()
    for number, caliper in enumerate(ui.program.scan.measured, start=1):
        _outline(frame, caliper, theme.FAIR)
        end = frame.point(*caliper.b_m)
        widgets.write(frame.draw, ui.letters, end.x + 8.0, end.y - 7.0, f"{number}", theme.SMALL, theme.FAIR, True)
    frame.draw.pop_clip_rect()


def listed(ui: Interface, frame: Frame) -> None:
    """The results in the upper left corner, each with a cross that deletes it."""
    program, letters = ui.program, ui.letters
    rows = [results(caliper) for caliper in program.scan.measured]
    if not rows:
        return
    x, y = frame.left + 6.0, frame.top + 6.0
    wide = 44.0 + max(widgets.width_of(letters, words, theme.SMALL) for lines in rows for words in lines)
    tall = 8.0 + 16.0 * sum(len(lines) for lines in rows)
    frame.draw.add_rect_filled(Vec(x, y), Vec(x + wide, y + tall), theme.colour(theme.GROUND, 0.75), 5.0)
    y += 4.0
    for number, lines in enumerate(rows):
        widgets.write(frame.draw, letters, x + 7.0, y, f"{number + 1}", theme.SMALL, theme.FAIR, strong=True)
        imgui.set_cursor_screen_pos(Vec(x + wide - 20.0, y))
        if imgui.invisible_button(f"##caliper-{number}", Vec(18.0, 16.0)):
            program.delete_caliper(number)
        lit = imgui.is_item_hovered()
        if lit:
            widgets.tooltip(letters, _("Delete this measurement"))
        widgets.write(frame.draw, letters, x + wide - 15.0, y, "×", theme.SMALL, theme.TEXT if lit else theme.FAINT)
        for words in lines:
            widgets.write(frame.draw, letters, x + 22.0, y, words, theme.SMALL, theme.TEXT)
            y += 16.0


def _outline(frame: Frame, caliper: Caliper, tint: theme.Rgba) -> None:
    ink = theme.colour(tint, 0.9)
    if isinstance(caliper, Distance):
        frame.draw.add_line(frame.point(*caliper.a_m), frame.point(*caliper.b_m), ink, 1.0)
    else:
        points = [frame.point(*point) for point in caliper.points_m()]
        for a, b in itertools.pairwise(points):
            frame.draw.add_line(a, b, ink, 1.0)
    for end in (caliper.a_m, caliper.b_m):
        _cross(frame, end, tint)


def _cross(frame: Frame, at: Point, tint: theme.Rgba) -> None:
    p = frame.point(*at)
    for dx, dy in ((5.0, 0.0), (0.0, 5.0)):
        frame.draw.add_line(Vec(p.x - dx, p.y - dy), Vec(p.x + dx, p.y + dy), theme.colour(tint), 1.5)
