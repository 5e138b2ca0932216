"""The column of small buttons on the patient: undo, fine movement; in practice help for the hand; looking inside."""

from __future__ import annotations

from typing import Any

from imgui_bundle import imgui

from simulator.app import theme, widgets
from simulator.app.interface import Interface
from simulator.app.keys import BINDINGS, Command
from simulator.app.screens.help_list import shown_key
from simulator.app.widgets import Vec
from simulator.messages import N_, _

SIZE = 30.0
_HINTS = {
    Command.UNDO: N_("Undo the last movement"),
    Command.REDO: N_("Make it again"),
    Command.FINE: N_("Fine movements on or off"),
    Command.SPACE_UP: N_("To the next intercostal space towards the head (practice)"),
    Command.SPACE_DOWN: N_("To the next intercostal space towards the feet (practice)"),
    Command.PLEURA: N_("Hold the probe square to the pleura (practice)"),
    Command.INSIDE: N_("Show what is under the skin (practice)"),
    Command.CUT: N_("Show the anatomy of the image plane beside the image (practice)"),
}
_ALWAYS = (Command.UNDO, Command.REDO, Command.FINE)
_HELP = (Command.SPACE_UP, Command.SPACE_DOWN, Command.PLEURA)
_SEEING = (Command.INSIDE, Command.CUT)


def rail(ui: Interface, x: float, y: float, live: bool) -> float:
    """The buttons, one under the other from (x, y) on; where they end."""
    program, scan = ui.program, ui.program.scan
    usable = {Command.UNDO: program.moves.can_undo, Command.REDO: program.moves.can_redo}
    lit = {Command.FINE: scan.fine, Command.INSIDE: scan.show_inside, Command.CUT: scan.show_cut}
    groups: tuple[tuple[Command, ...], ...] = ()
    if live:
        groups += (_ALWAYS,)
        groups += (_HELP,) if scan.practice else ()
    if program.may_look_inside:
        groups += (_SEEING,)
    for group in groups:
        for command in group:
            if _button(ui, x, y, command, usable.get(command, True), lit.get(command, False)):
                program.see(command) if group is _SEEING else program.command(command)
            y += SIZE + 2.0
        y += 6.0
    return y


def _button(ui: Interface, x: float, y: float, command: Command, usable: bool, lit: bool) -> bool:
    draw = imgui.get_window_draw_list()
    imgui.set_cursor_screen_pos(Vec(x, y))
    imgui.begin_disabled(not usable)
    pressed = imgui.invisible_button(f"##{command.value}", Vec(SIZE, SIZE))
    hovered = imgui.is_item_hovered()
    imgui.end_disabled()
    if imgui.is_item_hovered(int(imgui.HoveredFlags_.delay_short | imgui.HoveredFlags_.allow_when_disabled)):
        key = next(shown_key(binding) for binding in BINDINGS if binding.command == command)
        widgets.tooltip(ui.letters, f"{_(_HINTS[command])} ({key})")
    ground = theme.ACCENT_DEEP if lit else theme.HOVER if hovered else theme.RAISED
    end = Vec(x + SIZE, y + SIZE)
    draw.add_rect_filled(Vec(x, y), end, theme.colour(ground, 0.92 if usable else 0.45), 6.0)
    _icon(draw, ui, command, x + 0.5 * SIZE, y + 0.5 * SIZE, 1.0 if usable else 0.3)
    return bool(pressed and usable)


def _icon(draw: Any, ui: Interface, command: Command, x: float, y: float, alpha: float) -> None:
    """A drawing of what the button does: no words to cut off in any language."""
    ink = theme.colour(theme.TEXT, alpha)
    soft = theme.colour(theme.SOFT, alpha)

    def line(ax: float, ay: float, bx: float, by: float, tint: int = ink) -> None:
        draw.add_line(Vec(x + ax, y + ay), Vec(x + bx, y + by), tint, 1.6)

    def bow(low: float, high: float, dy: float, tint: int) -> None:
        """A rib."""
        draw.add_bezier_quadratic(Vec(x + low, y + dy), Vec(x, y + dy - 4.0), Vec(x + high, y + dy), tint, 2.2)

    match command:
        case Command.UNDO | Command.REDO:
            way = -1.0 if command == Command.UNDO else 1.0
            draw.add_bezier_cubic(
                Vec(x - 6.0 * way, y + 6.0), Vec(x - 8.0 * way, y - 5.0), Vec(x + 2.0 * way, y - 4.0),
                Vec(x + 6.0 * way, y - 3.0), ink, 1.6,
            )  # fmt: skip
            line(6.0 * way, -3.0, 1.5 * way, -7.5)
            line(6.0 * way, -3.0, 1.5 * way, 1.5)
        case Command.FINE:
            wide = widgets.width_of(ui.letters, "1:5", theme.SMALL, strong=True)
            tint = (*theme.TEXT[:3], alpha)
            widgets.write(draw, ui.letters, x - 0.5 * wide, y - 8.0, "1:5", theme.SMALL, tint, strong=True)
        case Command.SPACE_UP | Command.SPACE_DOWN:
            way = -1.0 if command == Command.SPACE_UP else 1.0
            bow(-9.0, 9.0, 9.0, soft)
            bow(-9.0, 9.0, -4.0, soft)
            line(0.0, -5.0 * way + 1.0, 0.0, 5.0 * way + 1.0)
            line(0.0, 5.0 * way + 1.0, -4.0, 1.0 * way + 1.0)
            line(0.0, 5.0 * way + 1.0, 4.0, 1.0 * way + 1.0)
        case Command.PLEURA:
            line(-8.0, 6.0, 8.0, 6.0, soft)
            line(0.0, -8.0, 0.0, 6.0)
            line(4.0, 6.0, 4.0, 2.0, soft)
            line(4.0, 2.0, 0.0, 2.0, soft)
        case Command.INSIDE:
            draw.add_bezier_quadratic(Vec(x - 10.0, y), Vec(x, y - 11.0), Vec(x + 10.0, y), ink, 1.6)
            draw.add_bezier_quadratic(Vec(x - 10.0, y), Vec(x, y + 11.0), Vec(x + 10.0, y), ink, 1.6)
            draw.add_circle_filled(Vec(x, y), 3.2, ink)
        case Command.CUT:
            line(-4.0, -8.0, -10.0, 6.0)
            line(4.0, -8.0, 10.0, 6.0)
            draw.add_bezier_quadratic(Vec(x - 4.0, y - 8.0), Vec(x, y - 6.0), Vec(x + 4.0, y - 8.0), ink, 1.6)
            draw.add_bezier_quadratic(Vec(x - 10.0, y + 6.0), Vec(x, y + 11.0), Vec(x + 10.0, y + 6.0), ink, 1.6)
            draw.add_bezier_quadratic(Vec(x - 7.0, y - 1.0), Vec(x, y + 2.0), Vec(x + 7.0, y - 1.0), soft, 1.6)
