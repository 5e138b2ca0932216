"""Beside a test block, instead of the answer sheet: its groups of targets, and what to try with the knobs."""

from __future__ import annotations

from dataclasses import replace

from simulator.app import handling, theme, widgets
from simulator.app.interface import Interface
from simulator.messages import N_, _

VIEW_NAMES = {
    "pins": N_("Rows of pins"), "resolution": N_("Pins close together"), "cysts": N_("Echo-free cysts"),
    "contrast": N_("Brighter discs"),
}  # fmt: skip


def draw(ui: Interface, x: float, y: float, width: float, height: float) -> None:
    """The pane."""
    program, letters = ui.program, ui.letters
    exam, patient = program.exam, program.patient
    if exam is None or patient is None or patient.body.phantom is None:
        return
    with widgets.pane("answers", x, y, width, height, padding=(14.0, 10.0)):
        inner = width - 28.0
        widgets.text(letters, _("Test block"), theme.LARGE, theme.ACCENT, strong=True)
        words = _("A test block has no zones: there is nothing to score.")
        widgets.text(letters, words, theme.SMALL, theme.FAINT, wrap=inner)
        widgets.space(6.0)
        for name, pose in patient.body.phantom.views.items():
            if widgets.button(letters, _(VIEW_NAMES[name]) + f"##view-{name}", inner, 32.0):
                program.change(handling.looked_at_probe(replace(program.scan, pose=pose)))
        for question in exam.case.brief().questions:
            widgets.space(8.0)
            widgets.text(letters, question, theme.SMALL, theme.SOFT, wrap=inner)
