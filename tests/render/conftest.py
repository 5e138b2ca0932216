"""One renderer for all tests of pictures; the scenes are those of the imaging bench."""

from __future__ import annotations

import moderngl
import pytest

from simulator.bench.scenes import EchoBench
from simulator.render.renderer import UltrasoundRenderer


@pytest.fixture(scope="session")
def bench(gl_context: moderngl.Context) -> EchoBench:
    with gl_context:
        return EchoBench(UltrasoundRenderer(gl_context))
