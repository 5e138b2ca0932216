"""The ultrasound image on the GPU: textures of a patient, the passes, and read-back when asked for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import moderngl
import numpy as np
import numpy.typing as npt

from simulator.acoustics.tissues import tissue_table
from simulator.geometry import Placement
from simulator.patient import Patient, PatientState
from simulator.probe import LOOK_ANGLES_RAD, Settings, Transducer
from simulator.render import tables
from simulator.render.blocks import BLOCKS, DEPTH_BLOCKS, FRAME, STRIDE, empty_record
from simulator.render.frame import body_record, features, frame_record, phantom_record, probe_record
from simulator.render.lenses import lens_record
from simulator.render.passes import Passes
from simulator.render.sector import ImageGeometry, Zoom, image_geometry, zoomed
from simulator.tissue import Tissue
from simulator.units import MHZ


@dataclass
class _Targets:
    """Textures and framebuffers of one grid size (lines x samples)."""

    textures: dict[str, moderngl.Texture]
    framebuffers: dict[str, moderngl.Framebuffer]

    def release(self) -> None:
        for framebuffer in self.framebuffers.values():
            framebuffer.release()
        for texture in self.textures.values():
            texture.release()


# pass -> size, (targets: name, components, dtype). Sizes: "full" lines x samples, "coarse" every STRIDE-th sample,
# "blocks" lines x DEPTH_BLOCKS, "lines" one value a line.
_TARGETS: dict[str, tuple[str, tuple[tuple[str, int, str], ...]]] = {
    "coarse": ("coarse", (("coarse_medium", 4, "f4"),)),
    "reach": ("lines", (("reach", 1, "f4"),)),
    "tissue": ("full", (("medium", 4, "f4"), ("echo", 4, "f2"))),
    "block": ("blocks", (("blocks", 1, "f4"),)),
    "cumulate": ("blocks", (("cumulated", 1, "f4"),)),
    "aperture": ("blocks", (("transmission", 1, "f4"),)),
    "gas": ("lines", (("gas_lines", 4, "f4"),)),
    "surface": (
        "lines",
        tuple((name, 4, "f4") for name in ("surface", "screens", "traps_01", "traps_23", "traps_45", "traps_67",
                                           "anchor", "comets")),
    ),
    "haze": ("lines", (("haze", 4, "f4"),)),
    "fold": ("full", (("folded", 2, "f4"),)),
    "axial": ("full", (("axial", 2, "f4"),)),
    "lateral": ("full", (("iq_0", 2, "f4"),)),
    "detect": ("full", (("levels", 1, "f2"),)),
}  # fmt: skip
ECHO_PASSES = tuple(name for name in _TARGETS if name != "detect")  # run for each look
PASS_ORDER = (*ECHO_PASSES, "detect", "scan")


_BYTES = {"f1": 1, "f2": 2, "f4": 4}  # of a component


class UltrasoundRenderer:
    """Draws what a probe shows of a patient. One per GL context; holds one patient's fields at a time."""

    def __init__(self, ctx: moderngl.Context) -> None:
        self.ctx = ctx
        self._passes = Passes(ctx)
        self._features: frozenset[str] = frozenset()
        self._uniforms = {block.name: ctx.buffer(reserve=block.dtype.itemsize) for block in BLOCKS}
        self._fields: dict[str, moderngl.Texture3D | moderngl.Texture] = {}
        self._knob_textures: dict[str, moderngl.Texture] = {}
        self._targets: dict[tuple[int, int], _Targets] = {}
        self._images: list[tuple[moderngl.Texture, moderngl.Framebuffer]] = []  # this one and the one before
        self._textures: dict[str, moderngl.Texture3D | moderngl.Texture] = {}  # all of them, by name
        self._frame = empty_record(FRAME)
        self._knobs: tuple[object, ...] = ()
        self._patient: Patient | None = None
        self._noise_seed: int | None = None
        self._settings: Settings | None = None

    # -- what changes seldom -------------------------------------------------------------------------------------
    def set_patient(self, patient: Patient) -> None:
        """Upload a patient's fields; frames drawn from now on show this patient."""
        if patient is self._patient:
            return
        body, findings = patient.body, patient.findings
        for name in ("wall", "thorax", "organs"):
            self._upload(name, getattr(body, name))
        self._upload("lung", findings.lung)
        self._upload("space", findings.space)
        self._upload("soft", findings.soft.distance_m)
        self._upload("bronchi", findings.bronchi.distance_m)
        if self._noise_seed != patient.seed:
            self._upload("noise", tables.noise_volume(patient.seed), wrap=True)
            self._noise_seed = patient.seed
        self._uniforms["Body"].write(body_record(patient).tobytes())
        self._uniforms["Phantom"].write(phantom_record(patient).tobytes())
        self._patient = patient
        self._knobs = ()

    def _upload(self, name: str, array: npt.NDArray[np.float16], wrap: bool = False) -> None:
        nz, ny, nx, components = array.shape
        old = self._fields.get(name)
        if old is not None:
            old.release()
        data = np.ascontiguousarray(array, dtype=np.float16)
        texture = self.ctx.texture3d((nx, ny, nz), components, data.tobytes(), alignment=1, dtype="f2")
        texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
        texture.repeat_x = texture.repeat_y = texture.repeat_z = wrap
        self._fields[name] = self._textures[name] = texture

    def _turn_knobs(
        self, transducer: Transducer, settings: Settings, size_px: tuple[int, int], zoom: Zoom | None
    ) -> None:
        knobs = (transducer, settings, size_px, zoom)
        if knobs == self._knobs:
            return
        assert self._patient is not None
        geometry = zoomed(image_geometry(transducer, settings, size_px), zoom)
        self._uniforms["Probe"].write(probe_record(transducer, settings, geometry).tobytes())
        self._table("beam", tables.beam_texture(transducer, settings))
        self._table("signals", tables.signal_texture(settings, self._patient.seed))
        self._table("tissue_table", tissue_table(settings.frequency_mhz * MHZ)[None])
        self._features = features(self._patient, transducer, settings)
        self._knobs = knobs
        self._settings = settings

    def _table(self, name: str, array: npt.NDArray[np.float32]) -> None:
        height, width, components = array.shape
        texture = self._knob_textures.get(name)
        if texture is None or texture.size != (width, height):
            if texture is not None:
                texture.release()
            texture = self.ctx.texture((width, height), components, dtype="f4")
            texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
            texture.repeat_x = texture.repeat_y = False
            self._knob_textures[name] = self._textures[name] = texture
        texture.write(np.ascontiguousarray(array, dtype=np.float32).tobytes())

    def _grid_targets(self, settings: Settings) -> _Targets:
        key = (settings.lines, settings.samples)
        if key not in self._targets:
            for old in self._targets.values():
                old.release()
            self._targets.clear()
            sizes = {
                "full": key,
                "coarse": (key[0], -(-key[1] // STRIDE)),
                "blocks": (key[0], DEPTH_BLOCKS),
                "lines": (key[0], 1),
            }
            textures: dict[str, moderngl.Texture] = {}
            framebuffers: dict[str, moderngl.Framebuffer] = {}
            for name, (size, attachments) in _TARGETS.items():
                own = []
                for target, components, dtype in attachments:
                    texture = self._plain_texture(sizes[size], components, dtype)
                    textures[target] = texture
                    own.append(texture)
                framebuffers[name] = self.ctx.framebuffer(own)
            for look in range(1, len(LOOK_ANGLES_RAD)):  # filled when compounding is on
                texture = self._plain_texture(key, 2, "f4")
                textures[f"iq_{look}"] = texture
                framebuffers[f"lateral_{look}"] = self.ctx.framebuffer([texture])
            self._targets[key] = _Targets(textures, framebuffers)
            self._textures |= textures
        return self._targets[key]

    def _plain_texture(self, size: tuple[int, int], components: int, dtype: str) -> moderngl.Texture:
        texture = self.ctx.texture(size, components, dtype=dtype)
        texture.repeat_x = texture.repeat_y = False
        texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
        return texture

    # -- every frame ---------------------------------------------------------------------------------------------
    def draw(
        self,
        state: PatientState,
        placement: Placement,
        transducer: Transducer,
        settings: Settings,
        frame_index: int = 0,
        size_px: tuple[int, int] = (640, 640),
        only: tuple[int, int] | None = None,
        zoom: Zoom | None = None,
    ) -> moderngl.Texture:
        """Draw one frame; returns an RGBA8 texture of `size_px` whose row 0 is the top of the image.

        `only` = (first line, line count) limits the work to the straight echo of some lines (M-mode); the image is then
        stale. `zoom` magnifies a part of the sector.
        """
        for look in range(1 if only else settings.looks):
            for name in ECHO_PASSES:
                self.run_pass(name, state, placement, transducer, settings, frame_index, size_px, only, look, zoom)
        if not only:
            for name in ("detect", "scan"):
                self.run_pass(name, state, placement, transducer, settings, frame_index, size_px, zoom=zoom)
        return self._image_target(size_px)[0]

    def run_pass(
        self,
        name: str,
        state: PatientState,
        placement: Placement,
        transducer: Transducer,
        settings: Settings,
        frame_index: int,
        size_px: tuple[int, int],
        only: tuple[int, int] | None = None,
        look: int = 0,
        zoom: Zoom | None = None,
    ) -> None:
        """Run one pass of PASS_ORDER; the first also sets up the look. `bench speed` times these one by one."""
        if name == PASS_ORDER[0]:
            self.set_patient(state.patient)
            self._turn_knobs(transducer, settings, size_px, zoom)
            self._uniforms["Frame"].write(frame_record(state, placement, frame_index, look, self._frame))
            if "LENSES" in self._features:
                self._uniforms["Lenses"].write(lens_record(state, placement, transducer, settings, look).tobytes())
            for block in BLOCKS:
                self._uniforms[block.name].bind_to_uniform_block(block.binding)
            self.ctx.disable(moderngl.DEPTH_TEST | moderngl.CULL_FACE | moderngl.BLEND)
        targets = self._grid_targets(settings)
        if name == "scan":
            self._image_target(size_px)
            if settings.persistence > 0.0:
                self._images.reverse()  # what was drawn last is now the image before
            framebuffer = self._image_target(size_px)[1]
            self._textures["previous"] = self._images[1][0]
        else:
            framebuffer = targets.framebuffers[f"lateral_{look}" if name == "lateral" and look else name]
        framebuffer.use()
        self.ctx.viewport = (0, 0, *framebuffer.size)
        whole = (0, 0, *framebuffer.size)
        framebuffer.scissor = (only[0], 0, only[1], framebuffer.size[1]) if only else whole
        if name == "tissue":  # what the strips leave out lies behind gas
            framebuffer.clear(0.0, Tissue.LUNG / 255.0, -0.05, 0.0)
        drawn = "compound" if name == "detect" and settings.compounding else name
        self._passes.get(drawn, self._features).run(self._textures, settings.lines)

    def _image_target(self, size_px: tuple[int, int]) -> tuple[moderngl.Texture, moderngl.Framebuffer]:
        """The image being drawn; of another size than before, it and the one before are made anew, black."""
        if not self._images or self._images[0][0].size != size_px:
            self._release_images()
            for _ in range(2):
                texture = self.ctx.texture(size_px, 4)
                framebuffer = self.ctx.framebuffer([texture])
                framebuffer.clear()
                self._images.append((texture, framebuffer))
        return self._images[0]

    def _release_images(self) -> None:
        for texture, framebuffer in self._images:
            framebuffer.release()
            texture.release()
        self._images.clear()

    # -- read-back, only when asked for --------------------------------------------------------------------------
    def image_geometry(self, transducer: Transducer, settings: Settings, size_px: tuple[int, int]) -> ImageGeometry:
        """Where the pixels of `draw` lie in the probe plane."""
        return image_geometry(transducer, settings, size_px)

    def echo_textures(self, settings: Settings) -> Mapping[str, moderngl.Texture | moderngl.Texture3D]:
        """What the last frame with these settings was computed into, and the tables of its knobs (M-mode)."""
        self._grid_targets(settings)
        return self._textures

    def read_image(self) -> npt.NDArray[np.uint8]:
        """(H, W) uint8 grey of the last frame, row 0 at the top."""
        texture = self._images[0][0]
        width, height = texture.size
        pixels = np.frombuffer(texture.read(), dtype=np.uint8).reshape(height, width, 4)
        return pixels[..., 0].copy()

    def read_target(self, name: str) -> npt.NDArray[np.float32]:
        """(lines, samples or blocks or 1, components) float32 of an intermediate target of the last frame."""
        assert self._settings is not None
        texture = self._grid_targets(self._settings).textures[name]
        width, height = texture.size
        dtype = np.float16 if texture.dtype == "f2" else np.float32
        data = np.frombuffer(texture.read(), dtype=dtype).reshape(height, width, texture.components)
        return np.ascontiguousarray(data.transpose(1, 0, 2).astype(np.float32))

    def read_iq(self) -> npt.NDArray[np.complex64]:
        """(lines, samples) complex64: the unsteered echo of the last frame, with noise, before TGC and gain."""
        parts = self.read_target("iq_0")
        return np.asarray(parts[..., 0] + 1j * parts[..., 1], dtype=np.complex64)

    def blur(self, echo: npt.NDArray[np.complex64]) -> npt.NDArray[np.complex64]:
        """(lines, samples) what the point spread makes of a given echo, with the knobs of the last frame.

        For measuring: the body of the last frame, its traps and its noise have no part in it.
        """
        assert self._settings is not None
        targets = self._grid_targets(self._settings)
        lines, samples = echo.shape
        parts = np.stack([echo.real, echo.imag], axis=-1).astype(np.float32).transpose(1, 0, 2)
        targets.textures["folded"].write(np.ascontiguousarray(parts).tobytes())
        targets.textures["surface"].write(np.zeros((1, lines, 4), dtype=np.float32).tobytes())
        for name in ("axial", "lateral"):
            targets.framebuffers[name].use()
            self.ctx.viewport = (0, 0, lines, samples)
            self._passes.get(name, self._features).run(self._textures, lines)
        return self.read_iq()

    def texture_bytes(self) -> int:
        """Size of all textures held: fields, tables, targets and images."""
        images = [texture for texture, _ in self._images]
        held = {id(texture): texture for texture in (*self._textures.values(), *images)}
        texels = [(math.prod(texture.size) * texture.components, texture.dtype) for texture in held.values()]
        return sum(count * _BYTES[dtype] for count, dtype in texels)

    def release(self) -> None:
        """Free everything on the GPU."""
        self._passes.release()
        for buffer in self._uniforms.values():
            buffer.release()
        for texture in (*self._fields.values(), *self._knob_textures.values()):
            texture.release()
        for targets in self._targets.values():
            targets.release()
        self._release_images()
