"""The menu: who is training, what was interrupted, which case."""

from __future__ import annotations

from imgui_bundle import imgui

from simulator.app import theme, widgets
from simulator.app.interface import Interface
from simulator.app.keys import Command
from simulator.app.state import Screen
from simulator.app.widgets import Vec
from simulator.app.world import CaseCard
from simulator.messages import _, ngettext

_LEFT = 340.0


def draw(ui: Interface) -> None:
    """The whole screen."""
    with widgets.whole_window("menu") as (width, height):
        left = max(_LEFT, width * 0.27)
        _draw_left(ui, left, height)
        _draw_cases(ui, left, width, height)


def _draw_left(ui: Interface, width: float, height: float) -> None:
    letters, program = ui.letters, ui.program
    with widgets.pane("menu-left", 0.0, 0.0, width, height, bare=True, padding=(36.0, 40.0)):
        inner = width - 72.0
        _draw_mark(inner)
        widgets.text(letters, "Pleura", theme.DISPLAY, strong=True)
        widgets.text(letters, _("Lung ultrasound training simulator"), theme.BODY, theme.SOFT, wrap=inner)
        widgets.space(26.0)
        widgets.label(letters, _("Your pseudonym"))
        imgui.set_next_item_width(inner)
        with widgets.font(letters, theme.LARGE):
            changed, name = imgui.input_text_with_hint("##trainee", _("no real name"), program.preferences.trainee)
        if changed:
            program.remember(trainee=name)
        widgets.space(18.0)
        if program.damaged:
            widgets.label(letters, _("Results"))
            words = _("The results file is damaged, so no examination can be kept.")
            widgets.text(letters, words, theme.BODY, theme.FAIR, wrap=inner)
            if widgets.button(letters, _("Begin a new file") + "##afresh", inner, 36.0, primary=True):
                program.start_afresh()
            widgets.text(letters, _("The damaged one is put aside, not deleted."), theme.SMALL, theme.FAINT, wrap=inner)
            widgets.space(10.0)
        for unfinished in program.unfinished[:1]:
            widgets.label(letters, _("Interrupted"))
            done = unfinished.zones_done
            detail = ngettext("{n} zone answered", "{n} zones answered", done).format(n=done)
            if widgets.button(letters, _("Resume") + "##resume", inner, 40.0, primary=True):
                program.resume(unfinished)
            widgets.text(letters, unfinished.title, theme.SMALL, theme.SOFT, wrap=inner)
            widgets.text(letters, f"{unfinished.when} · {unfinished.trainee} · {detail}", theme.SMALL, theme.FAINT,
                         wrap=inner)  # fmt: skip
            if widgets.button(letters, _("Give it up") + "##discard", 0.0, 26.0, quiet=True):
                program.discard(unfinished)
            widgets.space(10.0)
        foot = height - 40.0 - 3 * 41.0 - 64.0
        if imgui.get_cursor_pos_y() < foot:
            imgui.set_cursor_pos_y(foot)
        if widgets.button(letters, _("Results"), inner):
            program.go(Screen.RESULTS)
        if widgets.button(letters, _("Settings"), inner):
            program.go(Screen.SETTINGS)
        if widgets.button(letters, _("Quit"), inner, quiet=True):
            program.quit = True
        widgets.space(4.0)
        note = _("A teaching aid with synthetic patients. Not a medical device.")
        widgets.text(letters, note, theme.SMALL, theme.FAINT, wrap=inner)


def _draw_mark(width: float) -> None:
    """The program's mark: a sector with a pleural line."""
    corner = imgui.get_cursor_screen_pos()
    draw = imgui.get_window_draw_list()
    x, y = corner.x + 26.0, corner.y - 6.0
    for radius, tint, thick in ((20.0, theme.ACCENT, 3.0), (32.0, theme.TEXT, 3.0), (44.0, theme.FAINT, 2.0)):
        draw.path_arc_to(Vec(x, y), radius, 0.85, 2.29, 24)
        draw.path_stroke(theme.colour(tint), thick)
    imgui.dummy(Vec(width, 48.0))


def _draw_cases(ui: Interface, left: float, width: float, height: float) -> None:
    letters, program = ui.letters, ui.program
    with widgets.pane("menu-cases", left, 0.0, width - left, height, bare=True, padding=(20.0, 40.0)):
        inner = width - left - 56.0
        widgets.text(letters, _("Cases"), theme.TITLE, strong=True)
        help_width = widgets.width_of(letters, _("Keys (F1)")) + 24.0
        imgui.same_line()
        imgui.set_cursor_pos_x(inner - help_width + 20.0)
        if widgets.button(letters, _("Keys (F1)"), help_width, 30.0, quiet=True):
            program.command(Command.HELP)
        widgets.space(6.0)
        for card in program.cards():
            _draw_case(ui, card, inner)


def _draw_case(ui: Interface, card: CaseCard, width: float) -> None:
    """One case: a wide card that is a button as a whole."""

    letters, height = ui.letters, 84.0
    corner = imgui.get_cursor_screen_pos()
    pressed = imgui.invisible_button(f"##case-{card.key}", Vec(width, height))
    usable = not card.problem
    lit = usable and (imgui.is_item_hovered() or imgui.is_item_focused())
    draw = imgui.get_window_draw_list()
    end = Vec(corner.x + width, corner.y + height)
    draw.add_rect_filled(corner, end, theme.colour(theme.RAISED if lit else theme.PANEL), 8.0)
    draw.add_rect(corner, end, theme.colour(theme.ACCENT if lit else theme.LINE), 8.0)
    tint = theme.TEXT if usable else theme.FAINT
    widgets.write(draw, letters, corner.x + 20.0, corner.y + 16.0, card.title, theme.LARGE, tint, strong=True)
    summary = card.summary if usable else _("This file cannot be used:") + " " + card.problem.splitlines()[0]
    draw.push_clip_rect(corner, Vec(end.x - 160.0, end.y - 8.0), True)
    draw.add_text(letters.regular, theme.BODY, Vec(corner.x + 20.0, corner.y + 44.0),
                  theme.colour(theme.SOFT if usable else theme.BAD), summary, wrap_width=width - 190.0)  # fmt: skip
    draw.pop_clip_rect()
    if card.level:
        wide = widgets.width_of(letters, card.level, theme.SMALL, strong=True)
        box = Vec(end.x - wide - 40.0, corner.y + 18.0)
        draw.add_rect_filled(box, Vec(end.x - 20.0, corner.y + 42.0), theme.colour(theme.HOVER), 12.0)
        widgets.write(draw, letters, box.x + 10.0, box.y + 5.0, card.level, theme.SMALL, theme.SOFT, strong=True)
    if lit:
        imgui.set_mouse_cursor(imgui.MouseCursor_.hand)
        widgets.write(draw, letters, end.x - 40.0, corner.y + 50.0, "→", theme.LARGE, theme.ACCENT, strong=True)
    if pressed and usable:
        ui.program.open_case(card.key)
