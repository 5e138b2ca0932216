"""A coarse stand-in for the baked body: a superelliptic trunk, enough for the window, without anatomy."""

from __future__ import annotations

import math

import numpy as np

from simulator.anatomy.body import CHANNELS, TEXTURES, Body, Habitus
from simulator.anatomy.layers import Layer
from simulator.anatomy.mesh import mesh_of
from simulator.geometry import FloatArray, Grid, Placement, Pose

FAR_M = 0.06


def trunk_body(spacing_m: float = 0.010) -> Body:
    """A trunk 0.34 m wide and 0.24 m deep with shoulders and a neck; lungs fill what is 25 mm under the skin."""
    grid = Grid((-0.30, -0.32, -0.45), spacing_m, tuple(round(s / spacing_m) for s in (0.62, 0.44, 0.60)))  # type: ignore[arg-type]
    p = grid.points_m()
    x, y, z = p[..., 0], p[..., 1] + 0.11, p[..., 2]
    waist = 1.0 - 0.12 * np.exp(-(((z + 0.33) / 0.12) ** 2))
    shoulder = 1.0 / (1.0 + np.exp((z - 0.015) / 0.018))
    a, b = 0.06 + 0.115 * waist * shoulder + 0.0 * z, 0.055 + 0.065 * waist * shoulder
    radius = (np.abs(x / a) ** 2.5 + np.abs(y / b) ** 2.5) ** (1.0 / 2.5)
    skin = ((radius - 1.0) * np.minimum(a, b)).astype(np.float32)
    fields = {name: np.full(grid.shape, FAR_M, dtype=np.float32) for name in CHANNELS}
    fields["skin"], fields["muscle"], fields["pleura"] = skin, skin + 0.010, skin + 0.025
    fields["diaphragm"] = np.broadcast_to(z + 0.24, grid.shape)
    textures = {t: np.full((*grid.shape, 4), FAR_M, dtype=np.float16) for t in TEXTURES}
    for name, (texture, index) in CHANNELS.items():
        textures[texture][..., index] = np.clip(fields[name], -FAR_M, FAR_M)
    return Body(
        habitus=Habitus("female", 30.0, 1.70, 62.0), grid=grid, axis_y_m=-0.11, notch_to_rib10_m=0.29,
        content_hash="stand-in", wall=textures["wall"], thorax=textures["thorax"], organs=textures["organs"],
    )  # fmt: skip


def skin_mesh(body: Body) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Vertices (n, 3), faces (m, 3), normals (n, 3) of the skin, torso frame."""
    mesh = mesh_of(body, body.channel("skin").astype(np.float32), 1)
    return mesh.vertices, mesh.faces, mesh.normals


def place(body: Body, pose: Pose) -> Placement:
    """The probe on the skin, along the inward normal."""
    out = np.array([math.sin(pose.azimuth_rad), math.cos(pose.azimuth_rad), 0.0])
    axis = np.array([0.0, body.axis_y_m, pose.height_m])
    low, high = 0.0, 0.35
    for _ in range(24):
        middle = 0.5 * (low + high)
        inside = float(body.sample("skin", axis + middle * out)) < 0.0
        low, high = (middle, high) if inside else (low, middle)
    z = -out
    x = np.array([0.0, 0.0, 1.0])
    y = np.cross(z, x)
    c, s = math.cos(pose.rotate_rad), math.sin(pose.rotate_rad)
    x, y = c * x + s * y, -s * x + c * y
    axes = np.stack([x, y, z], axis=1)
    return Placement(tuple(axis + low * out), tuple(map(tuple, axes)), lift_m=0.01 if pose.pressure <= 0.0 else 0.0)


def layer(group: str, body: Body) -> Layer:
    """A layer of the patient: all that is within the stand-in's chest wall."""
    mesh = mesh_of(body, body.channel("pleura").astype(np.float32), 1)
    return Layer(group, group, mesh, np.full((len(mesh.vertices), 3), 0.5, dtype=np.float32))
