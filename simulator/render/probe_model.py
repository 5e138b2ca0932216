"""The probe as a solid: a housing lofted from rounded sections, the lens, the marker and a stub of cable. No OpenGL."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.geometry import normalized
from simulator.probe import Transducer
from simulator.units import MM

Mesh = tuple[npt.NDArray[np.float32], npt.NDArray[np.uint32]]  # (n, 10) position, normal, colour, gloss; (m, 3)

_AROUND = 40
_ANGLES = np.arange(_AROUND) * (2.0 * math.pi / _AROUND)
_HOUSING = (0.80, 0.83, 0.86)
_GRIP = (0.46, 0.50, 0.55)
_LENS = (0.10, 0.11, 0.13)
_MARKER = (0.16, 0.85, 0.95)
_CABLE = (0.20, 0.22, 0.25)
# Along the handle from the rim of the face, the same for each probe: lens, housing, grip, housing, the cable's sleeve.
_COLOURS = 2 * (_LENS,) + 5 * (_HOUSING,) + 2 * (_GRIP,) + 4 * (_HOUSING,) + 2 * (_GRIP,)


@dataclass(frozen=True)
class _Sections:
    """Sections of the handle, one a colour: how far from the rim, its two half sizes, how square its corners are."""

    distance_mm: tuple[float, ...]
    width: tuple[float, ...]  # half of it, as a share of the face's half
    thickness_mm: tuple[float, ...]  # half of it
    exponent: tuple[float, ...]  # of the superellipse


_SECTIONS = {
    "convex": _Sections(
        (0.0, 2.0, 2.1, 10.0, 24.0, 38.0, 50.0, 50.1, 56.0, 56.1, 80.0, 104.0, 114.0, 118.0, 132.0),
        (1.0, 1.03, 1.06, 1.08, 1.02, 0.8, 0.62, 0.63, 0.58, 0.57, 0.52, 0.48, 0.38, 0.24, 0.15),
        (8.5, 9.5, 10.5, 12.0, 13.0, 13.5, 13.5, 13.8, 13.8, 13.5, 13.0, 12.5, 10.5, 7.0, 4.5),
        (3.0, 3.0, 3.0, 2.8, 2.6, 2.5, 2.4, 2.4, 2.4, 2.4, 2.3, 2.2, 2.1, 2.0, 2.0),
    ),
    "linear": _Sections(
        (0.0, 2.0, 2.1, 14.0, 28.0, 42.0, 48.0, 48.1, 54.0, 54.1, 80.0, 98.0, 107.0, 111.0, 125.0),
        (1.0, 1.04, 1.08, 1.1, 0.98, 0.8, 0.78, 0.8, 0.76, 0.74, 0.72, 0.66, 0.52, 0.34, 0.22),
        (5.5, 6.5, 7.5, 9.5, 11.0, 11.5, 11.5, 11.8, 11.8, 11.5, 11.5, 11.0, 9.0, 6.5, 4.2),
        (4.0, 4.0, 3.6, 3.2, 2.8, 2.6, 2.5, 2.5, 2.5, 2.5, 2.4, 2.3, 2.1, 2.0, 2.0),
    ),
    "micro_convex": _Sections(
        (0.0, 1.5, 1.6, 8.0, 18.0, 34.0, 44.0, 44.1, 50.0, 50.1, 76.0, 98.0, 107.0, 111.0, 124.0),
        (1.0, 1.05, 1.12, 1.2, 1.28, 1.36, 1.38, 1.42, 1.42, 1.38, 1.3, 1.16, 0.9, 0.6, 0.42),
        (5.5, 6.5, 7.5, 9.0, 10.5, 12.0, 12.5, 12.8, 12.8, 12.5, 12.0, 11.0, 9.0, 6.2, 4.2),
        (3.0, 3.0, 2.8, 2.6, 2.5, 2.4, 2.4, 2.4, 2.4, 2.4, 2.3, 2.2, 2.1, 2.0, 2.0),
    ),
    "phased": _Sections(
        (0.0, 1.5, 1.6, 10.0, 22.0, 38.0, 46.0, 46.1, 52.0, 52.1, 80.0, 100.0, 109.0, 113.0, 126.0),
        (1.0, 1.06, 1.16, 1.28, 1.42, 1.52, 1.54, 1.58, 1.56, 1.52, 1.4, 1.25, 0.95, 0.62, 0.42),
        (7.5, 8.5, 9.5, 11.0, 12.5, 13.5, 13.8, 14.1, 14.0, 13.6, 12.8, 11.5, 9.2, 6.4, 4.2),
        (3.6, 3.6, 3.4, 3.2, 3.0, 2.8, 2.7, 2.7, 2.7, 2.7, 2.5, 2.3, 2.1, 2.0, 2.0),
    ),
}


def _face_z_m(transducer: Transducer, x_m: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """z of the probe face at x: 0 in the middle, behind it (negative) at the ends of a convex array."""
    if math.isinf(transducer.radius_m):
        return np.zeros_like(x_m)
    return np.sqrt(np.maximum(transducer.radius_m**2 - x_m**2, 1e-9)) - transducer.radius_m


def _superellipse(exponent: float) -> npt.NDArray[np.float64]:
    """(_AROUND, 2) outline of a unit superellipse."""
    c, s = np.cos(_ANGLES), np.sin(_ANGLES)
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
    sag_m = abs(float(_face_z_m(transducer, np.array([half]))[0]))  # of the face's ends behind its middle
    sections = _SECTIONS[transducer.key]
    rings, colours = [], []
    # The lens first: rings that shrink to the middle line of the face.
    for share in (0.02, 0.5, 0.85):
        outline = _superellipse(sections.exponent[0]) * np.array([half * share, sections.thickness_mm[0] * MM * share])
        z = _face_z_m(transducer, outline[:, 0])
        rings.append(np.stack([outline[:, 0], outline[:, 1], z], axis=-1))
        colours.append(_LENS)
    along = (sections.distance_mm, sections.width, sections.thickness_mm, sections.exponent, _COLOURS)
    for distance_mm, width, thickness_mm, exponent, colour in zip(*along, strict=True):
        outline = _superellipse(exponent) * np.array([half * width, thickness_mm * MM])
        flatten = max(0.0, 1.0 - distance_mm / 45.0)  # the arc of the face fades along the handle
        z = _face_z_m(transducer, np.clip(outline[:, 0], -half, half)) * flatten - distance_mm * MM
        z -= (1.0 - flatten) * sag_m
        rings.append(np.stack([outline[:, 0], outline[:, 1], z], axis=-1))
        colours.append(colour)
    parts = [_rings_to_mesh(rings, colours, 0.5)]
    tail = float(rings[-1][:, 2].mean())
    cable = [
        np.stack(
            [
                0.0035 * np.cos(_ANGLES) + 0.03 * t * t,
                0.0035 * np.sin(_ANGLES) - 0.015 * t * t,
                np.full(_AROUND, tail + 0.002 - 0.13 * t),
            ],
            axis=-1,
        )
        for t in np.linspace(0.0, 1.0, 9)
    ]
    parts.append(_rings_to_mesh(cable, [_CABLE] * len(cable), 0.2))
    parts.append(_marker(half * sections.width[3], 11.0 * MM + 0.75 * sag_m))
    return _joined(parts)


def _marker(x_m: float, behind_m: float) -> Mesh:
    """The marker: a bright half-bead on the +x side."""
    rings = []
    for t in np.linspace(0.02, 1.0, 7):
        radius = 4.0 * MM * math.sin(0.5 * math.pi * t)
        out = 3.2 * MM * math.cos(0.5 * math.pi * t)
        rings.append(np.stack([np.full(_AROUND, x_m - 0.6 * MM + out), radius * np.cos(_ANGLES),
                               -behind_m + 1.5 * radius * np.sin(_ANGLES)], axis=-1))  # fmt: skip
    return _rings_to_mesh(rings, [_MARKER] * len(rings), 2.0)


def _joined(parts: list[Mesh]) -> Mesh:
    """Several meshes as one."""
    vertices, faces, base = [], [], 0
    for v, f in parts:
        vertices.append(v)
        faces.append(f + np.uint32(base))
        base += len(v)
    return np.concatenate(vertices), np.concatenate(faces)
