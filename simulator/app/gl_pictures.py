"""The live pictures with OpenGL: ultrasound image, M-mode, patient; each drawn again only when it changed."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from simulator.app.pictures import UltrasoundPicture
from simulator.app.state import ScanState
from simulator.app.world import World
from simulator.geometry import Placement
from simulator.patient import Patient
from simulator.probe import Settings
from simulator.render.renderer import UltrasoundRenderer
from simulator.render.sector import ImageGeometry, image_geometry
from simulator.render.torso import TorsoView
from simulator.render.torso_scene import TorsoScene

MOST_PIXELS = 1_200_000  # of the ultrasound image; more is only scaled up
QUIET_SHARE = 8.0  # ... and this many times as long as drawing it takes
QUIET_S = 0.10  # the patient's view is drawn at least this far apart while only breath and image change
SLOW_S = 0.050  # an ultrasound frame that takes longer is too slow for a hand
QUICK_S = 0.016  # one that takes less leaves room for the next better quality
QUALITY = {"fine": (512, 2048), "standard": (144, 512), "draft": (96, 400)}  # most lines and samples
MMODE_S = 4.0  # seconds across the strip
MMODE_COLUMNS, MMODE_ROWS = 480, 360


class GlPictures:
    """Draws into textures and lends them to Dear ImGui."""

    def __init__(
        self, ctx: Any, lend: Callable[[Any], Any], world: World, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        """`ctx` is the window's moderngl context, `lend` makes a texture known to the Dear ImGui backend."""
        self._ctx, self._lend, self._world, self._clock = ctx, lend, world, clock
        self._renderer = UltrasoundRenderer(ctx)
        self._torso = TorsoView(ctx)
        self._body = ""
        self.pixel_ratio = 1.0
        self._image: Any = None
        self._geometry: ImageGeometry | None = None
        self._stamp: Any = None
        self._still: Any = None
        self._drawn_s, self._torso_s = -1.0, 0.0
        self._texture: Any = None
        self._quality = _Quality()
        self._strip = _Strip()
        self._strip_texture: Any = None

    def set_patient(self, patient: Patient) -> None:
        """Show this patient from now on."""
        self._renderer.set_patient(patient)
        if patient.body.content_hash == self._body:
            return
        self._body = patient.body.content_hash
        vertices, faces, normals = self._world.skin(patient.body)
        self._torso.set_body(vertices, faces, normals, patient.body.axis_y_m, patient.body.notch_to_rib10_m)
        self._inside_of: Patient | None = patient

    @property
    def has_inside(self) -> bool:
        """Whether there is something to show under the skin; meshed when first asked for while showing."""
        return True

    @property
    def quality(self) -> str:
        """How finely the ultrasound image is drawn."""
        return self._quality.name

    def _pixels(self, width: float, height: float, most: int) -> tuple[int, int]:
        """Logical points as pixels, at most `most` of them."""
        ratio = self.pixel_ratio
        area = max(1.0, width * height) * ratio * ratio
        ratio *= min(1.0, math.sqrt(most / area))
        return max(16, round(width * ratio)), max(16, round(height * ratio))

    def ultrasound(
        self, scan: ScanState, patient: Patient, placement: Placement, width: float, height: float
    ) -> UltrasoundPicture:
        """The ultrasound image of the probe as it is held."""
        self.set_patient(patient)
        size = self._pixels(width, height, MOST_PIXELS)
        stamp = (
            placement,
            scan.transducer_key,
            scan.settings,
            scan.frame_index,
            scan.time_s,
            size,
            patient.body.content_hash,
        )
        self._geometry = image_geometry(scan.transducer, scan.settings, size)
        if stamp != self._stamp:
            before = self._clock()
            settings = self._quality.of(scan.settings)
            state = patient.at(scan.time_s)
            self._image = self._renderer.draw(state, placement, scan.transducer, settings, scan.frame_index, size)
            self._ctx.finish()
            self._quality.took(self._clock() - before)
            self._stamp = stamp
            if scan.mmode:
                self._strip.take(self._column(scan), scan)
        return UltrasoundPicture(self._lend(self._image), self._geometry, size)

    def _column(self, scan: ScanState) -> npt.NDArray[np.uint8]:
        """Grey along the M-mode line of the image just drawn, shallow first."""
        g = self._geometry
        assert g is not None
        width, height = g.size_px
        pixels = np.frombuffer(self._image.read(), np.uint8).reshape(height, width, -1)[:, :, 0]
        s = (0.5 - (scan.mmode_line + 0.5) / scan.settings.lines) * g.arc_m
        depth = (np.arange(MMODE_ROWS) + 0.5) / MMODE_ROWS * g.depth_m
        at = np.round(g.to_pixel(g.on_line(s, depth))).astype(int)
        return np.asarray(pixels[np.clip(at[:, 1], 0, height - 1), np.clip(at[:, 0], 0, width - 1)])

    def mmode(self, scan: ScanState, width: float, height: float) -> Any:
        """The M-mode strip."""
        if self._strip_texture is None:
            self._strip_texture = self._ctx.texture((MMODE_COLUMNS, MMODE_ROWS), 1)
            self._strip_texture.swizzle = "RRR1"
            self._strip_texture.repeat_x = self._strip_texture.repeat_y = False
        self._strip_texture.write(self._strip.image().tobytes())
        return self._lend(self._strip_texture)

    def torso(self, scene: TorsoScene, width: float, height: float) -> Any:
        """The picture of the patient."""
        if scene.show_inside and self._inside_of is not None:
            self._torso.set_inside([(*mesh, tint) for mesh, tint in self._world.inside(self._inside_of.body)])
            self._inside_of = None
        size = self._pixels(width, height, MOST_PIXELS)
        now = self._clock()
        # Breath and live image alone are not worth the whole picture every frame on a software rasteriser.
        still = (replace(scene, breath=0.0), size)
        if still != self._still or now - self._drawn_s > max(QUIET_S, QUIET_SHARE * self._torso_s):
            self._texture = self._torso.draw(scene, size, self._image, self._geometry, self._stamp)
            self._ctx.finish()
            self._still, self._drawn_s = still, self._clock()
            self._torso_s = self._drawn_s - now
        return self._lend(self._texture)


class _Quality:
    """Fewer lines and samples where a frame takes too long, so that the hand stays connected to the image."""

    def __init__(self) -> None:
        self._level, self._mean_s, self._frames = 0, 0.0, 0

    @property
    def name(self) -> str:
        """The present level."""
        return list(QUALITY)[self._level]

    def of(self, settings: Settings) -> Settings:
        """The console as it is drawn: what is seen is the same, only coarser."""
        lines, samples = QUALITY[self.name]
        return settings.replace(lines=min(settings.lines, lines), samples=min(settings.samples, samples))

    def took(self, seconds: float) -> None:
        """A frame took this long; after some slow ones in a row the quality goes one down."""
        self._frames += 1
        if self._frames <= 3:  # the driver compiles
            return
        self._mean_s += 0.2 * (seconds - self._mean_s)
        if self._mean_s > SLOW_S and self._frames > 12 and self._level < len(QUALITY) - 1:
            self._level, self._frames, self._mean_s = self._level + 1, 0, 0.0
        elif self._mean_s < QUICK_S and self._frames > 90 and self._level > 0:
            self._level, self._frames, self._mean_s = self._level - 1, 0, SLOW_S


class _Strip:
    """The last seconds of one line, a column per moment; starts anew when something but time changes."""

    def __init__(self) -> None:
        self._pixels = np.zeros((MMODE_ROWS, MMODE_COLUMNS), np.uint8)
        self._key: Any = None
        self._last_s = 0.0

    def take(self, column: npt.NDArray[np.uint8], scan: ScanState) -> None:
        """A new column at the right; what time has passed is moved out on the left."""
        key = (scan.transducer_key, scan.settings.depth_cm, scan.mmode_line)
        if key != self._key:
            self._pixels[:] = 0
            self._key, self._last_s = key, scan.time_s
        steps = round((scan.time_s - self._last_s) / MMODE_S * MMODE_COLUMNS)
        steps = min(MMODE_COLUMNS, max(1, steps))
        before = self._pixels[:, -1].astype(np.float32)
        self._pixels[:, :-steps] = self._pixels[:, steps:]
        share = (np.arange(steps) + 1.0) / steps
        blend = before[:, None] + share[None, :] * (column.astype(np.float32) - before)[:, None]
        self._pixels[:, -steps:] = np.round(blend)
        self._last_s = scan.time_s

    def image(self) -> npt.NDArray[np.uint8]:
        """(rows, columns), newest on the right."""
        return self._pixels
