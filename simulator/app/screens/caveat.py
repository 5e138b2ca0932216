"""What is said beside marks whose rules no clinician has confirmed: the same words as in the report."""

from __future__ import annotations

from imgui_bundle import imgui

from simulator.app import theme, widgets
from simulator.app.interface import Interface
from simulator.app.widgets import Vec
from simulator.messages import _

_BAR = 10.0  # from the coloured bar to the words


def words() -> str:
    """The notice, in the language spoken now."""
    return _(
        "The rules behind these marks come from published studies and proposals. No clinician has confirmed them "
        "yet: use them to talk about the examination, not to pass or fail anyone."
    )


def height(ui: Interface, width: float) -> float:
    """How tall the notice is, in a column of this width."""
    with widgets.font(ui.letters, theme.SMALL):
        return float(imgui.calc_text_size(words(), wrap_width=width - _BAR).y)


def draw(ui: Interface, width: float) -> None:
    """The notice at the cursor."""
    corner, tall = imgui.get_cursor_screen_pos(), height(ui, width)
    draw_list = imgui.get_window_draw_list()
    draw_list.add_rect_filled(corner, Vec(corner.x + 3.0, corner.y + tall), theme.colour(theme.FAIR), 1.5)
    imgui.set_cursor_pos_x(imgui.get_cursor_pos_x() + _BAR)
    widgets.text(ui.letters, words(), theme.SMALL, theme.SOFT, wrap=width - _BAR)


def tag(ui: Interface) -> None:
    """The mark of a single rule that is not confirmed."""
    widgets.text(ui.letters, _("unconfirmed"), theme.SMALL, theme.FAIR)
