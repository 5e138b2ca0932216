"""The conclusion: all twelve zones at a glance, then diagnosis and severity, then the answers are handed in."""

from __future__ import annotations

from imgui_bundle import imgui

from simulator.app import theme, widgets
from simulator.app.interface import Interface
from simulator.app.screens.answers import draw_map
from simulator.app.state import Screen
from simulator.app.widgets import Vec
from simulator.assessment.answer import Answer
from simulator.assessment.conclusions import DIAGNOSES, SEVERITIES
from simulator.messages import _, ngettext


def draw(ui: Interface) -> None:
    """The whole screen."""
    program, letters = ui.program, ui.letters
    answer = program.scan.answer
    with widgets.whole_window("conclusion") as (width, height):
        column = min(980.0, width - 80.0)
        with widgets.pane(
            "conclusion-column", (width - column) / 2.0, 0.0, column, height, bare=True, padding=(0.0, 32.0)
        ):
            widgets.text(letters, _("Conclusion"), theme.TITLE, strong=True)
            missing = answer.missing_zones
            if missing:
                count = len(missing)
                words = ngettext("{n} zone has no answer yet: {zones}", "{n} zones have no answer yet: {zones}", count)
                widgets.text(letters, words.format(n=count, zones=", ".join(missing)), tint=theme.FAIR, wrap=column)
            else:
                total = sum(zone.score or 0 for zone in answer.zones.values())
                words = _("All zones answered. Your aeration total is {total} of 36.").format(total=total)
                widgets.text(letters, words, tint=theme.SOFT)
            widgets.space(4.0)
            pressed = draw_map(ui, program.scan, min(column, 520.0), None)
            if pressed is not None:
                program.choose_zone(pressed)
                program.go(Screen.SCAN)
            widgets.space(6.0)
            diagnosis, severity = answer.diagnosis, answer.severity
            widgets.label(letters, _("Diagnosis"))
            each = (column - 8.0) / 2.0
            for index, (key, item) in enumerate(DIAGNOSES.items()):
                if index % 2:
                    imgui.same_line(0.0, 8.0)
                if widgets.button(letters, f"{_(item.name)}##{key}", each, 32.0, chosen=key == diagnosis):
                    diagnosis = key
                if imgui.is_item_hovered(int(imgui.HoveredFlags_.delay_normal)):
                    widgets.tooltip(letters, _(item.picture))
            widgets.space(6.0)
            widgets.label(letters, _("Severity"))
            severities = [(key, _(item.name)) for key, item in SEVERITIES.items()]
            severity = widgets.segments(letters, "severity", severities, severity, column)
            if (diagnosis, severity) != (answer.diagnosis, answer.severity):
                program.answer_conclusion(diagnosis, severity)
            widgets.space(14.0)
            _hand_in(ui, answer)


def open_questions(answer: Answer) -> list[str]:
    """What has no answer yet, in words: zones, diagnosis, severity."""
    words = []
    if count := len(answer.missing_zones):
        words.append(ngettext("{n} zone", "{n} zones", count).format(n=count))
    if answer.diagnosis is None:
        words.append(_("the diagnosis"))
    if answer.severity is None:
        words.append(_("the severity"))
    return words


def _hand_in(ui: Interface, answer: Answer) -> None:
    program, letters = ui.program, ui.letters
    if program.handing_in:
        widgets.text(letters, _("Marking"), strong=True)
        widgets.progress_bar(program.truth_progress, 420.0)
        return
    if widgets.button(letters, _("Hand in"), 200.0, 42.0, primary=True):
        program.hand_in()
    imgui.same_line(0.0, 12.0)
    if widgets.button(letters, _("Back to the patient"), 220.0, 42.0):
        program.go(Screen.SCAN)
    imgui.same_line(0.0, 16.0)
    corner = imgui.get_cursor_pos()
    imgui.set_cursor_pos(Vec(corner.x, corner.y + 12.0))
    widgets.text(letters, _("After this the answers are final."), theme.SMALL, theme.SOFT)
    if missing := open_questions(answer):
        widgets.space(2.0)
        widgets.text(letters, _("Not answered yet: {what}.").format(what=", ".join(missing)), tint=theme.FAIR, wrap=0.0)
