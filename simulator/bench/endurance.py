"""Does a long scan stay within its memory? Minutes of scanning with changing pose, knobs, probes and patients.

Three things are looked at: what the process holds, what the renderer holds as textures, and what a frame allocates in
Python. `pleura bench endurance` runs ten minutes; the tests run seconds.
"""

from __future__ import annotations

import gc
import time
import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path

import moderngl
import numpy as np

from simulator.anatomy.contact import place
from simulator.anatomy.windows import zone_pose
from simulator.bench.report import BenchReport, Row, at_least, at_most
from simulator.geometry import Pose
from simulator.patient import Patient
from simulator.probe import GREY_MAPS, PRESETS, TRANSDUCERS, Settings
from simulator.render.renderer import UltrasoundRenderer

MINUTES = 10.0
FRAME_S = 1.0 / 30.0
SIZES_PX = ((640, 640), (800, 600))
KNOBS_EVERY, PROBE_EVERY, PATIENT_EVERY = 20, 150, 600  # frames
WARM_UP_SHARE, WARM_UP_MOST_S = 0.3, 90.0  # of the run, until every probe and patient has been seen
ALLOCATION_FRAMES = 200
RESIDENT_MB = 1500.0  # at most (image-formation contract)
TEXTURES_MB = 300.0  # at most
GROWTH_MB = (
    40.0  # of the process from the end of the warm-up on: what allocators keep; a leak grows with the minutes [P]
)
FRAME_PEAK_KB = 64.0  # Python objects that a frame makes and drops [P]
FRAME_KEPT_BYTES = 128.0  # Python objects that a frame leaves behind; free lists that fill up are half of it [P]
MB = 2.0**20


def resident_mb() -> float:
    """What this process holds in memory now; nan where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return float("nan")
    import resource

    return pages * resource.getpagesize() / MB


def _turned(settings: Settings, rng: np.random.Generator) -> Settings:
    """Other knobs, as a hand might leave them."""
    low, high = (2.5, 5.0) if settings.frequency_mhz < 6.0 else (6.0, 12.0)
    return settings.replace(
        depth_cm=float(rng.integers(5, 18)),
        gain_db=float(rng.integers(-10, 11)),
        focus_cm=float(rng.integers(2, 8)),
        frequency_mhz=float(np.round(rng.uniform(low, high), 1)),
        tgc_db=tuple(float(v) for v in rng.integers(-6, 7, 8)),
        dynamic_range_db=float(rng.integers(45, 75)),
        persistence=float(rng.choice([0.0, 0.3, 0.6])),
        compounding=bool(rng.random() < 0.2),
        harmonics=bool(rng.random() < 0.2),
        grey_map=str(rng.choice(GREY_MAPS)),
        samples=int(rng.choice([384, 512, 640])),
        lines=int(rng.choice([128, 192])),
    )


def _start(patient: Patient, rng: np.random.Generator) -> Pose:
    """A zone of a person, a view of a test block."""
    block = patient.body.phantom
    if block is not None:
        return block.views[str(rng.choice(list(block.views)))]
    return zone_pose(patient.body, str(rng.choice(["R1", "R4", "L2", "L6"])))


class _Hand:
    """A hand that scans on and on, always the same way for a seed."""

    def __init__(self, renderer: UltrasoundRenderer, patients: Sequence[Patient], seed: int) -> None:
        self.renderer, self.patients, self.rng = renderer, patients, np.random.default_rng(seed)
        self.index = 0
        self.patient, self.pose = patients[0], _start(patients[0], self.rng)
        self.probe, self.size_px = "convex", SIZES_PX[0]
        self.settings = PRESETS[self.probe]

    def frame(self, steady: bool = False) -> None:
        """Scan one frame; a `steady` hand moves the probe and turns no knob."""
        if not steady:
            self._turn()
        step = self.rng.uniform(-1.0, 1.0, 4)
        self.pose = self.pose.slid(float(step[0]), float(step[1])).tilted(float(step[2])).rocked(float(step[3]))
        self.draw()

    def draw(self) -> None:
        """Draw a frame of the present pose."""
        self.index += 1
        state = self.patient.at(self.index * FRAME_S)
        placement = place(self.patient.body, self.pose)
        self.renderer.draw(state, placement, TRANSDUCERS[self.probe], self.settings, self.index, self.size_px)

    def settled_mb(self) -> float:
        """What the process holds with the first patient and the first probe's preset, so that two moments compare."""
        self.patient, self.probe, self.size_px = self.patients[0], "convex", SIZES_PX[0]
        self.settings, self.pose = PRESETS[self.probe], _start(self.patient, np.random.default_rng(0))
        for _ in range(3):
            self.draw()
        self.renderer.ctx.finish()
        gc.collect()
        return resident_mb()

    def _turn(self) -> None:
        if self.index % PATIENT_EVERY == PATIENT_EVERY - 1:
            self.patient = self.patients[(self.index // PATIENT_EVERY + 1) % len(self.patients)]
            self.size_px = SIZES_PX[self.index // PATIENT_EVERY % len(SIZES_PX)]
        if self.index % PROBE_EVERY == 0:
            self.pose = _start(self.patient, self.rng)
            self.probe = list(TRANSDUCERS)[self.index // PROBE_EVERY % len(TRANSDUCERS)]
            self.settings = PRESETS[self.probe]
        elif self.index % KNOBS_EVERY == 0:
            self.settings = _turned(self.settings, self.rng)


def run_endurance(
    ctx: moderngl.Context,
    patients: Sequence[Patient],
    progress: Callable[[str, float], None],
    minutes: float = MINUTES,
    seed: int = 1,
) -> BenchReport:
    """Scan for `minutes` of real time, then look closely at some frames."""
    with ctx:
        renderer = UltrasoundRenderer(ctx)
        hand = _Hand(renderer, patients, seed)
        seconds = 60.0 * minutes
        warm_s = min(WARM_UP_SHARE * seconds, WARM_UP_MOST_S)
        at_start = peak = resident_mb()
        after_warm_up: float | None = None
        textures = 0
        begin = time.monotonic()
        while (elapsed := time.monotonic() - begin) < seconds:
            hand.frame()
            if hand.index % 30 == 0:
                ctx.finish()
                peak = max(peak, resident_mb())
                textures = max(textures, renderer.texture_bytes())
                progress("scanning", elapsed / seconds)
            if after_warm_up is None and elapsed >= warm_s:
                after_warm_up = hand.settled_mb()
        at_end = hand.settled_mb()
        frames = hand.index
        frame_peak, frame_kept = _allocations(hand)
        renderer.release()
        rasteriser = str(ctx.info["GL_RENDERER"])
    growth = at_end - (after_warm_up if after_warm_up is not None else at_end)
    rows = [
        Row("time scanned", seconds / 60.0, "min"),
        at_least("frames drawn", float(frames), "", 1.0),
        Row("resident at the start", at_start, "MB"),
        Row("resident after the warm-up", at_end - growth, "MB"),
        Row("resident at the end", at_end, "MB"),
        at_most("growth from the warm-up to the end", growth, "MB", GROWTH_MB),
        at_most("resident, most at any time", max(peak, at_end), "MB", RESIDENT_MB),
        at_most("textures held, most at any time", textures / MB, "MB", TEXTURES_MB),
        at_most("Python memory that a frame takes for a moment, most", frame_peak / 1024.0, "kB", FRAME_PEAK_KB),
        at_most("Python memory that a frame leaves behind, mean", frame_kept, "bytes", FRAME_KEPT_BYTES),
    ]
    if np.isnan(at_end):  # a system that does not say: no verdict
        rows = [Row(r.name, r.value, r.unit) if np.isnan(r.value) else r for r in rows]
    return BenchReport(rasteriser, tuple(rows))


def _allocations(hand: _Hand) -> tuple[float, float]:
    """(largest momentary use of a frame, mean use that stays), bytes, of frames with a steady hand."""
    tracemalloc.start()
    try:
        for _ in range(ALLOCATION_FRAMES):  # free lists fill up
            hand.frame(steady=True)
        gc.collect()
        first, _ = tracemalloc.get_traced_memory()
        most = 0
        for _ in range(ALLOCATION_FRAMES):
            before, _ = tracemalloc.get_traced_memory()
            tracemalloc.reset_peak()
            hand.frame(steady=True)
            most = max(most, tracemalloc.get_traced_memory()[1] - before)
        gc.collect()
        last, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return float(most), (last - first) / ALLOCATION_FRAMES
