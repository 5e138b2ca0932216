"""The ultrasound image as the machine shows it: settings above, tools on the left, scales on the right, loop below."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

from imgui_bundle import imgui

from simulator.acoustics.output import advice, mechanical_index, warns
from simulator.app import handling, theme, widgets
from simulator.app.cine import Shot, sector_rate_hz
from simulator.app.interface import Interface
from simulator.app.numbers import local
from simulator.app.screens import cine_bar, cut_view, image_tools, mmode_strip
from simulator.app.screens.image_frame import Frame, mouse, nearest_line
from simulator.app.widgets import Vec
from simulator.messages import N_, _
from simulator.probe import TRANSDUCERS, Settings

PROBE_NAMES = {
    "convex": N_("Convex"),
    "linear": N_("Linear"),
    "micro_convex": N_("Micro-convex"),
    "phased": N_("Phased array"),
}
_SIDE = 44.0  # left and right of the image: tools, depth scale
_HEAD = 30.0
_MI = 6  # its place in the line of settings


def draw(ui: Interface, x: float, y: float, width: float, height: float, *, live: bool = True) -> None:
    """The pane; `live` False only shows (debrief)."""
    program = ui.program
    scan, patient, shot = program.scan, program.patient, program.shot
    if patient is None or shot is None:
        return
    imgui.push_style_color(imgui.Col_.child_bg, imgui.ImVec4(*theme.BLACK))
    with widgets.pane("image", x, y, width, height, bare=True, scroll=False, padding=(0.0, 0.0)):
        corner = imgui.get_cursor_screen_pos()
        draw_list = imgui.get_window_draw_list()
        end = Vec(corner.x + width, corner.y + height)
        top, foot = corner.y + _HEAD, end.y - cine_bar.HEIGHT - 6.0
        tall = (foot - 4.0 - top) * (0.56 if scan.mmode else 1.0)
        wide = width - 2.0 * _SIDE
        left = corner.x + _SIDE
        cut = None
        if scan.show_cut and program.may_look_inside and not scan.mmode:
            cut = cut_view.places(shot, left, top, wide, tall)
            draw_list.add_rect_filled(corner, end, theme.colour(theme.BLACK), 8.0)
            wide, tall = cut.image[2:]
        else:
            _around(draw_list, corner, end, Vec(left, top), Vec(left + wide, top + tall))
        picture = ui.pictures.ultrasound(shot, patient, wide, tall, scan.zoom, program.trail, scan.frozen, scan.mmode)
        if picture.reference is not None:
            draw_list.add_image(picture.reference, Vec(left, top), Vec(left + wide, top + tall))
        frame = Frame(draw_list, ui, shot, picture, left, top, wide, tall)
        frame.scale()
        frame.marker()
        bar = min(120.0, 0.25 * (foot - top))
        frame.grey_bar(corner.x + 14.0, bar)
        _settings_line(ui, shot, draw_list, corner, width)
        if not shot.in_contact:
            frame.lost_contact()
        if cut is not None:
            cut_view.draw(ui, frame, patient, cut)
        if scan.mmode:
            frame.mmode_line(scan.mmode_at)
            mmode_strip.draw(ui, shot, draw_list, left, top + tall + 8.0, wide, foot - top - tall - 8.0)
        if live:
            image_tools.listed(ui, frame)
            each = min(28.0, (foot - top - bar - 20.0) / image_tools.BUTTONS)
            image_tools.rail(ui, frame, corner.x + 7.0, top + bar + 16.0, each)
        cine_bar.draw(ui, draw_list, corner.x + 14.0, foot, width - 28.0, live)
        imgui.set_cursor_screen_pos(corner)  # last, as on the patient: the buttons have what is theirs
        buttons = imgui.ButtonFlags_.mouse_button_left | imgui.ButtonFlags_.mouse_button_right
        imgui.invisible_button("##image-field", Vec(width, height), int(buttons))
        if live:
            _mouse(ui, frame)
            image_tools.measured(ui, frame)
            image_tools.preview(ui, frame)
    imgui.pop_style_color()


def _around(draw_list: Any, corner: Vec, end: Vec, low: Vec, high: Vec) -> None:
    """Black around the picture, not under it: every filled pixel counts on a software rasteriser."""
    black = theme.colour(theme.BLACK)
    draw_list.add_rect_filled(corner, Vec(low.x, end.y), black, 8.0, int(imgui.ImDrawFlags_.round_left))
    draw_list.add_rect_filled(Vec(high.x, corner.y), end, black, 8.0, int(imgui.ImDrawFlags_.round_right))
    draw_list.add_rect_filled(Vec(low.x, corner.y), Vec(high.x, low.y), black)
    draw_list.add_rect_filled(Vec(low.x, high.y), Vec(high.x, end.y), black)
    draw_list.add_rect(corner, end, theme.colour(theme.LINE), 8.0)


def _mouse(ui: Interface, frame: Frame) -> None:
    """What the mouse does on the image, for the item just laid out."""
    program, io = ui.program, imgui.get_io()
    scan, at = program.scan, mouse()
    turned = io.mouse_wheel
    if imgui.is_item_hovered() and turned:
        notches = round(turned) or (1 if turned > 0.0 else -1)
        if io.key_ctrl:
            if frame.holds(at):
                program.zoom_about(frame.plane(at), float(turned), frame.picture.whole)
        elif scan.frozen:
            program.cine.step(-notches)
        else:
            program.turn_knobs(handling.depth_stepped(scan.settings, -notches))
    if image_tools.use(ui, frame):
        return
    if not imgui.is_item_active() or not imgui.is_mouse_down(0) or not frame.holds(at):
        return
    if scan.mmode:
        share = nearest_line(frame.shot.transducer_key, frame.settings, frame.plane(at))
        program.change(replace(scan, mmode_at=share))
    elif scan.zoom is not None and (io.mouse_delta.x or io.mouse_delta.y):
        metres = frame.geometry.metres_per_pixel
        program.push_zoom(
            io.mouse_delta.x / frame.fx * metres, -io.mouse_delta.y / frame.fy * metres, frame.picture.whole
        )


def _settings_line(ui: Interface, shot: Shot, draw_list: Any, corner: Vec, width: float) -> None:
    """Probe, frequency, depth, gain, dynamic range, frame rate, as a machine writes them."""
    s, zoom = shot.settings, ui.program.scan.zoom
    index = _index(shot.transducer_key, s)
    risky = warns(index)
    parts = (
        _(PROBE_NAMES[shot.transducer_key]), local(f"{s.frequency_mhz:.1f} MHz"), f"{s.depth_cm:.0f} cm",
        f"G {s.gain_db:+.0f}", f"DR {s.dynamic_range_db:.0f}", local(_rate(s, ui.program.scan.mmode)),
        local(_("MI") + f" {index:.2f}"),
        *((f"× {zoom.factor:.1f}",) if zoom else ()),
        *((_("Comp."),) if s.compounding else ()), *((_("Harm."),) if s.harmonics else ()),
    )  # fmt: skip
    x, y = corner.x + 14.0, corner.y + 8.0
    place = shot.zone or ("–" if width < 640.0 else _("between zones"))
    right = corner.x + width - 14.0 - widgets.width_of(ui.letters, place, theme.SMALL, strong=True)
    for number, part in enumerate(parts):
        wide = widgets.width_of(ui.letters, part, theme.SMALL, strong=number == 0)
        if x + wide > right - 12.0:
            break
        tint = theme.TEXT if number == 0 else theme.FAIR if risky and number == _MI else theme.SOFT
        widgets.write(draw_list, ui.letters, x, y, part, theme.SMALL, tint, strong=number == 0)
        if number == _MI and imgui.is_mouse_hovering_rect(Vec(x, y), Vec(x + wide, y + 16.0)):
            # AIUM's statement on the safety of lung ultrasound [V14]; where to start [B].
            hint = advice(index)
            words = _("Mechanical index: as low as the image allows.")
            widgets.tooltip(ui.letters, f"{words} {_(hint)}" if hint else words)
        x += wide + (13.0 if width > 600.0 else 11.0)
    tint = theme.ACCENT if shot.zone else theme.FAINT
    widgets.write(draw_list, ui.letters, right, y, place, theme.SMALL, tint, strong=True)


@lru_cache(maxsize=8)
def _index(probe: str, settings: Settings) -> float:
    """The mechanical index; computed when a knob is turned, not every frame."""
    return mechanical_index(TRANSDUCERS[probe], settings)


def _rate(settings: Settings, mmode: bool) -> str:
    """Images a second that sound has time for: a tenth matters where there are few."""
    rate = sector_rate_hz(settings, mmode)
    return f"{rate:.0f} Hz" if rate >= 9.95 else f"{rate:.1f} Hz"
