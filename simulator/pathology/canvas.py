"""What findings draw on: the fields of one patient while they are being baked."""

from __future__ import annotations

from collections.abc import Sequence
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
    Bronchi,
    FindingFields,
    FineField,
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
    fluid: Field
    sliding_loss: Field
    air: Field
    echoes: Field
    bronchi_shift_m: Field  # (1,)
    pockets: list[SoftGas] = field(default_factory=list)  # of gas in the chest wall, one a finding
    air_bronchi: list[FineField] = field(default_factory=list)  # one a finding
    fluid_bronchi: list[FineField] = field(default_factory=list)  # one a finding, filled with fluid
    floating: list[Floating] = field(default_factory=list)  # the last one counts
    lenses: list[npt.NDArray[np.float32]] = field(default_factory=list)  # each (3, 4), see `pathology/lenses.py`

    @classmethod
    def healthy(cls, lungs: Lungs) -> Canvas:
        """Lungs without any finding."""
        shape = lungs.grid.shape
        zero = [np.zeros(shape, dtype=np.float32) for _ in range(4)]
        far = [np.full(shape, FAR_M, dtype=np.float32) for _ in range(3)]
        shift = np.zeros(1, dtype=np.float32)
        return cls(zero[0], far[0], zero[1], far[1], zero[2], far[2], zero[3], shift)

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
            soft=SoftGas(*_united(self.pockets)), floating=self.floating[-1] if self.floating else Floating(),
            bronchi=self._bronchi(), lenses=np.array(self.lenses, dtype=np.float32).reshape(-1, 3, 4),
        )  # fmt: skip

    def _bronchi(self) -> Bronchi:
        """Those with air and those with fluid in one field."""
        if not self.air_bronchi and not self.fluid_bronchi:
            return Bronchi()
        air = [FineField(one.grid, np.full_like(one.distance_m, FAR_M)) for one in self.fluid_bronchi]
        fluid = [FineField(one.grid, np.full_like(one.distance_m, FAR_M)) for one in self.air_bronchi]
        grid, airy = _united([*self.air_bronchi, *air])
        _, wet = _united([*fluid, *self.fluid_bronchi])
        full = wet < np.minimum(airy, np.float16(BRONCHUS_REACH_M))
        return Bronchi(grid, np.where(full, np.float16(FAR_M + BRONCHUS_REACH_M) - wet, airy))

    def _packed(self, channels: tuple[str, ...]) -> npt.NDArray[np.float16]:
        out = np.empty((*self.fluid.shape, len(channels)), dtype=np.float16)
        for index, name in enumerate(channels):
            low, high = _LIMITS.get(name, (0.0, 1.0))
            out[..., index] = np.clip(getattr(self, name), low, high) if name != "bronchogram" else FAR_M
        return out


_LIMITS = dict.fromkeys(("consolidation", "fluid", "air"), (-FAR_M, FAR_M))
_LIMITS["echoes"] = (0.0, SEPTA_AT + 1.0)  # the others are shares, 0 to 1


def _united(parts: Sequence[FineField]) -> tuple[Grid, npt.NDArray[np.float16]]:
    """One body from several, which lie on grids of one lattice: their union on a grid that holds them all."""
    if not parts:
        return FineField().grid, FineField().distance_m
    spacing = parts[0].grid.spacing_m
    origins = np.array([one.grid.origin_m for one in parts])
    low = origins.min(axis=0)
    first = np.round((origins - low) / spacing).astype(int)
    last = first + np.array([one.grid.shape[::-1] for one in parts])
    nx, ny, nz = (int(n) for n in last.max(axis=0))
    out = np.full((nz, ny, nx, 1), FAR_M, dtype=np.float16)
    for one, (x0, y0, z0), (x1, y1, z1) in zip(parts, first, last, strict=True):
        part = out[z0:z1, y0:y1, x0:x1]
        np.minimum(part, one.distance_m, out=part)
    return Grid((float(low[0]), float(low[1]), float(low[2])), spacing, (nz, ny, nx)), out
