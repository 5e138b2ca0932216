"""The settings: language, size of letters, full screen, the coach."""

from __future__ import annotations

from simulator.app import theme, widgets
from simulator.app.interface import Interface
from simulator.app.preferences import SCALES
from simulator.app.state import CoachStep
from simulator.messages import LANGUAGES, _, language


def draw(ui: Interface) -> None:
    """The whole screen."""
    letters, program = ui.letters, ui.program
    with widgets.whole_window("settings") as (width, height):
        column = min(640.0, width - 80.0)
        with widgets.pane(
            "settings-column", (width - column) / 2.0, 0.0, column, height, bare=True, padding=(0.0, 40.0)
        ):
            widgets.text(letters, _("Settings"), theme.TITLE, strong=True)
            widgets.space(10.0)
            widgets.label(letters, _("Language"))
            chosen = widgets.segments(letters, "language", list(LANGUAGES.items()), language(), column)
            if chosen != language():
                program.speak(chosen)
            widgets.space(10.0)
            widgets.label(letters, _("Size of everything"))
            scales = [(s, _("As the screen") if s == 0.0 else f"{s * 100:.0f} %") for s in SCALES]
            scale = widgets.segments(letters, "scale", scales, program.preferences.scale, column)
            if scale != program.preferences.scale:
                program.remember(scale=scale)
            widgets.space(10.0)
            full = widgets.check(letters, _("Full screen") + " (F11)", program.preferences.fullscreen)
            if full != program.preferences.fullscreen:
                program.remember(fullscreen=full)
            coach = widgets.check(letters, _("Show me the first steps again"), not program.preferences.coach_done)
            if coach == program.preferences.coach_done:
                program.remember(coach_done=not coach)
                program.point_at(CoachStep.PROBE if coach else CoachStep.DONE)
            widgets.space(16.0)
            widgets.label(letters, _("Log file"))
            widgets.text(letters, program.log_path, theme.SMALL, theme.SOFT, wrap=column)
            widgets.space(16.0)
            if widgets.button(letters, _("Back"), 160.0):
                program.back()
