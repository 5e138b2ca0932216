"""What findings draw on: the fields of one patient while they are being baked."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from simulator.geometry import Grid
from simulator.pathology.fields import (
    BRONCHUS_REACH_M,
    FAR_M,
    LUNG_CHANNELS,
    SEPTA_AT,
    SPACE_CHANNELS,
    FindingFields,
    Floating,
    SoftGas,
)
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
    fluid_bronchi: Field  # signed distance to bronchi filled with fluid
    pockets: list[SoftGas] = field(default_factory=list)  # of gas in the chest wall, one a finding
    floating: list[Floating] = field(default_factory=list)  # the last one counts
    lenses: list[npt.NDArray[np.float32]] = field(default_factory=list)  # each (3, 4), see `pathology/lenses.py`

    @classmethod
    def healthy(cls, lungs: Lungs) -> Canvas:
        """Lungs without any finding."""
        shape = lungs.grid.shape
        zero = [np.zeros(shape, dtype=np.float32) for _ in range(4)]
        far = [np.full(shape, FAR_M, dtype=np.float32) for _ in range(5)]
        shift = np.zeros(1, dtype=np.float32)
        return cls(zero[0], far[0], zero[1], far[1], far[2], zero[2], far[3], zero[3], shift, far[4])

    def raise_at(self, name: str, flat: npt.NDArray[np.intp], value: npt.NDArray[np.floating]) -> None:
        """Field `name` becomes at least `value` at flat indices: two findings in one place do not weaken each other."""
        values: Field = getattr(self, name).reshape(-1)
        values[flat] = np.maximum(values[flat], value)

    def unite(self, name: str, box: tuple[slice, slice, slice], distance_m: npt.NDArray[np.floating]) -> None:
        """Signed-distance field `name` becomes the union with a body of which `distance_m` is given in `box`."""
        values: Field = getattr(self, name)
        values[box] = np.minimum(values[box], distance_m)

    def fields(self, lungs: Lungs, names: tuple[str, ...], content_hash: str) -> FindingFields:
        """The finished fields, in the precision and layout that the renderer and the truth read."""
        lung, space = self._packed(LUNG_CHANNELS), self._packed(SPACE_CHANNELS)
        return FindingFields(
            lungs.grid, lung, space, names, content_hash, float(self.bronchi_shift_m[0]),
            soft=_united(self.pockets), floating=self.floating[-1] if self.floating else Floating(),
            lenses=np.array(self.lenses, dtype=np.float32).reshape(-1, 3, 4),
        )  # fmt: skip

    def _packed(self, channels: tuple[str, ...]) -> npt.NDArray[np.float16]:
        out = np.empty((*self.fluid.shape, len(channels)), dtype=np.float16)
        for index, name in enumerate(channels):
            low, high = _LIMITS.get(name, (0.0, 1.0))
            out[..., index] = np.clip(getattr(self, name), low, high)
        if "bronchogram" in channels:
            wet = self.fluid_bronchi < np.minimum(self.bronchogram, BRONCHUS_REACH_M)
            out[wet, channels.index("bronchogram")] = FAR_M + BRONCHUS_REACH_M - self.fluid_bronchi[wet]
        return out


_LIMITS = dict.fromkeys(("consolidation", "bronchogram", "fluid", "air"), (-FAR_M, FAR_M))
_LIMITS["echoes"] = (0.0, SEPTA_AT + 1.0)  # the others are shares, 0 to 1


def _united(pockets: list[SoftGas]) -> SoftGas:
    """One body of gas from several, which lie on grids of one lattice: their union on a grid that holds them all."""
    if len(pockets) < 2:
        return pockets[0] if pockets else SoftGas()
    spacing = pockets[0].grid.spacing_m
    origins = np.array([one.grid.origin_m for one in pockets])
    low = origins.min(axis=0)
    first = np.round((origins - low) / spacing).astype(int)
    last = first + np.array([one.grid.shape[::-1] for one in pockets])
    nx, ny, nz = (int(n) for n in last.max(axis=0))
    out = np.full((nz, ny, nx, 1), FAR_M, dtype=np.float16)
    for one, (x0, y0, z0), (x1, y1, z1) in zip(pockets, first, last, strict=True):
        part = out[z0:z1, y0:y1, x0:x1]
        np.minimum(part, one.distance_m, out=part)
    return SoftGas(Grid((float(low[0]), float(low[1]), float(low[2])), spacing, (nz, ny, nx)), out)
