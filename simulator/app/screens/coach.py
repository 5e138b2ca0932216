"""The first minute: points at the three things to do, one after the other.

The bubble lies on a pane beside the one it points at, and never on the image or the cut.
"""

from __future__ import annotations

from imgui_bundle import imgui

from simulator.app import theme, widgets
from simulator.app.interface import Interface
from simulator.app.state import COACH_ORDER, CoachStep
from simulator.app.widgets import Vec
from simulator.messages import N_, _

_STEPS = {
    CoachStep.PROBE: (
        "patient", N_("Move the probe"),
        N_("Drag it over the skin with the left button, or use the arrow keys. Look around with the right button."),
    ),
    CoachStep.KNOBS: (
        "console", N_("Set the machine"),
        N_("Choose the depth so that the pleural line is clear, then the gain. The wheel on the image is depth."),
    ),
    CoachStep.ANSWER: (
        "answers", N_("Record what you see"),
        N_("Tick the signs of the zone and give its aeration score, or say that you did not examine it."),
    ),
}  # fmt: skip
_WIDTH = 300.0  # less than any pane has
_TIP = 10.0  # half of its breadth


def draw(ui: Interface) -> None:
    """The bubble, if there is still something to point at."""
    program = ui.program
    step = program.state.coach
    if step not in _STEPS or program.state.help_open or program.state.leave_open or program.busy:
        return
    place, title, words = _STEPS[step]
    px, py, width, height = ui.places[place]
    leftwards = place != "answers"  # on the console, to the patient or to the answers; on the answers, to the console
    x = px + width + 22.0 if leftwards else px - _WIDTH - 22.0
    console = ui.places["console"]
    bottom = console[1] + console[3] - 10.0
    glow = imgui.get_foreground_draw_list()
    glow.add_rect(Vec(px, py), Vec(px + width, py + height), theme.colour(theme.ACCENT, 0.8), 8.0, thickness=2.0)
    imgui.set_next_window_pos(Vec(x, bottom), imgui.Cond_.always.value, Vec(0.0, 1.0))
    imgui.set_next_window_size(Vec(_WIDTH, 0.0))
    imgui.push_style_color(imgui.Col_.window_bg, imgui.ImVec4(*theme.mixed(theme.PANEL, theme.ACCENT_DEEP, 0.55)))
    imgui.push_style_var(imgui.StyleVar_.window_rounding, 10.0)
    imgui.push_style_var(imgui.StyleVar_.window_padding, Vec(18.0, 14.0))
    flags = (
        imgui.WindowFlags_.no_decoration | imgui.WindowFlags_.no_move | imgui.WindowFlags_.no_saved_settings
        | imgui.WindowFlags_.no_focus_on_appearing | imgui.WindowFlags_.always_auto_resize
    )  # fmt: skip
    imgui.begin("coach", None, int(flags))
    index = COACH_ORDER.index(step) + 1
    widgets.text(ui.letters, f"{index} / 3", theme.SMALL, theme.ACCENT, strong=True)
    widgets.text(ui.letters, _(title), theme.LARGE, strong=True)
    widgets.text(ui.letters, _(words), theme.BODY, theme.SOFT, wrap=_WIDTH - 36.0)
    widgets.space(4.0)
    if widgets.button(ui.letters, _("Next") + "##coach", 96.0, 30.0, primary=True):
        program.point_at(COACH_ORDER[index])
        if COACH_ORDER[index] == CoachStep.DONE:
            program.skip_coach()
    imgui.same_line()
    if widgets.button(ui.letters, _("I know this") + "##coach", 0.0, 30.0, quiet=True):
        program.skip_coach()
    size = imgui.get_window_size()
    ui.places["coach"] = (x, bottom - size.y, size.x, size.y)
    imgui.end()
    imgui.pop_style_var(2)
    imgui.pop_style_color()
    ground = theme.colour(theme.mixed(theme.PANEL, theme.ACCENT_DEEP, 0.55))
    tip, side = (px + width + 4.0, x + 1.0) if leftwards else (px - 4.0, x + _WIDTH - 1.0)
    middle = bottom - 0.5 * size.y
    glow.add_triangle_filled(Vec(tip, middle), Vec(side, middle - _TIP), Vec(side, middle + _TIP), ground)
