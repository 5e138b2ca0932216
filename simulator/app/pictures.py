"""The two live pictures of the scan screen, as the screens ask for them, and a maker of pictures that only writes down.

The real maker is `gl_pictures`; the recording one lets every screen be laid out in tests without OpenGL.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from imgui_bundle import imgui

from simulator.anatomy.layers import GROUPS
from simulator.anatomy.palette import PALETTE, Paint
from simulator.app.cine import Shot
from simulator.app.state import ScanState
from simulator.geometry import Placement
from simulator.patient import Patient
from simulator.render.sector import ImageGeometry, Zoom, image_geometry, zoomed
from simulator.render.torso_scene import TorsoScene


@dataclass(frozen=True)
class UltrasoundPicture:
    """The sector image. `reference` is None where nothing was drawn; `geometry` is in its own pixels.

    `whole` is the geometry without zoom.
    """

    reference: Any
    geometry: ImageGeometry
    whole: ImageGeometry

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height."""
        return self.geometry.size_px


@dataclass(frozen=True)
class CutPicture:
    """The anatomy of the image plane. `parts` (rows, columns) says what each pixel is (`Part`), None before there is
    one."""

    reference: Any
    legend: tuple[Paint, ...] = ()
    parts: npt.NDArray[np.uint8] | None = None


@dataclass(frozen=True)
class StripPicture:
    """The M-mode strip, a ring of columns. `head` is where its oldest column is, as a share of the width."""

    reference: Any
    head: float
    newest_s: float


class Pictures(Protocol):
    """Draws on demand. Sizes are in logical points; how many pixels that is, is the maker's business."""

    def set_patient(self, patient: Patient) -> None:
        """Show this patient from now on."""

    def ultrasound(
        self, shot: Shot, patient: Patient, width: float, height: float, zoom: Zoom | None = None,
        before: tuple[Shot, ...] = (), held: bool = False, beside_mmode: bool = False,
    ) -> UltrasoundPicture:  # fmt: skip
        """One frame. `before` are those of which persistence keeps something; `held` while it is frozen.

        `beside_mmode` says that the strip is drawn as well: its lines are then what has to be quick enough.
        """

    def mmode(self, scan: ScanState, patient: Patient, placement: Placement) -> StripPicture:
        """The M-mode strip up to now, or as it was frozen; asked for after the image beside it."""

    def cut(self, shot: Shot, patient: Patient, width: float, height: float, zoom: Zoom | None = None) -> CutPicture:
        """The anatomy in the plane of a shot, a little behind the image: it is made when there is time."""

    def torso(self, scene: TorsoScene, patient: Patient, width: float, height: float) -> Any:
        """A reference to the picture of the patient, upside down as OpenGL has it; None where nothing was drawn."""

    @property
    def has_inside(self) -> bool:
        """Whether there is something to show under the skin."""

    @property
    def layers(self) -> frozenset[str]:
        """Which groups of solids (`anatomy.layers.GROUPS`) there are under the skin; none before they are made."""

    @property
    def quality(self) -> str:
        """How finely the ultrasound image is drawn: "fine" as the console asks, "standard" or "draft" coarser."""


@dataclass
class RecordedPictures:
    """Draws nothing and keeps what it was asked for."""

    calls: list[tuple[Any, ...]] = field(default_factory=list)
    has_inside: bool = True
    layers: frozenset[str] = frozenset(GROUPS)
    quality: str = "fine"

    def set_patient(self, patient: Patient) -> None:
        """Write it down."""
        self.calls.append(("patient", patient.body.content_hash))

    def ultrasound(
        self, shot: Shot, patient: Patient, width: float, height: float, zoom: Zoom | None = None,
        before: tuple[Shot, ...] = (), held: bool = False, beside_mmode: bool = False,
    ) -> UltrasoundPicture:  # fmt: skip
        """Write it down."""
        self.calls.append(("ultrasound", shot.transducer_key, shot.settings, shot.placement, shot.frame_index))
        whole = image_geometry(shot.transducer, shot.settings, (max(1, int(width)), max(1, int(height))))
        return UltrasoundPicture(None, zoomed(whole, zoom), whole)

    def mmode(self, scan: ScanState, patient: Patient, placement: Placement) -> StripPicture:
        """Write it down."""
        self.calls.append(("mmode", scan.mmode_at))
        return StripPicture(None, 0.0, scan.time_s)

    def cut(self, shot: Shot, patient: Patient, width: float, height: float, zoom: Zoom | None = None) -> CutPicture:
        """Write it down."""
        self.calls.append(("cut", shot.transducer_key, shot.placement))
        return CutPicture(None, tuple(PALETTE.values()), np.zeros((4, 4), np.uint8))

    def torso(self, scene: TorsoScene, patient: Patient, width: float, height: float) -> Any:
        """Write it down."""
        self.calls.append(("torso", scene))


class NoTextures:
    """Stands in for the OpenGL half of Dear ImGui: says yes to its font atlas and draws nothing."""

    def __init__(self) -> None:
        """Needs a current Dear ImGui context."""
        imgui.get_io().backend_flags |= imgui.BackendFlags_.renderer_has_textures

    def draw(self) -> int:
        """Accept the frame of `imgui.render()`; the number of its triangle corners."""
        data = imgui.get_draw_data()
        for texture in data.textures:
            if texture.status == imgui.ImTextureStatus.want_create:
                texture.set_tex_id(1)
            gone = texture.status == imgui.ImTextureStatus.want_destroy
            texture.set_status(imgui.ImTextureStatus.destroyed if gone else imgui.ImTextureStatus.ok)
        return int(data.total_idx_count)
