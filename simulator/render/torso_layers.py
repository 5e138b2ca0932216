"""What lies under the skin in the 3D view, layer by layer, each as faded as it is asked for. Needs OpenGL 3.3."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import moderngl
import numpy as np
import numpy.typing as npt

from simulator.anatomy.layers import Layer
from simulator.anatomy.palette import PALETTE, Part
from simulator.patient import HEART_INWARD_M
from simulator.physiology.chest_wall import USUAL_EXCURSION_M
from simulator.physiology.heart import ARTERY_PULSE_M

# From the inside out: what is drawn later lies nearer to the eye, and so mixes rightly with what is behind it. Muscle
# and skin are covers: all that is drawn before them lies in them, also where a coarse mesh of bone breaks through.
SOLID_LAYERS = ("organs", "disease", "lungs", "bones", "muscle")
LAYERS = ("skin", *reversed(SOLID_LAYERS), "zones", "slice")  # as they are listed: from the outside in, then the lines
# How each moves, by its name or else by its group; as in the image the heart beats in its place.
_MOTIONS = {
    "muscle": "wall", "bones": "wall", "lungs": "lung", "disease": "lung", "organs": "abdomen", "Heart": "heart",
    PALETTE[Part.WALL_GAS].name: "wall", "Great arteries": "artery", "Great veins": "still", "Trachea": "still",
}  # fmt: skip
_GLOSS = 0.3
_OPAQUE = 0.995  # more than this is not worth blending


def render_faded(
    ctx: moderngl.Context, target: moderngl.Framebuffer, surfaces: Sequence[Callable[[], object]], fade: float
) -> None:
    """Draw surfaces into the target in use; translucent ones by what lies nearest of them, once a pixel."""
    if fade < _OPAQUE:
        target.color_mask = False, False, False, False
        target.use()
        for draw in surfaces:
            draw()
        target.color_mask = True, True, True, True
        target.use()
        ctx.depth_func = "<="
    for draw in surfaces:
        draw()
    ctx.depth_func = "<"


def forget_depth(target: moderngl.Framebuffer) -> None:
    """What was drawn into the target in use is behind whatever comes now."""
    target.color_mask = False, False, False, False
    target.clear(depth=1.0)
    target.color_mask = True, True, True, True
    target.use()


def _motions(breath: float, contraction: float) -> dict[str, tuple[float, float, float, float]]:
    """What moves how (`u_motion`): breath of the wall; descent of the lung's base, of organs; inward motion, metres."""
    descent_m = breath * USUAL_EXCURSION_M
    return {
        "wall": (breath, 0.0, 0.0, 0.0),
        "lung": (breath, descent_m, 0.0, 0.0),
        "abdomen": (0.0, 0.0, descent_m, 0.0),
        "still": (0.0, 0.0, 0.0, 0.0),
        "artery": (0.0, 0.0, 0.0, -ARTERY_PULSE_M * contraction),
        "heart": (0.0, 0.0, 0.0, HEART_INWARD_M * contraction),
    }


class TorsoLayers:
    """The solids of a body by layer, on the graphics card."""

    def __init__(self, ctx: moderngl.Context, program: moderngl.Program) -> None:
        """`program` is made of `shaders/torso/solid`."""
        self._ctx, self._program = ctx, program
        self._arrays: dict[str, list[tuple[str, moderngl.VertexArray]]] = {}

    def set(
        self,
        solids: Sequence[Layer],
        upload: Callable[[npt.NDArray[np.float32], npt.NDArray[np.uint32]], moderngl.VertexArray],
    ) -> None:
        """Show these from now on; `upload` makes a vertex array of (n, 10) vertices and (m, 3) faces."""
        for arrays in self._arrays.values():
            for _motion, array in arrays:
                array.release()
        self._arrays = {}
        for solid in solids:
            mesh = solid.mesh
            if len(mesh.faces) == 0:
                continue
            gloss = np.full((len(mesh.vertices), 1), _GLOSS)
            data = np.concatenate([mesh.vertices, mesh.normals, solid.colours, gloss], axis=1)
            array = upload(data.astype(np.float32), np.asarray(mesh.faces, dtype=np.uint32))
            motion = _MOTIONS.get(solid.name, _MOTIONS[solid.group])
            self._arrays.setdefault(solid.group, []).append((motion, array))

    def __bool__(self) -> bool:
        """Whether there is anything to show."""
        return bool(self._arrays)

    @property
    def groups(self) -> frozenset[str]:
        """The groups that have something to show."""
        return frozenset(self._arrays)

    def draw(
        self, target: moderngl.Framebuffer, fades: Mapping[str, float], breath: float = 0.0, contraction: float = 0.0
    ) -> None:
        """Draw the layers from the inside out into the target in use; depth test and blending are on.

        `breath` and `contraction` as in `TorsoScene`.
        """
        motions = _motions(breath, contraction)
        shown = {name: fades.get(name, 0.0) for name in SOLID_LAYERS if name in self._arrays}

        def draw(name: str) -> None:
            self._program["u_opacity"] = shown[name]
            surfaces = [partial(self._surface, array, motions[motion]) for motion, array in self._arrays[name]]
            render_faded(self._ctx, target, surfaces, shown[name])

        for name, fade in shown.items():
            if fade <= 0.0:
                continue
            if name == "muscle":
                forget_depth(target)
            draw(name)
            if name == "muscle" and shown.get("bones", 0.0) > 0.0:
                draw("bones")  # once more those that lie on the muscle: clavicles, spines
        self._program["u_motion"] = (0.0, 0.0, 0.0, 0.0)  # the probe is drawn with the same program

    def _surface(self, array: moderngl.VertexArray, motion: tuple[float, float, float, float]) -> None:
        self._program["u_motion"] = motion
        array.render()
