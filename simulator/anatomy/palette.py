"""Which colour and which name has each part of the body, in the cut beside the image and in the layers of the 3D view?

Parts that touch each other differ in lightness and not in hue alone, so that they are told apart with any kind of
colour vision; a test holds that for protanopia, deuteranopia and tritanopia.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from simulator.messages import N_
from simulator.tissue import Tissue


class Part(IntEnum):
    """What is drawn in a colour of its own: the tissues, under the same numbers, and what tells more than they do."""

    AIR = Tissue.AIR
    GEL = Tissue.GEL
    SKIN = Tissue.SKIN
    FAT = Tissue.FAT
    MUSCLE = Tissue.MUSCLE
    BONE = Tissue.BONE
    CARTILAGE = Tissue.CARTILAGE
    LUNG = Tissue.LUNG  # not told by lobe: air in the bronchi of airless lung
    CONSOLIDATION = Tissue.CONSOLIDATION
    FLUID = Tissue.FLUID
    DIAPHRAGM = Tissue.DIAPHRAGM
    LIVER = Tissue.LIVER
    SPLEEN = Tissue.SPLEEN
    KIDNEY = Tissue.KIDNEY
    STOMACH_GAS = Tissue.STOMACH_GAS
    HEART = Tissue.HEART
    BLOOD = Tissue.BLOOD
    MEDIASTINUM = Tissue.MEDIASTINUM
    ABDOMEN = Tissue.ABDOMEN
    RUL = 32
    RML = 33
    RLL = 34
    LUL = 35
    LLL = 36
    PLEURA = 40  # where lung, or what has taken its place, lies against the wall
    FREE_AIR = 41  # between the layers of the pleura
    WALL_GAS = 42
    INTERSTITIAL = 43  # a tint over the lung, as strong as the share of its surface that is wet
    NOTHING = 255  # outside the sector


@dataclass(frozen=True)
class Paint:
    """`name` is an English id; `rgb` 0..255."""

    name: str
    rgb: tuple[int, int, int]


PALETTE: dict[Part, Paint] = {
    Part.AIR: Paint(N_("Air"), (14, 16, 20)),
    Part.GEL: Paint(N_("Gel"), (52, 66, 84)),
    Part.SKIN: Paint(N_("Skin"), (150, 98, 78)),
    Part.FAT: Paint(N_("Fat"), (238, 214, 142)),
    Part.MUSCLE: Paint(N_("Muscle"), (132, 50, 48)),
    Part.BONE: Paint(N_("Bone"), (252, 250, 240)),
    Part.CARTILAGE: Paint(N_("Costal cartilage"), (176, 206, 204)),
    Part.LUNG: Paint(N_("Air in a bronchus"), (28, 34, 44)),
    Part.CONSOLIDATION: Paint(N_("Consolidation"), (213, 94, 0)),
    Part.FLUID: Paint(N_("Fluid"), (40, 130, 230)),
    Part.DIAPHRAGM: Paint(N_("Diaphragm"), (84, 20, 52)),
    Part.LIVER: Paint(N_("Liver"), (158, 100, 56)),
    Part.SPLEEN: Paint(N_("Spleen"), (140, 84, 150)),
    Part.KIDNEY: Paint(N_("Kidney"), (200, 96, 130)),
    Part.STOMACH_GAS: Paint(N_("Stomach gas"), (20, 34, 32)),
    Part.HEART: Paint(N_("Heart muscle"), (204, 84, 110)),
    Part.BLOOD: Paint(N_("Blood in the heart"), (70, 4, 16)),
    Part.MEDIASTINUM: Paint(N_("Mediastinum"), (76, 76, 68)),
    Part.ABDOMEN: Paint(N_("Abdomen"), (214, 204, 150)),
    Part.RUL: Paint(N_("Right upper lobe"), (196, 212, 232)),
    Part.RML: Paint(N_("Middle lobe"), (150, 176, 160)),
    Part.RLL: Paint(N_("Right lower lobe"), (104, 132, 172)),
    Part.LUL: Paint(N_("Left upper lobe"), (200, 206, 226)),
    Part.LLL: Paint(N_("Left lower lobe"), (112, 124, 170)),
    Part.PLEURA: Paint(N_("Pleura"), (255, 255, 255)),
    Part.FREE_AIR: Paint(N_("Free air in the pleural space"), (20, 24, 52)),
    Part.WALL_GAS: Paint(N_("Gas in the chest wall"), (8, 8, 10)),
    Part.INTERSTITIAL: Paint(N_("Interstitial syndrome"), (250, 220, 40)),
}
LOBE_PARTS: dict[str, Part] = {name: Part[name] for name in ("RUL", "RML", "RLL", "LUL", "LLL")}
TISSUE_OF_PART: dict[Part, Tissue] = {Part(tissue.value): tissue for tissue in Tissue}
