"""What can lie over any screen: a notice, waiting for work, and the question before leaving an examination."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from imgui_bundle import imgui

from simulator.app import theme, widgets
from simulator.app.interface import Interface
from simulator.app.widgets import Vec
from simulator.messages import _


@contextmanager
def card(name: str, width: float, height: float = 0.0, dim: float = 0.55) -> Iterator[None]:
    """A card in the middle over a dimmed window."""
    size = imgui.get_io().display_size
    imgui.set_next_window_pos(Vec(0.0, 0.0))
    imgui.set_next_window_size(size)
    imgui.push_style_color(imgui.Col_.window_bg, imgui.ImVec4(0.0, 0.0, 0.0, dim))
    flags = (
        imgui.WindowFlags_.no_decoration | imgui.WindowFlags_.no_move | imgui.WindowFlags_.no_saved_settings
        | imgui.WindowFlags_.no_nav
    )  # fmt: skip
    imgui.begin(f"{name}-shade", None, int(flags))
    imgui.pop_style_color()
    imgui.set_cursor_pos(Vec((size.x - width) / 2.0, max(20.0, (size.y - (height or 240.0)) / 2.0)))
    imgui.push_style_var(imgui.StyleVar_.window_padding, Vec(24.0, 20.0))
    child = imgui.ChildFlags_.borders | imgui.ChildFlags_.always_use_window_padding
    if not height:
        child |= imgui.ChildFlags_.auto_resize_y
    imgui.begin_child(name, Vec(width, height), int(child))
    imgui.pop_style_var()
    yield
    imgui.end_child()
    imgui.end()


def draw_notice(ui: Interface) -> None:
    """One line at the bottom, for a while."""
    notice = ui.program.state.notice
    if notice is None:
        return
    size = imgui.get_io().display_size
    lines = notice.text.splitlines()[:3]
    shown = "\n".join(lines)
    with widgets.font(ui.letters, theme.BODY):
        extent = imgui.calc_text_size(shown, wrap_width=size.x - 120.0)
    x, y = (size.x - extent.x) / 2.0 - 16.0, size.y - extent.y - 64.0
    draw = imgui.get_foreground_draw_list()
    end = Vec(x + extent.x + 32.0, y + extent.y + 20.0)
    draw.add_rect_filled(Vec(x, y), end, theme.colour(theme.HOVER, 0.97), 8.0)
    edge = theme.BAD if notice.bad else theme.ACCENT
    draw.add_rect_filled(Vec(x, y), Vec(x + 4.0, end.y), theme.colour(edge), 8.0)
    font = ui.letters.regular
    draw.add_text(font, theme.BODY, Vec(x + 16.0, y + 10.0), theme.colour(theme.TEXT), shown, wrap_width=size.x - 120.0)


def draw_work(ui: Interface) -> None:
    """The patient is being turned: how far it is."""
    with card("work", 420.0, dim=0.45):
        widgets.text(ui.letters, _("Turning the patient"), theme.LARGE, strong=True)
        widgets.space(6.0)
        widgets.progress_bar(ui.program.state.progress, 372.0)


def draw_leave(ui: Interface) -> None:
    """Leave the examination?"""
    program = ui.program
    with card("leave", 460.0):
        widgets.text(ui.letters, _("Leave this examination?"), theme.LARGE, strong=True)
        practice = program.scan.practice
        widgets.text(
            ui.letters,
            _("Practice is not kept.")
            if practice
            else _("What you have recorded is kept. You can go on with it later from the menu."),
            tint=theme.SOFT, wrap=0.0,
        )  # fmt: skip
        widgets.space(8.0)
        if widgets.button(ui.letters, _("Stay"), 200.0, 38.0, primary=True):
            program.back()
        imgui.same_line(0.0, 12.0)
        if widgets.button(ui.letters, _("Leave"), 200.0, 38.0):
            program.menu()
