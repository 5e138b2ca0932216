"""The brief: who the patient is, and the start."""

from __future__ import annotations

from imgui_bundle import imgui

from simulator.app import theme, widgets
from simulator.app.interface import Interface
from simulator.app.widgets import Vec
from simulator.messages import _


def draw(ui: Interface) -> None:
    """The whole screen."""
    program, letters = ui.program, ui.letters
    if program.exam is None:
        return
    brief = program.exam.case.brief()
    with widgets.whole_window("brief") as (width, height):
        column = min(880.0, width - 80.0)
        with widgets.pane("brief-column", (width - column) / 2.0, 0.0, column, height, bare=True, padding=(0.0, 44.0)):
            widgets.text(letters, brief.person, theme.BODY, theme.ACCENT, strong=True)
            widgets.text(letters, brief.title, 30.0, strong=True, wrap=column)
            widgets.space(8.0)
            _vitals(ui, brief.vitals, column)
            widgets.space(14.0)
            widgets.label(letters, _("Complaint"))
            widgets.text(letters, brief.complaint, 17.0, wrap=column)
            widgets.space(8.0)
            widgets.label(letters, _("History"))
            widgets.text(letters, brief.history, 17.0, theme.SOFT, wrap=column)
            widgets.space(8.0)
            widgets.label(letters, _("Your task"))
            task = _(
                "Scan the twelve zones. For each, state the signs and the aeration score, or that you did not "
                "examine it. Then conclude: diagnosis and severity."
            )
            if program.exam.case.practice_only:
                task = _("Turn the knobs and see what they do. A test block has no zones: there is nothing to score.")
            widgets.text(letters, task, 17.0, theme.SOFT, wrap=column)
            widgets.space(16.0)
            _start(ui, column)


def _vitals(ui: Interface, vitals: tuple[tuple[str, str, str], ...], width: float) -> None:
    if not vitals:
        return
    each = (width - 10.0 * (len(vitals) - 1)) / len(vitals)
    start = imgui.get_cursor_screen_pos()
    draw = imgui.get_window_draw_list()
    for index, (name, value, unit) in enumerate(vitals):
        x = start.x + index * (each + 10.0)
        draw.add_rect_filled(Vec(x, start.y), Vec(x + each, start.y + 78.0), theme.colour(theme.PANEL), 8.0)
        draw.add_rect(Vec(x, start.y), Vec(x + each, start.y + 78.0), theme.colour(theme.LINE), 8.0)
        widgets.write(draw, ui.letters, x + 14.0, start.y + 12.0, name, theme.SMALL, theme.FAINT, strong=True)
        widgets.write(draw, ui.letters, x + 14.0, start.y + 34.0, value, 26.0, theme.TEXT, strong=True)
        wide = widgets.width_of(ui.letters, value, 26.0, strong=True)
        widgets.write(draw, ui.letters, x + 20.0 + wide, start.y + 46.0, unit, theme.SMALL, theme.FAINT)
    imgui.dummy(Vec(width, 78.0))


def _start(ui: Interface, width: float) -> None:
    program, letters = ui.program, ui.letters
    job = program.busy
    if job is not None or program.state.scan is None:
        widgets.text(letters, _("Preparing the patient"), strong=True)
        widgets.progress_bar(program.state.progress, width)
        words = _("The first time takes a little longer; the body is then kept.")
        widgets.text(letters, words, theme.SMALL, theme.FAINT)  # what is being built would give the case away
    else:
        only = program.exam is not None and program.exam.case.practice_only
        if not only:
            if widgets.button(letters, _("Begin the examination"), 260.0, 44.0, primary=True):
                program.begin_scan(practice=False)
            imgui.same_line(0.0, 12.0)
        if widgets.button(letters, _("Practice") if only else _("Practise first"), 200.0, 44.0, primary=only):
            program.begin_scan(practice=True)
        if imgui.is_item_hovered():
            widgets.tooltip(
                letters, _("No record is kept; keys 1 to 6 bring the probe to a zone, I looks under the skin.")
            )
    widgets.space(6.0)
    if widgets.button(letters, _("Back to the cases"), 0.0, 30.0, quiet=True):
        program.menu()
