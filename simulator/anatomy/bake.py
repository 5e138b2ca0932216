"""From who the patient is to a baked body: every structure as a signed distance on one grid.

Postures: the diaphragm stands lower when the patient sits up; lying on a side, the dependent dome stands higher (see
diaphragm.py) and the heart's apex sinks that way (see organs.py). The shape of the chest wall is the same in all, with
the arms forward.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable

import numpy as np
from scipy import ndimage

from simulator.anatomy.body import CHANNELS, TEXTURES, Body, Habitus
from simulator.anatomy.cage import Cage, build_cage
from simulator.anatomy.diaphragm import POSTURE_DROP_M, Diaphragm, build_diaphragm
from simulator.anatomy.dimensions import dimensions
from simulator.anatomy.filling import fitting_dome
from simulator.anatomy.girdle import PLATE_HALF_M, clavicles, scapula_maps
from simulator.anatomy.landmarks import find_landmarks
from simulator.anatomy.organs import APEX_SHIFT_M, abdominal_distances, heart_distance, mediastinum_distance
from simulator.anatomy.polar import AZIMUTHS, Array, PolarSurface
from simulator.anatomy.ribs import RibCage, build_ribs
from simulator.anatomy.spine import bulge_distance, spine_distance
from simulator.anatomy.torso import build_torso
from simulator.anatomy.tubes import Tube, tubes_distance
from simulator.anatomy.vessels import CURVE, build_vessels, unite_vessels
from simulator.geometry import Grid
from simulator.messages import _
from simulator.units import MM

FAR_M = 0.06  # signed distances are clipped to +- this
SPACING_M = 2.0 * MM
ABOVE_NOTCH_M = 50.0 * MM
BELOW_RIB10_M = 80.0 * MM
MARGIN_M = 10.0 * MM  # of air around the skin
BONE_REACH_M = 16.0 * MM  # within which the distance to bone is exact; beyond, from a coarse grid
PLEURA_CLEAR_M = 0.8 * MM  # the pleura gives way where a bone's end would touch it [P]
MOST_VOXELS = 9_600_000  # 230 MB of a body's textures, which with those of its findings stay below 300
SPACING_STEP_M = 0.05 * MM  # in which the spacing of larger bodies grows
DOME_NEAR_M = 14.0 * MM  # within which the distance to the dome is taken at its foot
COARSE = 5  # coarse voxels are this many fine ones

Field = Array
Progress = Callable[[str, float], None]


def bake_body(habitus: Habitus, posture: str = "supine", progress: Progress | None = None) -> Body:
    """Bake a body; `progress` is told what is being done and the share done (0..1)."""
    if posture not in POSTURE_DROP_M:
        raise ValueError(f"posture is {posture!r}, must be one of {sorted(POSTURE_DROP_M)}")
    tell = progress or (lambda what, share: None)
    tell(_("chest wall"), 0.0)
    length = dimensions(habitus).notch_to_rib10_m
    spacing = SPACING_M
    cage, skin, muscle, grid = _shell(habitus, spacing)
    voxels = math.prod(grid.shape)
    if voxels > MOST_VOXELS:
        spacing = SPACING_STEP_M * math.ceil(spacing * (voxels / MOST_VOXELS) ** (1.0 / 3.0) / SPACING_STEP_M)
        cage, skin, muscle, grid = _shell(habitus, spacing)
    ribs = build_ribs(cage)
    dome = build_diaphragm(cage, ribs, posture, fitting_dome(cage, ribs))
    textures = {t: np.empty((*grid.shape, 4), dtype=np.float16) for t in TEXTURES}

    def put(name: str, values: Field) -> None:
        texture, index = CHANNELS[name]
        np.clip(values, -FAR_M, FAR_M, out=values)
        textures[texture][..., index] = values

    x1, y1, z1 = grid.axes_m()
    x, y, z = x1[None, None, :], y1[None, :, None], z1[:, None, None]
    put("skin", skin.distance_on(grid))
    put("muscle", muscle.distance_on(grid))
    tell(_("lungs and diaphragm"), 0.15)
    wall = cage.surface.distance_on(grid)
    np.maximum(wall, (z - np.float32(cage.apex_z_m)), out=wall)
    pleura = np.maximum(wall, -bulge_distance(cage, x, y, z)).astype(np.float32)
    diaphragm = diaphragm_distance(dome, x1, y1, z1)
    tell(_("ribs"), 0.3)
    bone, cartilage, clavicle = bones(cage, ribs, skin, muscle, grid, wall)
    np.maximum(pleura, np.float32(PLEURA_CLEAR_M) - bone, out=pleura)
    put("bone", bone)
    put("cartilage", cartilage)
    del bone, cartilage, wall
    tell(_("organs"), 0.6)
    heart = heart_distance(cage, dome.dome.rise_m, x, y, z, APEX_SHIFT_M.get(posture, 0.0))
    put("mediastinum", mediastinum_distance(cage, x, y, z, heart))
    put("heart", heart)
    for name, field in abdominal_distances(cage, ribs, dome, x, y, z, pleura, diaphragm).items():
        put(name, field)
    put("pleura", pleura)
    put("diaphragm", diaphragm)
    vessels = build_vessels(cage, skin, muscle)
    unite_vessels(vessels, grid, textures)
    tell(_("landmarks"), 0.95)
    tubes = {f"rib_{k}": t for k, t in ribs.ribs.items()} | {f"cartilage_{k}": t for k, t in ribs.cartilages.items()}
    tubes |= {f"clavicle_{k}": t for k, t in clavicle.items()} | {"sternum": ribs.sternum}
    tubes |= {CURVE + k: t for k, t in vessels.items()}
    curves = {name: tube.centre_m.astype(np.float32) for name, tube in tubes.items()}
    digest = hashlib.sha256(repr((habitus, posture, grid)).encode())
    for texture in TEXTURES:
        digest.update(textures[texture].tobytes())
    tell(_("done"), 1.0)
    return Body(
        habitus=habitus, grid=grid, wall=textures["wall"], thorax=textures["thorax"], organs=textures["organs"],
        axis_y_m=skin.axis_y_m, notch_to_rib10_m=length, curves=curves,
        landmarks=find_landmarks(cage, ribs, skin, dome), content_hash=digest.hexdigest(),
    )  # fmt: skip


def _shell(habitus: Habitus, spacing_m: float) -> tuple[Cage, PolarSurface, PolarSurface, Grid]:
    """Inner wall, skin, border of fat and muscle, and the grid around them, with rows `spacing_m` apart."""
    height = ABOVE_NOTCH_M + dimensions(habitus).notch_to_rib10_m + BELOW_RIB10_M
    z_m = ABOVE_NOTCH_M - spacing_m * np.arange(round(height / spacing_m), -1, -1)
    cage = build_cage(habitus, z_m)
    skin, muscle = build_torso(cage)
    return cage, skin, muscle, grid_around(skin, spacing_m)


def grid_around(skin: PolarSurface, spacing_m: float = SPACING_M) -> Grid:
    """The grid that holds a skin, with the table's rows as its heights."""
    azimuth = np.linspace(-np.pi, np.pi, AZIMUTHS, endpoint=False)
    x = skin.radius_m * np.sin(azimuth)
    y = skin.axis_y_m + skin.radius_m * np.cos(azimuth)
    half = spacing_m * np.ceil((x.max() + MARGIN_M) / spacing_m)
    y0 = spacing_m * np.floor((y.min() - MARGIN_M) / spacing_m)
    ny = int(np.ceil((y.max() + MARGIN_M - y0) / spacing_m)) + 1
    nx = 2 * round(half / spacing_m) + 1
    return Grid((float(-half), float(y0), float(skin.z_m[0])), spacing_m, (len(skin.z_m), ny, nx))


def diaphragm_distance(dome: Diaphragm, x1: Field, y1: Field, z1: Field) -> Field:
    """Signed distance to the dome, (nz, ny, nx): height over it divided by the length of its gradient.

    Near the dome the plane that touches it at the foot of the point is taken, for it bends sharply before the wall.
    """
    xx, yy = np.meshgrid(x1.astype(float), y1.astype(float))
    height = dome.height(xx, yy)
    by_y, by_x = (np.asarray(g) for g in np.gradient(height, y1.astype(float), x1.astype(float)))
    gain = 1.0 / np.sqrt(1.0 + by_x**2 + by_y**2)
    low: Field = ((z1[:, None, None] - height[None]) * gain[None]).astype(np.float32)
    k, j, i = np.nonzero(np.abs(low) < DOME_NEAR_M)
    down = low[k, j, i] * gain[j, i]
    step = down * np.stack([by_y[j, i], by_x[j, i]])  # to the foot, metres
    spacing = float(x1[1] - x1[0])
    foot = np.stack([j, i]) + step / spacing
    foot_z, foot_y, foot_x = (
        ndimage.map_coordinates(v, foot, order=1, mode="nearest")  # type: ignore[attr-defined]
        for v in (height, by_y, by_x)
    )
    plane = z1[k] - foot_z + foot_y * step[0] + foot_x * step[1]
    low[k, j, i] = plane / np.sqrt(1.0 + foot_y**2 + foot_x**2)
    return low


def bones(
    cage: Cage, ribs: RibCage, skin: PolarSurface, muscle: PolarSurface, grid: Grid, wall: Field
) -> tuple[Field, Field, dict[str, Tube]]:
    """Signed distances to bone and to cartilage, and the clavicles; `wall` is the distance to the inner cage."""
    x1, y1, z1 = grid.axes_m()
    collar = clavicles(cage, skin)
    rods = [*ribs.ribs.values(), ribs.sternum, *collar.values()]
    bone = _rods_on(grid, rods, wall)
    cartilage = _rods_on(grid, list(ribs.cartilages.values()), wall)

    outline, offset = scapula_maps(cage, muscle)
    xx, yy = np.meshgrid(x1.astype(float), y1.astype(float) - cage.surface.axis_y_m)
    column = np.round((np.arctan2(xx, yy) + np.pi) * (AZIMUTHS / (2.0 * np.pi))).astype(np.intp) % AZIMUTHS
    for k in np.flatnonzero(outline.min(axis=1) < BONE_REACH_M):
        edge, off = outline[k][column], offset[k][column]
        plate = np.maximum(edge, np.abs(wall[k] - off) - PLATE_HALF_M)
        bone[k] = np.minimum(bone[k], plate.astype(np.float32))

    near = np.abs(x1) < 0.06
    columns = np.flatnonzero(near)
    left, right = columns[0], columns[-1] + 1
    back = skin.axis_y_m - skin.radius_m[:, 0]
    spine = spine_distance(
        cage, x1[None, None, left:right], y1[None, :, None], z1[:, None, None], back[:, None, None]
    ).astype(np.float32)
    bone[:, :, left:right] = np.minimum(bone[:, :, left:right], spine)
    return bone, cartilage, collar


def _rods_on(grid: Grid, rods: list[Tube], wall: Field) -> Field:
    """Signed distance to rods on the whole grid: exact near them, from a coarse grid elsewhere."""
    x1, y1, z1 = grid.axes_m()
    coarse = [np.linspace(a[0], a[-1], max(2, -(-len(a) // COARSE))) for a in (z1, y1, x1)]
    zz, yy, xx = np.meshgrid(*coarse, indexing="ij")
    rough = tubes_distance(rods, np.stack([xx.ravel(), yy.ravel(), zz.ravel()], axis=1), FAR_M).reshape(zz.shape)
    factors = [n / m for n, m in zip(grid.shape, zz.shape, strict=True)]
    out: Field = ndimage.zoom(rough.astype(np.float32), factors, order=1)  # type: ignore[attr-defined]
    k, j, i = np.nonzero(out < BONE_REACH_M)
    points = np.stack([x1[i], y1[j], z1[k]], axis=1).astype(np.float64)
    out[k, j, i] = tubes_distance(rods, points, FAR_M)
    return out
