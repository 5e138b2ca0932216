"""The patient's fields along the scan lines of one image plane: what the ground truth is computed from.

Signed distances are smooth, so a coarse lattice along each line and straight lines between its nodes give every
interface to a small fraction of the voxel size at a small fraction of the cost of sampling each pixel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.anatomy.body import BREATHING_CHANNELS, CHANNELS, VESSELS, above_dome_m
from simulator.geometry import FloatArray, Grid, Placement, shown_depth_m, uncompressed_depth_m
from simulator.pathology.fields import LUNG_CHANNELS, SOFT_CHANNEL, SPACE_CHANNELS
from simulator.pathology.lenses import airless_m, meets
from simulator.patient import HEART_INWARD_M, PatientState
from simulator.physiology.floating import IN_FLUID
from simulator.physiology.heart import artery_now_m
from simulator.physiology.sliding import EDGE_M, air_now_m, attached, fluid_now_m, lung_descent_m
from simulator.probe import GEL_LIMIT_M, ScanLines
from simulator.tissue import Tissue
from simulator.units import MM

NODE_STEP_M = 2.0 * MM  # lattice step along a line in the resting body; the voxel size, finer adds nothing..
FINER = 4  # ..but where there are lenses that are no voxels: steps in one of these
FAR_M = 1.0  # stands for "nowhere near" where an organ does not count

Array = npt.NDArray[np.floating]
Floats = npt.NDArray[np.float32]
BoolArray = npt.NDArray[np.bool_]


def gather(grid: Grid, textures: Sequence[npt.NDArray[np.float16]], points: FloatArray) -> list[Floats]:
    """Trilinear values of `textures` (nz, ny, nx, channels) at points (n, 3); the arithmetic of `Grid.sample`.

    Indices and weights are computed once for all textures. Returns one (n, channels) float32 per texture.
    """
    nz, ny, nx = grid.shape
    p = (points - np.asarray(grid.origin_m)) * (1.0 / grid.spacing_m)
    np.clip(p, 0.0, np.array([nx - 1, ny - 1, nz - 1], dtype=np.float64), out=p)
    low = np.minimum(p.astype(np.int64), np.maximum(np.array([nx - 2, ny - 2, nz - 2]), 0))
    frac = (p - low).astype(np.float32)
    base = (low[:, 2] * ny + low[:, 1]) * nx + low[:, 0]
    step = (0 if nx == 1 else 1, 0 if ny == 1 else nx, 0 if nz == 1 else nx * ny)
    fx, fy, fz = (frac[:, axis] for axis in range(3))
    wx, wy, wz = (1.0 - fx, fx), (1.0 - fy, fy), (1.0 - fz, fz)
    out = [np.zeros((len(p), t.shape[-1]), dtype=np.float32) for t in textures]
    rows = [np.ascontiguousarray(t).reshape(-1, t.shape[-1]) for t in textures]
    for corner in range(8):
        dx, dy, dz = corner & 1, corner >> 1 & 1, corner >> 2 & 1
        index = base + (dx * step[0] + dy * step[1] + dz * step[2])
        weight = (wx[dx] * wy[dy] * wz[dz])[:, None]
        for number, row in enumerate(rows):
            out[number] += weight * np.take(row, index, axis=0)
    return out


@dataclass(frozen=True)
class Section:
    """Fields on a lattice of an image plane.

    `distances_m[name]` (lines, nodes) float32 signed distances now; "consolidation" and "fluid" among them.
    `node_m` (nodes,) torso depth of the lattice, evenly spaced, metres along the line in the resting body.
    `origins_torso`, `directions_torso` (lines, 3) are the scan lines in the torso frame. `entry_m` (lines,) is where a
    line enters the skin (torso depth), nan where it never does; `coupled` (lines,) whether gel or skin carries the
    sound in. `bridged_m` (lines,) is how far the resting skin is drawn to the face.
    """

    state: PatientState
    placement: Placement
    origins_torso: Array
    directions_torso: Array
    node_m: Array
    depth_m: float
    distances_m: dict[str, Floats]
    entry_m: Array
    coupled: BoolArray
    bridged_m: Array

    @property
    def step_m(self) -> float:
        """Lattice step along a line in the resting body."""
        return float(self.node_m[1] - self.node_m[0])

    def shown_m(self, torso_depth_m: Array) -> Array:
        """Depth below the probe face (lines, ...) at which torso depths are seen on each line."""
        gap = self.bridged_m.reshape(-1, *(1,) * (np.ndim(torso_depth_m) - 1))
        return shown_depth_m(torso_depth_m, self.placement.compressible_m, self.placement.compression_m, gap)

    def torso_depth_m(self, shown_m: Array) -> Array:
        """Torso depths (lines, n) of displayed depths (n,)."""
        soft, squeeze = self.placement.compressible_m, self.placement.compression_m
        return uncompressed_depth_m(shown_m[None, :], soft, squeeze, self.bridged_m[:, None])

    def points_torso(self, torso_depth_m: Array) -> Array:
        """Points (lines, 3) of the resting body at torso depths (lines,)."""
        return np.asarray(self.origins_torso + self.directions_torso * torso_depth_m[:, None])

    def at(self, name: str, torso_depth_m: Array) -> Array:
        """Signed distance `name` at torso depths (lines,), straight between the nodes; nan stays nan."""
        index = np.nan_to_num(torso_depth_m) / self.step_m
        low = np.clip(index.astype(np.int64), 0, len(self.node_m) - 2)
        t = np.clip(index - low, 0.0, 1.0)
        d, row = self.distances_m[name], np.arange(len(low))
        value = d[row, low] * (1.0 - t) + d[row, low + 1] * t
        return np.where(np.isnan(torso_depth_m), np.nan, value)

    def along(self, name: str, torso_depth_m: Array) -> Floats:
        """Signed distance `name` at torso depths (lines, n) that differ from line to line: (lines, n) float32."""
        index = torso_depth_m * (1.0 / self.step_m)
        low = np.clip(index.astype(np.int64), 0, len(self.node_m) - 2)
        t = (index - low).astype(np.float32)
        d = self.distances_m[name]
        value = np.take_along_axis(d, low, axis=1) * (1.0 - t)
        value += np.take_along_axis(d, low + 1, axis=1) * t
        return np.asarray(value)

    def resampled(self, name: str, torso_depth_m: Array) -> Floats:
        """Signed distance `name` at the same torso depths (n,) on every line: (lines, n) float32."""
        index = torso_depth_m * (1.0 / self.step_m)
        low = np.clip(index.astype(np.int64), 0, len(self.node_m) - 2)
        t = np.clip(index - low, 0.0, 1.0).astype(np.float32)
        d = self.distances_m[name]
        return np.asarray(d[:, low] * (1.0 - t) + d[:, low + 1] * t)


def section(state: PatientState, placement: Placement, lines: ScanLines, depth_m: float) -> Section:
    """The fields along `lines` of a probe at `placement`, down to `depth_m` below the face."""
    rotation = placement.rotation
    lifted = lines.origins_m - np.array([0.0, 0.0, placement.lift_m])
    origins = lifted @ rotation.T + np.asarray(placement.face_torso)
    directions = lines.directions @ rotation.T
    deepest = float(uncompressed_depth_m(depth_m, placement.compressible_m, placement.compression_m))
    node = NODE_STEP_M * np.arange(max(2, int(np.ceil(deepest / NODE_STEP_M)) + 1))
    points = (origins[:, None, :] + directions[:, None, :] * node[None, :, None]).reshape(-1, 3)
    shape = (len(origins), len(node))
    values, slid_m = _voxels(state, points)
    distances = {k: np.ascontiguousarray(v).reshape(shape) for k, v in values.items()}
    if _thin(state, points, values["consolidation"]).any():
        node, distances = _finer(state, origins, directions, node, distances | {_SLID: slid_m.reshape(shape)})
    entry = _first_negative(distances["skin"], node)
    bridged = lines.bridged_gap_m(placement)
    gap = shown_depth_m(np.nan_to_num(entry, nan=FAR_M), placement.compressible_m, placement.compression_m, bridged)
    coupled = (gap <= GEL_LIMIT_M) & (placement.lift_m <= 0.0)
    return Section(state, placement, origins, directions, node, depth_m, distances, entry, coupled, bridged)


def _thin(state: PatientState, points: Array, airless_m: Floats) -> BoolArray:
    """Which points can be in small lenses, or among bronchi: bodies that are thinner than the lattice."""
    findings = state.patient.findings
    lenses = meets(findings.lenses, points, state.farthest_lung_descent_m)
    solid = airless_m.reshape(lenses.shape) < 0.0
    return np.asarray(lenses | solid) if findings.bronchi.present else lenses


def _finer(
    state: PatientState, origins: Array, directions: Array, node: Array, distances: dict[str, Floats]
) -> tuple[Array, dict[str, Floats]]:
    """The lattice divided by FINER along the lines: voxels straight between its nodes, and lenses as they are."""
    fine = NODE_STEP_M / FINER * np.arange(FINER * (len(node) - 1) + 1)
    share = np.arange(FINER, dtype=np.float32) / np.float32(FINER)
    out = {}
    for name, d in distances.items():
        between = d[:, :-1, None] + (d[:, 1:] - d[:, :-1])[:, :, None] * share
        out[name] = np.concatenate([between.reshape(len(d), -1), d[:, -1:]], axis=1)
    points = origins[:, None, :] + directions[:, None, :] * fine[None, :, None]
    near = np.nonzero(_thin(state, points, out["consolidation"]))
    slid_m = out.pop(_SLID)[near]
    wanted = {name: out[name][near] for name in ("pleura", "air", "consolidation")}
    for name, value in _thin_bodies(state, wanted, points[near], slid_m).items():
        out[name][near] = value
    return fine, out


def _thin_bodies(state: PatientState, values: dict[str, Floats], points: Array, slid_m: Array) -> dict[str, Floats]:
    """Consolidation with small lenses and the bronchi in it (n,), where `values` are those of voxels at points (n, 3)
    and the lung is `slid_m` (n,) below its place at rest."""
    findings, lung, out = state.patient.findings, np.array(points, dtype=np.float64), {}
    lung[:, 2] += slid_m
    if findings.bronchi.present:
        out["bronchogram"] = findings.bronchi.sample(state.in_bronchi(lung)).astype(np.float32)
    if len(findings.lenses):
        lenses = np.maximum(airless_m(findings.lenses, lung, -values["pleura"]), -values["air"])
        out["consolidation"] = np.minimum(values["consolidation"], lenses).astype(np.float32)
    return out


def field_values(state: PatientState, points: FloatArray) -> dict[str, Floats]:
    """All fields at points (n, 3) now: every body channel and those of the findings, each (n,) float32."""
    values, slid_m = _voxels(state, points)
    return values | _thin_bodies(state, values, points, slid_m)


def _voxels(state: PatientState, points: FloatArray) -> tuple[dict[str, Floats], Array]:
    """What the voxels say at points (n, 3) now, and how far lung there is below its place at rest (n,)."""
    body, findings = state.patient.body, state.patient.findings
    descent = state.diaphragm_descent_m
    slid_m: Array = np.zeros(len(points))
    if descent == 0.0 and state.contraction == 0.0:  # nothing has moved, one set of indices serves all
        if findings.grid == body.grid:
            wall, thorax, organs, lung, space = gather(
                body.grid, (body.wall, body.thorax, body.organs, findings.lung, findings.space), points
            )
        else:
            wall, thorax, organs = gather(body.grid, (body.wall, body.thorax, body.organs), points)
            lung, space = gather(findings.grid, (findings.lung, findings.space), points)
        thorax_moved, organs_moved = thorax, organs
    else:
        wall, thorax, organs = gather(body.grid, (body.wall, body.thorax, body.organs), points)
        moved = points + np.array([0.0, 0.0, descent])
        thorax_moved, organs_moved = gather(body.grid, (body.thorax, body.organs), moved)
        (space,) = gather(findings.grid, (findings.space,), points)
        slid_m = lung_descent_m(
            descent,
            state.patient.respiration.excursion_m,
            body.height_fraction(points),
            space[:, _LOSS],
            air_now_m(space[:, _AIR], descent),
            organs[:, _HEART],
            state.contraction,
        )
        slid = points.copy()
        slid[:, 2] += slid_m
        (lung,) = gather(findings.grid, (findings.lung,), slid)
        if state.bronchi_shift_m:
            (aired,) = gather(findings.grid, (findings.lung[..., 3:],), state.in_bronchi(slid))
            lung[:, 3] = aired[:, 0]
    still = {"wall": wall, "thorax": thorax, "organs": organs}
    moving = {"wall": wall, "thorax": thorax_moved, "organs": organs_moved}
    values = {
        name: (moving if name in BREATHING_CHANNELS else still)[texture][:, index]
        for name, (texture, index) in CHANNELS.items()
    }
    dome = still["thorax"][:, CHANNELS["diaphragm"][1]]
    for name, shared in VESSELS.items():
        texture, index = CHANNELS[shared]
        values[name] = above_dome_m(still[texture][:, index], dome)
    values["artery"] = artery_now_m(values["artery"], state.contraction).astype(np.float32)
    values |= {name: lung[:, index] for index, name in enumerate(LUNG_CHANNELS)}
    values |= {name: space[:, index] for index, name in enumerate(SPACE_CHANNELS)}
    air = air_now_m(space[:, _AIR], descent).astype(np.float32)
    values["air"] = air
    if findings.floating.reach_m and (descent or state.contraction):
        (swayed,) = gather(findings.grid, (findings.space,), state.in_fluid(points))
        values |= {name: swayed[:, SPACE_CHANNELS.index(name)] for name in IN_FLUID}
    values["fluid"] = fluid_now_m(values["fluid"], state.nearing_m(points)).astype(np.float32)
    values[SOFT_CHANNEL] = findings.soft.sample(points).astype(np.float32)
    if float(air.min()) < EDGE_M:  # the same arithmetic as `PatientState.finding`
        for name in ("fluid", "consolidation"):
            values[name] = np.maximum(values[name], -air)
        for name in ("interstitial", "roughness"):
            values[name] = values[name] * attached(air).astype(np.float32)
    if state.contraction:
        values["heart"] = values["heart"] + np.float32(HEART_INWARD_M * state.contraction)
    return values, slid_m


_SLID = "slid"  # beside the distances while a lattice is divided
_AIR = SPACE_CHANNELS.index("air")
_LOSS = SPACE_CHANNELS.index("sliding_loss")
_HEART = CHANNELS["heart"][1]  # of the texture of the organs


def _first_negative(distance: Floats, node: Array) -> Array:
    """Torso depth (lines,) where a distance (lines, nodes) first falls below zero; nan where it never does."""
    negative = distance < 0.0
    first = np.argmax(negative, axis=1)
    row = np.arange(len(first))
    before = np.maximum(first - 1, 0)
    a, b = distance[row, before].astype(np.float64), distance[row, first].astype(np.float64)
    fraction = np.where(first > 0, a / np.where(a - b > 0.0, a - b, 1.0), 0.0)
    depth = node[before] + fraction * (node[1] - node[0])
    return np.where(negative[row, first], np.where(first > 0, depth, 0.0), np.nan)


def first_below_zero(section_: Section, name: str) -> Array:
    """Torso depth (lines,) at which channel `name` is first entered; nan where it never is."""
    return _first_negative(section_.distances_m[name], section_.node_m)


# What each gas needs: (channel, sign, offset); a point is inside where the largest of sign * (distance + offset) < 0.
# The same precedence as `PatientState.tissue`, and air in the bronchi of a consolidation besides.
Terms = tuple[tuple[str, float, float], ...]


def _gas_terms(sheet_m: float, bronchi: bool) -> list[tuple[Tissue, Terms]]:
    solid = (("cartilage", -1.0, 0.0), ("bone", -1.0, 0.0))
    chest: Terms = (
        ("pleura", 1.0, 0.0), ("diaphragm", -1.0, 0.0), ("fluid", -1.0, 0.0), ("mediastinum", -1.0, 0.0),
        ("heart", -1.0, 0.0), *solid,
    )  # fmt: skip
    stomach: Terms = (
        ("stomach", 1.0, 0.0), ("pleura", 1.0, sheet_m), ("diaphragm", 1.0, sheet_m), ("liver", -1.0, 0.0),
        ("spleen", -1.0, 0.0), *solid,
    )  # fmt: skip
    trachea: Terms = (("trachea", 1.0, 0.0), ("heart", -1.0, 0.0), ("diaphragm", -1.0, 0.0), *solid)
    gases = [
        (Tissue.LUNG, (*chest, ("consolidation", -1.0, 0.0))),
        (Tissue.STOMACH_GAS, stomach),
        (Tissue.TRACHEA, trachea),
        (Tissue.AIR, (("skin", -1.0, 0.0),)),  # out on the far side
        (Tissue.AIR, ((SOFT_CHANNEL, 1.0, 0.0),)),  # in the chest wall
    ]
    if bronchi:
        gases.append((Tissue.LUNG, (("bronchogram", 1.0, 0.0), *chest, ("consolidation", 1.0, 0.0))))
    return gases


def first_gas(section_: Section, bronchi: bool = True) -> tuple[Array, npt.NDArray[np.uint8]]:
    """Torso depth (lines,) of the first gas below the skin, nan where none, and which gas (lines,) as `Tissue`.

    Air in the bronchi of a consolidation counts unless `bronchi` is False.

    Between two nodes every distance is taken as straight and the crossing of their largest is bisected.
    """
    entry = np.nan_to_num(section_.entry_m, nan=FAR_M)
    past_entry = section_.node_m[None, :] >= entry[:, None]
    depth = np.full(len(entry), np.nan)
    kind = np.full(len(entry), Tissue.AIR, dtype=np.uint8)
    for gas, terms in _gas_terms(section_.state.patient.body.diaphragm_thickness_m, bronchi):
        name, sign, offset = terms[0]
        inside = (sign * (section_.distances_m[name] + offset) < 0.0) & past_entry
        if not inside.any():
            continue
        for name, sign, offset in terms[1:]:
            inside &= sign * (section_.distances_m[name] + offset) < 0.0
        first = np.argmax(inside, axis=1)
        row = np.flatnonzero(inside[np.arange(len(first)), first])
        if not len(row):
            continue
        high = first[row]
        low = np.maximum(high - 1, 0)
        a = np.stack([sign * (section_.distances_m[n][row, low] + offset) for n, sign, offset in terms])
        b = np.stack([sign * (section_.distances_m[n][row, high] + offset) for n, sign, offset in terms])
        t0, t1 = np.zeros(len(row)), np.ones(len(row))
        for _ in range(9):  # 2 mm / 512: 4 um
            middle = 0.5 * (t0 + t1)
            outside = np.max(a + (b - a) * middle, axis=0) >= 0.0
            t0, t1 = np.where(outside, middle, t0), np.where(outside, t1, middle)
        found = np.maximum(section_.node_m[low] + t1 * (high - low) * section_.step_m, entry[row])
        nearer = ~(depth[row] <= found)
        depth[row[nearer]] = found[nearer]
        kind[row[nearer]] = gas
    return depth, kind
