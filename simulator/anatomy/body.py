"""The baked body: signed distances on one grid, and the landmarks that everything else refers to.

A signed distance is negative inside. All fields are at end-expiration in the torso frame, metres, float16, and lie in
three textures of four channels so that one fetch on the GPU returns four of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from simulator.geometry import FloatArray, Grid

if TYPE_CHECKING:
    from simulator.anatomy.phantom import Phantom

# channel -> (texture, index). `muscle` is the border fat/muscle (negative deeper than the fat). `pleura` is the inner
# wall of the chest, negative inside, and reaches down to where the diaphragm is attached. `diaphragm` is negative in
# the abdomen. `mediastinum` is what lies between the lungs, without the heart. `stomach` is its gas.
CHANNELS: dict[str, tuple[str, int]] = {
    "skin": ("wall", 0), "muscle": ("wall", 1), "bone": ("wall", 2), "cartilage": ("wall", 3),
    "pleura": ("thorax", 0), "diaphragm": ("thorax", 1), "liver": ("thorax", 2), "spleen": ("thorax", 3),
    "heart": ("organs", 0), "mediastinum": ("organs", 1), "kidney": ("organs", 2), "stomach": ("organs", 3),
}  # fmt: skip
TEXTURES = ("wall", "thorax", "organs")
BREATHING_CHANNELS = frozenset({"diaphragm", "liver", "spleen", "kidney", "stomach"})  # move with the diaphragm


@dataclass(frozen=True)
class Habitus:
    """Who the patient is, as far as the body's shape goes."""

    sex: str  # "female" or "male"
    age_years: float
    height_m: float
    mass_kg: float

    @property
    def bmi(self) -> float:
        """Body mass index, kg/m^2."""
        return self.mass_kg / self.height_m**2


@dataclass(frozen=True)
class Body:
    """A baked body. `wall`, `thorax`, `organs` are (nz, ny, nx, 4) float16, metres (see CHANNELS)."""

    habitus: Habitus
    grid: Grid
    wall: npt.NDArray[np.float16]
    thorax: npt.NDArray[np.float16]
    organs: npt.NDArray[np.float16]
    axis_y_m: float  # the long axis that azimuths turn about is x = 0, y = axis_y_m
    notch_to_rib10_m: float  # length of the height fraction: 0 at the notch, 1 at the tenth rib
    skin_thickness_m: float = 0.0018  # 1-2 mm (clinical.md D.4 [B])
    diaphragm_thickness_m: float = 0.0024  # [V63c]
    vessels: float = 1.0  # 1: liver and spleen have vessels; 0: homogeneous, as test bodies are
    comets: float = 1.0  # share of the usual comet tails that start at the pleura; test bodies have none
    one_muscle: bool = False  # of test bodies; a person's has parts by region (muscles.py)
    curves: dict[str, npt.NDArray[np.float32]] = field(default_factory=dict)  # "rib_R5" ... (n, 3) centre lines
    landmarks: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    content_hash: str = ""  # of everything above; names cached bakes and attempts
    phantom: Phantom | None = None  # of a test block, which has targets and views instead of lungs and zones

    def channel(self, name: str) -> npt.NDArray[np.float16]:
        """One field, (nz, ny, nx) float16 metres."""
        texture, index = CHANNELS[name]
        array: npt.NDArray[np.float16] = getattr(self, texture)[..., index]
        return array

    def sample(self, name: str, points_torso: FloatArray) -> FloatArray:
        """Signed distance `name` at points (..., 3), metres."""
        return self.grid.sample(self.channel(name), points_torso)

    def azimuth_rad(self, points_torso: FloatArray) -> FloatArray:
        """Azimuth of points (..., 3): 0 anterior, positive to the patient's right."""
        return np.asarray(np.arctan2(points_torso[..., 0], points_torso[..., 1] - self.axis_y_m))

    def height_fraction(self, points_torso: FloatArray) -> FloatArray:
        """0 at the level of the suprasternal notch, 1 at the tenth rib (clinical.md A.3.1)."""
        return -points_torso[..., 2] / self.notch_to_rib10_m
