"""The two live pictures of the scan screen, as the screens ask for them, and a maker of pictures that only writes down.

The real maker is `gl_pictures`; the recording one lets every screen be laid out in tests without OpenGL.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from imgui_bundle import imgui

from simulator.app.state import ScanState
from simulator.geometry import Placement
from simulator.patient import Patient
from simulator.render.sector import ImageGeometry, image_geometry
from simulator.render.torso_scene import TorsoScene


@dataclass(frozen=True)
class UltrasoundPicture:
    """The sector image. `reference` is None where nothing was drawn; `geometry` is in its own pixels."""

    reference: Any
    geometry: ImageGeometry
    size_px: tuple[int, int]


class Pictures(Protocol):
    """Draws on demand. Sizes are in logical points; how many pixels that is, is the maker's business."""

    def set_patient(self, patient: Patient) -> None:
        """Show this patient from now on."""

    def ultrasound(
        self, scan: ScanState, patient: Patient, placement: Placement, width: float, height: float
    ) -> UltrasoundPicture:
        """The ultrasound image of the probe as it is held."""

    def mmode(self, scan: ScanState, width: float, height: float) -> Any:
        """A reference to the M-mode strip of the image that was last drawn, newest on the right; None for none yet."""

    def torso(self, scene: TorsoScene, width: float, height: float) -> Any:
        """A reference to the picture of the patient, upside down as OpenGL has it; None where nothing was drawn."""

    @property
    def has_inside(self) -> bool:
        """Whether there is something to show under the skin."""

    @property
    def quality(self) -> str:
        """How finely the ultrasound image is drawn: "fine" as the console asks, "standard" or "draft" coarser."""


@dataclass
class RecordedPictures:
    """Draws nothing and keeps what it was asked for."""

    calls: list[tuple[Any, ...]] = field(default_factory=list)
    has_inside: bool = True
    quality: str = "fine"

    def set_patient(self, patient: Patient) -> None:
        """Write it down."""
        self.calls.append(("patient", patient.body.content_hash))

    def ultrasound(
        self, scan: ScanState, patient: Patient, placement: Placement, width: float, height: float
    ) -> UltrasoundPicture:
        """Write it down."""
        self.calls.append(("ultrasound", scan.transducer_key, scan.settings, placement, scan.frame_index))
        size = (max(1, int(width)), max(1, int(height)))
        return UltrasoundPicture(None, image_geometry(scan.transducer, scan.settings, size), size)

    def mmode(self, scan: ScanState, width: float, height: float) -> Any:
        """Write it down."""
        self.calls.append(("mmode", scan.mmode_line))

    def torso(self, scene: TorsoScene, width: float, height: float) -> Any:
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
