"""How much is seen of each layer of the patient: a name to press and a bar to drag for each."""

from __future__ import annotations

from dataclasses import replace

from imgui_bundle import imgui

from simulator.app import fading, theme, widgets
from simulator.app.interface import Interface
from simulator.app.widgets import Vec
from simulator.messages import N_, _
from simulator.render.torso_layers import LAYERS

NAMES = {
    "skin": N_("skin"), "muscle": N_("muscle"), "bones": N_("bones"), "lungs": N_("lungs"), "organs": N_("organs"),
    "disease": N_("disease"), "zones": N_("zones and lines"), "slice": N_("image plane"),
}  # fmt: skip
WIDTH, ROW = 170.0, 21.0
_BAR = 58.0


def rows(ui: Interface) -> tuple[str, ...]:
    """The layers that this patient has, from the outside in; of a test block only the image plane fades."""
    patient = ui.program.patient
    block = patient is not None and patient.body.phantom is not None
    there = {"slice", *ui.pictures.layers, *(() if block else ("skin", "zones"))}
    return tuple(name for name in LAYERS if name in there)


def draw(ui: Interface, right: float, bottom: float) -> None:
    """The panel, its lower right corner at (right, bottom) of the screen."""
    program, letters = ui.program, ui.letters
    ground = imgui.get_window_draw_list()
    shown = rows(ui)
    tall = 8.0 + ROW * len(shown)
    x, y = right - WIDTH, bottom - tall
    ground.add_rect_filled(Vec(x, y), Vec(x + WIDTH, y + tall), theme.colour(theme.GROUND, 0.78), 8.0)
    y += 4.0
    for name in shown:
        scan = program.scan
        fade = scan.fades[name]
        imgui.set_cursor_screen_pos(Vec(x + 4.0, y))
        if imgui.invisible_button(f"##layer-{name}", Vec(WIDTH - _BAR - 14.0, ROW)):
            program.change(replace(scan, fade_goals=fading.toggled(scan.fade_goals, name)))
        lit = imgui.is_item_hovered()
        tint = theme.TEXT if lit else theme.SOFT if fade > 0.0 else theme.FAINT
        widgets.write(ground, letters, x + 10.0, y + 2.0, _(NAMES[name]), theme.SMALL, tint)
        corner = Vec(x + WIDTH - _BAR - 10.0, y)
        imgui.set_cursor_screen_pos(corner)
        imgui.invisible_button(f"##fade-{name}", Vec(_BAR, ROW))
        if imgui.is_item_active():
            share = (imgui.get_io().mouse_pos.x - corner.x) / _BAR
            program.change(fading.slid(scan, name, share))
            fade = program.scan.fades[name]
        held = imgui.is_item_active() or imgui.is_item_hovered()
        middle = y + 0.5 * ROW
        end = Vec(corner.x + _BAR, middle + 2.5)
        ground.add_rect_filled(Vec(corner.x, middle - 2.5), end, theme.colour(theme.HOVER), 2.5)
        if fade > 0.01:
            filled = Vec(corner.x + _BAR * fade, middle + 2.5)
            ground.add_rect_filled(Vec(corner.x, middle - 2.5), filled, theme.colour(theme.ACCENT_DEEP), 2.5)
        knob = theme.ACCENT if held else theme.SOFT
        ground.add_circle_filled(Vec(corner.x + _BAR * fade, middle), 4.5, theme.colour(knob))
        y += ROW
