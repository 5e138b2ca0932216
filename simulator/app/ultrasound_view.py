"""What the window asks of whatever draws the ultrasound image: the protocol, and nothing about how it is done.

`simulator.render.renderer.UltrasoundRenderer` is the real one. Where things are in its image says
`simulator.render.sector.image_geometry`.
"""

from __future__ import annotations

from typing import Protocol

from simulator.geometry import Placement
from simulator.patient import Patient, PatientState
from simulator.probe import Settings, Transducer


class Texture(Protocol):
    """The part of a `moderngl.Texture` that crosses between renderer and window."""

    @property
    def glo(self) -> int:
        """OpenGL's own name of the texture."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, pixels."""


class UltrasoundRenderer(Protocol):
    """Draws the ultrasound image of a patient as an OpenGL texture."""

    def set_patient(self, patient: Patient) -> None:
        """Upload the fields of `patient`; every later `draw` is of this one."""

    def draw(
        self,
        patient_state: PatientState,
        placement: Placement,
        transducer: Transducer,
        settings: Settings,
        frame_index: int,
        size_px: tuple[int, int],
    ) -> Texture:
        """The sector image, row 0 at the TOP, black outside the sector."""
