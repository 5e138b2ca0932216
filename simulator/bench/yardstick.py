"""How fast is this machine just now? A fixed shader pass whose time frames are divided by.

Times on a shared machine change from minute to minute; the ratio of two that follow one another changes little.
"""

from __future__ import annotations

import moderngl
import numpy as np

from simulator.render.shader_source import load_shader

SIZE_PX = (512, 512)
NOISE_EDGE = 32


class Yardstick:
    """The pass, ready to run."""

    def __init__(self, ctx: moderngl.Context) -> None:
        """Compiles it in `ctx`, which is the current context."""
        self._program = ctx.program(
            vertex_shader=load_shader("pass/fullscreen.vert").text,
            fragment_shader=load_shader("bench/yardstick.frag").text,
        )
        volume = np.random.default_rng(1).standard_normal((NOISE_EDGE, NOISE_EDGE, NOISE_EDGE, 4)).astype(np.float16)
        self._noise = ctx.texture3d((NOISE_EDGE,) * 3, 4, volume.tobytes(), dtype="f2")
        self._target = ctx.texture(SIZE_PX, 4, dtype="f4")
        self._framebuffer = ctx.framebuffer([self._target])
        self._vertices = ctx.vertex_array(self._program, [])
        self._ctx = ctx

    def run(self) -> None:
        """Draw it once."""
        self._framebuffer.use()
        self._ctx.viewport = (0, 0, *SIZE_PX)
        self._noise.use(0)
        self._vertices.render(moderngl.TRIANGLES, vertices=3)

    def release(self) -> None:
        """Free it."""
        for held in (self._vertices, self._program, self._framebuffer, self._target, self._noise):
            held.release()
