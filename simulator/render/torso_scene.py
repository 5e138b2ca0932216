"""What the 3D view of the patient shows, as data. No OpenGL."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.geometry import Placement
from simulator.probe import Transducer
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
    breath: float = 0.0
    posture: str = "supine"
    show_zones: bool = True
    show_inside: bool = False
    show_fan: bool = True
