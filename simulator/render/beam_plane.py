"""The plane of the beam in the 3D view, with the image on it where there is one. Needs OpenGL 3.3."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import moderngl
import numpy as np
import numpy.typing as npt

from simulator.geometry import Placement
from simulator.probe import Transducer
from simulator.render.sector import ImageGeometry, sector_shape

_ACROSS, _DOWN = 33, 17  # vertices of the strip of quads


@lru_cache(maxsize=4)  # it is asked for whenever the probe is drawn, and changes with the knobs alone
def sector_sheet(
    transducer: Transducer, depth_m: float, geometry: ImageGeometry | None
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.uint32]]:
    """The sector to `depth_m`: (n, 5) x, z in metres, u, v in the image, edge 0..1; (m, 3) triangles.

    u and v leave 0..1 where the image shows a part of the sector only (zoom).
    """
    share = np.linspace(-1.0, 1.0, _ACROSS)
    shape = sector_shape(transducer, depth_m, geometry.arc_m if geometry else transducer.span_m)
    top, bottom = shape.on_line(share * shape.arc_m / 2.0, np.array([[0.0], [depth_m]]))
    rows = np.linspace(0.0, 1.0, _DOWN)[:, None, None]
    plane = (top + rows * (bottom - top)).reshape(-1, 2)
    uv = geometry.to_pixel(plane) / np.array(geometry.size_px) if geometry else np.zeros_like(plane)
    edge = np.maximum(np.abs(share)[None, :], np.abs(2.0 * rows[:, :, 0] - 1.0)).reshape(-1, 1)
    i, j = np.meshgrid(np.arange(_DOWN - 1), np.arange(_ACROSS - 1), indexing="ij")
    a = i * _ACROSS + j
    faces = np.stack([np.stack([a, a + 1, a + _ACROSS], -1), np.stack([a + 1, a + _ACROSS + 1, a + _ACROSS], -1)])
    return np.concatenate([plane, uv, edge], axis=1).astype(np.float32), faces.reshape(-1, 3).astype(np.uint32)


class BeamPlane:
    """Draws the sector of a transducer where it is."""

    def __init__(self, ctx: moderngl.Context, program: moderngl.Program) -> None:
        """`program` is made of `shaders/torso/fan`; matrices that all solids share are set by the caller."""
        self._ctx, self._program = ctx, program
        self._blank = ctx.texture((1, 1), 1, b"\0")
        self._arrays: dict[Any, moderngl.VertexArray] = {}

    def draw(
        self, placement: Placement, transducer: Transducer, depth_m: float, opacity: float, image: Any = None,
        geometry: ImageGeometry | None = None,
    ) -> None:  # fmt: skip
        """One plane; `image` is the ultrasound texture, `geometry` says where things are in it."""
        pose = placement.torso_from_probe()
        pose[:3, 3] -= pose[:3, 2] * placement.lift_m
        matrix: Any = self._program["u_torso_from_model"]
        matrix.write(pose.T.astype(np.float32).tobytes())
        self._program["u_has_image"] = 1.0 if image is not None else 0.0
        self._program["u_image"] = 0
        self._program["u_opacity"] = opacity
        (image if image is not None else self._blank).use(0)
        self._array(transducer, depth_m, geometry).render()

    def _array(self, transducer: Transducer, depth_m: float, geometry: ImageGeometry | None) -> moderngl.VertexArray:
        stamp = (transducer.key, depth_m, geometry)
        if stamp not in self._arrays:
            while len(self._arrays) > 1:  # that of the image and that of an empty plane are enough
                self._arrays.pop(next(iter(self._arrays))).release()
            data, faces = sector_sheet(transducer, depth_m, geometry)
            self._arrays[stamp] = self._ctx.vertex_array(
                self._program,
                [(self._ctx.buffer(data.tobytes()), "2f 2f 1f", "in_xz_m", "in_uv", "in_edge")],
                self._ctx.buffer(faces.tobytes()),
            )
        return self._arrays[stamp]
