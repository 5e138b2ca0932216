"""What of the disease can be seen in the 3D view? Solids in colour: airless lung, fluid, free air, gas, wet surface."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from simulator.anatomy.body import Body
from simulator.anatomy.known import Known
from simulator.anatomy.layers import Layer, body_layers, painted, small_mesh, triangles_where
from simulator.anatomy.lobes import lung_on
from simulator.anatomy.mesh import Mesh
from simulator.anatomy.palette import PALETTE, Part
from simulator.messages import N_
from simulator.pathology.fields import LUNG_CHANNELS, SPACE_CHANNELS, FindingFields
from simulator.units import MM

PROUD_M = 0.8 * MM  # solids stand out of the lobes by this, so that they are seen through no other surface [P]
WET_FROM = 0.15  # density of traps from which the surface of the lung is coloured [P]


def disease_layers(body: Body, findings: FindingFields) -> tuple[Layer, ...]:
    """Layers of group "disease", at end-expiration; none in a healthy body. Made once for each set of findings."""
    return _made(Known(body), Known(findings))


@lru_cache(maxsize=2)
def _made(of: Known[Body], within: Known[FindingFields]) -> tuple[Layer, ...]:
    body, findings = of.baked, within.baked
    layers = []
    space = lung_on(body, findings.grid)
    airless, fluid = _channel(findings, "consolidation"), _channel(findings, "fluid")
    air = _channel(findings, "air")
    for name, part, distance in (
        (N_("Consolidation"), Part.CONSOLIDATION, np.maximum(np.maximum(airless, -fluid), -air)),
        (N_("Pleural effusion"), Part.FLUID, np.maximum(fluid, -air)),
        (N_("Free air in the pleural space"), Part.FREE_AIR, air),
    ):
        if float(distance.min()) < 0.0:
            solid = np.maximum(distance, space) - np.float32(PROUD_M)
            layers.append(painted(name, "disease", small_mesh(body, solid, findings.grid), part))
    wet = _wet_surface(body, findings)
    if wet is not None:
        layers.append(wet)
    if findings.soft.present:
        gas = small_mesh(body, findings.soft.distance_m[..., 0].astype(np.float32), findings.soft.grid)
        layers.append(painted(PALETTE[Part.WALL_GAS].name, "disease", gas, Part.WALL_GAS))
    return tuple(layer for layer in layers if len(layer.mesh.faces))


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
