"""What every screen is handed: the program, the letters, the pictures, and where the pointer was last frame."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from simulator.app.grip import Grip
from simulator.app.pictures import Pictures
from simulator.app.program import Program
from simulator.app.theme import Letters

Rect = tuple[float, float, float, float]  # x, y, width, height in logical points


@dataclass
class Interface:
    """The program's face: one per window."""

    program: Program
    letters: Letters
    pictures: Pictures
    places: dict[str, Rect] = field(default_factory=dict)  # where the coach points: panes of the last frame
    grab: str = ""  # "probe" or "camera" while a mouse button is held on the patient
    grip: Grip | None = None  # how the probe is dragged
    pressed_at: tuple[float, float] | None = None  # where a tool was put on the image
    anchors: dict[str, Any] = field(default_factory=dict)  # zone labels of the present body
    frame_ms: float = 0.0
