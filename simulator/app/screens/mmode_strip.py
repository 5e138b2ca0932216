"""The M-mode: one line over time under the image, newest on the right, with its scales of time and depth."""

from __future__ import annotations

from typing import Any

from simulator.app import theme, widgets
from simulator.app.cine import Shot
from simulator.app.interface import Interface
from simulator.app.numbers import local
from simulator.app.screens.image_frame import scale_steps_cm
from simulator.app.widgets import Vec
from simulator.render.mmode import RATE_HZ, SWEEP_S


def draw(ui: Interface, shot: Shot, draw_list: Any, x: float, y: float, wide: float, tall: float) -> None:
    """The strip at a place of the screen; the row of times is below it, within `tall`."""
    program, letters = ui.program, ui.letters
    if program.patient is None or program.placement is None:
        return
    picture = ui.pictures.mmode(program.scan, program.patient, program.placement)
    draw_list.add_line(Vec(x, y - 4.0), Vec(x + wide, y - 4.0), theme.colour(theme.LINE))
    bottom = y + tall - 18.0
    if picture.reference is not None:
        seam = x + wide * (1.0 - picture.head)
        if picture.head < 1.0:
            draw_list.add_image(picture.reference, Vec(x, y), Vec(seam, bottom), Vec(picture.head, 0.0), Vec(1.0, 1.0))
        if picture.head > 0.0:
            draw_list.add_image(
                picture.reference, Vec(seam, y), Vec(x + wide, bottom), Vec(0.0, 0.0), Vec(picture.head, 1.0)
            )
    words = local(f"{RATE_HZ:.0f} Hz")
    widgets.write(draw_list, letters, x + 6.0, y + 4.0, "M", theme.SMALL, theme.FAIR, strong=True)
    widgets.write(draw_list, letters, x + 22.0, y + 4.0, words, theme.SMALL, theme.FAINT)
    _times(ui, draw_list, x, bottom, wide)
    _depths(ui, shot.settings.depth_cm, draw_list, x + wide + 8.0, y, bottom - y)
    if program.scan.frozen:  # where in the strip the frame above is
        at = x + wide - (picture.newest_s - shot.time_s) / SWEEP_S * wide
        if x <= at <= x + wide:
            draw_list.add_line(Vec(at, y), Vec(at, bottom), theme.colour(theme.ACCENT, 0.9))


def _times(ui: Interface, draw_list: Any, x: float, y: float, wide: float) -> None:
    """Tenths, halves and whole seconds before the newest line."""
    for tenth in range(round(10.0 * SWEEP_S) + 1):
        at = x + wide * (1.0 - tenth / (10.0 * SWEEP_S))
        long = 8.0 if tenth % 10 == 0 else 5.0 if tenth % 5 == 0 else 3.0
        draw_list.add_line(Vec(at, y), Vec(at, y + long), theme.colour(theme.SOFT, 0.9 if tenth % 10 == 0 else 0.5))
        if tenth % 10 == 0 and 0 < tenth < 10.0 * SWEEP_S:
            words = f"−{tenth // 10} s"
            shift = 0.5 * widgets.width_of(ui.letters, words, theme.SMALL)
            widgets.write(draw_list, ui.letters, at - shift, y + 5.0, words, theme.SMALL, theme.SOFT)


def _depths(ui: Interface, depth_cm: float, draw_list: Any, x: float, y: float, tall: float) -> None:
    tick, number = scale_steps_cm(tall / depth_cm)
    for step in range(int(depth_cm / tick + 1e-6) + 1):
        at_cm = step * tick
        at = y + tall * at_cm / depth_cm
        major = abs(at_cm / number - round(at_cm / number)) < 1e-6
        draw_list.add_line(Vec(x, at), Vec(x + (9.0 if major else 4.0), at), theme.colour(theme.SOFT, 0.8))
        if major and step:
            words = local(f"{at_cm:g}")
            widgets.write(draw_list, ui.letters, x + 12.0, at - 8.0, words, theme.SMALL, theme.SOFT)
