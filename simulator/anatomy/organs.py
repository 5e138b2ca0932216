"""Where are heart, mediastinum, liver, spleen, kidneys and the stomach's gas?

Ellipsoids and cut solids placed in the reference man's coordinates and scaled with the cage; what lies under the
diaphragm is cut by it and by the wall, with a small clearance for the diaphragm itself. Positions: clinical.md E.7 [B].
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from simulator.anatomy.body import Habitus
from simulator.anatomy.cage import Cage
from simulator.anatomy.diaphragm import Diaphragm
from simulator.anatomy.polar import Array
from simulator.anatomy.ribs import RibCage
from simulator.anatomy.spine import BODY_RADIUS_M, body_centre_y_m
from simulator.anatomy.torso import smooth_max
from simulator.geometry import smooth_step
from simulator.units import MM

Field = Array
CLEARANCE_M = 3.5 * MM  # diaphragm and the two sheets of serosa between wall and organ [B]
ROUNDING_M = 8.0 * MM  # of the edges of cut organs [P]
# Heart of the reference man, mm: apex 5th space 80 mm left of the midline, in front [B]; about 0.65 l in diastole [B]
LEFT_HEART = ((-33.0, -34.0, -119.0), (-76.0, 40.0, -78.0), (59.0, 46.0, 43.0))  # centre, long axis, half axes
RIGHT_HEART = ((0.0, -34.0, -112.0), (0.0, 0.0, 1.0), (50.0, 41.0, 40.0))
APEX_SINKS_M = 15.0 * MM  # supine to left lateral, the base staying [V82]; to the right as much [P]
APEX_SHIFT_M = {"lateral_left": -APEX_SINKS_M, "lateral_right": APEX_SINKS_M}
RIGHT_HEART_SINKS = 0.5  # of the apex' way, where the right heart ends in front [P]
HEART_OF_RISE = 0.7  # how much of a lifted dome's rise the heart follows [P]
KIDNEY_RIGHT_MM = (55.0, -288.0)  # x, z of the centre; L1-L3 [B]
KIDNEY_LEFT_MM = (-53.0, -274.0)
KIDNEY_BEFORE_GUTTER_M = 36.0 * MM  # [B]
KIDNEY_LENGTH_MM = (49.18, 0.21, 0.27)  # constant, per kg, per cm of stature (514 adults) [V81a]
KIDNEY_SHAPE = (0.52, 0.42, 1.0)  # breadth and thickness over length [B]
SPLEEN_HALF_MM = (63.0, 23.0, 42.0)  # about 12 x 7 x 4 cm, along rib 10 [B]; in all bodies: it goes with none [V81b]
SPLEEN_AZIMUTH_DEG = -117.0  # just behind the mid-axillary line with its front end [B]
SPLEEN_ABOVE_RIB10_M = 20.0 * MM  # of its middle, end-expiration [P]
STOMACH_MM = (-64.0, -78.0)  # x, y of the bubble's middle [B]
STOMACH_HALF_MM = (34.0, 30.0, 22.0)  # bubble of the fundus [B]
STOMACH_UNDER_DOME_M = 32.0 * MM
# Weight of the liver, g: constant, per kg, per year of age, of women; at 16-50 years and over [V81c, 728 autopsies]
LIVER_YOUNG_G, LIVER_OLD_G = (452.0, 16.34, 11.85, -166.0), (1390.0, 15.94, -12.86, 0.0)
LIVER_OLD_YEARS, LIVER_OLDEST_YEARS = 50.0, 70.0  # the eldest of them were 70
LIVER_KG_PER_L = 1.05  # [B]
COARSE = 3  # the liver's lower border is found on every third voxel
# Half widths of the mediastinum from spine (0) to sternum (1), mm: above, and beside, the heart [B]
MEDIASTINUM_PER_BMI = 0.014  # relative growth of its width with BMI: fat [P]
MEDIASTINUM_DEPTHS = (0.0, 0.3, 0.6, 0.85, 1.0)
RIGHT_UPPER, RIGHT_LOWER = (20.0, 36.0, 34.0, 14.0, 7.0), (18.0, 28.0, 32.0, 18.0, 11.0)
LEFT_UPPER, LEFT_LOWER = (24.0, 38.0, 34.0, 13.0, 7.0), (26.0, 30.0, 34.0, 42.0, 48.0)  # cardiac notch [V64c]


def ellipsoid(
    x: Field, y: Field, z: Field, centre: npt.ArrayLike, axes: Array, half: tuple[float, float, float]
) -> Field:
    """Signed distance (first order) to an ellipsoid; `axes` (3, 3) unit rows for the three half axes, metres."""
    c = np.asarray(centre, float)
    dx, dy, dz = x - np.float32(c[0]), y - np.float32(c[1]), z - np.float32(c[2])
    k1: Field = np.float32(0.0) * (dx + dy + dz)
    k2: Field = k1.copy()
    for axis, h in zip(axes, half, strict=True):
        u = (np.float32(axis[0]) * dx + np.float32(axis[1]) * dy + np.float32(axis[2]) * dz) / np.float32(h)
        k1 += u * u
        k2 += (u / np.float32(h)) ** 2
    np.sqrt(k1, out=k1)
    np.sqrt(k2, out=k2)
    return np.asarray(np.maximum(k1 * (k1 - 1.0) / np.maximum(k2, 1e-6), -min(half)), dtype=np.float32)


def frame_along(direction: npt.ArrayLike, second: npt.ArrayLike = (0.0, 1.0, 0.0)) -> Array:
    """(3, 3) orthonormal rows, the first along `direction`, the second near `second`."""
    a = np.asarray(direction, float)
    a = a / np.linalg.norm(a)
    b = np.asarray(second, float)
    b = b - np.dot(a, b) * a
    b = b / np.linalg.norm(b)
    return np.stack([a, b, np.cross(a, b)])


def heart_distance(cage: Cage, dome_rise_m: float, x: Field, y: Field, z: Field, apex_shift_m: float = 0.0) -> Field:
    """Signed distance to the heart's outer wall, which domes lifted by `dome_rise_m` lift too.

    Its apex sinks by `apex_shift_m` (positive to the right) when the patient lies on a side; the base stays. It dips
    under the diaphragm, which hides that part.
    """
    scale = np.array([cage.x_scale, cage.y_scale, cage.z_scale])
    size = float(np.cbrt(np.prod(scale)))
    parts = []
    for (centre, along, half), share in ((LEFT_HEART, 1.0), (RIGHT_HEART, RIGHT_HEART_SINKS)):
        h = (half[0] * size * MM, half[1] * size * MM, half[2] * size * MM)
        axis = h[0] * frame_along(np.array(along) * scale)[0]
        sunk = np.array([0.5 * share * apex_shift_m, 0.0, 0.0])  # of the middle: the apex twice as far, the base not
        at = np.array(centre) * MM * scale + np.array([0.0, 0.0, HEART_OF_RISE * dome_rise_m]) + sunk
        parts.append(ellipsoid(x, y, z, at, frame_along(axis + sunk), h))
    return np.asarray(-smooth_max(-parts[0], -parts[1], 10.0 * MM), dtype=np.float32)


def mediastinum_distance(cage: Cage, x: Field, y: Field, z: Field, heart: Field) -> Field:
    """Signed distance to what is between the lungs but for the heart, which keeps an outer rim of 8 mm in common.

    The rim leaves no gap of lung when the heart contracts.
    """
    y_line, z_line = y.ravel().astype(float), z.ravel().astype(float)
    front = cage.surface.radius(0.0, z_line) + cage.surface.axis_y_m
    spine = body_centre_y_m(cage, z_line) + BODY_RADIUS_M * cage.x_scale
    depth = (y_line[None, :] - spine[:, None]) / np.maximum(front - spine, 0.02)[:, None]
    lower = smooth_step(z_line, -0.070 * cage.z_scale, -0.105 * cage.z_scale)[:, None]

    def half(upper: tuple[float, ...], low: tuple[float, ...]) -> tuple[Array, Array]:
        d = np.clip(depth, 0.0, 1.0)
        width = np.interp(d, MEDIASTINUM_DEPTHS, upper) * (1.0 - lower) + np.interp(d, MEDIASTINUM_DEPTHS, low) * lower
        width *= MM * cage.x_scale * (1.0 + MEDIASTINUM_PER_BMI * (cage.habitus.bmi - 25.0))
        by_z, by_y = np.gradient(width, z_line, y_line)
        return width, 1.0 / np.sqrt(1.0 + by_z**2 + by_y**2)

    right, right_gain = half(RIGHT_UPPER, RIGHT_LOWER)
    left, left_gain = half(LEFT_UPPER, LEFT_LOWER)
    shape = np.maximum(
        (x - right[:, :, None].astype(np.float32)) * right_gain[:, :, None].astype(np.float32),
        (-x - left[:, :, None].astype(np.float32)) * left_gain[:, :, None].astype(np.float32),
    )
    return np.asarray(np.maximum(shape, -(heart + np.float32(8.0 * MM))), dtype=np.float32)


def plane(points_mm: tuple[tuple[float, float, float], ...], inside_mm: tuple[float, ...], cage: Cage) -> Callable[
    [Field, Field, Field], Field
]:  # fmt: skip
    """Signed distance to the half space that contains `inside_mm` and is bounded by three reference points."""
    scale = np.array([cage.x_scale, cage.y_scale, cage.z_scale]) * MM
    a, b, c = (np.array(p) * scale for p in points_mm)
    n = np.cross(b - a, c - a)
    n = n / np.linalg.norm(n)
    if np.dot(np.array(inside_mm) * scale - a, n) > 0:
        n = -n
    n32, d = n.astype(np.float32), np.float32(np.dot(n, a))
    return lambda x, y, z: np.asarray(n32[0] * x + n32[1] * y + n32[2] * z - d, dtype=np.float32)


def abdominal_distances(
    cage: Cage, ribs: RibCage, dome: Diaphragm, x: Field, y: Field, z: Field, pleura: Field, diaphragm: Field
) -> dict[str, Field]:
    """Signed distances to liver, spleen, both kidneys (one field) and the stomach's gas."""
    scale = np.array([cage.x_scale, cage.y_scale, cage.z_scale])
    size = float(np.cbrt(np.prod(scale))) * MM
    under = np.maximum(pleura, diaphragm) + np.float32(CLEARANCE_M)

    kidneys = []
    upright = frame_along((1.0, 0.0, 0.0))
    half_length = 0.5 * kidney_length_m(cage.habitus)
    wide, thick, _ = KIDNEY_SHAPE
    for kx, kz in (KIDNEY_RIGHT_MM, KIDNEY_LEFT_MM):
        height = kz * MM * cage.z_scale
        centre = (kx * MM * cage.x_scale, float(cage.back(height)) + KIDNEY_BEFORE_GUTTER_M, height)
        kidneys.append(ellipsoid(x, y, z, centre, upright, (wide * half_length, thick * half_length, half_length)))
    kidney = np.maximum(np.minimum(kidneys[0], kidneys[1]), under)
    liver = _liver(cage, x, y, z, under, kidney)

    line = ribs.ribs["L10"].centre_m
    azimuth = np.degrees(np.arctan2(line[:, 0], line[:, 1] - cage.surface.axis_y_m))
    at = int(np.argmin(np.abs(azimuth - SPLEEN_AZIMUTH_DEG)))
    angle = np.radians(azimuth[at])
    height = line[at, 2] + SPLEEN_ABOVE_RIB10_M * cage.z_scale
    outward = cage.surface.normals(angle, height)
    half = (SPLEEN_HALF_MM[0] * MM, SPLEEN_HALF_MM[1] * MM, SPLEEN_HALF_MM[2] * MM)
    middle = cage.surface.points(angle, height, -(half[1] + CLEARANCE_M))
    axes = frame_along(ribs.ribs["L10"].tangent[at], outward)
    spleen = smooth_max(ellipsoid(x, y, z, middle, axes, half), under, 0.5 * ROUNDING_M)
    spleen = np.maximum(spleen, np.float32(CLEARANCE_M) - kidney)
    spleen = np.maximum(spleen, np.float32(CLEARANCE_M) - liver)

    sx, sy = STOMACH_MM[0] * MM * cage.x_scale, STOMACH_MM[1] * MM * cage.y_scale
    top = float(dome.height(np.array(sx), np.array(sy)))
    bubble = ellipsoid(
        x, y, z, (sx, sy, top - STOMACH_UNDER_DOME_M * cage.z_scale), upright,
        (STOMACH_HALF_MM[0] * size, STOMACH_HALF_MM[1] * size, STOMACH_HALF_MM[2] * size),
    )  # fmt: skip
    stomach = np.maximum(bubble, under)
    for other in (liver, spleen, kidney):
        stomach = np.maximum(stomach, np.float32(CLEARANCE_M) - other)
    fields = {"liver": liver, "spleen": spleen, "kidney": kidney, "stomach": stomach}
    return {name: np.asarray(f, dtype=np.float32) for name, f in fields.items()}


def kidney_length_m(habitus: Habitus) -> float:
    """Length of a kidney, pole to pole, metres."""
    constant, per_kg, per_cm = KIDNEY_LENGTH_MM
    return (constant + per_kg * habitus.mass_kg + per_cm * 100.0 * habitus.height_m) * MM


def liver_volume_l(habitus: Habitus) -> float:
    """Expected volume of the liver, litres."""
    age = min(habitus.age_years, LIVER_OLDEST_YEARS)
    constant, per_kg, per_year, woman = LIVER_YOUNG_G if age <= LIVER_OLD_YEARS else LIVER_OLD_G
    grams = constant + per_kg * habitus.mass_kg + per_year * age + woman * (habitus.sex == "female")
    return grams / 1e3 / LIVER_KG_PER_L


def _liver(cage: Cage, x: Field, y: Field, z: Field, under: Field, kidney: Field) -> Field:
    """The left lobe in front, the right one all the way back; its lower border so low that the volume is right."""
    inside = (60.0, -40.0, -190.0)
    below = plane(((-50.0, -20.0, -198.0), (115.0, -20.0, -302.0), (-50.0, -160.0, -168.0)), inside, cage)
    behind = plane(((20.0, -122.0, -200.0), (-62.0, -74.0, -200.0), (20.0, -122.0, -260.0)), inside, cage)
    lobe = plane(((24.0, -122.0, -200.0), (42.0, -190.0, -200.0), (24.0, -122.0, -260.0)), inside, cage)
    left_end = plane(((-74.0, 0.0, -150.0), (-62.0, 0.0, -220.0), (-68.0, -60.0, -185.0)), inside, cage)

    def shape(lower_m: float, x: Field, y: Field, z: Field, under: Field, kidney: Field) -> Field:
        back = np.minimum(behind(x, y, z), lobe(x, y, z))
        liver = smooth_max(
            smooth_max(below(x, y, z) - np.float32(lower_m), back, ROUNDING_M), left_end(x, y, z), ROUNDING_M
        )
        return np.asarray(np.maximum(smooth_max(liver, under, 0.5 * ROUNDING_M), np.float32(CLEARANCE_M) - kidney))

    few = (x[..., ::COARSE], y[:, ::COARSE], z[::COARSE], *(f[::COARSE, ::COARSE, ::COARSE] for f in (under, kidney)))
    size = float(few[0][0, 0, 1] - few[0][0, 0, 0])
    wanted_m3, lower_m = 1e-3 * liver_volume_l(cage.habitus), 0.0
    for _ in range(3):  # by what is missing over the area of its base, which changes little
        share = np.clip(0.5 - shape(lower_m, *few) / size, 0.0, 1.0)
        base_m2 = float((share > 0.5).any(axis=0).sum()) * size**2
        lower_m += (wanted_m3 - float(share.sum(dtype=np.float64)) * size**3) / base_m2
    return shape(lower_m, x, y, z, under, kidney)
