"""What is drawn around and over the sector: scale, focus, marker, grey bar, M-mode line; where a point is."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from imgui_bundle import imgui

from simulator.app import theme, widgets
from simulator.app.calipers import Point
from simulator.app.cine import Shot
from simulator.app.interface import Interface
from simulator.app.numbers import local
from simulator.app.pictures import UltrasoundPicture
from simulator.app.widgets import Vec
from simulator.messages import _
from simulator.probe import TRANSDUCERS, Settings, scan_lines
from simulator.units import CM

_STEPS_CM = (0.1, 0.5, 1.0, 5.0, 10.0)  # of the depth scale
_TICK_PX, _NUMBER_PX = 9.0, 28.0  # ticks and numbers are at least this far apart


@lru_cache(maxsize=8)
def line_ends_m(probe: str, settings: Settings) -> npt.NDArray[np.float64]:
    """(lines, 2, 2): both ends (x, z) of every scan line in the probe plane."""
    lines = scan_lines(TRANSDUCERS[probe], settings)
    ends = np.stack([lines.origins_m, lines.origins_m + lines.directions * settings.depth_cm * CM], axis=1)
    return np.asarray(ends[:, :, [0, 2]])


def nearest_line(probe: str, settings: Settings, at: Point) -> float:
    """Where the scan line nearest to a point of the probe plane is: share of the sector from the marked side."""
    ends = line_ends_m(probe, settings)
    along = ends[:, 1] - ends[:, 0]
    to = np.asarray(at) - ends[:, 0]
    off = np.abs(along[:, 0] * to[:, 1] - along[:, 1] * to[:, 0]) / np.linalg.norm(along, axis=1)
    return (int(np.argmin(off)) + 0.5) / settings.lines


def scale_steps_cm(px_per_cm: float) -> tuple[float, float]:
    """(tick, number): how far apart ticks and numbers of a scale stand, cm."""
    tick = next((s for s in _STEPS_CM if s * px_per_cm >= _TICK_PX), _STEPS_CM[-1])
    number = next((s for s in _STEPS_CM if s > tick and s * px_per_cm >= _NUMBER_PX), 2.0 * tick)
    return tick, number


class Frame:
    """The picture of a shot at a place of the screen."""

    def __init__(
        self, draw_list: Any, ui: Interface, shot: Shot, picture: UltrasoundPicture, left: float, top: float,
        wide: float, tall: float,
    ) -> None:  # fmt: skip
        self.draw, self.ui, self.shot, self.picture = draw_list, ui, shot, picture
        self.geometry, self.settings = picture.geometry, shot.settings
        self.left, self.top, self.wide, self.tall = left, top, wide, tall
        self.fx, self.fy = wide / picture.size_px[0], tall / picture.size_px[1]

    def point(self, x_m: float, z_m: float) -> Vec:
        """A point of the probe plane on the screen."""
        column, row = self.geometry.to_pixel((x_m, z_m))
        return Vec(self.left + float(column) * self.fx, self.top + float(row) * self.fy)

    def plane(self, at: Vec) -> Point:
        """The point (x, z) of the probe plane, metres, at a place of the screen."""
        x, z = self.geometry.to_plane(((at.x - self.left) / self.fx, (at.y - self.top) / self.fy))
        return float(x), float(z)

    def holds(self, at: Vec) -> bool:
        """Whether a place of the screen is on the picture."""
        return self.left <= at.x < self.left + self.wide and self.top <= at.y < self.top + self.tall

    def clip(self) -> None:
        """Draw on the picture only, until `draw.pop_clip_rect`."""
        self.draw.push_clip_rect(
            Vec(self.left, self.top),
            Vec(self.left + self.wide, self.top + self.tall),
            intersect_with_current_clip_rect=True,
        )

    def scale(self) -> None:
        """Depth on the right: ticks, numbers in centimetres, and the focal zones; under zoom of what is seen."""
        depth_cm = self.settings.depth_cm
        x = self.left + self.wide + 8.0
        tick, number = scale_steps_cm(abs(self.point(0.0, CM).y - self.point(0.0, 0.0).y))
        for step in range(int(depth_cm / tick + 1e-6) + 1):
            at_cm = step * tick
            y = self.point(0.0, at_cm * CM).y
            if not self.top - 1.0 <= y <= self.top + self.tall + 1.0:
                continue
            major = abs(at_cm / number - round(at_cm / number)) < 1e-6
            whole = abs(at_cm - round(at_cm)) < 1e-6
            long, alpha = (9.0, 0.9) if major else (5.0, 0.5) if whole else (3.0, 0.35)
            self.draw.add_line(Vec(x, y), Vec(x + long, y), theme.colour(theme.SOFT, alpha))
            if major and step:
                words = local(f"{at_cm:.0f}" if whole else f"{at_cm:.1f}")
                widgets.write(self.draw, self.ui.letters, x + 12.0, y - 8.0, words, theme.SMALL, theme.SOFT)
        for focus_cm in self.settings.focus_depths_cm:
            y = self.point(0.0, min(depth_cm, focus_cm) * CM).y
            if self.top <= y <= self.top + self.tall:
                self.draw.add_triangle_filled(
                    Vec(x - 1.0, y), Vec(x - 8.0, y - 5.0), Vec(x - 8.0, y + 5.0), theme.colour(theme.FAIR)
                )

    def marker(self) -> None:
        """The orientation marker: where the marked side of the probe is, at the left."""
        x_m, z_m = line_ends_m(self.shot.transducer_key, self.settings)[0, 0]
        at = self.point(float(x_m), float(z_m))
        x, y = max(self.left + 8.0, at.x - 16.0), max(self.top + 8.0, at.y + 8.0)
        self.draw.add_circle_filled(Vec(x, y), 6.0, theme.colour(theme.ACCENT))
        self.draw.add_circle(Vec(x, y), 6.0, theme.colour(theme.TEXT, 0.7))

    def grey_bar(self, x: float, tall: float) -> None:
        """White to black, on the left."""
        y = self.top + 6.0
        white, black = theme.colour((1.0, 1.0, 1.0, 1.0)), theme.colour(theme.BLACK)
        self.draw.add_rect_filled_multi_color(Vec(x, y), Vec(x + 9.0, y + tall), white, white, black, black)
        self.draw.add_rect(Vec(x, y), Vec(x + 9.0, y + tall), theme.colour(theme.LINE))

    def lost_contact(self) -> None:
        """Say that the probe does not touch."""
        words, hint = _("NO CONTACT"), _("Press the probe on (R)")
        at = Vec(self.left + 0.5 * self.wide, self.top + 0.45 * self.tall)
        wide = widgets.width_of(self.ui.letters, words, theme.LARGE, strong=True)
        low = widgets.width_of(self.ui.letters, hint, theme.SMALL)
        box = max(wide, low) / 2.0 + 20.0
        self.draw.add_rect_filled(
            Vec(at.x - box, at.y - 12.0), Vec(at.x + box, at.y + 46.0), theme.colour(theme.GROUND, 0.8), 8.0
        )
        widgets.write(self.draw, self.ui.letters, at.x - wide / 2.0, at.y - 4.0, words, theme.LARGE, theme.FAIR, True)
        widgets.write(self.draw, self.ui.letters, at.x - low / 2.0, at.y + 22.0, hint, theme.SMALL, theme.SOFT)

    def mmode_line(self, share: float) -> None:
        """The line whose history the M-mode shows."""
        line = min(self.settings.lines - 1, max(0, math.floor(share * self.settings.lines)))
        ends = line_ends_m(self.shot.transducer_key, self.settings)[line]
        a, b = (self.point(float(x), float(z)) for x, z in ends)
        self.clip()
        for step in range(0, 40, 2):
            p = [Vec(a.x + (b.x - a.x) * t / 40.0, a.y + (b.y - a.y) * t / 40.0) for t in (step, step + 1)]
            self.draw.add_line(p[0], p[1], theme.colour(theme.FAIR, 0.8), 1.0)
        self.draw.pop_clip_rect()


def mouse() -> Vec:
    """Where the pointer is."""
    return imgui.get_io().mouse_pos
