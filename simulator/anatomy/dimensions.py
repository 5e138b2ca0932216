"""How big is this body? Sizes from sex, age, height and mass.

Regressions of clinical.md E.1 ([D] computed from ANSUR II [V62]) and the chest wall model of D.4 ([P]). Millimetres as
in the sources on the right-hand sides, metres in everything that is returned.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.anatomy.body import Habitus
from simulator.units import MM

REFERENCE_NOTCH_TO_RIB10_M = 0.318  # of the man of mean stature, whose levels the tables of this package list [D V62]
NOTCH_TO_RIB10_PER_STATURE = {"male": 318.0 / 1756.0, "female": 273.0 / 1628.0}  # ratio of ANSUR means [D V62]
MEAN_STATURE_M = {"male": 1.756, "female": 1.628}  # [D V62]
NIPPLE_PER_STATURE = {"male": 0.084, "female": 0.097}  # below the notch [D V62]
SKIN_M = 1.8 * MM  # 1-2 mm [B]
FAT_MIN_M = 2.5 * MM  # fat under the skin, never less than 2 mm [P]
WALL_MIN_M = 15.5 * MM  # skin, 2 mm of fat, a rib and its muscle must fit in [P]
# Soft tissue that a calliper finds beside the cage more than D.4's walls (less, if negative). Fitted to E.1 with
# `pleura bench anatomy` [P].
BREADTH_EXCESS_M = {"male": 2.0 * MM, "female": 0.0 * MM}
BREADTH_EXCESS_FROM_BMI = 27.0
BREADTH_EXCESS_PER_BMI_M = {"male": -0.3 * MM, "female": -0.9 * MM}  # from there
DEPTH_EXCESS_M = {"male": -3.0 * MM, "female": -9.0 * MM}  # likewise in front and behind, at every BMI

UNCOMPRESSED = 1.06  # the D.4 model is of a wall under the probe's weight; this body is not [P]

# Thickness T0 of the chest wall at BMI 25, mm, and growth per BMI point (clinical.md D.4 [P]).
WALL_T0_MM = {
    ("anterior", "upper"): 28.0, ("anterior", "lower"): 24.0,
    ("lateral", "upper"): 24.0, ("lateral", "lower"): 22.0,
    ("posterior", "upper"): 34.0, ("posterior", "lower"): 30.0,
}  # fmt: skip
WALL_PER_BMI_MM = 1.4  # mm per kg/m^2 [P]
WALL_PER_BMI_ANTERIOR_FEMALE_MM = 1.8  # mm per kg/m^2 [P]
WALL_ANTERIOR_FEMALE_MM = 4.0  # more, without the breast [P]
FAT_OF_WALL = 0.35  # fat = 0.35 T + 0.7 k (BMI - 25) [P]
FAT_OF_GROWTH = 0.7  # [P]


def wall_thickness_m(habitus: Habitus, region: str, level: str) -> float:
    """Skin to pleura at the centre of a zone, metres: the D.4 model, never less than what must fit in."""
    t_mm, k_mm = WALL_T0_MM[region, level], WALL_PER_BMI_MM
    if region == "anterior" and habitus.sex == "female":
        t_mm, k_mm = t_mm + WALL_ANTERIOR_FEMALE_MM, WALL_PER_BMI_ANTERIOR_FEMALE_MM
    return max(WALL_MIN_M, (t_mm + k_mm * (habitus.bmi - 25.0)) * MM)


def fat_thickness_m(habitus: Habitus, wall_m: float) -> float:
    """Fat within a chest wall of thickness `wall_m`, metres (D.4 split), skin not counted."""
    growth_m = FAT_OF_GROWTH * WALL_PER_BMI_MM * (habitus.bmi - 25.0) * MM
    return min(max(FAT_MIN_M, FAT_OF_WALL * wall_m + growth_m), wall_m - WALL_MIN_M + FAT_MIN_M + 1.0 * MM)


@dataclass(frozen=True)
class Dimensions:
    """Sizes of one body, metres."""

    chest_breadth_m: float
    chest_depth_m: float
    chest_circumference_m: float
    waist_breadth_m: float
    waist_depth_m: float
    biacromial_m: float
    notch_to_rib10_m: float
    nipple_height_m: float  # z of the nipple line, negative
    rib_height_m: float
    rib_thickness_m: float
    z_scale: float  # levels of the reference man times this are the levels of this body


def dimensions(habitus: Habitus) -> Dimensions:
    """Sizes of a body."""
    male = habitus.sex == "male"
    bmi, stature = habitus.bmi, habitus.height_m * 1000.0
    if male:
        breadth = 2.81 * bmi + 0.0908 * stature + 52.0  # mm, residual SD 13 [D V62]
        depth = 5.56 * bmi + 0.0836 * stature - 47.0  # mm, residual SD 12 [D V62]
        circumference = 19.4 * bmi + 0.313 * stature - 29.0  # mm, residual SD 32 [D V62]
        waist_breadth = 326.0 + 7.0 * (bmi - 27.7)  # mm; mean [V62], slope 0.8 SD/SD(BMI) [P]
        waist_depth = 238.0 + 7.0 * (bmi - 27.7)  # mm; likewise
        biacromial = 416.0 * stature / 1756.0  # mm, ratio of means [D V62]
        rib = (14.5, 8.0)  # mm, height x thickness [P, E.2]
    else:
        breadth = 3.31 * bmi + 0.0904 * stature + 38.0  # mm, residual SD 13 [D V62]
        depth = 6.27 * bmi + 0.0795 * stature - 42.0  # mm, residual SD 15 [D V62]
        circumference = 19.4 * bmi + 0.277 * stature  # mm, residual SD 42 [D V62]
        waist_breadth = 300.0 + 7.5 * (bmi - 25.5)  # mm; mean [V62], slope 0.8 SD/SD(BMI) [P]
        waist_depth = 213.0 + 7.0 * (bmi - 25.5)  # mm; likewise
        biacromial = 365.0 * stature / 1628.0  # mm, ratio of means [D V62]
        rib = (12.7, 7.0)  # mm, height x thickness [P, E.2]
    length_m = NOTCH_TO_RIB10_PER_STATURE[habitus.sex] * habitus.height_m
    own = stature / (1756.0 if male else 1628.0)  # size against the mean of the sex
    return Dimensions(
        chest_breadth_m=breadth * MM, chest_depth_m=depth * MM, chest_circumference_m=circumference * MM,
        waist_breadth_m=waist_breadth * MM, waist_depth_m=waist_depth * MM, biacromial_m=biacromial * MM,
        notch_to_rib10_m=length_m, nipple_height_m=-NIPPLE_PER_STATURE[habitus.sex] * habitus.height_m,
        rib_height_m=rib[0] * own * MM, rib_thickness_m=rib[1] * own * MM,
        z_scale=length_m / REFERENCE_NOTCH_TO_RIB10_M,
    )  # fmt: skip
