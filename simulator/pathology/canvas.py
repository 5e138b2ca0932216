"""What findings draw on: the fields of one patient while they are being baked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.pathology.fields import FAR_M, LUNG_CHANNELS, SPACE_CHANNELS, FindingFields
from simulator.pathology.region import Lungs

Field = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Canvas:
    """Fields (nz, ny, nx) float32 on the grid of the lungs, as in `FindingFields`; written in place by findings."""

    interstitial: Field
    consolidation: Field
    roughness: Field
    bronchogram: Field
    fluid: Field
    sliding_loss: Field
    air: Field
    echoes: Field
    bronchi_shift_m: Field  # (1,)

    @classmethod
    def healthy(cls, lungs: Lungs) -> Canvas:
        """Lungs without any finding."""
        shape = lungs.grid.shape
        zero = [np.zeros(shape, dtype=np.float32) for _ in range(4)]
        far = [np.full(shape, FAR_M, dtype=np.float32) for _ in range(4)]
        return cls(zero[0], far[0], zero[1], far[1], far[2], zero[2], far[3], zero[3], np.zeros(1, dtype=np.float32))

    def raise_at(self, name: str, flat: npt.NDArray[np.intp], value: npt.NDArray[np.floating]) -> None:
        """Field `name` becomes at least `value` at flat indices: two findings in one place do not weaken each other."""
        field: Field = getattr(self, name).reshape(-1)
        field[flat] = np.maximum(field[flat], value)

    def unite(self, name: str, box: tuple[slice, slice, slice], distance_m: npt.NDArray[np.floating]) -> None:
        """Signed-distance field `name` becomes the union with a body of which `distance_m` is given in `box`."""
        field: Field = getattr(self, name)
        field[box] = np.minimum(field[box], distance_m)

    def fields(self, lungs: Lungs, names: tuple[str, ...], content_hash: str) -> FindingFields:
        """The finished fields, in the precision and layout that the renderer and the truth read."""
        lung, space = self._packed(LUNG_CHANNELS), self._packed(SPACE_CHANNELS)
        return FindingFields(lungs.grid, lung, space, names, content_hash, float(self.bronchi_shift_m[0]))

    def _packed(self, channels: tuple[str, ...]) -> npt.NDArray[np.float16]:
        out = np.empty((*self.fluid.shape, len(channels)), dtype=np.float16)
        for index, name in enumerate(channels):
            low, high = (-FAR_M, FAR_M) if name in _DISTANCES else (0.0, 1.0)
            out[..., index] = np.clip(getattr(self, name), low, high)
        return out


_DISTANCES = frozenset({"consolidation", "bronchogram", "fluid", "air"})  # the others are shares, 0 to 1
