"""The surface of a baked field as triangles, coarse enough to be drawn by a software rasteriser. No OpenGL."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from skimage.measure import marching_cubes

from simulator.anatomy.body import Body
from simulator.geometry import normalized

Mesh = tuple[npt.NDArray[np.floating], npt.NDArray[np.integer], npt.NDArray[np.floating]]


def field_mesh(body: Body, channel: str, stride: int) -> Mesh:
    """Vertices (n, 3) metres in the torso frame, faces (m, 3) counter-clockwise from outside, unit normals (n, 3).

    Every `stride`-th voxel is used. A field that is nowhere negative gives an empty mesh.
    """
    field = body.channel(channel)[::stride, ::stride, ::stride].astype(np.float32)
    if not field.min() < 0.0 < field.max():
        return np.zeros((0, 3)), np.zeros((0, 3), dtype=np.int32), np.zeros((0, 3))
    points, faces, normals, _ = marching_cubes(field, 0.0)  # type: ignore[no-untyped-call]
    vertices = points[:, ::-1] * (body.grid.spacing_m * stride) + np.array(body.grid.origin_m)
    outward = normalized(normals[:, ::-1])
    edge = np.cross(vertices[faces[:, 1]] - vertices[faces[:, 0]], vertices[faces[:, 2]] - vertices[faces[:, 0]])
    if np.sum(edge * outward[faces[:, 0]]) < 0.0:
        faces = faces[:, ::-1]
    return vertices, faces, outward
