"""The live pictures with OpenGL: ultrasound image, M-mode, patient; each drawn again only when it changed."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from simulator.anatomy.person import nipple_torso
from simulator.app.cine import Shot
from simulator.app.cut_maker import CUT_PIXELS, CutMaker
from simulator.app.pictures import CutPicture, StripPicture, UltrasoundPicture
from simulator.app.quality import FRAME_S, Quality
from simulator.app.state import ScanState
from simulator.app.work import Job
from simulator.app.world import World
from simulator.geometry import Placement
from simulator.patient import Patient
from simulator.render.mmode import COLUMNS, RATE_HZ, MmodeStrip
from simulator.render.renderer import UltrasoundRenderer
from simulator.render.sector import ImageGeometry, Zoom, image_geometry, zoomed
from simulator.render.skin_tone import skin_linear
from simulator.render.torso import TorsoView
from simulator.render.torso_scene import TorsoScene

MOST_PIXELS = 1_200_000  # of the ultrasound image; more is only scaled up
QUIET_SHARE = 8.0  # ... and this many times as long as drawing it takes
INSIDE_SHARE = 3.0  # ... less where one looks inside: the heart is to be seen beating
QUIET_S = 0.08  # the patient's view is drawn at least this far apart while only breath and image change
SLOW_S = 0.015  # a body that takes longer to draw than this ...
BODY_SHARE = 2.5  # ... is drawn this many times as far apart as it takes, while the eye moves ...
COARSE = 0.6  # ... and of this share of the picture's height and width
STILL_S = 0.15  # an eye that has not moved for so long has stopped


class GlPictures:
    """Draws into textures and lends them to Dear ImGui."""

    def __init__(
        self, ctx: Any, lend: Callable[[Any], Any], world: World, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        """`ctx` is the window's moderngl context, `lend` makes a texture known to the Dear ImGui backend."""
        self._ctx, self._lend, self._world, self._clock = ctx, lend, world, clock
        self._renderer = UltrasoundRenderer(ctx)
        self._torso = TorsoView(ctx)
        self._body: Any = None  # whose skin is shown
        self.pixel_ratio = 1.0
        self._image: Any = None
        self._geometry: ImageGeometry | None = None
        self._zoom: Zoom | None = None
        self._stamp: Any = None
        self._drawn: tuple[Shot, Any] | None = None  # the frame in the image, and how it was drawn
        self._still: Any = None
        self._still_body: Any = None
        self._drawn_s, self._torso_s = -1.0, 0.0
        self._moved, self._breathed_s, self._body_s = (0.0, 0.0), -1.0, 0.0
        self._camera: Any = None
        self._camera_s, self._slow = -1.0, False
        self._layers_of: Patient | None = None
        self._layers_job: tuple[Patient, Job] | None = None
        self._texture: Any = None
        self._quality = Quality()
        self._strip: MmodeStrip | None = None
        self._cut: CutMaker | None = None

    def set_patient(self, patient: Patient) -> None:
        """Show this patient from now on."""
        self._renderer.set_patient(patient)
        person = (patient.body.content_hash, patient.posture, patient.arms, patient.seed)
        if person == self._body:
            return
        self._body = person
        body, skin = patient.body, self._world.skin(patient.body, patient.posture, patient.arms)
        self._torso.set_body(
            skin.vertices, skin.faces, skin.normals, body.axis_y_m, body.notch_to_rib10_m,
            paint=skin.paint, skin_linear=skin_linear(patient.seed), nipple_torso=nipple_torso(body),
        )  # fmt: skip
        self._layers_of = self._still = self._still_body = None
        self._body_s = 0.0

    @property
    def has_inside(self) -> bool:
        """Whether there is something to show under the skin; meshed when first asked for while showing."""
        return True

    @property
    def layers(self) -> frozenset[str]:
        """Which groups of solids there are under the skin shown."""
        return self._torso.layers

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

    # -- the ultrasound image ------------------------------------------------------------------------------------
    def ultrasound(
        self, shot: Shot, patient: Patient, width: float, height: float, zoom: Zoom | None = None,
        before: tuple[Shot, ...] = (), held: bool = False, beside_mmode: bool = False,
    ) -> UltrasoundPicture:  # fmt: skip
        """One frame; drawn again only if something about it changed."""
        self.set_patient(patient)
        size = self._pixels(width, height, MOST_PIXELS)
        whole = image_geometry(shot.transducer, shot.settings, size)
        self._geometry, self._zoom = zoomed(whole, zoom), zoom
        how = (self._geometry, patient.body.content_hash, self._quality.name)
        stamp = (shot, how)
        if stamp != self._stamp:
            self._ctx.finish()  # what is still to be drawn of the window is not the image's time
            start = self._clock()
            frames = 1 + self._draw(shot, patient, how, before)
            self._ctx.finish()
            now = self._clock()
            if not (held or beside_mmode):  # a frozen image keeps the quality that it was taken with
                self._quality.took((now - start) / frames, shot.settings, now)
            self._stamp = stamp
        return UltrasoundPicture(self._lend(self._image), self._geometry, whole)

    def _draw(self, shot: Shot, patient: Patient, how: Any, before: tuple[Shot, ...]) -> int:
        """Draw a frame upon the one before it, after those that are missing there; how many those were."""
        missing: tuple[Shot, ...] = before
        if shot.settings.persistence <= 0.0 or (before and self._drawn == (before[-1], how)):
            missing = ()
        follows = bool(before) and not missing
        for number, one in enumerate((*missing, shot)):
            settings = self._quality.of(one.settings)
            if number == 0 and not follows:  # what the picture holds is of another time or place
                settings = settings.replace(persistence=0.0)
            state = patient.at(one.time_s, one.requests)
            geometry = how[0]
            self._image = self._renderer.draw(
                state, one.placement, one.transducer, settings, one.frame_index, geometry.size_px, zoom=self._zoom
            )
        self._drawn = (shot, how)
        return len(missing)

    # -- M-mode --------------------------------------------------------------------------------------------------
    def mmode(self, scan: ScanState, patient: Patient, placement: Placement) -> StripPicture:
        """The strip, with the lines of the time since it was last asked for."""
        if self._strip is None:
            self._strip = MmodeStrip(self._ctx)
        strip = self._strip
        if not scan.frozen and self._geometry is not None:
            settings = self._quality.of(scan.settings)
            acquired = (scan.transducer_key, scan.settings.depth_cm, scan.settings.sector_percent, scan.mmode_at)
            strip.restart((acquired, patient.body.content_hash, scan.stance), scan.time_s)
            self._ctx.finish()
            start = self._clock()
            lines = strip.take(
                self._renderer, patient, placement, scan.transducer, settings, scan.mmode_at, scan.time_s,
                self._geometry.size_px, self._zoom, scan.requests,
            )  # fmt: skip
            self._ctx.finish()
            now = self._clock()
            if lines:  # what a thirtieth of a second of lines takes is what counts here
                self._quality.took((now - start) / lines * RATE_HZ * FRAME_S, scan.settings, now)
        return StripPicture(self._lend(strip.texture), strip.head / COLUMNS, strip.newest_s)

    # -- the cut -------------------------------------------------------------------------------------------------
    def cut(self, shot: Shot, patient: Patient, width: float, height: float, zoom: Zoom | None = None) -> CutPicture:
        """The anatomy in the plane of a shot, a little behind the image: it is made when there is time."""
        if self._cut is None:
            self._cut = CutMaker(self._ctx, self._lend, self._clock)
        return self._cut.picture(shot, patient, self._pixels(width, height, CUT_PIXELS), zoom)

    # -- the patient ---------------------------------------------------------------------------------------------
    def torso(self, scene: TorsoScene, patient: Patient, width: float, height: float) -> Any:
        """The picture of the patient."""
        if scene.show_inside:
            self._look_inside(patient)
        size = self._pixels(width, height, MOST_PIXELS)
        now = self._clock()
        moving = self._moving(scene, now)
        if moving and self._slow:
            size = round(COARSE * size[0]), round(COARSE * size[1])
        calm = replace(scene, breath=0.0, contraction=0.0)
        body = (calm.without_probe(), size)
        seen = body == self._still_body
        share = INSIDE_SHARE if scene.show_inside else QUIET_SHARE
        if seen and now - self._breathed_s < max(QUIET_S, share * self._body_s):
            breath, contraction = self._moved  # breath and heart alone are not worth the whole body every frame
            scene = replace(scene, breath=breath, contraction=contraction)
        elif self._slow and now - self._breathed_s < BODY_SHARE * self._body_s:
            return self._lend(self._texture)  # a slow machine: the eye goes round in steps, the ultrasound goes on
        still = (calm, size)
        if still != self._still or now - self._drawn_s > max(QUIET_S, QUIET_SHARE * self._torso_s):
            bodies = self._torso.bodies
            stamp = (self._stamp, id(self._layers_of))
            self._texture = self._torso.draw(scene, size, self._image, self._geometry, stamp)
            self._ctx.finish()
            self._still, self._still_body, self._drawn_s = still, body, self._clock()
            if self._torso.bodies != bodies:
                self._moved = scene.breath, scene.contraction
                self._breathed_s, self._body_s = self._drawn_s, self._drawn_s - now
                self._slow = self._slow if moving and self._slow else self._body_s > SLOW_S
            else:
                self._torso_s = self._drawn_s - now
        return self._lend(self._texture)

    def _moving(self, scene: TorsoScene, now_s: float) -> bool:
        """Whether the eye is on its way; the first look at a patient is no movement."""
        if scene.camera != self._camera:
            self._camera_s = now_s if self._camera is not None and self._texture is not None else -1.0
            self._camera = scene.camera
        return now_s - self._camera_s < STILL_S and self._camera_s >= 0.0

    def _look_inside(self, patient: Patient) -> None:
        """Fetch what lies under the skin: made beside the window when it is first asked for."""
        if self._layers_of is patient:  # not their body alone: two cases may share one and not the disease
            return
        if self._layers_job is None:
            self._layers_job = (patient, Job(lambda _: self._world.layers(patient), self._torso.set_layers))
            self._layers_job[1].start()
        elif self._layers_job[1].done:
            (made_of, job), self._layers_job = self._layers_job, None
            if made_of is patient:
                self._layers_of = patient
                job.deliver()
                self._still = None
