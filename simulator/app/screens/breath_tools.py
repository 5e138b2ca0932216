"""What the patient does with the breath, on a button beside the posture; pressed, it lists what they can be asked.

The list is a window and no popup of Dear ImGui: that would swallow the press that closes it.
"""

from __future__ import annotations

from imgui_bundle import imgui

from simulator.app import theme, widgets
from simulator.app.interface import Interface
from simulator.app.keys import BINDINGS, Command
from simulator.app.probing import why_not
from simulator.app.screens.help_list import shown_key
from simulator.app.widgets import Vec
from simulator.messages import N_, _
from simulator.patient import Patient
from simulator.physiology.requests import Requests

HEIGHT = 30.0
_LIST = "##breath-list"
_ASKED = {
    Command.BREATHE: N_("Breathe normally"),
    Command.BREATHE_DEEPLY: N_("Breathe in deeply and out"),
    Command.HOLD_BREATH: N_("Hold your breath"),
    Command.HOLD_IN: N_("Breathe in deeply and hold"),
    Command.HOLD_OUT: N_("Breathe out and hold"),
}


def doing(patient: Patient, time_s: float, requests: Requests) -> str:
    """What the patient does with the breath, in the language spoken now."""
    if patient.respiration.rate_per_min <= 0.0:
        return _("Not breathing")
    seen = patient.respiration.doing(time_s, requests)
    if seen.what == "hold":
        return _("Holding, {seconds} s").format(seconds=int(seen.held_for_s))
    return _("Deep breath") if seen.what == "deep" else _("Breathing quietly")


def draw(ui: Interface, x: float, y: float, most: float) -> None:
    """The button at (x, y) of the screen, at most so wide, and its list above it."""
    program, letters = ui.program, ui.letters
    scan, patient = program.scan, program.patient
    if patient is None or patient.body.phantom is not None:
        return
    usable = patient.respiration.can_follow
    words = doing(patient, scan.time_s, scan.requests)
    longest = max(
        words, _("Breathing quietly"), _("Holding, {seconds} s").format(seconds=88), key=len
    )  # does not dance
    wide = min(most, widgets.width_of(letters, longest) + 44.0)
    busy = patient.respiration.doing(scan.time_s, scan.requests).what != "quiet"
    imgui.set_cursor_screen_pos(Vec(x, y))
    if widgets.button(letters, f"{words}   ↑##breath", wide, HEIGHT, enabled=usable, chosen=busy):
        program.list_breaths(not program.state.breaths_listed)
    on_button = imgui.is_item_hovered()
    late = int(imgui.HoveredFlags_.delay_short | imgui.HoveredFlags_.allow_when_disabled)
    if imgui.is_item_hovered(late) and not program.state.breaths_listed:
        widgets.tooltip(
            letters, _("Ask the patient to breathe in deeply or to hold the breath") if usable else why_not(patient)
        )
    if program.state.breaths_listed and usable:
        _list(ui, x, y - 4.0, on_button)


def _list(ui: Interface, x: float, bottom: float, on_button: bool) -> None:
    """What can be asked, its lower left corner at (x, bottom); a press elsewhere closes it, and acts there."""
    program, letters = ui.program, ui.letters
    imgui.set_next_window_pos(Vec(x, bottom), imgui.Cond_.always.value, Vec(0.0, 1.0))
    imgui.push_style_color(imgui.Col_.window_bg, imgui.ImVec4(*theme.PANEL))
    imgui.push_style_var(imgui.StyleVar_.window_padding, Vec(8.0, 8.0))
    imgui.push_style_var(imgui.StyleVar_.window_rounding, 8.0)
    imgui.push_style_var(imgui.StyleVar_.window_border_size, 1.0)
    flags = (
        imgui.WindowFlags_.no_decoration | imgui.WindowFlags_.no_move | imgui.WindowFlags_.no_saved_settings
        | imgui.WindowFlags_.always_auto_resize | imgui.WindowFlags_.no_nav_focus
    )  # fmt: skip
    imgui.begin(_LIST, None, int(flags))
    rows = [(c, f"{_(text)}", next(shown_key(b) for b in BINDINGS if b.command == c)) for c, text in _ASKED.items()]
    each = max(widgets.width_of(letters, f"{text}   ({key})") for _c, text, key in rows) + 24.0
    for command, text, key in rows:
        if widgets.button(letters, f"{text}   ({key})##{command.value}", each, 28.0):
            program.command(command)
    over = imgui.is_window_hovered(int(imgui.HoveredFlags_.allow_when_blocked_by_active_item))
    imgui.end()
    imgui.pop_style_var(3)
    imgui.pop_style_color()
    if not (over or on_button) and any(imgui.is_mouse_clicked(button) for button in range(3)):
        program.list_breaths(False)


def note(ui: Interface, x: float, y: float) -> None:
    """What the patient does, at (x, y) of the screen, where it is only shown; nothing in quiet breathing."""
    scan, patient = ui.program.scan, ui.program.patient
    if patient is not None and patient.respiration.doing(scan.time_s, scan.requests).what != "quiet":
        words, ground = doing(patient, scan.time_s, scan.requests), imgui.get_window_draw_list()
        wide = widgets.width_of(ui.letters, words) + 16.0
        ground.add_rect_filled(Vec(x, y), Vec(x + wide, y + 24.0), theme.colour(theme.ACCENT_DEEP, 0.8), 6.0)
        widgets.write(ground, ui.letters, x + 8.0, y + 3.0, words, theme.BODY, theme.TEXT)
