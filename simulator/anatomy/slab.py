"""A flat test body: horizontal layers under a flat skin, so that every depth is known exactly.

The second implementation of a baked body, for tests of image formation and truth. The skin is the plane y = 0 and the
probe looks along -y; layers are listed from the skin down.
"""

from __future__ import annotations

import numpy as np

from simulator.anatomy.body import CHANNELS, TEXTURES, Body, Habitus
from simulator.geometry import Grid
from simulator.units import MM

FAR_M = 0.06


def slab_body(
    fat_m: float = 0.008,
    pleura_m: float = 0.020,
    rib_centres_z_m: tuple[float, ...] = (),
    rib_radius_m: float = 0.006,
    rib_depth_m: float = 0.014,
    rib_is_cartilage: bool = False,
    liver_below_m: float | None = None,
    spacing_m: float = 2.0 * MM,
    depth_m: float = 0.16,
    half_width_m: float = 0.08,
    comets: float = 0.0,
) -> Body:
    """A slab: skin at y = 0, muscle below `fat_m`, pleura at `pleura_m`, ribs (or costal cartilages) along x.

    With `liver_below_m` everything deeper than that is liver and there is no lung. All lengths in metres.
    """
    n = round(2.0 * half_width_m / spacing_m) + 1
    ny = round((depth_m + 0.02) / spacing_m) + 1
    grid = Grid((-half_width_m, -depth_m, -half_width_m), spacing_m, (n, ny, n))
    _, y, z = grid.axes_m()
    depth = np.broadcast_to(-y[None, :, None], grid.shape).astype(np.float32)
    far = np.full(grid.shape, FAR_M, dtype=np.float32)
    fields = {name: far for name in CHANNELS}
    fields["skin"] = -depth
    fields["muscle"] = fat_m - depth
    fields["pleura"] = (liver_below_m if liver_below_m is not None else pleura_m) - depth
    if rib_centres_z_m:
        zz = z[:, None, None]
        fields["cartilage" if rib_is_cartilage else "bone"] = np.broadcast_to(
            np.min([np.hypot(zz - c, depth - rib_depth_m) - rib_radius_m for c in rib_centres_z_m], axis=0), grid.shape
        )
    if liver_below_m is not None:
        fields["diaphragm"] = -far
        fields["liver"] = -far
    textures = {t: np.full((*grid.shape, 4), FAR_M, dtype=np.float16) for t in TEXTURES}
    for name, (texture, index) in CHANNELS.items():
        textures[texture][..., index] = np.clip(fields[name], -FAR_M, FAR_M)
    return Body(
        habitus=Habitus("female", 30.0, 1.70, 62.0), grid=grid, axis_y_m=-0.10, notch_to_rib10_m=0.29, vessels=0.0,
        comets=comets, one_muscle=True,
        content_hash=f"slab-{fat_m}-{pleura_m}-{rib_centres_z_m}-{rib_is_cartilage}-{liver_below_m}",
        wall=textures["wall"], thorax=textures["thorax"], organs=textures["organs"],
    )  # fmt: skip
