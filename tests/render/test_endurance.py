"""A short version of `bench endurance`, and the yardstick of `bench speed`."""

from __future__ import annotations

import moderngl
import pytest

from simulator.bench.endurance import run_endurance
from simulator.bench.scenes import EchoBench, block_patient, slab_patient, slab_placement, strip
from simulator.bench.yardstick import Yardstick
from simulator.probe import PRESETS, TRANSDUCERS
from simulator.render.renderer import UltrasoundRenderer

SECONDS = 12.0


@pytest.mark.slow
def test_memory_stays_while_scanning(gl_context: moderngl.Context) -> None:
    report = run_endurance(gl_context, [block_patient()], lambda what, share: None, SECONDS / 60.0)
    assert report.passed, [row for row in report.rows if row.passed is False]


def test_textures_are_counted_and_do_not_pile_up(bench: EchoBench) -> None:
    bench.iq(slab_patient(strip()))
    first = bench.renderer.texture_bytes()
    assert 10e6 < first < 300e6
    for samples in (384, 512, PRESETS["convex"].samples):
        bench.iq(slab_patient(), settings=PRESETS["convex"].replace(samples=samples))
    assert bench.renderer.texture_bytes() == first
    wider = bench.preset.replace(lines=384)
    bench.iq(slab_patient(), settings=wider)
    assert bench.renderer.texture_bytes() > first


def test_the_yardstick_runs_beside_the_renderer(gl_context: moderngl.Context) -> None:
    with gl_context:
        yardstick, renderer = Yardstick(gl_context), UltrasoundRenderer(gl_context)
        patient = slab_patient()
        for _ in range(2):
            yardstick.run()
            renderer.draw(patient.at(0.0), slab_placement(), TRANSDUCERS["linear"], PRESETS["linear"], 0, (64, 64))
        assert renderer.read_image().any()
        yardstick.release()
        renderer.release()
