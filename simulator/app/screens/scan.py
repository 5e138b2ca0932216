"""The scan: patient on the left, image and console in the middle, answers on the right."""

from __future__ import annotations

from imgui_bundle import imgui

from simulator.app import theme, widgets
from simulator.app.interface import Interface
from simulator.app.keys import Command
from simulator.app.screens import answers, block, coach, console, image_pane, patient_pane
from simulator.app.widgets import Vec
from simulator.messages import LANGUAGES, N_, _, language

TOP, FOOT, EDGE = 46.0, 28.0, 8.0
POSTURE_NAMES = {
    "supine": N_("Lying on the back"), "semi_recumbent": N_("Half sitting"), "sitting": N_("Sitting"),
    "lateral_left": N_("Lying on the left side"), "lateral_right": N_("Lying on the right side"),
}  # fmt: skip
ARMS_NAMES = {"abducted": N_("Arms raised"), "forward": N_("Arms forward"), "beside": N_("Arms down")}


def draw(ui: Interface) -> None:
    """The whole screen."""
    program = ui.program
    if program.exam is None or program.patient is None or program.placement is None:
        return
    with widgets.whole_window("scan") as (width, height):
        left = min(620.0, max(330.0, width * 0.285))
        right = min(380.0, max(318.0, width * 0.235))
        middle = width - left - right - 4.0 * EDGE
        body = height - TOP - FOOT
        strip = console.height(middle)
        x = left + 2.0 * EDGE
        ui.places = {
            "patient": (EDGE, TOP, left, body),
            "image": (x, TOP, middle, body - strip - EDGE),
            "console": (x, TOP + body - strip, middle, strip),
            "answers": (x + middle + EDGE, TOP, right, body),
        }
        _top_bar(ui, width)
        # The image first: the patient's view shows it on the beam plane.
        image_pane.draw(ui, *ui.places["image"])
        patient_pane.draw(ui, *ui.places["patient"])
        console.draw(ui, *ui.places["console"])
        beside = block if program.exam.case.practice_only else answers
        beside.draw(ui, *ui.places["answers"])
        _hints(ui, width, height)
    coach.draw(ui)


def _top_bar(ui: Interface, width: float) -> None:
    program, letters = ui.program, ui.letters
    assert program.exam is not None
    scan = program.scan
    draw = imgui.get_window_draw_list()
    title = program.exam.case.brief().title
    mode = _("Practice") if scan.practice else _("Examination")
    tint = theme.FAIR if scan.practice else theme.ACCENT
    wide = widgets.width_of(letters, mode, theme.SMALL, strong=True)
    draw.add_rect_filled(Vec(14.0, 12.0), Vec(34.0 + wide, 35.0), theme.colour(tint, 0.18), 11.0)
    widgets.write(draw, letters, 24.0, 16.0, mode, theme.SMALL, tint, strong=True)
    minutes, seconds = divmod(int(program.elapsed_s), 60)
    clock = f"{minutes:02d}:{seconds:02d}"
    who = program.trainee or _("anonymous")
    right = width - 14.0
    buttons = ((_("Leave"), Command.BACK), (_("Keys (F1)"), Command.HELP), (LANGUAGES[_other()], Command.LANGUAGE))
    for words, command in buttons:
        each = widgets.width_of(letters, words) + 22.0
        right -= each
        imgui.set_cursor_pos(Vec(right, 9.0))
        if widgets.button(letters, words, each, 28.0, quiet=True):
            program.command(command)
        right -= 4.0
    right -= widgets.width_of(letters, who) + 16.0
    widgets.write(draw, letters, right, 14.0, who, theme.BODY, theme.SOFT)
    right -= widgets.width_of(letters, clock, theme.LARGE, strong=True) + 20.0
    widgets.write(draw, letters, right, 12.0, clock, theme.LARGE, theme.TEXT, strong=True)
    draw.push_clip_rect(Vec(50.0 + wide, 0.0), Vec(right - 20.0, TOP), True)
    widgets.write(draw, letters, 50.0 + wide, 13.0, title, 16.0, theme.TEXT, strong=True)
    draw.pop_clip_rect()


def _other() -> str:
    """The language that the button changes to."""
    codes = list(LANGUAGES)
    return codes[(codes.index(language()) + 1) % len(codes)]


def _hints(ui: Interface, width: float, height: float) -> None:
    """What to do with the hands, in one line."""
    hints = (
        ("F1", _("all keys")),
        (_("Drag"), _("move the probe")),
        (_("Right drag"), _("look around")),
        ("P", _("turn the patient")),
        (_("Space"), _("freeze")),
        ("U", _("undo")),
        (_("Ctrl+wheel"), _("rotate")),
        (_("Shift+wheel"), _("fan")),
        (_("Alt+wheel"), _("rock")),
        ("M", _("M-mode")),
    )
    draw = imgui.get_window_draw_list()
    x, y = 16.0, height - FOOT + 6.0
    for keys, effect in hints:
        key_width = widgets.width_of(ui.letters, keys, theme.SMALL, strong=True)
        wide = key_width + widgets.width_of(ui.letters, effect, theme.SMALL) + 28.0
        if x + wide > width - 10.0:
            break
        widgets.write(draw, ui.letters, x, y, keys, theme.SMALL, theme.SOFT, strong=True)
        widgets.write(draw, ui.letters, x + key_width + 7.0, y, effect, theme.SMALL, theme.FAINT)
        x += wide
