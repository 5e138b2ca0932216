"""What lies under the skin in the 3D view, layer by layer, each as faded as it is asked for. Needs OpenGL 3.3."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import moderngl
import numpy as np
import numpy.typing as npt

from simulator.anatomy.layers import Layer

# From the inside out: what is drawn later lies nearer to the eye, and so mixes rightly with what is behind it.
SOLID_LAYERS = ("organs", "disease", "lungs", "bones", "muscle")
LAYERS = ("skin", *reversed(SOLID_LAYERS), "zones", "slice")  # as they are listed: from the outside in, then the lines
_GLOSS = 0.3
_OPAQUE = 0.995  # more than this is not worth blending


def render_faded(
    ctx: moderngl.Context, target: moderngl.Framebuffer, arrays: Sequence[moderngl.VertexArray], fade: float
) -> None:
    """Draw surfaces into the target in use; translucent ones by what lies nearest of them, once a pixel."""
    if fade < _OPAQUE:
        target.color_mask = False, False, False, False
        target.use()
        for array in arrays:
            array.render()
        target.color_mask = True, True, True, True
        target.use()
        ctx.depth_func = "<="
    for array in arrays:
        array.render()
    ctx.depth_func = "<"


class TorsoLayers:
    """The solids of a body by layer, on the graphics card."""

    def __init__(self, ctx: moderngl.Context, program: moderngl.Program) -> None:
        """`program` is made of `shaders/torso/solid`."""
        self._ctx, self._program = ctx, program
        self._arrays: dict[str, list[moderngl.VertexArray]] = {}

    def set(
        self,
        solids: Sequence[Layer],
        upload: Callable[[npt.NDArray[np.float32], npt.NDArray[np.uint32]], moderngl.VertexArray],
    ) -> None:
        """Show these from now on; `upload` makes a vertex array of (n, 10) vertices and (m, 3) faces."""
        for arrays in self._arrays.values():
            for array in arrays:
                array.release()
        self._arrays = {}
        for solid in solids:
            mesh = solid.mesh
            if len(mesh.faces) == 0:
                continue
            gloss = np.full((len(mesh.vertices), 1), _GLOSS)
            data = np.concatenate([mesh.vertices, mesh.normals, solid.colours, gloss], axis=1)
            array = upload(data.astype(np.float32), np.asarray(mesh.faces, dtype=np.uint32))
            self._arrays.setdefault(solid.group, []).append(array)

    def __bool__(self) -> bool:
        """Whether there is anything to show."""
        return bool(self._arrays)

    def draw(self, target: moderngl.Framebuffer, fades: Mapping[str, float]) -> None:
        """Draw the layers from the inside out into the target in use; depth test and blending are on."""
        for name in SOLID_LAYERS:
            fade = fades.get(name, 0.0)
            if fade <= 0.0 or name not in self._arrays:
                continue
            self._program["u_opacity"] = fade
            render_faded(self._ctx, target, self._arrays[name], fade)
