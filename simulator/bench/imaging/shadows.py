"""What lies behind bone, cartilage and fluid?"""

from __future__ import annotations

import numpy as np

from simulator.acoustics.display import TGC_DB_CM_MHZ
from simulator.bench.echoes import Echo, centre_profile, level_db, rows_between
from simulator.bench.imaging.a_lines import PLEURA_M
from simulator.bench.report import Row, at_least, between, near
from simulator.bench.scenes import Array, EchoBench, flooded, slab_patient, slab_placement
from simulator.patient import Patient
from simulator.probe import Settings

BELOW_M = (0.025, 0.040)  # 5 to 20 mm below the rib of the default slab
BIN_M = 1.0e-3
PLACES = tuple(slab_placement(across_m=a) for a in np.linspace(-0.05, 0.05, 9))
OVER_NOISE_DB = 35.0  # a shadow of 25 dB can be told from the noise only where the open scene is this far above it


def _by_depth_db(power: Array, settings: Settings) -> Array:
    """Mean level of the middle lines in bins of depth between BELOW_M."""
    edges = np.arange(*BELOW_M, BIN_M)
    return np.array([10.0 * np.log10(power[90:102, rows_between(settings, a, a + BIN_M)].mean()) for a in edges])


def rib_shadow(bench: EchoBench) -> list[Row]:
    """Shadow of a rib over liver, and of a costal cartilage, 5 to 20 mm below."""
    lit = slab_patient(liver_below_m=PLEURA_M)

    def shaded(cartilage: bool = False) -> Patient:
        return slab_patient(liver_below_m=PLEURA_M, rib_centres_z_m=(0.0,), rib_is_cartilage=cartilage)

    def echo(patient: Patient, settings: Settings | None = None) -> Echo:
        return bench.iq(patient, settings=settings)

    def power(patient: Patient) -> Array:
        """Mean over several places along the rib, so that speckle evens out."""
        return np.asarray(np.mean([np.abs(bench.iq(patient, place)) ** 2 for place in PLACES], axis=0))

    by_depth = _by_depth_db(power(lit), bench.preset)
    clear = by_depth - _by_depth_db(bench.noise(lit), bench.preset) >= OVER_NOISE_DB
    dark = (by_depth - _by_depth_db(power(shaded()), bench.preset))[clear]
    least = float(dark.min()) if clear.any() else 0.0
    mean = float(np.mean(dark)) if clear.any() else 0.0
    cartilage = float(np.mean(by_depth - _by_depth_db(power(shaded(True)), bench.preset)))

    def edge_lines(focus_cm: float) -> float:
        """Lines over which the shadow's edge goes from 10 to 90 % of the open amplitude, 20 mm below the rib."""
        settings = bench.preset.replace(focus_cm=focus_cm)
        deep = rows_between(settings, 0.036, 0.044)
        bright = np.sqrt(np.mean(np.abs(echo(lit, settings)[:, deep]) ** 2, axis=1))
        dark = np.sqrt(np.mean(np.abs(echo(shaded(), settings)[:, deep]) ** 2, axis=1))
        share = np.convolve(dark / bright, np.ones(5) / 5.0, mode="same")[96:170]
        return float(np.argmax(share > 0.9) - np.argmax(share > 0.1))

    return [
        at_least("rib shadow, depth over which the open scene is 35 dB above the noise",
                 1e3 * BIN_M * float(clear.sum()), "mm", 5.0),
        at_least("rib shadow, 5-20 mm below the rib, mean", mean, "dB", 25.0),
        at_least("rib shadow, 5-20 mm below the rib, least of every millimetre", least, "dB", 25.0),
        between("cartilage shadow, same place", cartilage, "dB", 2.0, 22.0),
        at_least("rib shadow, penumbra with a deep over a shallow focus", edge_lines(6.0) / edge_lines(1.5), "", 1.05),
    ]  # fmt: skip


def fluid(bench: EchoBench) -> list[Row]:
    """Fluid against liver, and the enhancement behind it."""
    rows = rows_between(bench.preset, 0.030, 0.045)
    liver = level_db(bench.iq(slab_patient(liver_below_m=PLEURA_M))[60:132, rows])
    wet = level_db(bench.iq(slab_patient(flooded()))[60:132, rows])
    noise = 10.0 * float(np.log10(np.mean(bench.noise(slab_patient(flooded()))[60:132, rows])))
    dark = liver - wet
    out = [Row("fluid below liver", dark, "dB", ">= 35, or at the noise", dark >= 35.0 or wet < noise + 1.0)]

    # The same lung surface behind 10 and behind 30 mm of fluid: what TGC adds for fluid that does not attenuate.
    levels = []
    for depth in (0.010, 0.030):
        patient = slab_patient(flooded(depth))
        seen = [centre_profile(bench.iq(patient, slab_placement(across_m=a))) for a in np.linspace(-0.03, 0.03, 7)]
        at = rows_between(bench.preset, PLEURA_M + depth - 5e-4, PLEURA_M + depth + 5e-4)
        shown = np.mean([p[at].max() for p in seen])
        gain = 2.0 * TGC_DB_CM_MHZ * bench.preset.frequency_mhz * 100.0 * (PLEURA_M + depth)
        levels.append(10.0 * float(np.log10(shown)) + gain)
    wanted = 2.0 * TGC_DB_CM_MHZ * bench.preset.frequency_mhz
    out.append(near("enhancement behind fluid", (levels[1] - levels[0]) / 2.0, "dB/cm", wanted, 0.2 * wanted))
    return out
