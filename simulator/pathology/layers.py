"""What of the disease can be seen in the 3D view? Solids in colour: airless lung, fluid, free air, gas, wet surface."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from simulator.anatomy.body import Body
from simulator.anatomy.known import Known
from simulator.anatomy.layers import MOST_FACES, Layer, body_layers, painted, small_mesh, triangles_where
from simulator.anatomy.lobes import lung_on
from simulator.anatomy.mesh import Mesh
from simulator.anatomy.palette import PALETTE, Part
from simulator.geometry import Grid
from simulator.messages import N_
from simulator.pathology.fields import LUNG_CHANNELS, SPACE_CHANNELS, FindingFields
from simulator.pathology.lenses import Lens, airless_m, radius_m
from simulator.units import MM

PROUD_M = 0.8 * MM  # solids stand out of the lobes by this, so that they are seen through no other surface [P]
FINEST_M = 0.5 * MM  # voxels of the grids on which small lenses become meshes
COARSEST = 1.0 / 14.0  # of the radius of a lens, unless there are very many
FACES_A_VOXEL = 9.0  # faces of the mesh of a lens over the square of voxels in its radius
WET_FROM = 0.15  # density of traps from which the surface of the lung is coloured [P]


def disease_layers(body: Body, findings: FindingFields) -> tuple[Layer, ...]:
    """Layers of group "disease", at end-expiration; none in a healthy body. Made once for each set of findings."""
    return _made(Known(body), Known(findings))


@lru_cache(maxsize=2)
def _made(of: Known[Body], within: Known[FindingFields]) -> tuple[Layer, ...]:
    body, findings = of.baked, within.baked
    layers = []
    space = lung_on(body, findings.grid)
    lenses = [mesh for one in findings.lenses if len((mesh := _lens_mesh(body, findings, one)).faces)]
    airless, fluid = _channel(findings, "consolidation"), _channel(findings, "fluid")
    air = _channel(findings, "air")
    for name, part, distance in (
        (N_("Consolidation"), Part.CONSOLIDATION, np.maximum(np.maximum(airless, -fluid), -air)),
        (N_("Pleural effusion"), Part.FLUID, np.maximum(fluid, -air)),
        (N_("Free air in the pleural space"), Part.FREE_AIR, air),
    ):
        meshes = lenses if part is Part.CONSOLIDATION else []
        if float(distance.min()) < 0.0:
            solid = np.maximum(distance, space) - np.float32(PROUD_M)
            meshes = [small_mesh(body, solid, findings.grid), *meshes]
        if meshes:
            layers.append(painted(name, "disease", _joined(meshes), part))
    wet = _wet_surface(body, findings)
    if wet is not None:
        layers.append(wet)
    if findings.soft.present:
        gas = small_mesh(body, findings.soft.distance_m[..., 0].astype(np.float32), findings.soft.grid)
        layers.append(painted(PALETTE[Part.WALL_GAS].name, "disease", gas, Part.WALL_GAS))
    return tuple(layer for layer in layers if len(layer.mesh.faces))


def _lens_mesh(body: Body, findings: FindingFields, one: Lens) -> Mesh:
    """A small lens of airless lung, on a grid as fine as it needs."""
    centre, size = one[0, :3].astype(np.float64), float(radius_m(one[None], 0.0)[0]) + 2.0 * PROUD_M
    # Faces go by the square of voxels across: together they are half of what a layer may have, if need be coarser.
    crowded = float(np.sqrt(FACES_A_VOXEL * len(findings.lenses) / (0.5 * MOST_FACES)))
    step = max(FINEST_M, size * max(COARSEST, crowded))
    count = int(np.ceil(2.0 * size / step)) + 1
    x, y, z = (float(v) for v in centre - 0.5 * step * (count - 1))
    grid = Grid((x, y, z), step, (count, count, count))
    points = grid.points_m().astype(np.float64)
    pleura = body.sample("pleura", points)
    solid = np.maximum(airless_m(one[None], points, -pleura), pleura)
    for name in ("diaphragm", "heart", "mediastinum"):
        solid = np.maximum(solid, -body.sample(name, points))
    for name in ("fluid", "air"):
        solid = np.maximum(solid, -findings.grid.sample(_channel(findings, name), points))
    return small_mesh(body, (solid - PROUD_M).astype(np.float32), grid)


def _joined(meshes: list[Mesh]) -> Mesh:
    """Meshes as one."""
    start = np.cumsum([0, *(len(mesh.vertices) for mesh in meshes)])
    faces = [mesh.faces + np.int32(first) for mesh, first in zip(meshes, start[:-1], strict=True)]
    return Mesh(
        np.concatenate([mesh.vertices for mesh in meshes]),
        np.concatenate(faces),
        np.concatenate([mesh.normals for mesh in meshes]),
    )


def _channel(findings: FindingFields, name: str) -> npt.NDArray[np.float32]:
    """One field of the findings (nz, ny, nx)."""
    if name in LUNG_CHANNELS:
        return findings.lung[..., LUNG_CHANNELS.index(name)].astype(np.float32)
    return findings.space[..., SPACE_CHANNELS.index(name)].astype(np.float32)


def _wet_surface(body: Body, findings: FindingFields) -> Layer | None:
    """The pleural surface of the lobes where traps are, pushed out a little, coloured by their density."""
    density = findings.lung[..., LUNG_CHANNELS.index("interstitial")]
    if float(density.max()) < WET_FROM:
        return None
    vertices, faces, normals, values, start = [], [], [], [], 0
    for layer in body_layers(body):
        if layer.group != "lungs":
            continue
        here = findings.grid.sample(density, layer.mesh.vertices)
        near = np.abs(body.sample("pleura", layer.mesh.vertices)) < 3.0 * MM  # not in the fissures
        part = triangles_where(layer.mesh, (here > WET_FROM) & near)
        vertices.append(part.vertices + np.float32(PROUD_M) * part.normals)
        faces.append(part.faces + np.int32(start))
        normals.append(part.normals)
        values.append(findings.grid.sample(density, part.vertices))
        start += len(part.vertices)
    share = np.clip(np.concatenate(values), 0.0, 1.0)[:, None]
    pale, full = (np.array(PALETTE[p].rgb, dtype=np.float32) / 255.0 for p in (Part.RLL, Part.INTERSTITIAL))
    mesh = Mesh(np.concatenate(vertices), np.concatenate(faces), np.concatenate(normals))
    return Layer(PALETTE[Part.INTERSTITIAL].name, "disease", mesh, (pale + share * (full - pale)).astype(np.float32))
