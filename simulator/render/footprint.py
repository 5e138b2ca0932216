"""Where a probe's face stands on the skin: its outline, and a bar on the marker's side. No OpenGL."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from simulator.probe import Transducer
from simulator.units import MM

_AROUND = 64
_MARGIN_M = 5.0 * MM  # outside the face, so that the housing does not hide it ([P])
_BREADTH_M = 1.4 * MM  # of the outline ([P])
_ABOVE_M = 2.0 * MM  # over the skin, so that it does not drown in it ([P])
_BAR_M = 5.0 * MM  # how far the bar of the marker stands out ([P])
_EXPONENT = 4.0  # a rounded rectangle
_OUTLINE, _MARKER = (0.72, 0.95, 1.0), (0.10, 0.90, 1.0)  # the marker in the colour of the bead on the housing
_GLOWS = 2.0


def half_size_m(transducer: Transducer) -> tuple[float, float]:
    """Half the length (along the array) and half the breadth of the face."""
    flat = math.isinf(transducer.radius_m)
    half = 0.5 * transducer.arc_m if flat else transducer.radius_m * math.sin(0.5 * transducer.field_of_view_rad)
    return half, 0.5 * transducer.elevation_aperture_m


def footprint_mesh(transducer: Transducer) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.uint32]]:
    """In the probe's own frame: (n, 10) position, normal, colour, gloss; (m, 3) triangles. The marker is at +x."""
    half_x, half_y = half_size_m(transducer)
    angle = np.arange(_AROUND) * (2.0 * math.pi / _AROUND)
    c, s = np.cos(angle), np.sin(angle)
    shape = np.stack([np.sign(c) * np.abs(c) ** (2.0 / _EXPONENT), np.sign(s) * np.abs(s) ** (2.0 / _EXPONENT)], -1)
    size = np.array([half_x, half_y])
    rings = [shape * (size + _MARGIN_M + out) for out in (0.0, _BREADTH_M)]
    k = np.arange(_AROUND)
    faces = [_strip(k, (k + 1) % _AROUND, _AROUND + k, _AROUND + (k + 1) % _AROUND)]
    colours = [np.broadcast_to(_OUTLINE, (2 * _AROUND, 3))]
    # The bar: the marked end of the outline again, broader, in the colour of the marker.
    share = np.linspace(-0.8, 0.8, 9)
    x = half_x + _MARGIN_M + _BREADTH_M
    y = share * (half_y + _MARGIN_M)
    bar = [np.stack([np.full_like(y, x + out), y], -1) for out in (0.0, _BAR_M)]
    i = 2 * _AROUND + np.arange(len(share) - 1)
    faces.append(_strip(i, i + 1, i + len(share), i + len(share) + 1))
    colours.append(np.broadcast_to(_MARKER, (2 * len(share), 3)))
    plane = np.concatenate([*rings, *bar])
    n = len(plane)
    vertices = np.concatenate(
        [plane, np.full((n, 1), -_ABOVE_M), np.tile([0.0, 0.0, -1.0], (n, 1)), np.concatenate(colours),
         np.full((n, 1), _GLOWS)],
        axis=1,
    )  # fmt: skip
    return vertices.astype(np.float32), np.concatenate(faces).astype(np.uint32)


def _strip(a: npt.NDArray[np.int_], b: npt.NDArray[np.int_], c: npt.NDArray[np.int_], d: npt.NDArray[np.int_]) -> (
    npt.NDArray[np.int_]
):  # fmt: skip
    """Two triangles for each quad a b d c."""
    return np.concatenate([np.stack([a, b, c], -1), np.stack([b, d, c], -1)])
