"""What each tissue does to sound: attenuation, backscatter, and how much its borders reflect.

Attenuation is linear in frequency (the recommended simulator set of clinical.md D.1, [P]); backscatter levels are those
of D.3 ([B] where nothing better was read), relative to liver at the same depth and frequency.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.tissue import Tissue
from simulator.units import DB_PER_NEPER, MHZ

SILENT_DB = -60.0  # anechoic


@dataclass(frozen=True)
class Acoustics:
    """One tissue: one-way attenuation in dB/cm/MHz, backscatter amplitude level in dB re liver, structure 0..1.

    `structure` is how strongly the tissue is layered or clumped (septa, fascicles, vessels) rather than homogeneous.
    """

    attenuation_db_cm_mhz: float
    backscatter_db: float
    structure: float = 0.0


ACOUSTICS: dict[Tissue, Acoustics] = {
    Tissue.AIR: Acoustics(0.0, SILENT_DB),
    Tissue.GEL: Acoustics(0.0, SILENT_DB),
    Tissue.SKIN: Acoustics(1.5, 7.0),  # D.1 [P]; D.3 +6..+10 [B]
    Tissue.FAT: Acoustics(0.6, -5.0, 0.9),  # D.1 [P]; D.3 -10..-4, septa +6..+10 [B]
    Tissue.MUSCLE: Acoustics(
        0.8, -4.0, 1.0
    ),  # 0.69 at 3.5 MHz (D.1 IT'IS [V51]) and 0.96 across fibres [V53a]; D.3 -8..-3 [B]
    Tissue.BONE: Acoustics(15.0, -6.0),  # D.1 [P] total shadow
    Tissue.CARTILAGE: Acoustics(2.5, -12.0),  # D.1 [P] partial shadow
    Tissue.LUNG: Acoustics(0.0, SILENT_DB),  # not penetrated: only the artefact model shows it
    Tissue.CONSOLIDATION: Acoustics(0.6, 0.0, 0.7),  # D.1 [P]; D.3 -4..+3 [B]
    Tissue.FLUID: Acoustics(0.02, -48.0, 0.8),  # D.1 [P]; clear: D.3 <= -40 [B]; what floats in it is in clumps
    Tissue.DIAPHRAGM: Acoustics(1.0, -6.0, 0.3),  # muscle
    Tissue.LIVER: Acoustics(0.5, 0.0, 1.0),  # D.1 [P]; the reference
    Tissue.SPLEEN: Acoustics(0.45, 1.0, 0.5),  # D.1 [P]; slightly brighter than liver [B]
    Tissue.KIDNEY: Acoustics(0.5, -4.0, 0.2),  # cortex slightly darker than liver [B]
    Tissue.STOMACH_GAS: Acoustics(0.0, SILENT_DB),
    Tissue.HEART: Acoustics(0.5, -3.0, 0.3),  # D.1 [P]; level [B]
    Tissue.BLOOD: Acoustics(0.18, -23.0),  # D.1 [P]; D.3 -20..-25 [B]
    Tissue.MEDIASTINUM: Acoustics(0.6, -5.0, 0.4),  # fat [B]
    Tissue.ABDOMEN: Acoustics(0.6, -6.0, 0.5),  # fat and bowel wall [B]
    Tissue.TRACHEA: Acoustics(0.0, SILENT_DB),
    Tissue.GLAND: Acoustics(0.75, 2.0, 1.0),  # of the breast: brighter than its fat [B]; the numbers [P]
}


def attenuation_np_m(tissue: Tissue, frequency_hz: float) -> float:
    """Two-way amplitude attenuation per metre of depth, in nepers."""
    db_per_m = 2.0 * 100.0 * ACOUSTICS[tissue].attenuation_db_cm_mhz * frequency_hz / MHZ
    return db_per_m / DB_PER_NEPER


def tissue_table(frequency_hz: float) -> npt.NDArray[np.float32]:
    """(len(Tissue), 4) float32: two-way attenuation in Np/m, backscatter amplitude (liver 1), structure, unused."""
    rows = [
        (attenuation_np_m(t, frequency_hz), 10.0 ** (ACOUSTICS[t].backscatter_db / 20.0), ACOUSTICS[t].structure, 0.0)
        for t in Tissue
    ]
    return np.array(rows, dtype=np.float32)
