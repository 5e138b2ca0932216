"""Which solids lie under the skin? Meshes of bones, lobes, muscle and organs for the 3D view, coarse enough to draw.

Rods (ribs, cartilages, sternum, clavicles) are swept along their centre lines, their sections felt in the field from
the inside; everything else is the zero surface of its signed distance, on the finest grid that keeps it small.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from simulator.anatomy.body import Body
from simulator.anatomy.known import Known
from simulator.anatomy.lobes import LOBES, lobe_distances_m
from simulator.anatomy.mesh import Mesh, mesh_of, organ_distance, vertex_normals
from simulator.anatomy.muscles import SEEN, seen_shares
from simulator.anatomy.palette import LOBE_PARTS, PALETTE, Part
from simulator.geometry import FloatArray, Grid
from simulator.messages import N_
from simulator.units import MM

MOST_FACES = 20_000  # of one layer
STRIDES = (1, 2, 3, 4, 5, 6, 8, 10)  # voxels between the nodes that a mesh is made from, finest first
RING_SIDES = 10  # corners of a rod's section
RING_EVERY = 4  # a ring at every so manieth point of the centre line, 8 mm
RIB_REACH_M = 11.0 * MM  # a section goes no further from the centre line, where bones are joined [P]
STERNUM_REACH_M = 30.0 * MM  # half the breadth of the manubrium and a little [B]
SPINE_HALF_M = 42.0 * MM  # vertebrae with their processes reach this far to the side [B]
SCAPULA_FROM_PLEURA_M = 11.5 * MM  # ribs end nearer the pleura than this, scapulae begin farther from it [P]
SCAPULA_AZIMUTH_DEG = (83.0, 160.0)  # between their outer and inner ends, arms forward and down [P]
LOBE_GAP_M = 0.6 * MM  # lobes keep half of this from their fissures, so that these are seen [P]

GROUPS = ("muscle", "bones", "lungs", "organs", "disease")  # what is faded in and out together


@dataclass(frozen=True)
class Layer:
    """One solid: `name` (an English id for `_`), `group` (one of GROUPS), its mesh in the torso frame, and `colours`
    (n, 3) float32 0..1 sRGB of its vertices."""

    name: str
    group: str
    mesh: Mesh
    colours: npt.NDArray[np.float32]


def painted(name: str, group: str, mesh: Mesh, part: Part) -> Layer:
    """A layer in one colour of the palette."""
    rgb = np.array(PALETTE[part].rgb, dtype=np.float32) / np.float32(255.0)
    return Layer(name, group, mesh, np.tile(rgb, (len(mesh.vertices), 1)))


def body_layers(body: Body) -> tuple[Layer, ...]:
    """All layers of a body but disease and skin; each at most MOST_FACES; made once for each body."""
    return _made(Known(body))


@lru_cache(maxsize=2)
def _made(known: Known[Body]) -> tuple[Layer, ...]:
    body = known.baked
    layers = [
        _muscle(body),
        *_rods(body),
        painted(N_("Scapulae"), "bones", small_mesh(body, _scapulae(body)), Part.BONE),
        painted(N_("Spine"), "bones", small_mesh(body, _spine(body)), Part.BONE),
    ]
    lung = organ_distance(body, "lung")
    points = body.grid.points_m()
    for lobe, distance in zip(LOBES, lobe_distances_m(body, points).values(), strict=True):
        part = LOBE_PARTS[lobe]
        mesh = small_mesh(body, np.maximum(lung, distance.astype(np.float32) + np.float32(LOBE_GAP_M)))
        layers.append(painted(PALETTE[part].name, "lungs", mesh, part))
    del points
    for name, channel, part in _ORGANS:
        layers.append(painted(name, "organs", small_mesh(body, organ_distance(body, channel)), part))
    layers.append(painted(PALETTE[Part.DIAPHRAGM].name, "organs", _diaphragm(body), Part.DIAPHRAGM))
    return tuple(layer for layer in layers if len(layer.mesh.faces))


def _muscle(body: Body) -> Layer:
    """The border of fat and muscle, in the colours of the muscles that lie there."""
    mesh = small_mesh(body, body.channel("muscle").astype(np.float32))
    shares = seen_shares(body, mesh.vertices.astype(np.float64))
    rgb = np.array([PALETTE[part].rgb for part in SEEN]) / 255.0
    return Layer(N_("Muscle"), "muscle", mesh, (shares @ rgb).astype(np.float32))


_ORGANS = (
    (N_("Heart"), "heart", Part.HEART),
    (N_("Liver"), "liver", Part.LIVER),
    (N_("Spleen"), "spleen", Part.SPLEEN),
    (N_("Kidneys"), "kidney", Part.KIDNEY),
    (N_("Stomach gas"), "stomach", Part.STOMACH_GAS),
    (N_("Great arteries"), "artery", Part.AORTA),
    (N_("Great veins"), "vein", Part.BRACHIOCEPHALIC_VEIN),
    (N_("Trachea"), "trachea", Part.CARTILAGE),
)


def small_mesh(body: Body, distance: npt.NDArray[np.float32], grid: Grid | None = None) -> Mesh:
    """The zero surface of a signed distance (nz, ny, nx) with at most MOST_FACES triangles, its normals from the field.

    `grid` is the field's where it is not the body's.
    """
    on = body if grid is None else replace(body, grid=grid)  # of which `mesh_of` looks at the grid alone
    cut, origin = _cropped(distance, on.grid)
    if cut is None:
        return mesh_of(on, np.ones((2, 2, 2), dtype=np.float32), 1)
    on = replace(body, grid=Grid(origin, on.grid.spacing_m, (cut.shape[0], cut.shape[1], cut.shape[2])))
    cells = int(np.count_nonzero((cut[1:] < 0.0) != (cut[:-1] < 0.0)))  # about a third of what the surface crosses
    mesh = Mesh(np.zeros((0, 3), np.float32), np.zeros((0, 3), np.int32), np.zeros((0, 3), np.float32))
    for stride in STRIDES:
        if 3.0 * cells / stride**2 > 1.2 * MOST_FACES:
            continue  # it would be far too large
        mesh = mesh_of(on, cut, stride)
        if len(mesh.faces) <= MOST_FACES:
            break
    return replace(mesh, normals=_field_normals(on.grid, cut, mesh))


def _cropped(
    distance: npt.NDArray[np.float32], grid: Grid
) -> tuple[npt.NDArray[np.float32] | None, tuple[float, float, float]]:
    """The part of a field around what is inside it, and that part's origin; None where nothing is inside."""
    inside = distance < 0.0
    low, high = [], []
    for axis in range(3):
        used = np.flatnonzero(inside.any(axis=tuple(a for a in range(3) if a != axis)))
        if used.size == 0:
            return None, grid.origin_m
        low.append(max(0, int(used[0]) - STRIDES[-1]))
        high.append(min(distance.shape[axis], int(used[-1]) + STRIDES[-1] + 1))
    x, y, z = (o + grid.spacing_m * n for o, n in zip(grid.origin_m, low[::-1], strict=True))
    return distance[low[0] : high[0], low[1] : high[1], low[2] : high[2]], (x, y, z)


def _field_normals(grid: Grid, distance: npt.NDArray[np.float32], mesh: Mesh) -> npt.NDArray[np.float32]:
    """(n, 3) outward unit normals from the field, smooth where the mesh is coarse; the mesh's where it is level."""
    step = grid.spacing_m * np.eye(3)
    slopes = [
        grid.sample(distance, mesh.vertices + step[i]) - grid.sample(distance, mesh.vertices - step[i])
        for i in range(3)
    ]
    gradient = np.stack(slopes, axis=-1)
    length = np.linalg.norm(gradient, axis=-1, keepdims=True)
    normals = np.where(length > 0.2 * grid.spacing_m, gradient / np.maximum(length, 1e-9), mesh.normals)
    return np.asarray(normals, dtype=np.float32)


def _rods(body: Body) -> list[Layer]:
    """Ribs, cartilages, sternum and clavicles, as swept tubes."""
    layers = []
    for name, prefix, channel, reach, part in (
        (N_("Ribs"), "rib_", "bone", RIB_REACH_M, Part.BONE),
        (N_("Costal cartilages"), "cartilage_", "cartilage", RIB_REACH_M, Part.CARTILAGE),
        (N_("Sternum"), "sternum", "bone", STERNUM_REACH_M, Part.BONE),
        (N_("Clavicles"), "clavicle_", "bone", RIB_REACH_M, Part.BONE),
    ):
        tubes = [_swept(body, channel, line, reach) for key, line in body.curves.items() if key.startswith(prefix)]
        if tubes:
            layers.append(painted(name, "bones", _joined(tubes), part))
    return layers


def _swept(body: Body, channel: str, line: npt.NDArray[np.float32], reach_m: float) -> Mesh:
    """A closed tube around a centre line (n, 3): rings whose corners are felt in the field, with rounded caps."""
    keep = np.unique(np.append(np.arange(0, len(line), RING_EVERY), len(line) - 1))
    centre = line[keep].astype(np.float64)
    tangent = np.gradient(line.astype(np.float64), axis=0)[keep]
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    outward = _gradient(body, "pleura", centre) + _gradient(body, "skin", centre)  # each is level far from its surface
    outward -= np.sum(outward * tangent, axis=1, keepdims=True) * tangent
    outward /= np.maximum(np.linalg.norm(outward, axis=1, keepdims=True), 1e-9)
    across = np.cross(tangent, outward)
    angle = np.linspace(0.0, 2.0 * np.pi, RING_SIDES, endpoint=False)
    rays = np.cos(angle)[None, :, None] * outward[:, None, :] + np.sin(angle)[None, :, None] * across[:, None, :]
    reach = np.zeros(rays.shape[:2])
    for _ in range(8):  # steps as long as the field says that bone goes on
        points = centre[:, None, :] + reach[..., None] * rays
        reach = np.clip(reach - body.sample(channel, points), 0.0, reach_m)
    reach = np.minimum(reach, 1.3 * np.median(reach, axis=0)[None, :] + 0.5 * MM)  # where a neighbour is joined
    ring = centre[:, None, :] + reach[..., None] * rays
    caps = [centre[i] + sign * 0.6 * reach[i].min() * tangent[i] for i, sign in ((0, -1.0), (-1, 1.0))]
    vertices = np.concatenate([ring.reshape(-1, 3), caps])
    rings = len(centre)
    i, j = np.meshgrid(np.arange(rings - 1), np.arange(RING_SIDES), indexing="ij")
    a, b = i * RING_SIDES + j, i * RING_SIDES + (j + 1) % RING_SIDES
    sides = np.stack([np.stack([a, b, a + RING_SIDES], -1), np.stack([b, b + RING_SIDES, a + RING_SIDES], -1)], 2)
    around = np.arange(RING_SIDES)
    after = (around + 1) % RING_SIDES
    last = (rings - 1) * RING_SIDES
    first_cap = np.stack([after, around, np.full(RING_SIDES, rings * RING_SIDES)], -1)
    last_cap = np.stack([around + last, after + last, np.full(RING_SIDES, rings * RING_SIDES + 1)], -1)
    faces = np.concatenate([sides.reshape(-1, 3), first_cap, last_cap]).astype(np.int32)
    return Mesh(vertices.astype(np.float32), faces, vertex_normals(vertices, faces))


def _gradient(body: Body, channel: str, points: FloatArray) -> npt.NDArray[np.float64]:
    """(n, 3) slope of a channel at points (n, 3), not normalised."""
    step = body.grid.spacing_m * np.eye(3)
    slopes = [body.sample(channel, points + s) - body.sample(channel, points - s) for s in step]
    return np.stack(slopes, axis=-1).astype(np.float64)


def _joined(meshes: list[Mesh]) -> Mesh:
    """Several meshes as one."""
    starts = np.cumsum([0, *(len(m.vertices) for m in meshes[:-1])])
    return Mesh(
        np.concatenate([m.vertices for m in meshes]),
        np.concatenate([m.faces + np.int32(start) for m, start in zip(meshes, starts, strict=True)]),
        np.concatenate([m.normals for m in meshes]),
    )


def _spine(body: Body) -> npt.NDArray[np.float32]:
    """Signed distance to the bone in a box around the vertebrae, with the heads of the ribs."""
    x, y, _z = body.grid.axes_m()
    box = np.maximum(
        np.abs(x)[None, None, :] - np.float32(SPINE_HALF_M), (y - np.float32(body.axis_y_m))[None, :, None]
    )
    return np.asarray(np.maximum(body.channel("bone").astype(np.float32), box))


def _scapulae(body: Body) -> npt.NDArray[np.float32]:
    """Signed distance to the bone behind and beside the ribs."""
    x, y, _z = body.grid.axes_m()
    xx, yy = np.meshgrid(x, y - np.float32(body.axis_y_m))
    radius, azimuth = np.hypot(xx, yy), np.degrees(np.abs(np.arctan2(xx, yy)))
    low, high = SCAPULA_AZIMUTH_DEG
    sector = (radius * np.radians(np.maximum(low - azimuth, azimuth - high))).astype(np.float32)
    out = np.maximum(body.channel("bone").astype(np.float32), sector[None])
    return np.asarray(np.maximum(out, np.float32(SCAPULA_FROM_PLEURA_M) - body.channel("pleura").astype(np.float32)))


def _diaphragm(body: Body) -> Mesh:
    """The domes, down to where the lung ends on the wall: an open sheet."""
    dome = small_mesh(body, np.maximum(body.channel("diaphragm"), body.channel("pleura") - 4.0 * MM).astype(np.float32))
    on_dome = np.abs(body.sample("diaphragm", dome.vertices)) < 1.5 * MM
    return triangles_where(dome, on_dome)


def triangles_where(mesh: Mesh, chosen: npt.NDArray[np.bool_]) -> Mesh:
    """The triangles of which all vertices are `chosen` (n,), with those vertices alone."""
    faces = mesh.faces[chosen[mesh.faces].all(axis=1)]
    used, renumbered = np.unique(faces, return_inverse=True)
    return Mesh(mesh.vertices[used], renumbered.reshape(-1, 3).astype(np.int32), mesh.normals[used])
