"""Does the picture keep its contract? Each measure is a function that returns rows with targets.

All but the last on flat test bodies and blocks whose answers are known. `FAST` are those that the tests run as well.
"""

from __future__ import annotations

from collections.abc import Callable

import moderngl

from simulator.bench.imaging.a_lines import a_lines, depth_error
from simulator.bench.imaging.b_lines import b_lines
from simulator.bench.imaging.calipers import calipers, wires
from simulator.bench.imaging.determinism import determinism
from simulator.bench.imaging.levels import frequency, gain, penetration
from simulator.bench.imaging.motion import mmode, sliding
from simulator.bench.imaging.point_spread import grain, point_spread
from simulator.bench.imaging.realism import realism
from simulator.bench.imaging.shadows import fluid, rib_shadow
from simulator.bench.imaging.speckle import compounding, speckle, speckle_motion
from simulator.bench.report import BenchReport, Row
from simulator.bench.scenes import EchoBench
from simulator.render.renderer import UltrasoundRenderer

Measure = Callable[[EchoBench], list[Row]]

MEASURES: tuple[Measure, ...] = (
    point_spread, wires, speckle, grain, compounding, speckle_motion, a_lines, rib_shadow, b_lines, fluid, sliding,
    mmode, depth_error, calipers, frequency, penetration, gain, determinism, realism,
)  # fmt: skip
FAST: tuple[Measure, ...] = (
    point_spread, wires, speckle, compounding, speckle_motion, a_lines, rib_shadow, b_lines, fluid, depth_error,
    calipers, gain, determinism,
)  # fmt: skip


def run_imaging(ctx: moderngl.Context, progress: Callable[[str, float], None]) -> BenchReport:
    """Every measure, in order."""
    with ctx:
        renderer = UltrasoundRenderer(ctx)
        rasteriser = str(ctx.info["GL_RENDERER"])
    bench = EchoBench(renderer)
    rows: list[Row] = []
    for number, measure in enumerate(MEASURES):
        progress(measure.__name__.replace("_", " "), number / len(MEASURES))
        rows.extend(measure(bench))
    with ctx:
        renderer.release()
    return BenchReport(rasteriser, tuple(rows))
