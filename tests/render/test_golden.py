"""A few pictures of a flat test body, pinned: Mesa llvmpipe (LLVM 15.0.6), fixed seeds and times. `make bless`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from simulator.bench.scenes import EchoBench, slab_patient, slab_placement, with_traps
from simulator.patient import Patient
from simulator.probe import PRESETS, TRANSDUCERS

RIBS_Z_M = (-0.016, 0.016)


def _wet(points: np.ndarray) -> np.ndarray:
    return 0.9 * (np.abs(points[..., 2] - 0.004) < 0.003)


SCENES: dict[str, Callable[[], Patient]] = {
    "healthy": lambda: slab_patient(rib_centres_z_m=RIBS_Z_M),
    "b_lines": lambda: slab_patient(with_traps(_wet), rib_centres_z_m=RIBS_Z_M),
    "liver": lambda: slab_patient(liver_below_m=0.02),
}


@pytest.mark.parametrize("probe", ["convex", "linear"])
@pytest.mark.parametrize("scene", SCENES)
def test_picture(bench: EchoBench, golden: Callable[..., None], scene: str, probe: str) -> None:
    patient = SCENES[scene]()
    with bench.renderer.ctx:
        bench.renderer.draw(
            patient.at(0.5), slab_placement(), TRANSDUCERS[probe], PRESETS[probe], frame_index=3, size_px=(320, 260)
        )
        image = bench.renderer.read_image()
    golden(f"slab_{scene}_{probe}", image)
