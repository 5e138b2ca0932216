"""The live pictures of the scan screen, as the screens ask for them; `gl_pictures` makes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from simulator.anatomy.palette import Paint
from simulator.app.cine import Shot
from simulator.app.state import ScanState
from simulator.geometry import Placement
from simulator.patient import Patient
from simulator.render.sector import ImageGeometry, Zoom
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
    one; `gone` is what of the legend has left the plane with breath or heartbeat."""

    reference: Any
    legend: tuple[Paint, ...] = ()
    parts: npt.NDArray[np.uint8] | None = None
    gone: frozenset[Paint] = frozenset()


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
