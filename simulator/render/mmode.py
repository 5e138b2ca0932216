"""M-mode on the GPU: one scan line over time, a column for each moment, written into a ring without read-back."""

from __future__ import annotations

import math

import moderngl

from simulator.geometry import Placement
from simulator.patient import Patient
from simulator.physiology.requests import Requests
from simulator.probe import Settings, Transducer
from simulator.render.blocks import BLOCKS
from simulator.render.renderer import UltrasoundRenderer
from simulator.render.sector import Zoom
from simulator.render.shader_source import load_shader

RATE_HZ = 200.0  # lines a second (image-formation table: at least 200)
SWEEP_S = 4.0  # across the strip ([P])
COLUMNS, ROWS = round(RATE_HZ * SWEEP_S), 512
MOST_A_FRAME = 20  # columns; after a longer pause the rest stays black rather than hold the window up
# Of the full sector on either side is computed too; the line is then within 0.5 dB of the image. Neighbours farther
# off, which haze alone asks for, are those of the whole image that was drawn last.
MARGIN = 0.06


class MmodeStrip:
    """The last seconds of one line. Column `head` is the oldest; the newest is left of it."""

    def __init__(self, ctx: moderngl.Context) -> None:
        self.ctx = ctx
        vertex, fragment = load_shader("pass/fullscreen.vert"), load_shader("pass/strip.frag")
        self._program = ctx.program(vertex_shader=vertex.text, fragment_shader=fragment.text)
        bindings = {block.name: block.binding for block in BLOCKS}
        self._samplers: list[str] = []
        for member in self._program:
            item = self._program[member]
            if isinstance(item, moderngl.UniformBlock):
                item.binding = bindings[member]
        for name in ("iq_0", "beam"):
            self._program[name] = len(self._samplers)
            self._samplers.append(name)
        self._program["rows"] = float(ROWS)
        self._array = ctx.vertex_array(self._program, [])
        self.texture = ctx.texture((COLUMNS, ROWS), 4)
        self.texture.repeat_x, self.texture.repeat_y = True, False  # the ring closes
        self._target = ctx.framebuffer([self.texture])
        self._key: object = None
        self._next = 0  # number of the next column
        self.head = 0

    def restart(self, key: object, time_s: float) -> None:
        """Begin a new strip where `key` (probe, console, line, body) is another than before."""
        if key != self._key:
            self._target.scissor = (0, 0, COLUMNS, ROWS)
            self._target.clear()
            self._key, self._next = key, math.ceil(time_s * RATE_HZ)

    def take(
        self, renderer: UltrasoundRenderer, patient: Patient, placement: Placement, transducer: Transducer,
        settings: Settings, at: float, until_s: float, size_px: tuple[int, int], zoom: Zoom | None = None,
        requests: Requests = (),
    ) -> int:  # fmt: skip
        """Add the columns up to a time of the patient; how many lines were computed.

        `at` is the line's place, as a share of the sector from the marked side. `size_px` and `zoom` are those of the
        image beside it, so that the knobs need not be set anew between the two. `requests` are what the
        patient was asked to do with the breath.
        """
        last = math.floor(until_s * RATE_HZ)
        if last - self._next >= MOST_A_FRAME:
            for number in range(max(self._next, last - COLUMNS), last - MOST_A_FRAME + 1):
                self._clear(number)
            self._next = last - MOST_A_FRAME + 1
        line = min(settings.lines - 1, max(0, round(at * settings.lines - 0.5)))
        margin = math.ceil(MARGIN * settings.lines * 100.0 / settings.sector_percent)
        first = max(0, line - margin)
        count = min(settings.lines, line + margin + 1) - first
        done = 0
        for number in range(self._next, last + 1):
            state = patient.at(number / RATE_HZ, requests)
            renderer.draw(state, placement, transducer, settings, number, size_px, only=(first, count), zoom=zoom)
            self._column(renderer, settings, number, (line + 0.5) / settings.lines)
            done += 1
        self._next = max(self._next, last + 1)
        self.head = self._next % COLUMNS
        return done

    def _column(self, renderer: UltrasoundRenderer, settings: Settings, number: int, share: float) -> None:
        textures = renderer.echo_textures(settings)
        for unit, name in enumerate(self._samplers):
            textures[name].use(unit)
        self._program["line_share"] = share
        self._target.use()
        self.ctx.viewport = (0, 0, COLUMNS, ROWS)
        self._target.scissor = (number % COLUMNS, 0, 1, ROWS)
        self._array.render(moderngl.TRIANGLES, vertices=3)

    def _clear(self, number: int) -> None:
        self._target.scissor = (number % COLUMNS, 0, 1, ROWS)
        self._target.clear()

    @property
    def newest_s(self) -> float:
        """Time of the newest column."""
        return (self._next - 1) / RATE_HZ

    def release(self) -> None:
        """Free everything on the GPU."""
        for one in (self._array, self._program, self._target, self.texture):
            one.release()
