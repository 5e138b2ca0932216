"""The fragment passes of the image: one program each, its textures bound by the names that its shader uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import moderngl

from simulator.render.blocks import BLOCKS, LINES_A_STRIP, STRIDE
from simulator.render.shader_source import ShaderError, load_shader

# pass -> texture name in the renderer for each sampler that is called differently in the shader
_SAMPLERS: dict[str, dict[str, str]] = {
    "coarse": {},
    "reach": {},
    "tissue": {},
    "block": {},
    "cumulate": {},
    "aperture": {},
    "gas": {},
    "surface": {},
    "haze": {},
    "fold": {},
    "axial": {"source": "folded"},
    "lateral": {"source": "axial"},
    "detect": {},
    "compound": {},
    "scan": {},
}

_SHADERS = {"coarse": "tissue"}  # passes whose shader has another name
_DEFINES = {"coarse": ("COARSE",)}
# What is compiled in for the patients and settings that have it (`render.frame.features`): a software rasteriser runs
# both sides of a branch.
_OF_BODY = frozenset({"SOFT_GAS", "FLOATING", "OPEN_BRONCHI", "FINE_BRONCHI", "LENSES", "PHANTOM"})
_OF_TISSUE = _OF_BODY | {"GLANDS"}
_OF_DISPLAY = frozenset({"PERSISTENCE", "BENT_GREYS", "SMOOTHING"})
_OF_FACE = frozenset({"PARALLEL_LINES", "FLAT_FACE"})
FEATURES: dict[str, frozenset[str]] = {
    "coarse": _OF_TISSUE, "tissue": _OF_TISSUE, "surface": _OF_BODY, "scan": _OF_DISPLAY | _OF_FACE,
    "compound": _OF_FACE,
}  # fmt: skip


@dataclass
class Pass:
    """A fullscreen program and the texture that each of its samplers reads."""

    program: moderngl.Program
    vertex_array: moderngl.VertexArray
    samplers: tuple[tuple[int, str], ...]  # texture unit, texture name
    strips: bool = False  # draws quads as deep as their lines reach, instead of the whole target

    def run(self, textures: Mapping[str, moderngl.Texture | moderngl.Texture3D], lines: int) -> None:
        """Draw over the bound framebuffer, which has `lines` scan lines."""
        for unit, name in self.samplers:
            textures[name].use(unit)
        if self.strips:
            self.vertex_array.render(moderngl.TRIANGLE_STRIP, vertices=4, instances=-(-lines // LINES_A_STRIP))
        else:
            self.vertex_array.render(moderngl.TRIANGLES, vertices=3)

    def release(self) -> None:
        """Free the program."""
        self.vertex_array.release()
        self.program.release()


def build_pass(ctx: moderngl.Context, name: str, features: frozenset[str] = frozenset()) -> Pass:
    """Compile pass `name` with those of `features` that it knows; ShaderError names file and line."""
    strips = name == "tissue"
    vertex = load_shader("pass/strips.vert" if strips else "pass/fullscreen.vert")
    defines = {*(features & FEATURES.get(name, frozenset())), *_DEFINES.get(name, ())}
    fragment = load_shader(f"pass/{_SHADERS.get(name, name)}.frag", defines=defines)
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
        elif member == "stride":
            program["stride"] = float(STRIDE if name == "coarse" else 1)
        elif isinstance(item, moderngl.Uniform):
            unit = len(samplers)
            item.value = unit
            samplers.append((unit, _SAMPLERS[name].get(member, member)))
    return Pass(program, ctx.vertex_array(program, []), tuple(samplers), strips)


class Passes:
    """All passes, each compiled once for each set of features that it is asked for with."""

    def __init__(self, ctx: moderngl.Context) -> None:
        """Compile each without features, so that an error shows at once."""
        self._ctx = ctx
        self._built: dict[tuple[str, frozenset[str]], Pass] = {}
        for name in _SAMPLERS:
            self.get(name, frozenset())

    def get(self, name: str, features: frozenset[str]) -> Pass:
        """Pass `name` with those of `features` that it knows."""
        key = (name, features & FEATURES[name] if name in FEATURES else frozenset())
        if key not in self._built:
            self._built[key] = build_pass(self._ctx, name, key[1])
        return self._built[key]

    def release(self) -> None:
        """Free them all."""
        for one in self._built.values():
            one.release()
