"""The fragment passes of the image: one program each, its textures bound by the names that its shader uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import moderngl

from simulator.render.blocks import BLOCKS
from simulator.render.shader_source import ShaderError, load_shader

# pass -> texture name in the renderer for each sampler that is called differently in the shader
_SAMPLERS: dict[str, dict[str, str]] = {
    "tissue": {},
    "block": {},
    "cumulate": {},
    "aperture": {},
    "gas": {},
    "surface": {},
    "fold": {},
    "axial": {"source": "folded"},
    "lateral": {"source": "axial"},
    "scan": {},
    "compound": {},
}


@dataclass
class Pass:
    """A fullscreen program and the texture that each of its samplers reads."""

    program: moderngl.Program
    vertex_array: moderngl.VertexArray
    samplers: tuple[tuple[int, str], ...]  # texture unit, texture name

    def run(self, textures: Mapping[str, moderngl.Texture | moderngl.Texture3D]) -> None:
        """Draw over the bound framebuffer."""
        for unit, name in self.samplers:
            textures[name].use(unit)
        self.vertex_array.render(moderngl.TRIANGLES, vertices=3)

    def release(self) -> None:
        """Free the program."""
        self.vertex_array.release()
        self.program.release()


def build_pass(ctx: moderngl.Context, name: str) -> Pass:
    """Compile pass `name`; ShaderError names file and line."""
    vertex, fragment = load_shader("pass/fullscreen.vert"), load_shader(f"pass/{name}.frag")
    try:
        program = ctx.program(vertex_shader=vertex.text, fragment_shader=fragment.text)
    except moderngl.Error as error:
        raise ShaderError(f"shaders/pass/{name}.frag: {fragment.explain(str(error))}") from error
    bindings = {block.name: block.binding for block in BLOCKS}
    samplers: list[tuple[int, str]] = []
    for member in program:
        item = program[member]
        if isinstance(item, moderngl.UniformBlock):
            item.binding = bindings[member]
        elif isinstance(item, moderngl.Uniform):
            unit = len(samplers)
            item.value = unit
            samplers.append((unit, _SAMPLERS[name].get(member, member)))
    return Pass(program, ctx.vertex_array(program, []), tuple(samplers))


def build_passes(ctx: moderngl.Context) -> dict[str, Pass]:
    """All passes, compiled."""
    return {name: build_pass(ctx, name) for name in _SAMPLERS}
