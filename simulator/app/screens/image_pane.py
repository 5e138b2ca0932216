"""The ultrasound image as the machine shows it: depth scale, marker, grey bar, focus, settings, M-mode."""

from __future__ import annotations

from typing import Any

from imgui_bundle import imgui

from simulator.app import handling, theme, widgets
from simulator.app.interface import Interface
from simulator.app.numbers import local
from simulator.app.pictures import UltrasoundPicture
from simulator.app.state import ScanState
from simulator.app.widgets import Vec
from simulator.messages import N_, _
from simulator.probe import frame_rate_hz
from simulator.units import CM

PROBE_NAMES = {
    "convex": N_("Convex"),
    "linear": N_("Linear"),
    "micro_convex": N_("Micro-convex"),
    "phased": N_("Phased"),
}
_QUALITIES = {"standard": N_("standard"), "draft": N_("draft")}  # what the machine's speed allows, if not "fine"
_SIDE = 44.0  # left and right of the image: grey bar, depth scale
_SCALE = theme.SOFT


def draw(ui: Interface, x: float, y: float, width: float, height: float, *, live: bool = True) -> None:
    """The pane; `live` False only shows (debrief)."""
    program = ui.program
    scan, patient, placement = program.scan, program.patient, program.placement
    if patient is None or placement is None:
        return
    imgui.push_style_color(imgui.Col_.child_bg, imgui.ImVec4(*theme.BLACK))
    with widgets.pane("image", x, y, width, height, bare=True, scroll=False, padding=(0.0, 0.0)):
        corner = imgui.get_cursor_screen_pos()
        draw_list = imgui.get_window_draw_list()
        end = Vec(corner.x + width, corner.y + height)
        black, line = theme.colour(theme.BLACK), theme.colour(theme.LINE)
        top = corner.y + 30.0
        tall = (height - 38.0) * (0.56 if scan.mmode else 1.0)
        wide = width - 2.0 * _SIDE
        left = corner.x + _SIDE
        # Black around the picture, not under it: every filled pixel counts on a software rasteriser.
        draw_list.add_rect_filled(corner, Vec(left, end.y), black, 8.0, int(imgui.ImDrawFlags_.round_left))
        draw_list.add_rect_filled(Vec(left + wide, corner.y), end, black, 8.0, int(imgui.ImDrawFlags_.round_right))
        draw_list.add_rect_filled(Vec(left, corner.y), Vec(left + wide, top), black)
        draw_list.add_rect_filled(Vec(left, top + tall), Vec(left + wide, end.y), black)
        draw_list.add_rect(corner, end, line, 8.0)
        picture = ui.pictures.ultrasound(scan, patient, placement, wide, tall)
        if picture.reference is not None:
            draw_list.add_image(picture.reference, Vec(left, top), Vec(left + wide, top + tall))
        frame = _Frame(draw_list, ui, scan, picture, left, top, wide, tall)
        frame.scale()
        frame.marker()
        frame.grey_bar(corner.x + 14.0)
        _settings_line(ui, scan, draw_list, corner, width)
        if not program.in_contact:
            frame.lost_contact()
        imgui.invisible_button("##image-field", Vec(width, height))
        turned = imgui.get_io().mouse_wheel
        if live and imgui.is_item_hovered() and turned:
            steps = -round(turned) or (-1 if turned > 0.0 else 1)
            program.turn_knobs(handling.depth_stepped(scan.settings, steps))
        if scan.mmode:
            frame.mmode_line()
            if live and imgui.is_item_active() and imgui.get_io().mouse_pos.y < top + tall:
                program.change(frame.with_line_at(imgui.get_io().mouse_pos.x, imgui.get_io().mouse_pos.y))
            _mmode(ui, scan, draw_list, left, top + tall + 8.0, wide, end.y - top - tall - 14.0)
        if ui.pictures.quality != "fine":
            words = _("Quality: {level}").format(level=_(_QUALITIES[ui.pictures.quality]))
            widgets.write(draw_list, ui.letters, corner.x + 14.0, top + tall - 18.0, words, theme.SMALL, theme.FAINT)
        if scan.frozen:
            _badge(ui, draw_list, end.x - 14.0, end.y - 38.0, _("FROZEN"), theme.ACCENT)
    imgui.pop_style_color()


class _Frame:
    """What is drawn around and over the sector."""

    def __init__(
        self, draw_list: Any, ui: Interface, scan: ScanState, picture: UltrasoundPicture, left: float, top: float,
        wide: float, tall: float,
    ) -> None:  # fmt: skip
        self.draw, self.ui, self.scan, self.geometry = draw_list, ui, scan, picture.geometry
        self.left, self.top, self.wide, self.tall = left, top, wide, tall
        self.fx, self.fy = wide / picture.size_px[0], tall / picture.size_px[1]

    def point(self, x_m: float, z_m: float) -> Vec:
        """A point of the probe plane on the screen."""
        column, row = self.geometry.to_pixel((x_m, z_m))
        return Vec(self.left + float(column) * self.fx, self.top + float(row) * self.fy)

    def scale(self) -> None:
        """Centimetres on the right, every fifth longer and with its number; the focus beside it."""
        depth = self.scan.settings.depth_cm
        x = self.left + self.wide + 8.0
        per_cm = abs(self.point(0.0, CM).y - self.point(0.0, 0.0).y)
        every = 5 if depth > 8.0 else 1
        for tick in range(int(depth) + 1):
            y = self.point(0.0, tick * CM).y
            major = tick % every == 0
            self.draw.add_line(
                Vec(x, y), Vec(x + (9.0 if major else 5.0), y), theme.colour(_SCALE, 0.9 if major else 0.5)
            )
            if every == 5 and per_cm > 26.0:
                half = y + per_cm / 2.0
                if tick + 0.5 <= depth:
                    self.draw.add_line(Vec(x, half), Vec(x + 3.0, half), theme.colour(_SCALE, 0.35))
            if major and tick:
                widgets.write(self.draw, self.ui.letters, x + 13.0, y - 8.0, f"{tick}", theme.SMALL, _SCALE)
        focus = self.point(0.0, min(depth, self.scan.settings.focus_cm) * CM).y
        self.draw.add_triangle_filled(
            Vec(x - 1.0, focus), Vec(x - 8.0, focus - 5.0), Vec(x - 8.0, focus + 5.0), theme.colour(theme.FAIR)
        )

    def marker(self) -> None:
        """The orientation marker: where the marked side of the probe is, at the left."""
        g = self.geometry
        x_m, z_m = g.on_line(g.arc_m / 2.0, 0.0)
        at = self.point(float(x_m), float(z_m))
        x, y = max(self.left + 8.0, at.x - 16.0), at.y + 8.0
        self.draw.add_circle_filled(Vec(x, y), 6.0, theme.colour(theme.ACCENT))
        self.draw.add_circle(Vec(x, y), 6.0, theme.colour(theme.TEXT, 0.7))

    def grey_bar(self, x: float) -> None:
        """White to black, on the left."""
        y, tall = self.top + 6.0, min(150.0, self.tall * 0.4)
        white, black = theme.colour((1.0, 1.0, 1.0, 1.0)), theme.colour(theme.BLACK)
        self.draw.add_rect_filled_multi_color(Vec(x, y), Vec(x + 9.0, y + tall), white, white, black, black)
        self.draw.add_rect(Vec(x, y), Vec(x + 9.0, y + tall), theme.colour(theme.LINE))

    def lost_contact(self) -> None:
        """Say that the probe does not touch."""
        words, hint = _("NO CONTACT"), _("Press the probe on (R)")
        at = self.point(0.0, self.geometry.depth_m * 0.45)
        wide = widgets.width_of(self.ui.letters, words, theme.LARGE, strong=True)
        low = widgets.width_of(self.ui.letters, hint, theme.SMALL)
        box = max(wide, low) / 2.0 + 20.0
        self.draw.add_rect_filled(
            Vec(at.x - box, at.y - 12.0), Vec(at.x + box, at.y + 46.0), theme.colour(theme.GROUND, 0.8), 8.0
        )
        widgets.write(self.draw, self.ui.letters, at.x - wide / 2.0, at.y - 4.0, words, theme.LARGE, theme.FAIR, True)
        widgets.write(self.draw, self.ui.letters, at.x - low / 2.0, at.y + 22.0, hint, theme.SMALL, theme.SOFT)

    def mmode_line(self) -> None:
        """The line whose history the M-mode shows."""
        g, scan = self.geometry, self.scan
        s = (0.5 - (scan.mmode_line + 0.5) / scan.settings.lines) * g.arc_m
        a, b = (self.point(float(x_m), float(z_m)) for x_m, z_m in g.on_line(s, [0.0, g.depth_m]))
        for step in range(0, 40, 2):
            p = [Vec(a.x + (b.x - a.x) * t / 40.0, a.y + (b.y - a.y) * t / 40.0) for t in (step, step + 1)]
            self.draw.add_line(p[0], p[1], theme.colour(theme.FAIR, 0.8), 1.0)

    def with_line_at(self, x: float, y: float) -> ScanState:
        """The scan with its M-mode line through a place of the screen."""
        from dataclasses import replace

        g = self.geometry
        arc_m, _depth_m = g.line_through(g.to_plane(((x - self.left) / self.fx, (y - self.top) / self.fy)))
        lines = self.scan.settings.lines
        line = round((0.5 - float(arc_m) / g.arc_m) * lines - 0.5)
        return replace(self.scan, mmode_line=min(lines - 1, max(0, line)))


def _settings_line(ui: Interface, scan: ScanState, draw_list: Any, corner: Vec, width: float) -> None:
    """Probe, frequency, depth, gain, dynamic range, frame rate, as a machine writes them."""
    s = scan.settings
    zone = ui.program.exam.zone_under_probe(scan) if ui.program.exam else None
    parts = (
        _(PROBE_NAMES[scan.transducer_key]), local(f"{s.frequency_mhz:.1f} MHz"), f"{s.depth_cm:.0f} cm",
        f"G {s.gain_db:+.0f} dB", f"DR {s.dynamic_range_db:.0f}", f"{min(99.0, frame_rate_hz(s)):.0f} Hz",
        *((_("Comp."),) if s.compounding else ()), *((_("Harm."),) if s.harmonics else ()),
    )  # fmt: skip
    x, y = corner.x + 14.0, corner.y + 8.0
    place = zone or _("between zones")
    right = corner.x + width - 14.0 - widgets.width_of(ui.letters, place, theme.SMALL, strong=True)
    for index, part in enumerate(parts):
        wide = widgets.width_of(ui.letters, part, theme.SMALL, strong=index == 0)
        if x + wide > right - 12.0:
            break
        tint = theme.TEXT if index == 0 else theme.SOFT
        widgets.write(draw_list, ui.letters, x, y, part, theme.SMALL, tint, strong=index == 0)
        x += wide + 14.0
    widgets.write(
        draw_list, ui.letters, right, y, place, theme.SMALL, theme.ACCENT if zone else theme.FAINT, strong=True
    )


def _mmode(ui: Interface, scan: ScanState, draw_list: Any, x: float, y: float, wide: float, tall: float) -> None:
    """The line over time, newest on the right."""
    draw_list.add_line(Vec(x, y - 4.0), Vec(x + wide, y - 4.0), theme.colour(theme.LINE))
    reference = ui.pictures.mmode(scan, wide, tall)
    if reference is not None:
        draw_list.add_image(reference, Vec(x, y), Vec(x + wide, y + tall))
    widgets.write(draw_list, ui.letters, x + 6.0, y + 4.0, "M", theme.SMALL, theme.FAIR, strong=True)
    depth = scan.settings.depth_cm
    every = 5 if depth > 8.0 else 1
    for tick in range(0, int(depth) + 1, every):
        ty = y + tall * tick / depth
        draw_list.add_line(Vec(x + wide + 8.0, ty), Vec(x + wide + 15.0, ty), theme.colour(_SCALE, 0.8))


def _badge(ui: Interface, draw_list: Any, right: float, y: float, words: str, tint: theme.Rgba) -> None:
    """A word in a coloured box, right aligned."""
    wide = widgets.width_of(ui.letters, words, theme.SMALL, strong=True)
    draw_list.add_rect_filled(Vec(right - wide - 20.0, y), Vec(right, y + 24.0), theme.colour(tint, 0.22), 6.0)
    widgets.write(draw_list, ui.letters, right - wide - 10.0, y + 5.0, words, theme.SMALL, tint, strong=True)
