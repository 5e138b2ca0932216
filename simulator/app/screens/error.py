"""An error: what happened, where the log is, and the way back."""

from __future__ import annotations

from imgui_bundle import imgui

from simulator.app import theme, widgets
from simulator.app.interface import Interface
from simulator.messages import _


def draw(ui: Interface) -> None:
    """The whole screen."""
    letters, program = ui.letters, ui.program
    with widgets.whole_window("error") as (width, height):
        column = min(760.0, width - 80.0)
        with widgets.pane("error-column", (width - column) / 2.0, height * 0.2, column, height * 0.75, bare=True):
            widgets.text(letters, _("This did not work"), theme.TITLE, strong=True)
            widgets.space(4.0)
            widgets.text(letters, program.state.error, theme.BODY, theme.SOFT, wrap=column - 30.0)
            widgets.space(12.0)
            widgets.label(letters, _("Details are in the log file"))
            widgets.text(letters, program.log_path, theme.SMALL, theme.SOFT, wrap=column - 30.0)
            widgets.space(16.0)
            if widgets.button(letters, _("Back to the menu"), 200.0, 40.0, primary=True):
                program.menu()
            imgui.same_line(0.0, 12.0)
            if widgets.button(letters, _("Copy the path of the log"), 240.0, 40.0):
                imgui.set_clipboard_text(program.log_path)
