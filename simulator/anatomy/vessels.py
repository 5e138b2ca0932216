"""Where are the great vessels near the suprasternal notch, and the trachea behind them?

Tubes through points of the reference man, scaled with the cage: arch of the aorta and its branches, the veins that
make the superior vena cava, the trachea down to its fork. They share three channels with organs of the abdomen, from
which the resting dome parts them (`body.VESSELS`). Where lung, bone or skin leaves less room, they are narrower.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.interpolate import CubicSpline
from scipy.spatial import KDTree

from simulator.anatomy.body import CHANNELS, VESSELS, Body
from simulator.anatomy.cage import Cage
from simulator.anatomy.dimensions import REFERENCE_NOTCH_TO_RIB10_M
from simulator.anatomy.polar import Array, PolarSurface
from simulator.anatomy.tubes import Tube, make_tube, tubes_distance
from simulator.geometry import FloatArray, Grid
from simulator.units import MM

CLEAR_OF_LUNG_M = 1.3 * MM  # wall, pleura and what an artery widens by in systole [P]
CLEAR_OF_BONE_M = 1.5 * MM  # [P]
CLEAR_OF_FAT_M = 1.0 * MM  # a thin muscle over the vessels of the neck [P]
CLEAR_OF_SKIN_M = 6.0 * MM  # skin and platysma [P]
CLEAR_OF_DOME_M = 4.0 * MM  # [P]
CLEAR_OF_EACH_OTHER_M = 1.2 * MM  # two walls [P]
NECK_SLOPE = 1.35  # along a radius, depth under the sloping neck is so much more than square to it [P]
MOST_DEEPER_M = 7.0 * MM  # that vessels of the neck give way to its fat; where that is thicker they lie in it [P]
REACH_M = 16.0 * MM  # from a wall within which its distance is kept
STEPS = 60  # of the smooth course through the points

Point = tuple[float, float, float]


@dataclass(frozen=True)
class Vessel:
    """One tube of the reference man: `channel` of VESSELS; points of its course and its diameter at each, mm.

    `flat` is its thickness over its height, the thickness along `axis`, as soft veins are flattened.
    """

    channel: str
    course_mm: tuple[Point, ...]
    diameters_mm: tuple[float, ...]
    flat: float = 1.0
    axis: Point = (1.0, 0.0, 0.0)


def _mirrored(points: tuple[Point, ...]) -> tuple[Point, ...]:
    return tuple((-x, y, z) for x, y, z in points)


_CAROTID = ((18.0, -32.0, 17.0), (22.0, -37.0, 28.0), (24.0, -45.0, 42.0), (24.0, -47.0, 60.0))
_BEYOND_SCALENE = ((29.0, -52.0, 26.0), (44.0, -57.0, 29.0), (58.0, -59.0, 25.0))  # over the pleura to rib 1
_JUGULAR = ((26.0, -24.0, 9.0), (34.0, -31.0, 19.0), (43.0, -42.0, 36.0), (42.0, -45.0, 60.0))
_SUBCLAVIAN_VEIN = ((26.0, -24.0, 9.0), (42.0, -26.0, 12.0), (60.0, -32.0, 13.0))

# Courses: the arch behind the lower half of the manubrium, its top 25 mm below the notch, its ends at the sternal
# angle; the veins join behind the sternoclavicular joints and, behind the first right cartilage, with each other; the
# trachea forks at the sternal angle [B]. Diameters: aorta 30, 27 and 25 mm, brachiocephalic artery 11, common carotid
# 7, subclavian 9, superior vena cava 18, brachiocephalic veins 11-12, jugular 11, subclavian vein 10, trachea 17 [B].
REFERENCE: dict[str, Vessel] = {
    "trachea": Vessel(
        "trachea",
        ((0.0, -49.0, 60.0), (0.0, -49.0, 30.0), (1.0, -66.0, 0.0), (4.0, -76.0, -28.0), (3.0, -83.0, -48.0)),
        (17.0, 17.0, 17.0, 16.5, 16.5),
    ),
    "aorta": Vessel(
        "artery",
        ((-8.0, -42.0, -86.0), (-4.0, -40.0, -62.0), (-3.0, -43.0, -46.0), (-6.0, -53.0, -37.0), (-15.0, -66.0, -36.0),
         (-20.0, -78.0, -40.0), (-20.0, -94.0, -54.0), (-18.0, -107.0, -78.0), (-16.0, -113.0, -105.0)),
        (30.0, 30.0, 29.0, 27.0, 26.0, 25.5, 25.0, 25.0, 24.0),
    ),
    "brachiocephalic_artery": Vessel(
        "artery",
        ((-3.0, -51.0, -32.0), (1.0, -51.0, -13.0), (3.5, -46.0, 0.0), (4.5, -38.5, 8.0), (18.0, -32.0, 17.0)),
        (13.0, 11.5, 11.0, 11.0, 10.0),
    ),
    "carotid_R": Vessel("artery", _CAROTID, (7.5, 7.0, 7.0, 7.0)),
    "carotid_L": Vessel(
        "artery",
        ((-10.0, -57.0, -32.0), (-13.0, -54.0, -14.0), (-10.0, -48.0, 0.0), (-6.5, -41.0, 9.0),
         (-13.0, -38.0, 18.0), (-20.0, -39.0, 30.0), *_mirrored(_CAROTID[2:])),
        (8.0, 7.0, 7.0, 7.0, 7.0, 7.0, 7.0, 7.0),
    ),
    "subclavian_artery_R": Vessel(
        "artery", ((18.0, -32.0, 17.0), *_BEYOND_SCALENE), (9.5, 9.0, 9.0, 8.5), axis=(0.0, 1.0, 0.0)
    ),
    "subclavian_artery_L": Vessel(
        "artery",
        ((-18.0, -71.0, -34.0), (-22.0, -70.0, -14.0), (-19.0, -64.0, 5.0), (-14.5, -57.0, 18.0),
         *_mirrored(_BEYOND_SCALENE)),
        (10.0, 9.0, 9.0, 9.0, 9.0, 9.0, 8.5), axis=(0.0, 1.0, 0.0),
    ),
    "vena_cava": Vessel(
        "vein",
        ((18.0, -48.0, -26.0), (23.0, -49.0, -44.0), (23.0, -47.0, -62.0), (21.0, -45.0, -80.0)),
        (16.0, 18.0, 18.0, 18.0),
    ),
    "brachiocephalic_vein_R": Vessel(
        "vein",
        ((26.0, -24.0, 9.0), (16.0, -25.0, 8.0), (7.5, -31.0, 3.0), (9.5, -38.0, -5.0), (18.0, -48.0, -26.0)),
        (12.0, 12.0, 12.0, 12.5, 14.0), flat=0.7,
    ),
    "brachiocephalic_vein_L": Vessel(
        "vein",
        ((-26.0, -24.0, 9.0), (-16.0, -25.0, 6.0), (-7.0, -29.5, 3.0), (-1.0, -36.5, -7.0), (18.0, -48.0, -27.0)),
        (11.0, 11.0, 11.0, 11.0, 12.0), flat=0.8, axis=(0.0, 1.0, 0.0),
    ),
    "jugular_R": Vessel("vein", _JUGULAR, (12.0, 11.0, 11.0, 11.0), flat=0.8, axis=(0.0, 1.0, 0.0)),
    "jugular_L": Vessel("vein", _mirrored(_JUGULAR), (11.0, 10.0, 10.0, 10.0), flat=0.8, axis=(0.0, 1.0, 0.0)),
    "subclavian_vein_R": Vessel("vein", _SUBCLAVIAN_VEIN, (10.0, 10.0, 9.5), axis=(0.0, 1.0, 0.0)),
    "subclavian_vein_L": Vessel("vein", _mirrored(_SUBCLAVIAN_VEIN), (10.0, 10.0, 9.5), axis=(0.0, 1.0, 0.0)),
}  # fmt: skip
CURVE = "vessel_"  # before the name of a vessel, that of its centre line among `Body.curves`


def build_vessels(cage: Cage, skin: PolarSurface, muscle: PolarSurface) -> dict[str, Tube]:
    """The tubes of a body by the names of REFERENCE: courses scaled as the cage is, diameters as the heart is.

    Where the neck is thin they lie deeper, to be under the fat.
    """
    scale = np.array([cage.x_scale, cage.y_scale, cage.z_scale])
    size = float(np.cbrt(np.prod(scale))) * MM
    tubes = {}
    for name, vessel in REFERENCE.items():
        knots = np.array(vessel.course_mm) * MM * scale
        arc = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(knots, axis=0), axis=1))])
        s = np.linspace(0.0, arc[-1], STEPS)
        line = np.asarray(CubicSpline(arc, knots)(s))  # type: ignore[no-untyped-call]
        half = 0.5 * size * np.interp(s, arc, vessel.diameters_mm)
        line = _under(muscle, line, half + CLEAR_OF_FAT_M, MOST_DEEPER_M)
        line = _under(skin, line, half + CLEAR_OF_SKIN_M)
        tubes[name] = make_tube(line, np.tile(vessel.axis, (STEPS, 1)), half * vessel.flat, half)
    return tubes


def _under(surface: PolarSurface, line: Array, deep_m: Array, most_m: float = np.inf) -> Array:
    """Points (n, 3) drawn inwards, `most_m` at most, where they are less than `deep_m` (n,) under a surface."""
    x, y, z = line[:, 0], line[:, 1] - surface.axis_y_m, line[:, 2]
    radius = np.hypot(x, y)
    wanted = radius - (surface.radius(np.arctan2(x, y), z) - NECK_SLOPE * deep_m)
    share = 1.0 - np.clip(wanted, 0.0, most_m) / radius
    return np.stack([x * share, surface.axis_y_m + y * share, z], axis=1)


def unite_vessels(tubes: dict[str, Tube], grid: Grid, textures: dict[str, npt.NDArray[np.float16]]) -> None:
    """Put the vessels into the channels that they share, in place; all other channels are baked by now.

    Trachea before arteries before veins: what is soft gives way.
    """
    x1, y1, z1 = grid.axes_m()
    low, high = zip(*(_reach(tube) for tube in tubes.values()), strict=True)
    ends = np.min(low, axis=0), np.max(high, axis=0)
    k, j, i = (_between(axis, ends[0][n], ends[1][n]) for axis, n in ((z1, 2), (y1, 1), (x1, 0)))

    def baked(name: str) -> Array:
        texture, index = CHANNELS[name]
        return textures[texture][k, j, i, index].astype(np.float32)

    dome = baked("diaphragm")
    lung = np.maximum(np.maximum(baked("pleura"), -dome), -np.minimum(baked("heart"), baked("mediastinum")))
    bone = np.minimum(baked("bone"), baked("cartilage"))
    taken = np.maximum(CLEAR_OF_LUNG_M - lung, CLEAR_OF_BONE_M - bone)
    taken = np.maximum(taken, np.maximum(baked("skin") + CLEAR_OF_SKIN_M, CLEAR_OF_DOME_M - dome))
    box = Grid((float(x1[i][0]), float(y1[j][0]), float(z1[k][0])), grid.spacing_m, dome.shape)
    for channel, shared in VESSELS.items():
        distance = _distance(box, [tubes[n] for n, v in REFERENCE.items() if v.channel == channel], dome)
        np.maximum(distance, taken, out=distance)
        np.maximum(taken, CLEAR_OF_EACH_OTHER_M - distance, out=taken)
        texture, index = CHANNELS[shared]
        part = textures[texture][k, j, i, index]
        textures[texture][k, j, i, index] = np.minimum(part, distance.astype(np.float16))


def _reach(tube: Tube) -> tuple[Array, Array]:
    """Corners of the box in which the distance to a tube is kept."""
    far = REACH_M + float(np.maximum(tube.half_thickness_m, tube.half_height_m).max())
    return tube.centre_m.min(axis=0) - far, tube.centre_m.max(axis=0) + far


def _between(axis: Array, low: float, high: float) -> slice:
    """Indices of an ascending axis from `low` to `high`."""
    return slice(int(np.searchsorted(axis, low)), int(np.searchsorted(axis, high)))


def _distance(grid: Grid, tubes: list[Tube], like: Array) -> Array:
    """Signed distance on a grid to the nearest of some tubes; far where none is within REACH_M."""
    out: Array = np.full(like.shape, np.inf, dtype=np.float32)
    x1, y1, z1 = grid.axes_m()
    for tube in tubes:  # one by one, for they differ in breadth: the nearest line is not always the nearest wall's
        low, high = _reach(tube)
        k, j, i = (_between(axis, low[n], high[n]) for axis, n in ((z1, 2), (y1, 1), (x1, 0)))
        zz, yy, xx = np.meshgrid(z1[k], y1[j], x1[i], indexing="ij")
        points = np.stack([xx.ravel(), yy.ravel(), zz.ravel()], axis=1).astype(np.float64)
        near = tubes_distance([tube], points, REACH_M).reshape(zz.shape).astype(np.float32)
        out[k, j, i] = np.minimum(out[k, j, i], near)
    return out


def vessel_names(body: Body, channel: str) -> tuple[str, ...]:
    """Names of a body's vessels in a channel of VESSELS; none of a body that has no vessels."""
    return tuple(n for n, vessel in REFERENCE.items() if vessel.channel == channel and CURVE + n in body.curves)


def nearest_vessel(body: Body, channel: str, points_torso: FloatArray) -> npt.NDArray[np.intp]:
    """Index (n,) into `vessel_names` of the vessel that points (n, 3) lie in; the trunk, where a branch begins."""
    beyond = []
    size = body.notch_to_rib10_m / REFERENCE_NOTCH_TO_RIB10_M * MM
    for name in vessel_names(body, channel):
        line = body.curves[CURVE + name].astype(np.float64)
        diameters = REFERENCE[name].diameters_mm
        half_m = 0.5 * size * np.interp(np.linspace(0, 1, len(line)), np.linspace(0, 1, len(diameters)), diameters)
        distance, at = KDTree(line).query(points_torso)  # type: ignore[no-untyped-call]
        beyond.append(np.maximum(distance - half_m[at], 0.0))
    return np.asarray(np.argmin(np.stack(beyond), axis=0))
