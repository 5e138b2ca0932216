"""How long does a frame take? The whole frame and each pass, by probe and quality.

Median and 95th percentile of one run. Beside each frame stands its ratio to a fixed pass that was timed in between: on
a machine that others use too, compare the ratios.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import moderngl
import numpy as np

from simulator.anatomy.contact import place
from simulator.anatomy.windows import zone_pose
from simulator.bench.report import BenchReport, Row
from simulator.bench.yardstick import Yardstick
from simulator.patient import Patient
from simulator.probe import PRESETS, TRANSDUCERS, Settings
from simulator.render.renderer import PASS_ORDER, UltrasoundRenderer
from simulator.scanner import MMODE_MARGIN_LINES, MMODE_RATE_HZ

FRAMES, PASSES = 30, 12  # timed, after WARM_UP that are not
WARM_UP = 3
SIZE_PX = (640, 640)
TARGET_MS = 33.0  # whole ultrasound frame at 192 x 512 into 640 px on two cores (image-formation contract)
COMPOUND_TARGET_MS = 66.0  # the same with compounding
GRIDS = {"draft": (128, 384), "standard": (192, 512), "fine": (192, 640)}
JUDGED = "standard"


@dataclass(frozen=True)
class _Timing:
    """Milliseconds, and the median of the ratio to the yardstick."""

    median_ms: float
    p95_ms: float
    ratio: float


def _timed(work: Callable[[int], None], yardstick: Yardstick, finish: Callable[[], None], repeats: int) -> _Timing:
    """`work(index)` timed, the yardstick before each."""
    times, ratios = [], []
    for index in range(repeats + WARM_UP):
        finish()
        start = time.perf_counter()
        yardstick.run()
        finish()
        middle = time.perf_counter()
        work(index)
        finish()
        if index >= WARM_UP:
            times.append(1e3 * (time.perf_counter() - middle))
            ratios.append(1e-3 * times[-1] / (middle - start))
    return _Timing(float(np.median(times)), float(np.percentile(times, 95)), float(np.median(ratios)))


def _judged(name: str, timing: _Timing, target_ms: float | None) -> list[Row]:
    """Rows of a whole frame."""
    target = "" if target_ms is None else f"<= {target_ms:g}"
    return [
        Row(f"{name}, median", timing.median_ms, "ms", target,
            None if target_ms is None else timing.median_ms <= target_ms),
        Row(f"{name}, 95 %", timing.p95_ms, "ms"),
        Row(f"{name}, over the fixed pass", timing.ratio, ""),
    ]  # fmt: skip


def run_speed(ctx: moderngl.Context, patient: Patient, progress: Callable[[str, float], None]) -> BenchReport:
    """Whole frames and passes of every probe in three qualities; compounding and M-mode in the judged one."""
    renderer, yardstick = UltrasoundRenderer(ctx), Yardstick(ctx)
    placement = place(patient.body, zone_pose(patient.body, "R4"))
    rows: list[Row] = []
    total, done = len(TRANSDUCERS) * len(GRIDS), 0

    def frame(transducer_key: str, settings: Settings, only: tuple[int, int] | None, index: int) -> None:
        transducer = TRANSDUCERS[transducer_key]
        renderer.draw(patient.at(index / 30.0), placement, transducer, settings, index, SIZE_PX, only)

    for key, transducer in TRANSDUCERS.items():
        for quality, (lines, samples) in GRIDS.items():
            progress(f"{key}, {quality}", done / total)
            done += 1
            settings = PRESETS[key].replace(lines=lines, samples=samples)
            name = f"{key} {quality} {lines} x {samples}"
            whole = _timed(partial(frame, key, settings, None), yardstick, ctx.finish, FRAMES)
            rows += _judged(f"{name}: frame", whole, TARGET_MS if quality == JUDGED else None)
            for pass_name in PASS_ORDER:

                def one(index: int, pass_name: str = pass_name, settings: Settings = settings) -> None:
                    renderer.run_pass(pass_name, patient.at(0.5), placement, transducer, settings, 0, SIZE_PX)  # noqa: B023

                timing = _timed(one, yardstick, ctx.finish, PASSES)
                rows.append(Row(f"{name}: pass {pass_name}, median", timing.median_ms, "ms"))
                rows.append(Row(f"{name}: pass {pass_name}, 95 %", timing.p95_ms, "ms"))
            if quality != JUDGED:
                continue
            looks = _timed(partial(frame, key, settings.replace(compounding=True), None), yardstick, ctx.finish, FRAMES)
            rows += _judged(f"{name}: frame with compounding", looks, COMPOUND_TARGET_MS)
            first = max(0, lines // 2 - MMODE_MARGIN_LINES)
            line = _timed(
                partial(frame, key, settings, (first, 2 * MMODE_MARGIN_LINES + 1)), yardstick, ctx.finish, FRAMES
            )
            rows += _judged(f"{name}: line of M-mode", line, None)
            rate = 1e3 / line.median_ms
            met = rate >= MMODE_RATE_HZ
            rows.append(Row(f"{name}: lines of M-mode a second", rate, "/s", f">= {MMODE_RATE_HZ:g}", met))
    yardstick.release()
    renderer.release()
    return BenchReport(str(ctx.info["GL_RENDERER"]), tuple(rows))
