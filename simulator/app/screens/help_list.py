"""The list of keys and gestures (F1), made from the table that the window obeys."""

from __future__ import annotations

from imgui_bundle import imgui

from simulator.app import theme, widgets
from simulator.app.interface import Interface
from simulator.app.keys import GESTURES, Binding, Command, groups, zone_of
from simulator.app.screens.overlays import card
from simulator.app.widgets import Vec
from simulator.messages import N_, _

_GESTURES = N_("Mouse and gamepad")


def rows() -> dict[str, list[tuple[str, str]]]:
    """(keys, what they do) by group, translated; the twelve zones are two lines."""
    out: dict[str, list[tuple[str, str]]] = {}
    for group, bindings in groups().items():
        lines = out.setdefault(_(group), [])
        for side in ("R", "L"):
            zones = [b for b in bindings if (zone_of(b.command) or "").startswith(side)]
            if zones:
                ends = {"first": f"{side}1", "last": f"{side}6"}
                keys = f"{zones[0].shown} … {zones[-1].shown}".replace("Shift", _("Shift"))
                lines.append((keys, _("Zones {first} to {last}").format(**ends)))
        lines += [(shown_key(b), _(b.label)) for b in bindings if zone_of(b.command) is None]
    out[_(_GESTURES)] = [(_(gesture), _(effect)) for gesture, effect in GESTURES]
    return out


def shown_key(binding: Binding) -> str:
    """The key of a binding, as listed in the language spoken now."""
    plain = binding.shown.removeprefix("Shift+")
    return f"{_('Shift')}+{_(plain)}" if binding.shift else _(plain)


def draw(ui: Interface) -> None:
    """A card over the screen."""
    size = imgui.get_io().display_size
    width, height = min(1200.0, size.x - 50.0), min(640.0, size.y - 40.0)
    letters = ui.letters
    with card("help", width, height):
        widgets.text(letters, _("Keys"), theme.TITLE, strong=True)
        imgui.same_line()
        wide = widgets.width_of(letters, _("Close")) + 30.0
        imgui.set_cursor_pos_x(width - wide - 24.0)
        if widgets.button(letters, _("Close"), wide, 30.0):
            ui.program.command(Command.HELP)
        places = _(
            "Letters are named as on a QWERTY keyboard and bound to their place: on AZERTY, Q is the key marked A."
        )
        widgets.text(letters, places, theme.SMALL, theme.FAINT, wrap=width - 60.0)
        widgets.space(4.0)
        table = list(rows().items())
        columns = (table[:1], table[1:3] + table[4:5], table[5:] + table[3:4])
        each = (width - 48.0 - 40.0) / 3.0
        top = imgui.get_cursor_pos()
        for index, groups_shown in enumerate(columns):
            imgui.set_cursor_pos(Vec(top.x + index * (each + 20.0), top.y))
            imgui.begin_child(f"help-{index}", Vec(each, height - top.y - 24.0))
            for name, lines in groups_shown:
                widgets.label(letters, name)
                longest = max(widgets.width_of(letters, keys, theme.SMALL, strong=True) for keys, _effect in lines)
                column = min(each * 0.46, max(88.0, longest + 16.0))
                for keys, effect in lines:
                    _row(ui, keys, effect, each, column)
                widgets.space(8.0)
            imgui.end_child()


def _row(ui: Interface, keys: str, effect: str, width: float, column: float) -> None:
    corner = imgui.get_cursor_pos()
    widgets.text(ui.letters, keys, theme.SMALL, theme.TEXT, strong=True, wrap=column - 8.0)
    below = imgui.get_cursor_pos_y()
    imgui.set_cursor_pos(Vec(corner.x + column, corner.y))
    widgets.text(ui.letters, effect, theme.SMALL, theme.SOFT, wrap=width - column)
    imgui.set_cursor_pos(Vec(corner.x, max(below, imgui.get_cursor_pos_y()) - 2.0))
