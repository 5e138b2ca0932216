"""The foot of the image: live, the quality it is computed at; frozen, the loop to scroll and to play."""

from __future__ import annotations

from typing import Any

from imgui_bundle import imgui

from simulator.app import theme, widgets
from simulator.app.interface import Interface
from simulator.app.numbers import local
from simulator.app.widgets import Vec
from simulator.messages import N_, _

HEIGHT = 26.0
QUALITIES = {"fine": N_("fine"), "standard": N_("standard"), "draft": N_("draft")}


def draw(ui: Interface, draw_list: Any, x: float, y: float, width: float, live: bool) -> None:
    """The line of `HEIGHT` at (x, y)."""
    if ui.program.scan.frozen:
        _loop(ui, draw_list, x, y, width)
        return
    words = _("Quality: {level}").format(level=_(QUALITIES[ui.pictures.quality]))
    widgets.write(draw_list, ui.letters, x, y + 6.0, words, theme.SMALL, theme.FAINT)
    if live:
        words = _("Loop: {seconds} s").format(seconds=local(f"{ui.program.cine.length_s:.0f}"))
        wide = widgets.width_of(ui.letters, words, theme.SMALL)
        widgets.write(draw_list, ui.letters, x + width - wide, y + 6.0, words, theme.SMALL, theme.FAINT)


def _loop(ui: Interface, draw_list: Any, x: float, y: float, width: float) -> None:
    cine, letters = ui.program.cine, ui.letters
    imgui.set_cursor_screen_pos(Vec(x, y + 1.0))
    if imgui.invisible_button("##cine-play", Vec(26.0, HEIGHT - 3.0)):
        ui.program.play_loop()
    hovered = imgui.is_item_hovered()
    if hovered:
        widgets.tooltip(letters, _("Play or stop the frozen loop") + " (L)")
    ground = theme.ACCENT_DEEP if cine.playing else theme.HOVER if hovered else theme.RAISED
    draw_list.add_rect_filled(Vec(x, y + 1.0), Vec(x + 26.0, y + HEIGHT - 2.0), theme.colour(ground), 5.0)
    mx, my, ink = x + 13.0, y + 0.5 * HEIGHT - 0.5, theme.colour(theme.TEXT)
    if cine.playing:
        for dx in (-4.0, 2.0):
            draw_list.add_rect_filled(Vec(mx + dx, my - 5.0), Vec(mx + dx + 3.0, my + 5.0), ink)
    else:
        draw_list.add_triangle_filled(Vec(mx - 4.0, my - 6.0), Vec(mx - 4.0, my + 6.0), Vec(mx + 6.0, my), ink)

    badge = _("FROZEN")
    right = x + width - widgets.width_of(letters, badge, theme.SMALL, strong=True) - 16.0
    draw_list.add_rect_filled(
        Vec(right, y + 1.0), Vec(x + width, y + HEIGHT - 2.0), theme.colour(theme.ACCENT, 0.22), 6.0
    )
    widgets.write(draw_list, letters, right + 8.0, y + 5.0, badge, theme.SMALL, theme.ACCENT, strong=True)

    stamp = local(f"{-cine.age_s:+.2f} s") if cine.age_s >= 0.005 else local("0.00 s")
    stamp = stamp.replace("-", "−") + f"   {cine.index + 1}/{len(cine)}"
    room = widgets.width_of(letters, local("−10.00 s") + "   600/600", theme.SMALL)
    right -= room + 12.0
    widgets.write(draw_list, letters, right + 4.0, y + 5.0, stamp, theme.SMALL, theme.TEXT)
    _slider(ui, draw_list, x + 36.0, y, right - 12.0 - (x + 36.0))


def _slider(ui: Interface, draw_list: Any, x: float, y: float, width: float) -> None:
    """Where in the loop the shown frame is; drag to scroll."""
    cine, most = ui.program.cine, max(1, len(ui.program.cine) - 1)
    imgui.set_cursor_screen_pos(Vec(x - 6.0, y))
    imgui.invisible_button("##cine-bar", Vec(max(20.0, width + 12.0), HEIGHT))
    lit = imgui.is_item_hovered() or imgui.is_item_active()
    if imgui.is_item_active():
        cine.seek(round((imgui.get_io().mouse_pos.x - x) / max(1.0, width) * most))
    at, my = x + width * cine.index / most, y + 0.5 * HEIGHT
    draw_list.add_rect_filled(Vec(x, my - 2.0), Vec(x + width, my + 2.0), theme.colour(theme.HOVER), 2.0)
    draw_list.add_rect_filled(Vec(x, my - 2.0), Vec(at, my + 2.0), theme.colour(theme.ACCENT_DEEP), 2.0)
    draw_list.add_circle_filled(Vec(at, my), 6.0, theme.colour(theme.ACCENT if lit else theme.TEXT))
