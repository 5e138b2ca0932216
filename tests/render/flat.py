"""What tests of pictures of flat bodies share: preset, time of full inspiration, a chest without a heart, a picture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from simulator.bench.scenes import EchoBench, slab_placement
from simulator.patient import Patient
from simulator.physiology.heart import Heart
from simulator.probe import PRESETS, TRANSDUCERS, Settings

SIZE_PX = (360, 300)
PRESET = PRESETS["convex"]
PLEURA_M = 0.020  # of a flat body that is told nothing else
END_INSPIRATION_S = 60.0 / 15.0 / 3.0


def heartless(patient: Patient) -> Patient:
    """The patient without a heartbeat, so that nothing moves but with the breath."""
    return replace(patient, heart=Heart(0.0))


def picture(
    bench: EchoBench, patient: Patient, settings: Settings, frames: int = 1, time_s: float = 0.0
) -> npt.NDArray[np.uint8]:
    """(H, W) the last of some frames on the screen, the probe square to the body."""
    with bench.renderer.ctx:
        for index in range(frames):
            bench.renderer.draw(
                patient.at(time_s), slab_placement(), TRANSDUCERS[bench.probe], settings, index, SIZE_PX
            )
        return bench.renderer.read_image()
