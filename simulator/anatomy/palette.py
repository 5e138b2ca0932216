"""Which colour and which name has each part of the body, in the cut beside the image and in the layers of the 3D view?

Parts that touch each other differ in lightness and not in hue alone, so that they are told apart with any kind of
colour vision; a test holds that for protanopia, deuteranopia and tritanopia.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from simulator.messages import N_
from simulator.tissue import Tissue


@dataclass(frozen=True)
class Paint:
    """`name` is an English id; `rgb` 0..255."""

    name: str
    rgb: tuple[int, int, int]


class Part(IntEnum):
    """What is drawn in a colour of its own: the tissues, under the same numbers, and what tells more than they do."""

    paint: Paint

    def __new__(cls, number: int, name: str = "", rgb: tuple[int, int, int] = (0, 0, 0)) -> Part:
        """A part is its number; its name and its colour, 0..255, stand beside it."""
        part = int.__new__(cls, number)
        part._value_ = number
        part.paint = Paint(name, rgb)
        return part

    AIR = Tissue.AIR, N_("Air"), (14, 16, 20)
    GEL = Tissue.GEL, N_("Gel"), (52, 66, 84)
    SKIN = Tissue.SKIN, N_("Skin"), (150, 98, 78)
    FAT = Tissue.FAT, N_("Fat"), (238, 214, 142)
    MUSCLE = Tissue.MUSCLE, N_("Muscle"), (132, 50, 48)
    INTERCOSTALS = 48, N_("Intercostals"), (132, 50, 48)  # muscles by region: anatomy/muscles.py; MUSCLE is undivided
    PECTORALIS_MAJOR = 49, N_("Pectoralis major"), (206, 121, 117)
    PECTORALIS_MINOR = 50, N_("Pectoralis minor"), (175, 58, 30)
    SERRATUS = 51, N_("Serratus anterior"), (172, 96, 62)
    LATISSIMUS = 52, N_("Latissimus dorsi"), (222, 125, 92)
    TRAPEZIUS = 53, N_("Trapezius"), (203, 123, 118)
    RHOMBOIDS = 54, N_("Rhomboids"), (159, 81, 95)
    ERECTOR_SPINAE = 55, N_("Erector spinae"), (97, 27, 33)
    SHOULDER = 56, N_("Shoulder muscles"), (184, 120, 137)
    OBLIQUE = 57, N_("External oblique"), (222, 156, 128)
    BELLY = 58, N_("Abdominal wall muscles"), (182, 110, 128)
    BONE = Tissue.BONE, N_("Bone"), (252, 250, 240)
    CARTILAGE = Tissue.CARTILAGE, N_("Costal cartilage"), (176, 206, 204)
    LUNG = Tissue.LUNG, N_("Air in a bronchus"), (28, 34, 44)  # not told by lobe: air in the bronchi of airless lung
    CONSOLIDATION = Tissue.CONSOLIDATION, N_("Consolidation"), (213, 94, 0)
    FLUID = Tissue.FLUID, N_("Fluid"), (40, 130, 230)
    DIAPHRAGM = Tissue.DIAPHRAGM, N_("Diaphragm"), (84, 20, 52)
    LIVER = Tissue.LIVER, N_("Liver"), (158, 100, 56)
    SPLEEN = Tissue.SPLEEN, N_("Spleen"), (140, 84, 150)
    KIDNEY = Tissue.KIDNEY, N_("Kidney"), (200, 96, 130)
    STOMACH_GAS = Tissue.STOMACH_GAS, N_("Stomach gas"), (20, 34, 32)
    HEART = Tissue.HEART, N_("Heart muscle"), (204, 84, 110)
    BLOOD = Tissue.BLOOD, N_("Blood in the heart"), (70, 4, 16)
    MEDIASTINUM = Tissue.MEDIASTINUM, N_("Mediastinum"), (76, 76, 68)
    ABDOMEN = Tissue.ABDOMEN, N_("Abdomen"), (214, 204, 150)
    GLAND = Tissue.GLAND, N_("Breast gland"), (232, 168, 176)
    TRACHEA = Tissue.TRACHEA, N_("Trachea"), (18, 24, 30)
    RUL = 32, N_("Right upper lobe"), (196, 212, 232)
    RML = 33, N_("Middle lobe"), (150, 176, 160)
    RLL = 34, N_("Right lower lobe"), (104, 132, 172)
    LUL = 35, N_("Left upper lobe"), (200, 206, 226)
    LLL = 36, N_("Left lower lobe"), (112, 124, 170)
    PLEURA = 40, N_("Pleura"), (255, 255, 255)  # where lung, or what has taken its place, lies against the wall
    FREE_AIR = 41, N_("Free air in the pleural space"), (20, 24, 52)  # between the layers of the pleura
    WALL_GAS = 42, N_("Gas in the chest wall"), (8, 8, 10)
    INTERSTITIAL = 43, N_("Interstitial syndrome"), (250, 220, 40)  # a tint, as strong as the share that is wet
    # The great vessels by name: arteries in reds, veins in blues, paler from the trunk to its branches.
    AORTA = 64, N_("Aorta"), (164, 46, 42)
    BRACHIOCEPHALIC_ARTERY = 65, N_("Brachiocephalic artery"), (206, 84, 66)
    CAROTID = 66, N_("Common carotid artery"), (228, 124, 98)
    SUBCLAVIAN_ARTERY = 67, N_("Subclavian artery"), (240, 160, 132)
    VENA_CAVA = 68, N_("Superior vena cava"), (44, 66, 140)
    BRACHIOCEPHALIC_VEIN = 69, N_("Brachiocephalic vein"), (78, 104, 172)
    JUGULAR = 70, N_("Internal jugular vein"), (120, 142, 200)
    SUBCLAVIAN_VEIN = 71, N_("Subclavian vein"), (156, 172, 216)
    NOTHING = 255  # outside the sector


PALETTE: dict[Part, Paint] = {part: part.paint for part in Part if part != Part.NOTHING}
LOBE_PARTS: dict[str, Part] = {name: Part[name] for name in ("RUL", "RML", "RLL", "LUL", "LLL")}
# By the names of `anatomy.vessels`, of both sides
VESSEL_PARTS: dict[str, Part] = {
    "trachea": Part.TRACHEA, "aorta": Part.AORTA, "brachiocephalic_artery": Part.BRACHIOCEPHALIC_ARTERY,
    "carotid": Part.CAROTID, "subclavian_artery": Part.SUBCLAVIAN_ARTERY, "vena_cava": Part.VENA_CAVA,
    "brachiocephalic_vein": Part.BRACHIOCEPHALIC_VEIN, "jugular": Part.JUGULAR, "subclavian_vein": Part.SUBCLAVIAN_VEIN,
}  # fmt: skip
MUSCLES: tuple[Part, ...] = tuple(part for part in Part if Part.INTERCOSTALS <= part <= Part.BELLY)
TISSUE_OF_PART: dict[Part, Tissue] = {Part(tissue.value): tissue for tissue in Tissue} | dict.fromkeys(
    MUSCLES, Tissue.MUSCLE
)
