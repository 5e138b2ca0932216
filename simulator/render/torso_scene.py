"""What the 3D view of the patient shows, as data. No OpenGL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from simulator.geometry import Placement
from simulator.physiology.chest_wall import wall_shift_m
from simulator.probe import CONVEX, Transducer
from simulator.render.camera import Camera


@dataclass(frozen=True)
class TorsoScene:
    """All that the picture depends on, apart from the live image."""

    camera: Camera
    placement: Placement | None
    transducer: Transducer
    depth_m: float
    zone_states: tuple[int, ...] = (0,) * 12  # R1..R6, L1..L6: 0 open, 1 begun, 2 answered, 3 not examined
    selected: int = -1
    breath: float = 0.0  # 0 end-expiration .. 1 end of a usual quiet inspiration; more in deep breaths
    contraction: float = 0.0  # of the heart, 0 end-diastole .. 1 end-systole
    posture: str = "supine"
    show_zones: bool = True
    show_inside: bool = False
    show_fan: bool = True
    fades: Mapping[str, float] = field(default_factory=dict)  # of `torso_layers.LAYERS`, 0 gone .. 1 whole
    image_placement: Placement | None = None  # where the image was taken, if the probe has gone on since

    def without_probe(self) -> TorsoScene:
        """All that room and patient depend on."""
        return replace(self, placement=None, image_placement=None, transducer=CONVEX, depth_m=0.0, show_fan=False,
                       fades={name: fade for name, fade in self.fades.items() if name != "slice"})  # fmt: skip

    def carried(self, axis_y_m: float, notch_to_rib10_m: float) -> TorsoScene:
        """With the probe where the skin has carried it; poses are those on the skin at end-expiration."""

        def moved(placement: Placement | None) -> Placement | None:
            if placement is None or self.breath == 0.0:
                return placement
            face = np.array(placement.face_torso)
            x, y, z = face + wall_shift_m(face, self.breath, axis_y_m, notch_to_rib10_m)
            return replace(placement, face_torso=(float(x), float(y), float(z)))

        return replace(self, placement=moved(self.placement), image_placement=moved(self.image_placement))

    def faces(self, placement: Placement) -> bool:
        """Whether the skin under a probe is on the side of the eye."""
        behind = -placement.rotation[:, 2]
        return float((self.camera.eye_torso - np.array(placement.face_torso)) @ behind) > 0.0
