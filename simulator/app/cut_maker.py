"""When is the cut beside the image made? On a thread, a few times a second, so that the ultrasound stays first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import moderngl

from simulator.app.cine import Shot
from simulator.app.legend import Legend
from simulator.app.pictures import CutPicture
from simulator.app.work import Job
from simulator.cut import Cut, cut_picture
from simulator.patient import Patient
from simulator.render.sector import Zoom, image_geometry, zoomed

CUT_PIXELS = 90_000  # of a cut; it has no finer detail than the fields ([P])
CUT_S = 0.2  # cuts begin at least this far apart ...
CUT_SHARE = 3.0  # ... and this many times as long as one takes


class CutMaker:
    """Makes one cut at a time on a thread of its own, and shows the last that is done."""

    def __init__(self, ctx: Any, lend: Callable[[Any], Any], clock: Callable[[], float]) -> None:
        """`ctx` is the window's moderngl context, `lend` makes a texture known to the Dear ImGui backend."""
        self._ctx, self._lend, self._clock = ctx, lend, clock
        self._texture: Any = None
        self._cut: Cut | None = None
        self._plane: Any = None  # that it is in, whatever the moment
        self._legend = Legend()
        self._of: Any = None  # what the last cut was begun for
        self._body: Any = None  # whose body and which probe it shows: another's is not shown for a moment
        self._job: Job | None = None
        self._patient: Patient | None = None
        self._begun_s, self._took_s = -1.0, 0.0

    def picture(self, shot: Shot, patient: Patient, size_px: tuple[int, int], zoom: Zoom | None) -> CutPicture:
        """The newest cut; begins the next where this one shows another plane, moment or part."""
        job, now = self._job, self._clock()
        if job is not None and job.done:
            self._job, self._took_s = None, now - self._begun_s
            job.deliver()
        self._patient = patient  # held, so that nobody else gets its identity
        body = (id(patient), shot.stance, shot.transducer_key)
        shown = (shot.placement, shot.settings.depth_cm, shot.settings.sector_percent)
        plane = (body, shown, size_px, zoom)
        wanted = (plane, shot.time_s, shot.requests)
        due = now - self._begun_s > max(CUT_S, CUT_SHARE * self._took_s)
        if self._job is None and wanted != self._of and (due or body != self._body):
            self._of, self._begun_s = wanted, now
            geometry = zoomed(image_geometry(shot.transducer, shot.settings, size_px), zoom)
            state = patient.at(shot.time_s, shot.requests)

            def make(_progress: object) -> tuple[Any, Any, Cut]:
                return body, plane, cut_picture(state, shot.placement, shot.transducer, shot.settings, geometry)

            self._job = Job(make, self._take)
            self._job.start()
        if self._cut is None or body != self._body:
            return CutPicture(None)
        names, gone = self._legend.of(self._cut, self._plane, now)
        return CutPicture(self._lend(self._texture), names, self._cut.parts, gone)

    def _take(self, made: tuple[Any, Any, Cut]) -> None:
        """Show a cut that is done."""
        self._body, self._plane, self._cut = made
        height, width = self._cut.parts.shape
        if self._texture is None or self._texture.size != (width, height):
            if self._texture is not None:
                self._texture.release()
            self._texture = self._ctx.texture((width, height), 3, alignment=1)
            self._texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
            self._texture.repeat_x = self._texture.repeat_y = False
        self._texture.write(self._cut.picture.tobytes(), alignment=1)
