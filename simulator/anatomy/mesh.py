"""What does the body look like from outside? Triangle meshes of the baked fields, for the 3D view."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from skimage.measure import marching_cubes

from simulator.anatomy.body import VESSELS, Body
from simulator.geometry import FloatArray

STRIDE = 2  # every second voxel: 4 mm
LEVEL_M = 1e-6  # of the surface: at 0 itself, where samples lie exactly, faces without area would arise
ORGANS = ("bone", "cartilage", "lung", "heart", "liver", "spleen", "kidney")


@dataclass(frozen=True)
class Mesh:
    """Triangles: `vertices` (n, 3) float32 torso metres, `faces` (m, 3) int32, `normals` (n, 3) float32 outward.

    Faces are counter-clockwise seen from outside. `paint` (n, 5) float32 of a person: arm 0..1; metres above
    the edge of the drape, below the edge of the cap, and from where the shins are cut; 0 on open skin .. 1 in folds.
    """

    vertices: npt.NDArray[np.float32]
    faces: npt.NDArray[np.int32]
    normals: npt.NDArray[np.float32]
    paint: npt.NDArray[np.float32] | None = None


def skin_mesh(body: Body) -> Mesh:
    """The skin, closed at the neck, at the cut arms and at the waist."""
    return mesh_of(body, np.asarray(body.channel("skin"), dtype=np.float32))


def organ_meshes(body: Body) -> dict[str, Mesh]:
    """Meshes of ORGANS; an organ that is not there is left out."""
    found = {}
    for name in ORGANS:
        mesh = mesh_of(body, organ_distance(body, name))
        if len(mesh.faces):
            found[name] = mesh
    return found


def organ_distance(body: Body, name: str) -> npt.NDArray[np.float32]:
    """Signed distance (nz, ny, nx) to an organ as it is labelled: lungs between the rest, heart and vessels above the
    dome, what shares a channel with vessels below it."""

    def channel(key: str) -> npt.NDArray[np.float32]:
        return body.channel(key).astype(np.float32)

    if name == "lung":
        out = np.maximum(channel("pleura"), -channel("diaphragm"))
        return np.maximum(np.maximum(out, -channel("heart")), -channel("mediastinum"))
    if name == "heart":
        return np.maximum(channel("heart"), -channel("diaphragm"))
    if name in VESSELS.values():  # above the dome the channel has a vessel
        return np.maximum(channel(name), channel("diaphragm"))
    if name in VESSELS:
        return np.maximum(channel(name), -organ_distance(body, "heart"))
    return channel(name)


def mesh_of(body: Body, distance: FloatArray, stride: int = STRIDE) -> Mesh:
    """The zero surface of a signed distance (nz, ny, nx) on the body's grid, closed where the grid ends."""
    coarse = np.asarray(distance[::stride, ::stride, ::stride], dtype=np.float32)
    closed = np.pad(coarse, 1, mode="edge")
    for axis in range(3):  # mirrored in sign, so that the lid is flat and half a cell outside
        for end in (0, -1):
            lid = np.moveaxis(closed, axis, 0)
            lid[end] = np.abs(lid[end])
    if not (closed.min() < 0.0 < closed.max()):
        return Mesh(np.zeros((0, 3), np.float32), np.zeros((0, 3), np.int32), np.zeros((0, 3), np.float32))
    spacing = body.grid.spacing_m * stride
    # "ascent" with the axes reversed from (z, y, x) to (x, y, z): counter-clockwise from outside
    vertices, faces, _, _ = marching_cubes(  # type: ignore[no-untyped-call]
        closed, LEVEL_M, spacing=(spacing,) * 3, gradient_direction="ascent"
    )
    xyz = vertices[:, ::-1] - spacing + np.array(body.grid.origin_m)
    return Mesh(xyz.astype(np.float32), faces.astype(np.int32), vertex_normals(xyz, faces))


def vertex_normals(vertices: FloatArray, faces: npt.NDArray[np.integer]) -> npt.NDArray[np.float32]:
    """(n, 3) unit normals of vertices: the mean of their faces', weighted by area."""
    a, b, c = (vertices[faces[:, i]].astype(np.float64) for i in range(3))
    face_normals = np.cross(b - a, c - a)
    normals = np.stack(
        [sum(np.bincount(faces[:, i], face_normals[:, k], len(vertices)) for i in range(3)) for k in range(3)],
        axis=1,
    )
    return np.asarray(normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12), dtype=np.float32)
