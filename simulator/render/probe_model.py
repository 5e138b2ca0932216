"""The probe as a solid: a housing lofted from rounded sections, the lens, the marker and a stub of cable. No OpenGL."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from simulator.geometry import normalized
from simulator.probe import Transducer
from simulator.units import MM

Mesh = tuple[npt.NDArray[np.float32], npt.NDArray[np.uint32]]  # (n, 10) position, normal, colour, gloss; (m, 3)

_AROUND = 40
_HOUSING = (0.80, 0.83, 0.86)
_GRIP = (0.46, 0.50, 0.55)
_LENS = (0.10, 0.11, 0.13)
_MARKER = (0.16, 0.85, 0.95)
_CABLE = (0.20, 0.22, 0.25)
# Along the handle from the rim of the face: distance mm, half width as a share of the face's, half thickness mm,
# superellipse exponent, colour.
_CONVEX = (
    (0.0, 1.00, 8.5, 3.0, _LENS), (2.0, 1.03, 9.5, 3.0, _LENS), (2.1, 1.06, 10.5, 3.0, _HOUSING),
    (10.0, 1.08, 12.0, 2.8, _HOUSING), (24.0, 1.02, 13.0, 2.6, _HOUSING), (38.0, 0.80, 13.5, 2.5, _HOUSING),
    (50.0, 0.62, 13.5, 2.4, _HOUSING), (50.1, 0.63, 13.8, 2.4, _GRIP), (56.0, 0.58, 13.8, 2.4, _GRIP),
    (56.1, 0.57, 13.5, 2.4, _HOUSING), (80.0, 0.52, 13.0, 2.3, _HOUSING), (104.0, 0.48, 12.5, 2.2, _HOUSING),
    (114.0, 0.38, 10.5, 2.1, _HOUSING), (118.0, 0.24, 7.0, 2.0, _GRIP), (132.0, 0.15, 4.5, 2.0, _GRIP),
)  # fmt: skip
_LINEAR = (
    (0.0, 1.00, 5.5, 4.0, _LENS), (2.0, 1.04, 6.5, 4.0, _LENS), (2.1, 1.08, 7.5, 3.6, _HOUSING),
    (14.0, 1.10, 9.5, 3.2, _HOUSING), (28.0, 0.98, 11.0, 2.8, _HOUSING), (42.0, 0.80, 11.5, 2.6, _HOUSING),
    (48.0, 0.78, 11.5, 2.5, _HOUSING), (48.1, 0.80, 11.8, 2.5, _GRIP), (54.0, 0.76, 11.8, 2.5, _GRIP),
    (54.1, 0.74, 11.5, 2.5, _HOUSING), (80.0, 0.72, 11.5, 2.4, _HOUSING), (98.0, 0.66, 11.0, 2.3, _HOUSING),
    (107.0, 0.52, 9.0, 2.1, _HOUSING), (111.0, 0.34, 6.5, 2.0, _GRIP), (125.0, 0.22, 4.2, 2.0, _GRIP),
)  # fmt: skip
_MICRO_CONVEX = (
    (0.0, 1.00, 5.5, 3.0, _LENS), (1.5, 1.05, 6.5, 3.0, _LENS), (1.6, 1.12, 7.5, 2.8, _HOUSING),
    (8.0, 1.20, 9.0, 2.6, _HOUSING), (18.0, 1.28, 10.5, 2.5, _HOUSING), (34.0, 1.36, 12.0, 2.4, _HOUSING),
    (44.0, 1.38, 12.5, 2.4, _HOUSING), (44.1, 1.42, 12.8, 2.4, _GRIP), (50.0, 1.42, 12.8, 2.4, _GRIP),
    (50.1, 1.38, 12.5, 2.4, _HOUSING), (76.0, 1.30, 12.0, 2.3, _HOUSING), (98.0, 1.16, 11.0, 2.2, _HOUSING),
    (107.0, 0.90, 9.0, 2.1, _HOUSING), (111.0, 0.60, 6.2, 2.0, _GRIP), (124.0, 0.42, 4.2, 2.0, _GRIP),
)  # fmt: skip
_PHASED = (
    (0.0, 1.00, 7.5, 3.6, _LENS), (1.5, 1.06, 8.5, 3.6, _LENS), (1.6, 1.16, 9.5, 3.4, _HOUSING),
    (10.0, 1.28, 11.0, 3.2, _HOUSING), (22.0, 1.42, 12.5, 3.0, _HOUSING), (38.0, 1.52, 13.5, 2.8, _HOUSING),
    (46.0, 1.54, 13.8, 2.7, _HOUSING), (46.1, 1.58, 14.1, 2.7, _GRIP), (52.0, 1.56, 14.0, 2.7, _GRIP),
    (52.1, 1.52, 13.6, 2.7, _HOUSING), (80.0, 1.40, 12.8, 2.5, _HOUSING), (100.0, 1.25, 11.5, 2.3, _HOUSING),
    (109.0, 0.95, 9.2, 2.1, _HOUSING), (113.0, 0.62, 6.4, 2.0, _GRIP), (126.0, 0.42, 4.2, 2.0, _GRIP),
)  # fmt: skip
_SECTIONS = {"convex": _CONVEX, "linear": _LINEAR, "micro_convex": _MICRO_CONVEX, "phased": _PHASED}


def _face_z_m(transducer: Transducer, x_m: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """z of the probe face at x: 0 in the middle, behind it (negative) at the ends of a convex array."""
    if math.isinf(transducer.radius_m):
        return np.zeros_like(x_m)
    return np.sqrt(np.maximum(transducer.radius_m**2 - x_m**2, 1e-9)) - transducer.radius_m


def _superellipse(exponent: float) -> npt.NDArray[np.float64]:
    """(_AROUND, 2) outline of a unit superellipse."""
    angle = np.arange(_AROUND) * (2.0 * math.pi / _AROUND)
    c, s = np.cos(angle), np.sin(angle)
    return np.stack([np.sign(c) * np.abs(c) ** (2.0 / exponent), np.sign(s) * np.abs(s) ** (2.0 / exponent)], axis=-1)


def _rings_to_mesh(
    rings: list[npt.NDArray[np.float64]], colours: list[tuple[float, float, float]], gloss: float
) -> Mesh:
    """Join rings (each (_AROUND, 3)) into a tube with smooth normals."""
    points = np.stack(rings)  # (rings, around, 3)
    around = np.roll(points, -1, axis=1) - np.roll(points, 1, axis=1)
    along = np.gradient(points, axis=0)
    normals = normalized(np.cross(around, along))
    outward = points - points.mean(axis=1, keepdims=True)
    normals = np.where(np.sum(normals * outward, axis=-1, keepdims=True) < 0.0, -normals, normals)
    n, m = points.shape[:2]
    colour = np.repeat(np.array(colours)[:, None, :], m, axis=1)
    shine = np.full((n, m, 1), gloss)
    vertices = np.concatenate([points, normals, colour, shine], axis=-1).reshape(-1, 10)
    i, j = np.meshgrid(np.arange(n - 1), np.arange(m), indexing="ij")
    k = (j + 1) % m
    a, b, c, d = i * m + j, i * m + k, (i + 1) * m + j, (i + 1) * m + k
    faces = np.stack([np.stack([a, b, c], -1), np.stack([b, d, c], -1)]).reshape(-1, 3)
    return vertices.astype(np.float32), faces.astype(np.uint32)


def probe_mesh(transducer: Transducer) -> Mesh:
    """The probe in its own frame: face at the origin, handle along -z, marker on the +x side. Metres."""
    convex = not math.isinf(transducer.radius_m)
    half_angle = 0.5 * transducer.field_of_view_rad
    half = transducer.radius_m * math.sin(half_angle) if convex else 0.5 * transducer.arc_m
    sections = _SECTIONS[transducer.key]
    rings, colours = [], []
    # The lens first: rings that shrink to the middle line of the face.
    for share in (0.02, 0.5, 0.85):
        outline = _superellipse(sections[0][3]) * np.array([half * share, sections[0][2] * MM * share])
        bulge = 1.5 * MM * (1.0 - share * share)
        z = _face_z_m(transducer, outline[:, 0]) + bulge * 0.0
        rings.append(np.stack([outline[:, 0], outline[:, 1], z], axis=-1))
        colours.append(_LENS)
    for distance_mm, width, thickness_mm, exponent, colour in sections:
        outline = _superellipse(exponent) * np.array([half * width, thickness_mm * MM])
        flatten = max(0.0, 1.0 - distance_mm / 45.0)  # the arc of the face fades along the handle
        z = _face_z_m(transducer, np.clip(outline[:, 0], -half, half)) * flatten - distance_mm * MM
        z -= (1.0 - flatten) * abs(float(_face_z_m(transducer, np.array([half]))[0]))
        rings.append(np.stack([outline[:, 0], outline[:, 1], z], axis=-1))
        colours.append(colour)
    parts = [_rings_to_mesh(rings, colours, 0.5)]
    tail = float(rings[-1][:, 2].mean())
    cable = [
        np.stack(
            [
                0.0035 * np.cos(np.arange(_AROUND) * 2.0 * math.pi / _AROUND) + 0.03 * t * t,
                0.0035 * np.sin(np.arange(_AROUND) * 2.0 * math.pi / _AROUND) - 0.015 * t * t,
                np.full(_AROUND, tail + 0.002 - 0.13 * t),
            ],
            axis=-1,
        )
        for t in np.linspace(0.0, 1.0, 9)
    ]
    parts.append(_rings_to_mesh(cable, [_CABLE] * len(cable), 0.2))
    parts.append(
        _marker(half * sections[3][1], 11.0 * MM + abs(float(_face_z_m(transducer, np.array([half]))[0])) * 0.75)
    )
    return _joined(parts)


def _marker(x_m: float, behind_m: float) -> Mesh:
    """The marker: a bright half-bead on the +x side."""
    rings = []
    for t in np.linspace(0.02, 1.0, 7):
        radius = 4.0 * MM * math.sin(0.5 * math.pi * t)
        angle = np.arange(_AROUND) * (2.0 * math.pi / _AROUND)
        out = 3.2 * MM * math.cos(0.5 * math.pi * t)
        rings.append(np.stack([np.full(_AROUND, x_m - 0.6 * MM + out), radius * np.cos(angle),
                               -behind_m + 1.5 * radius * np.sin(angle)], axis=-1))  # fmt: skip
    return _rings_to_mesh(rings, [_MARKER] * len(rings), 2.0)


def _joined(parts: list[Mesh]) -> Mesh:
    """Several meshes as one."""
    vertices, faces, base = [], [], 0
    for v, f in parts:
        vertices.append(v)
        faces.append(f + np.uint32(base))
        base += len(v)
    return np.concatenate(vertices), np.concatenate(faces)
