"""The results: finished attempts, the latest first."""

from __future__ import annotations

from imgui_bundle import imgui

from simulator.app import theme, widgets
from simulator.app.interface import Interface
from simulator.app.screens import caveat
from simulator.app.widgets import Vec
from simulator.app.world import ResultLine
from simulator.messages import _


def draw(ui: Interface) -> None:
    """The whole screen."""
    letters, program = ui.letters, ui.program
    with widgets.whole_window("results") as (width, height):
        column = min(1100.0, width - 80.0)
        with widgets.pane(
            "results-column", (width - column) / 2.0, 0.0, column, height, bare=True, padding=(0.0, 40.0)
        ):
            widgets.text(letters, _("Results"), theme.TITLE, strong=True)
            widgets.space(6.0)
            lines = program.results()
            if not lines:
                widgets.text(letters, _("Nothing yet. A finished examination appears here."), tint=theme.SOFT)
            else:
                if not all(line.confirmed for line in lines):
                    caveat.draw(ui, column)
                    widgets.space(4.0)
                _table(ui, lines)
            widgets.space(14.0)
            if widgets.button(letters, _("Back"), 160.0):
                program.back()


def _table(ui: Interface, lines: list[ResultLine]) -> None:
    flags = imgui.TableFlags_.row_bg | imgui.TableFlags_.borders_inner_h | imgui.TableFlags_.pad_outer_x
    heads = (_("When"), _("Pseudonym"), _("Case"), _("Total"), _("Acquisition"), _("Interpretation"), _("Conclusion"),
             _("Minutes"), _("Report"))  # fmt: skip
    imgui.push_style_var(imgui.StyleVar_.cell_padding, Vec(12.0, 7.0))
    _rows(ui, lines, heads, int(flags))
    imgui.pop_style_var()


def _rows(ui: Interface, lines: list[ResultLine], heads: tuple[str, ...], flags: int) -> None:
    if not imgui.begin_table("results", len(heads), flags):
        return
    for index, head in enumerate(heads):
        stretch = imgui.TableColumnFlags_.width_stretch if index == 2 else imgui.TableColumnFlags_.width_fixed
        imgui.table_setup_column(head, int(stretch))
    imgui.table_next_row()
    for head in heads:
        imgui.table_next_column()
        widgets.label(ui.letters, head)

    for line in lines:
        imgui.table_next_row()
        parts = ["–" if part is None else f"{part:.0f} %" for part in line.parts]
        cells = (line.when, line.trainee, line.title, f"{line.percent:.0f} %", *parts, f"{line.minutes:.0f}")
        for index, cell in enumerate(cells):
            imgui.table_next_column()
            widgets.text(ui.letters, cell, strong=index == 3, tint=theme.TEXT if index in (2, 3) else theme.SOFT)
        imgui.table_next_column()
        if line.report:
            imgui.set_cursor_pos_y(imgui.get_cursor_pos_y() - 6.0)  # its words on the line of the others
            if widgets.button(ui.letters, _("Open") + f"##{line.report}", 0.0, 26.0, quiet=True):
                ui.program.open_report(line.report)
    imgui.end_table()
