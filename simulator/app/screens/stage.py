"""Which screen is shown, and what lies over it."""

from __future__ import annotations

from simulator.app.interface import Interface
from simulator.app.screens import brief, conclusion, debrief, error, help_list, menu, preferences, results, scan
from simulator.app.screens.overlays import draw_leave, draw_notice, draw_work
from simulator.app.state import Screen

_SCREENS = {
    Screen.MENU: menu.draw,
    Screen.BRIEF: brief.draw,
    Screen.SCAN: scan.draw,
    Screen.CONCLUSION: conclusion.draw,
    Screen.DEBRIEF: debrief.draw,
    Screen.RESULTS: results.draw,
    Screen.SETTINGS: preferences.draw,
    Screen.ERROR: error.draw,
}


def draw(ui: Interface) -> None:
    """The screen that the program is on, and what lies over it."""
    _SCREENS[ui.program.state.screen](ui)
    state = ui.program.state
    if state.screen in (Screen.SCAN, Screen.DEBRIEF) and ui.program.busy:
        draw_work(ui)
    if state.leave_open:
        draw_leave(ui)
    if state.help_open:
        help_list.draw(ui)
    draw_notice(ui)
