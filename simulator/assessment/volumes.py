"""How much of the lungs is diseased? The affected lung volume, computed from the fields, by lobe and in all.

Lung is what fluid and free air have left of the lungs' space. Airless lung counts as affected whole, the air in its
bronchi too. Interstitial disease is known at the pleural surface alone, as the share of it that is wet; it is taken to
reach `INTERSTITIAL_DEPTH_M` inwards, and counts there by that share.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.anatomy.body import Body
from simulator.anatomy.lobes import LOBES, channel_on, lobe_distances_m, lung_on
from simulator.geometry import Grid
from simulator.messages import N_, _
from simulator.pathology.fields import LUNG_CHANNELS, SPACE_CHANNELS, FindingFields
from simulator.pathology.lenses import airless_m, meets
from simulator.units import MM

NAME = N_("Affected lung volume (simulated)")
LOBE_NAMES = {
    "RUL": N_("Right upper lobe"), "RML": N_("Middle lobe"), "RLL": N_("Right lower lobe"),
    "LUL": N_("Left upper lobe"), "LLL": N_("Left lower lobe"),
}  # fmt: skip
INTERSTITIAL_DEPTH_M = 20.0 * MM  # ground glass and thick septa under a wet pleura: the peripheral lung [P]
PARTS = 4  # parts of a voxel's edge in which small lenses are counted
TAKEN_AT_M = 1.0 * MM  # below the pleura, where the density of traps is read
ML = 1e6  # millilitres in a cubic metre


@dataclass(frozen=True)
class AffectedLung:
    """A lobe, or both lungs: millilitres of lung, of it airless, and of it interstitial disease, at end-expiration."""

    lung_ml: float
    airless_ml: float
    interstitial_ml: float

    @property
    def affected_ml(self) -> float:
        """Airless lung and interstitial disease together."""
        return self.airless_ml + self.interstitial_ml

    @property
    def percent(self) -> float:
        """Affected share of the lung, 0 to 100; 0 where there is no lung."""
        return 100.0 * self.affected_ml / self.lung_ml if self.lung_ml > 0.0 else 0.0


@dataclass(frozen=True)
class AffectedVolume:
    """The affected lung volume by lobe, in the order of LOBES, and the fluid and free air in the pleural space, ml."""

    lobes: dict[str, AffectedLung]
    fluid_ml: float = 0.0
    free_air_ml: float = 0.0

    @property
    def total(self) -> AffectedLung:
        """Both lungs."""
        parts = self.lobes.values()
        return AffectedLung(
            sum(p.lung_ml for p in parts), sum(p.airless_ml for p in parts), sum(p.interstitial_ml for p in parts)
        )


def volume_line(found: AffectedVolume) -> str:
    """One line in the language spoken now: name, percent, and the millilitres behind it."""
    total = found.total
    return _("{name}: {percent:.0f} % ({affected:.0f} of {lung:.0f} ml)").format(
        name=_(NAME), percent=total.percent, affected=total.affected_ml, lung=total.lung_ml
    )


def affected_volume(body: Body, findings: FindingFields) -> AffectedVolume:
    """The affected lung volume of a body with findings: a pure function of the fields, at end-expiration."""
    grid = findings.grid
    whole = _share(lung_on(body, grid), grid.spacing_m)
    at = np.flatnonzero(whole)
    space = whole.ravel()[at]

    def part(name: str) -> npt.NDArray[np.float32]:
        stack, names = (findings.lung, LUNG_CHANNELS) if name in LUNG_CHANNELS else (findings.space, SPACE_CHANNELS)
        return _share(stack[..., names.index(name)].ravel()[at].astype(np.float32), grid.spacing_m)

    air = space * part("air")
    fluid = (space - air) * part("fluid")
    lung = space - air - fluid
    iz, iy, ix = np.unravel_index(at, grid.shape)
    x, y, z = grid.axes_m()
    points = np.stack([x[ix], y[iy], z[iz]], axis=-1)
    airless = lung * np.maximum(part("consolidation"), _in_lenses(body, findings, points))
    wet = (lung - airless) * _interstitial(body, findings, at)
    lobe = np.argmin(np.stack(list(lobe_distances_m(body, points).values())), axis=0)
    ml = grid.spacing_m**3 * ML

    def by_lobe(share: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        return np.asarray(np.bincount(lobe, share, len(LOBES)) * ml)

    sums = zip(LOBES, by_lobe(lung), by_lobe(airless), by_lobe(wet), strict=True)
    lobes = {name: AffectedLung(float(a), float(b), float(c)) for name, a, b, c in sums}
    return AffectedVolume(lobes, float(fluid.sum(dtype=np.float64)) * ml, float(air.sum(dtype=np.float64)) * ml)


def _share(distance_m: npt.NDArray[np.float32], spacing_m: float) -> npt.NDArray[np.float32]:
    """How much of each voxel is inside a signed distance, 0..1; those at the border count in part."""
    return np.asarray(np.clip(np.float32(0.5) - distance_m / np.float32(spacing_m), 0.0, 1.0), dtype=np.float32)


def _in_lenses(body: Body, findings: FindingFields, points: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """How much of the voxel at each of points (n, 3) is in a small airless lens, 0..1, counted on a finer lattice."""
    out = np.zeros(len(points), dtype=np.float32)
    spacing = findings.grid.spacing_m
    near = np.flatnonzero(meets(findings.lenses, points, spacing))
    if near.size:
        steps = ((np.arange(PARTS) + 0.5) / PARTS - 0.5) * spacing
        finer = points[near, None, :] + np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(-1, 3)
        inside = airless_m(findings.lenses, finer, -body.sample("pleura", finer)) < 0.0
        out[near] = inside.mean(axis=1)
    return out


def _interstitial(body: Body, findings: FindingFields, at: npt.NDArray[np.intp]) -> npt.NDArray[np.float32]:
    """Share of wet lung (n,) at flat voxels `at`: the density of traps at the pleura next to it, if that is near."""
    grid: Grid = findings.grid
    density = findings.lung[..., LUNG_CHANNELS.index("interstitial")]
    out = np.zeros(len(at), dtype=np.float32)
    if not density.any():
        return out
    pleura = channel_on(body, "pleura", grid).ravel()
    near = np.flatnonzero(-pleura[at] < INTERSTITIAL_DEPTH_M)
    flat = at[near]
    _nz, ny, nx = grid.shape
    last = pleura.size - 1
    slopes = [pleura[np.minimum(flat + n, last)] - pleura[np.maximum(flat - n, 0)] for n in (1, nx, nx * ny)]
    outward = np.stack(slopes, axis=-1)
    outward /= np.maximum(np.linalg.norm(outward, axis=-1, keepdims=True), 1e-9)
    iz, iy, ix = np.unravel_index(flat, grid.shape)
    x, y, z = grid.axes_m()
    foot = np.stack([x[ix], y[iy], z[iz]], axis=-1) - (pleura[flat] + np.float32(TAKEN_AT_M))[:, None] * outward
    out[near] = np.clip(grid.sample(density, foot), 0.0, 1.0)
    return out
