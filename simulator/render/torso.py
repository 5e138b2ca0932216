"""The 3D view of the patient: skin with its zones, the probe, the beam plane with the live image. Needs OpenGL 3.3.

Drawn offscreen and only when something has changed; edges are smoothed afterwards, because four samples a pixel cost a
software rasteriser twice the time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import moderngl
import numpy as np
import numpy.typing as npt

from simulator.anatomy.layers import Layer
from simulator.anatomy.zones import LANDMARK_LINES_DEG, ZONES
from simulator.geometry import Placement, normalized
from simulator.probe import TRANSDUCERS
from simulator.render.beam_plane import BeamPlane, sector_sheet
from simulator.render.camera import Camera
from simulator.render.footprint import footprint_mesh
from simulator.render.probe_model import probe_mesh
from simulator.render.sector import ImageGeometry
from simulator.render.seen_box import Box, joined, seen_box
from simulator.render.shader_source import load_shader
from simulator.render.skin_tone import USUAL, Colour
from simulator.render.torso_layers import TorsoLayers, forget_depth, render_faded
from simulator.render.torso_scene import TorsoScene

PLAIN = 1.0  # metres from every edge of a skin without paint
_SHADERS = {"skin": "skin", "solid": "solid", "fan": "fan", "bed": "bed", "backdrop": "backdrop", "smooth": "backdrop"}


class TorsoView:
    """Draws a `TorsoScene` into a texture."""

    def __init__(self, ctx: moderngl.Context) -> None:
        """On the current OpenGL context."""
        self.ctx = ctx
        self._programs = {
            name: ctx.program(
                vertex_shader=load_shader(f"torso/{vertex}.vert").text,
                fragment_shader=load_shader(f"torso/{name}.frag").text,
            )
            for name, vertex in _SHADERS.items()
        }
        corners = np.array([-1, -1, 3, -1, -1, 3], dtype=np.float32)
        self._backdrop = ctx.vertex_array(self._programs["backdrop"], [(ctx.buffer(corners), "2f", "in_corner")])
        self._smooth = ctx.vertex_array(self._programs["smooth"], [(ctx.buffer(corners), "2f", "in_corner")])
        self._probes = {key: self._solid(*probe_mesh(t)) for key, t in TRANSDUCERS.items()}
        sheet = np.array([-1, -1, 1, -1, -1, 1, 1, 1], dtype=np.float32)
        self._bed = ctx.vertex_array(self._programs["bed"], [(ctx.buffer(sheet), "2f", "in_corner")])
        self._skin: moderngl.VertexArray | None = None
        self._layers = TorsoLayers(ctx, self._programs["solid"])
        self._axis_y_m, self._notch_to_rib10_m = 0.0, 0.3
        self._tone, self._nipple_torso = USUAL, (0.0, 1.0, 0.0)
        self._back_m, self._half_width_m = -0.22, 0.2
        self._target: tuple[moderngl.Framebuffer, moderngl.Framebuffer, moderngl.Framebuffer] | None = None
        self._drawn: Any = None
        self._body_drawn: Any = None
        self._touched: Box = (0, 0, 0, 0)  # where the probe was drawn last
        self.bodies = 0  # how often room and patient were drawn, for whoever paces it
        self._plane = BeamPlane(ctx, self._programs["fan"])
        self._footprints = {key: self._solid(*footprint_mesh(t)) for key, t in TRANSDUCERS.items()}

    def set_body(
        self,
        vertices_torso: npt.NDArray[np.floating],
        faces: npt.NDArray[np.integer],
        normals: npt.NDArray[np.floating],
        axis_y_m: float,
        notch_to_rib10_m: float,
        paint: npt.NDArray[np.floating] | None = None,
        skin_linear: Colour = USUAL,
        nipple_torso: tuple[float, float, float] | None = None,
    ) -> None:
        """The skin: (n, 3) vertices in metres, (m, 3) faces, (n, 3) unit normals; landmarks as in `Body`.

        `paint` (n, 5) is that of `Mesh`; without it the skin fades at its ends. `nipple_torso` is the right one.
        """
        trunk = np.ones(len(vertices_torso), dtype=bool)
        if paint is None:
            z = vertices_torso[:, 2]
            paint = np.tile(np.array([0.0, PLAIN, PLAIN, 0.0, 0.0]), (len(z), 1))
            paint[:, 3] = np.minimum(z - z.min() - 0.006, z.max() + 0.012 - z)  # the cut ends are softened
        else:
            trunk = (paint[:, 0] < 0.3) & (vertices_torso[:, 2] < -0.02) & (paint[:, 1] > 0.0)
        data = np.concatenate([vertices_torso, normals, paint], axis=1).astype(np.float32)
        layout = ("in_position_torso", "in_normal_torso", "in_paint", "in_cavity")
        self._skin = self.ctx.vertex_array(
            self._programs["skin"],
            [(self.ctx.buffer(data.tobytes()), "3f 3f 4f 1f", *layout)],
            self.ctx.buffer(np.ascontiguousarray(faces, dtype=np.uint32).tobytes()),
        )
        self._axis_y_m, self._notch_to_rib10_m = axis_y_m, notch_to_rib10_m
        low, high = vertices_torso[trunk].min(axis=0), vertices_torso[trunk].max(axis=0)
        self._tone, self._nipple_torso = skin_linear, nipple_torso or (0.0, 1.0, 0.0)
        self._back_m, self._half_width_m = float(low[1]), float(max(-low[0], high[0]))
        self._layers.set((), self._solid)
        self._body_drawn = self._drawn = None

    def set_layers(self, solids: Sequence[Layer]) -> None:
        """What the skin hides."""
        self._layers.set(solids, self._solid)
        self._body_drawn = self._drawn = None

    @property
    def has_layers(self) -> bool:
        """Whether there is something to show under the skin."""
        return bool(self._layers)

    @property
    def layers(self) -> frozenset[str]:
        """Which groups of them there are."""
        return self._layers.groups

    def draw(
        self,
        scene: TorsoScene,
        size_px: tuple[int, int],
        image: Any = None,
        geometry: ImageGeometry | None = None,
        image_stamp: object = None,
    ) -> moderngl.Texture:
        """The picture, `size_px` (width, height); row 0 is the bottom, as OpenGL has it.

        `image` is the live ultrasound texture, `geometry` says where things are in it; `image_stamp` changes whenever
        its content does.
        """
        key = (scene, size_px, image_stamp if scene.show_fan else None)
        resolved = self._framebuffers(size_px)
        if key != self._drawn:
            self._draw(scene, size_px, image, geometry)
            self._drawn = key
        texture = resolved.color_attachments[0]
        assert isinstance(texture, moderngl.Texture)
        return texture

    def _framebuffers(self, size: tuple[int, int]) -> moderngl.Framebuffer:
        """The resolved framebuffer of this size; made anew when the size changes."""
        if self._target is None or self._target[1].size != size:
            if self._target is not None:
                for framebuffer in self._target:
                    for attachment in (*framebuffer.color_attachments, framebuffer.depth_attachment):
                        if attachment is not None:
                            attachment.release()
                    framebuffer.release()
            ctx = self.ctx
            body, rough, smooth = (ctx.texture(size, 4) for _ in range(3))
            for texture in (body, rough, smooth):
                texture.repeat_x = texture.repeat_y = False
            self._target = (
                ctx.framebuffer([rough], ctx.depth_renderbuffer(size)),
                ctx.framebuffer([smooth]),
                ctx.framebuffer([body], ctx.depth_renderbuffer(size)),
            )
            self._body_drawn = self._drawn = None
        return self._target[1]

    def _draw(self, scene: TorsoScene, size: tuple[int, int], image: Any, geometry: ImageGeometry | None) -> None:
        ctx = self.ctx
        assert self._target is not None
        rough, smooth, body = self._target
        scene = scene.carried(self._axis_y_m, self._notch_to_rib10_m)
        self._lights(scene.camera, size[0] / size[1])
        without_probe = (scene.without_probe(), size)
        whole = (0, 0, *size)
        here = self._box(scene, size, geometry)
        box = joined(here, self._touched)  # only where the probe is now or was before
        if without_probe != self._body_drawn:
            self._draw_body(scene, body, size)
            self._body_drawn = without_probe
            box = whole
        self._touched = here
        rough.scissor = smooth.scissor = box
        rough.use()
        rough.viewport = whole
        ctx.copy_framebuffer(rough, body)
        rough.use()
        ctx.enable(moderngl.DEPTH_TEST | moderngl.BLEND)
        ctx.depth_func = "<"
        ctx.blend_func = moderngl.SRC_ALPHA, moderngl.ONE_MINUS_SRC_ALPHA
        if scene.placement is not None:
            self._draw_probe(scene, scene.placement, image, geometry)
        ctx.disable(moderngl.DEPTH_TEST | moderngl.BLEND)
        smooth.use()
        smooth.viewport = whole
        self._programs["smooth"]["u_picture"] = 0
        self._programs["smooth"]["u_pixel"] = (1.0 / size[0], 1.0 / size[1])
        rough.color_attachments[0].use(0)  # type: ignore[union-attr]
        self._smooth.render()

    def _box(self, scene: TorsoScene, size: tuple[int, int], geometry: ImageGeometry | None) -> Box:
        """Where probe and beam plane may be seen."""
        if scene.placement is None:
            return 0, 0, 0, 0
        sheet, _faces = sector_sheet(scene.transducer, scene.depth_m, geometry)
        placements = (scene.placement, scene.image_placement or scene.placement)
        return seen_box(scene.camera, size, placements, sheet[:, :2])

    def _draw_body(self, scene: TorsoScene, target: moderngl.Framebuffer, size: tuple[int, int]) -> None:
        """The room and the patient: drawn anew only when these or the eye have moved, and not for the probe's sake."""
        ctx = self.ctx
        self.bodies += 1
        target.use()
        target.viewport = (0, 0, *size)
        target.clear(0.03, 0.04, 0.05, 1.0, depth=1.0)
        ctx.disable(moderngl.CULL_FACE | moderngl.BLEND | moderngl.DEPTH_TEST)
        self._programs["backdrop"]["u_dark"] = (0.030, 0.037, 0.047)
        self._programs["backdrop"]["u_light"] = (0.098, 0.122, 0.150)
        self._backdrop.render()
        ctx.enable(moderngl.DEPTH_TEST | moderngl.BLEND)
        ctx.depth_func = "<"
        ctx.blend_func = moderngl.SRC_ALPHA, moderngl.ONE_MINUS_SRC_ALPHA
        self._draw_bed(scene)
        if self._opened(scene):
            self._write("solid", "u_torso_from_model", _column_major(np.eye(4)))
            self._layers.draw(target, scene.fades, scene.breath, scene.contraction)
        self._draw_skin(scene, target)

    def _opened(self, scene: TorsoScene) -> bool:
        """Whether one looks under the skin."""
        return scene.show_inside and bool(self._layers)

    def _write(self, program: str, name: str, matrix: bytes) -> None:
        """Set a matrix uniform."""
        uniform: Any = self._programs[program][name]
        uniform.write(matrix)

    def _lights(self, camera: Camera, aspect: float) -> None:
        """Matrices and the key light, which hangs over the left shoulder of whoever looks."""
        axes = camera.axes_torso()
        light = normalized(axes @ np.array([-0.55, 0.62, -0.75]))
        matrix = _column_major(camera.clip_from_torso(aspect))
        for name in ("skin", "solid", "fan", "bed"):
            self._write(name, "u_clip_from_torso", matrix)
        for name in ("skin", "solid"):
            self._programs[name]["u_eye_torso"] = tuple(camera.eye_torso)
            self._programs[name]["u_light_torso"] = tuple(light)
            self._programs[name]["u_sky_torso"] = tuple(camera.sky_torso)
            self._programs[name]["u_axis_y_m"] = self._axis_y_m
            self._programs[name]["u_notch_to_rib10_m"] = self._notch_to_rib10_m

    def _draw_skin(self, scene: TorsoScene, target: moderngl.Framebuffer) -> None:
        opacity = scene.fades.get("skin", 1.0) if self._opened(scene) else 1.0
        if self._skin is None or opacity <= 0.0:
            return
        program = self._programs["skin"]
        program["u_breath"] = scene.breath
        program["u_zone_range"] = [
            (*(math.radians(a) for a in ZONES[f"R{i}"].azimuth_deg), *ZONES[f"R{i}"].height) for i in range(1, 7)
        ]
        program["u_zone_state"] = scene.zone_states
        program["u_selected"] = scene.selected
        program["u_line_azimuth"] = [math.radians(a) for a in LANDMARK_LINES_DEG.values()]
        program["u_show_zones"] = scene.fades.get("zones", 1.0) if scene.show_zones else 0.0
        program["u_opacity"] = opacity
        program["u_skin"] = self._tone
        program["u_nipple_torso"] = self._nipple_torso
        if self._opened(scene):
            forget_depth(target)
        self.ctx.enable(moderngl.CULL_FACE)  # half the fragments, and a translucent skin shows its near side only
        render_faded(self.ctx, target, [self._skin.render], opacity)
        self.ctx.disable(moderngl.CULL_FACE)

    def _draw_probe(self, scene: TorsoScene, placement: Placement, image: Any, geometry: ImageGeometry | None) -> None:
        ctx, pose = self.ctx, placement.torso_from_probe()
        axes = pose[:3, :3]
        pose[:3, 3] -= axes[:, 2] * placement.lift_m
        matrix = _column_major(pose)
        slice_fade = scene.fades.get("slice", 1.0)
        if scene.show_fan and slice_fade > 0.0:
            ctx.disable(moderngl.DEPTH_TEST)
            taken = scene.image_placement or placement  # a frozen image stays in the body where it was taken
            if taken != placement:
                self._plane.draw(placement, scene.transducer, scene.depth_m, 0.45 * slice_fade)
            self._plane.draw(taken, scene.transducer, scene.depth_m, slice_fade, image, geometry)
            ctx.enable(moderngl.DEPTH_TEST)
        solid = self._programs["solid"]
        self._write("solid", "u_torso_from_model", matrix)
        probe, footprint = self._probes[scene.transducer.key], self._footprints[scene.transducer.key]
        ctx.disable(moderngl.DEPTH_TEST)  # the skin may bulge through it
        solid["u_opacity"] = 0.85 if scene.faces(placement) else 0.15
        footprint.render()
        ctx.enable(moderngl.DEPTH_TEST)
        solid["u_opacity"] = 0.20  # what is behind the patient shows faintly, so that it is never lost
        many = self._target[0] if self._target else None
        ctx.depth_func = ">"
        if many is not None:
            many.depth_mask = False
        probe.render()
        ctx.depth_func = "<"
        if many is not None:
            many.depth_mask = True
        solid["u_opacity"] = 1.0
        probe.render()

    def _draw_bed(self, scene: TorsoScene) -> None:
        """A hint of what the patient lies on; from behind it is nearly clear."""
        if scene.posture not in ("supine", "lateral_left", "lateral_right"):
            return
        pose = np.eye(4)
        length = 0.54
        if scene.posture == "supine":
            half, outward = self._half_width_m + 0.20, np.array([0.0, -1.0, 0.0])
            pose[:3, :3] = np.array([[half, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, length, 0.0]])
            pose[:3, 3] = (0.0, self._back_m - 0.008, -0.17)
        else:  # lying on the named side
            sign = 1.0 if scene.posture == "lateral_right" else -1.0
            half, outward = 0.36, np.array([sign, 0.0, 0.0])
            pose[:3, :3] = np.array([[0.0, 0.0, 1.0], [half, 0.0, 0.0], [0.0, length, 0.0]])
            pose[:3, 3] = (sign * (self._half_width_m + 0.008), self._axis_y_m, -0.17)
        behind = float(normalized(scene.camera.eye_torso - np.array(scene.camera.target_torso)) @ outward)
        program = self._programs["bed"]
        self._write("bed", "u_torso_from_model", _column_major(pose))
        program["u_half_m"] = (half, length)
        program["u_opacity"] = min(1.0, max(0.10, 0.6 - 3.0 * behind))
        assert self._target is not None
        self._target[2].depth_mask = False
        self._bed.render(moderngl.TRIANGLE_STRIP)
        self._target[2].depth_mask = True

    def _solid(self, vertices: npt.NDArray[np.float32], faces: npt.NDArray[np.uint32]) -> moderngl.VertexArray:
        """A vertex array of (n, 10) position, normal, colour, gloss."""
        return self.ctx.vertex_array(
            self._programs["solid"],
            [(self.ctx.buffer(vertices.tobytes()), "3f 3f 3f 1f", "in_position", "in_normal", "in_colour", "in_gloss")],
            self.ctx.buffer(np.ascontiguousarray(faces).tobytes()),
        )


def _column_major(matrix: npt.NDArray[np.float64]) -> bytes:
    """A (4, 4) matrix as OpenGL takes it."""
    return matrix.T.astype(np.float32).tobytes()
