"""What the image shows: the newest frame, or the frozen one; and the tools on it. The half of the program about seeing.

No drawing, no OpenGL, no input devices.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from simulator.app import calipers, zooming
from simulator.app.calipers import Caliper, Point
from simulator.app.cine import Cine, Shot, sector_rate_hz, trail_frames
from simulator.app.desk import Desk
from simulator.app.examination import Examination
from simulator.app.keys import Command
from simulator.app.state import ScanState
from simulator.geometry import Placement
from simulator.patient import Patient
from simulator.render.sector import ImageGeometry

_EMPTY = Cine()  # before there is a case


class Viewing(Desk):
    """The program as far as it looks at a patient."""

    exam: Examination | None = None

    @property
    def scan(self) -> ScanState:
        """The scan; only on the screens that have one."""
        assert self.state.scan is not None
        return self.state.scan

    @property
    def patient(self) -> Patient | None:
        """The patient in the present posture, once built."""
        return self.exam.patients.get(self.state.scan.stance) if self.exam and self.state.scan else None

    @property
    def placement(self) -> Placement | None:
        """Where the probe is."""
        return self.exam.placement(self.state.scan) if self.exam and self.state.scan else None

    @property
    def in_contact(self) -> bool:
        """Whether the probe is coupled to the skin."""
        return bool(self.exam and self.state.scan and self.exam.in_contact(self.state.scan))

    @property
    def cine(self) -> Cine:
        """The loop of the last seconds."""
        return self.exam.cine if self.exam is not None else _EMPTY

    # -- what the image shows ------------------------------------------------------------------------------------
    @property
    def shot(self) -> Shot | None:
        """The frame on the screen: frozen, where the loop stands; live, the last that sound had time for."""
        scan, kept = self.state.scan, self.cine.shown
        if scan is None:
            return None
        if kept is not None and (kept.transducer_key, kept.stance) == (scan.transducer_key, scan.stance):
            return kept.shown_with(scan.settings) if scan.frozen else kept
        return self._present()

    @property
    def trail(self) -> tuple[Shot, ...]:
        """Frames before the one on the screen of which persistence keeps something; live only the very last."""
        shot = self.cine.shown
        if shot is None or shot.settings.persistence <= 0.0:
            return ()
        before = self.cine.trail(trail_frames(shot.settings.persistence) if self.scan.frozen else 1)
        return tuple(one.shown_with(self.scan.settings) for one in before) if self.scan.frozen else before

    def film(self) -> None:
        """Take the present frame into the loop, as often as sound allows."""
        scan = self.state.scan
        if scan is None or scan.frozen:
            return
        shot = self._present()
        if shot is not None:
            self.cine.film(shot, 1.0 / sector_rate_hz(scan.settings, scan.mmode))

    def hold_still(self) -> None:
        """What is on the screen is what stays on it: also where nothing was filmed yet."""
        shot, kept = self.shot, self.cine.shown
        if shot is not None and shot != kept:
            self.cine.film(shot, 0.0)

    def _present(self) -> Shot | None:
        scan, placement = self.scan, self.placement
        if self.exam is None or placement is None:
            return None
        return Shot(
            scan.pose, placement, scan.stance, scan.transducer_key, scan.settings, scan.time_s, scan.frame_index,
            self.exam.zone_under_probe(scan), self.in_contact, scan.requests,
        )  # fmt: skip

    def scroll(self, held: Iterable[Command], delta_s: float) -> frozenset[Command]:
        """While frozen the arrows to the left and right scroll the loop; what is left of the held keys."""
        down = frozenset(held)
        if not self.scan.frozen:
            return down
        back, on = Command.SLIDE_LEFT in down, Command.SLIDE_RIGHT in down
        self.cine.hold(int(on) - int(back), delta_s * (0.2 if self.scan.fine else 1.0))
        self.cine.advance(delta_s)
        return down - {Command.SLIDE_LEFT, Command.SLIDE_RIGHT}

    def play_loop(self) -> None:
        """Run the frozen loop, or stop it."""
        if self.scan.frozen:
            self.cine.play(not self.cine.playing)

    # -- tools on the image --------------------------------------------------------------------------------------
    def take_tool(self, tool: str) -> None:
        """Take a tool ("distance", "ellipse", "zoom") in the hand; the same again, or "", lays it down."""
        scan = self.scan
        self.state = replace(self.state, scan=replace(scan, tool="" if tool == scan.tool else tool, placing=()))

    def place_point(self, at: Point) -> None:
        """A point of the caliper in the hand; with its last one it is done, and the next may begin."""
        scan = self.scan
        if scan.tool not in calipers.POINTS or not calipers.may_follow(scan.placing, at):
            return
        points = (*scan.placing, at)
        done = calipers.made(scan.tool, points)
        if done is not None:
            measured = (*scan.measured, done)[-calipers.MOST :]
            scan = replace(scan, measured=measured, placing=())
        else:
            scan = replace(scan, placing=points)
        self.state = replace(self.state, scan=scan)

    def caliper_to(self, at: Point) -> Caliper | None:
        """The caliper being placed, as it would be with its next point at `at`; None while there is nothing to see."""
        scan = self.scan
        points = (*scan.placing, at)
        if scan.tool == "ellipse" and len(points) == 2:
            return calipers.Distance(*points)
        return calipers.made(scan.tool, points)

    def delete_caliper(self, number: int | None = None) -> None:
        """Delete one, or the last; first of all one that is not finished."""
        scan = self.scan
        if scan.placing:
            scan = replace(scan, placing=())
        elif scan.measured:
            at = len(scan.measured) - 1 if number is None else number
            scan = replace(scan, measured=scan.measured[:at] + scan.measured[at + 1 :])
        self.state = replace(self.state, scan=scan)

    def delete_calipers(self) -> None:
        """Delete all of them."""
        self.state = replace(self.state, scan=replace(self.scan, measured=(), placing=()))

    def zoom_about(self, at: Point, notches: float, whole: ImageGeometry) -> None:
        """Nearer or farther around a point of the probe plane."""
        zoom = zooming.about(self.scan.zoom, at, notches, whole)
        self.state = replace(self.state, scan=replace(self.scan, zoom=zoom))

    def begin_box(self, at: Point) -> None:
        """The first corner of a box to magnify."""
        self.state = replace(self.state, scan=replace(self.scan, placing=(at,)))

    def zoom_to(self, a: Point, b: Point, whole: ImageGeometry) -> None:
        """Magnify a box, and lay the tool down."""
        zoom = zooming.to_box(a, b, whole)
        scan = self.scan if zoom is None else replace(self.scan, zoom=zoom, tool="")
        self.state = replace(self.state, scan=replace(scan, placing=()))

    def push_zoom(self, dx_m: float, dz_m: float, whole: ImageGeometry) -> None:
        """Push the magnified part about."""
        if self.scan.zoom is not None:
            zoom = zooming.pushed(self.scan.zoom, dx_m, dz_m, whole)
            self.state = replace(self.state, scan=replace(self.scan, zoom=zoom))

    def zoom_out(self) -> None:
        """The whole image again."""
        self.state = replace(self.state, scan=replace(self.scan, zoom=None))
