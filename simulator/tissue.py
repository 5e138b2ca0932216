"""The closed list of tissues: what a point in the body can be. Acoustics, truth and shaders share these numbers."""

from __future__ import annotations

from enum import IntEnum


class Tissue(IntEnum):
    """What a point is made of. The values are those of `TISSUE_*` in the generated GLSL."""

    AIR = 0  # outside the body, not coupled
    GEL = 1  # outside the body, coupled to the probe
    SKIN = 2
    FAT = 3
    MUSCLE = 4
    BONE = 5
    CARTILAGE = 6
    LUNG = 7  # aerated
    CONSOLIDATION = 8
    FLUID = 9  # pleural effusion
    DIAPHRAGM = 10
    LIVER = 11
    SPLEEN = 12
    KIDNEY = 13
    STOMACH_GAS = 14
    HEART = 15  # myocardium
    BLOOD = 16  # in the heart's chambers and the great vessels
    MEDIASTINUM = 17
    ABDOMEN = 18  # fat and bowel without gas
    TRACHEA = 19  # its air
    GLAND = 20  # of the breast


GAS: frozenset[Tissue] = frozenset({Tissue.AIR, Tissue.LUNG, Tissue.STOMACH_GAS, Tissue.TRACHEA})
