"""Is the picture the same each time?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simulator.bench.report import Row, at_least, at_most
from simulator.bench.scenes import EchoBench, slab_patient, slab_placement, strip
from simulator.probe import TRANSDUCERS

SIZE_PX = (320, 320)


def determinism(bench: EchoBench) -> list[Row]:
    """The same inputs give the same bytes; with persistence the frames before are among the inputs."""
    patient = slab_patient(strip())
    first = bench.iq(patient, time_s=0.4, frame_index=7)
    bench.iq(slab_patient(seed=3), time_s=0.1)
    again = bench.iq(patient, time_s=0.4, frame_index=7)

    def film(indices: tuple[int, ...]) -> npt.NDArray[np.uint8]:
        """The last image of a film whose first frame has no persistence, and so no history."""
        with bench.renderer.ctx:
            for number, index in enumerate(indices):
                settings = bench.preset.replace(persistence=0.6 if number else 0.0)
                bench.renderer.draw(
                    patient.at(index / 30.0), slab_placement(), TRANSDUCERS[bench.probe], settings, index, SIZE_PX
                )
            return bench.renderer.read_image()

    one, other, without = film((0, 1, 2, 3)), film((0, 1, 2, 3)), film((3,))
    return [
        at_most("samples that differ between two runs", float(np.sum(first != again)), "", 0.0),
        at_most("pixels that differ between two runs of a film with persistence", float(np.sum(one != other)), "", 0.0),
        at_least("pixels in which that film's last image differs from the same without its history",
                 100.0 * float(np.mean(one != without)), "%", 1.0),
    ]  # fmt: skip
