"""A maker of pictures that only writes down what it was asked for: every screen is laid out without OpenGL."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from imgui_bundle import imgui

from simulator.anatomy.layers import GROUPS
from simulator.anatomy.palette import PALETTE
from simulator.app.cine import Shot
from simulator.app.pictures import CutPicture, StripPicture, UltrasoundPicture
from simulator.app.state import ScanState
from simulator.geometry import Placement
from simulator.patient import Patient
from simulator.render.sector import Zoom, image_geometry, zoomed
from simulator.render.torso_scene import TorsoScene


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
