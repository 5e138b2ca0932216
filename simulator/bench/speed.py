"""How long a frame takes: each pass, and the whole frame, by probe and grid. Times of one run; compare ratios."""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable, Iterator

import moderngl

from simulator.anatomy.contact import place
from simulator.anatomy.windows import zone_pose
from simulator.bench.report import BenchReport, Row
from simulator.patient import Patient
from simulator.probe import PRESETS, TRANSDUCERS, Settings, Transducer
from simulator.render.renderer import PASS_ORDER, UltrasoundRenderer

REPEATS = 15
WARM_UP = 3
SIZE_PX = (640, 640)
TARGET_MS = 33.0  # whole ultrasound frame at 192 x 512 into 640 px on two cores (image-formation contract)
GRIDS = {"draft": (128, 384), "standard": (192, 512), "fine": (192, 640)}


def _median_p95_ms(work: Callable[[], None], finish: Callable[[], None]) -> tuple[float, float]:
    times = []
    for index in range(REPEATS + WARM_UP):
        finish()
        start = time.perf_counter()
        work()
        finish()
        if index >= WARM_UP:
            times.append(1e3 * (time.perf_counter() - start))
    times.sort()
    return statistics.median(times), times[min(len(times) - 1, round(0.95 * (len(times) - 1)))]


def run_speed(ctx: moderngl.Context, patient: Patient, progress: Callable[[str, float], None]) -> BenchReport:
    """Median and 95th percentile of whole frames, then medians of the passes, in milliseconds."""
    renderer = UltrasoundRenderer(ctx)
    placement = place(patient.body, zone_pose(patient.body, "R4"))
    rows: list[Row] = []
    total = len(TRANSDUCERS) * len(GRIDS)
    done = 0
    for key, transducer in TRANSDUCERS.items():
        for quality, (lines, samples) in GRIDS.items():
            progress(f"{key}, {quality}", done / total)
            done += 1
            settings = PRESETS[key].replace(lines=lines, samples=samples)
            clock = itertools.count()

            def frame(
                transducer: Transducer = transducer, settings: Settings = settings, clock: Iterator[int] = clock
            ) -> None:
                index = next(clock)
                renderer.draw(patient.at(index / 30.0), placement, transducer, settings, index, SIZE_PX)

            median, p95 = _median_p95_ms(frame, ctx.finish)
            name = f"{key} {quality} {lines} x {samples}"
            judged = quality == "standard"
            rows.append(Row(f"{name}: frame, median", median, "ms", f"<= {TARGET_MS:g}" if judged else "",
                            median <= TARGET_MS if judged else None))  # fmt: skip
            rows.append(Row(f"{name}: frame, 95 %", p95, "ms"))
            if not judged:
                continue
            for pass_name in PASS_ORDER:

                def one(
                    pass_name: str = pass_name, transducer: Transducer = transducer, settings: Settings = settings
                ) -> None:
                    renderer.run_pass(pass_name, patient.at(0.5), placement, transducer, settings, 0, SIZE_PX)

                median, _ = _median_p95_ms(one, ctx.finish)
                rows.append(Row(f"{name}: pass {pass_name}, median", median, "ms"))
    renderer.release()
    return BenchReport(str(ctx.info["GL_RENDERER"]), tuple(rows))
