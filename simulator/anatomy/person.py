"""What does the patient look like? A human skin that is the baked skin wherever the probe goes.

The blended person (person_shapes.py) is scaled level by level to the body's breadth and depth; its trunk is then laid
on the baked skin, because contact, zones and the beam plane refer to that; neck, shoulders and hips follow by smooth
interpolation. Bones that lie shallow, and what the person has of muscle, are left to the normals, as shading.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import ndimage, sparse

from simulator.anatomy.body import Body
from simulator.anatomy.contact import point_on_skin
from simulator.anatomy.dimensions import REFERENCE_NOTCH_TO_RIB10_M, dimensions
from simulator.anatomy.mesh import Mesh, vertex_normals
from simulator.anatomy.person_relief import landmark_lift, off_the_navel
from simulator.anatomy.person_shapes import WEIGHT_COLUMNS, blended, load_shapes
from simulator.anatomy.torso import BREAST_AZIMUTH_RAD, NAVEL_BELOW_RIB10_M
from simulator.geometry import smooth_step
from simulator.units import MM

Array = npt.NDArray[np.float64]

TOP_M = {"side": -74.0 * MM, "front": -14.0 * MM, "back": -6.0 * MM}  # the drawn skin is the baked one below this [P]
FALL_OFF_M = 12.0 * MM  # height over which the baked skin lets go [P]
SIDE_AZIMUTH_DEG = (60.0, 76.0, 104.0, 117.0)  # between front, side and back [P]
ARM_ABOVE_M = 12.0 * MM  # over that height between front and back, what the baked skin has is a stump [P]
FOOT_M = (4.0 * MM, 40.0 * MM)  # above the end of the grid: where the baked skin lets go, and where it holds [P]
LEVELS = 18  # at which breadth and depth are compared
MIDDLE_M = 40.0 * MM  # half width of the strip where depth is compared
SHOULDERS_M = -100.0 * MM  # above this breadth is the shoulders'
LONGEST_RADIUS_M = 0.34
HALVINGS = 8  # of the search for the skin on a ray; a secant does the rest
SPREADING_STEPS = 220
ONWARD_M = (14.0 * MM, 90.0 * MM)  # height of the band whose displacement goes on above it; where that has ended [P]
ONWARD_AZIMUTH_DEG = (15.0, 70.0, 110.0, 150.0)  # wholly in front of the first and behind the last [P]
ONWARD_DEG = 5.0  # width of that in azimuth
ONWARD_PULL = 0.15  # how firmly, a step of spreading
RELIEF_M = (10.0 * MM, 11.0 * MM)  # how far shading lifts the skin where bone touches it: sharply, softly [P]
RELIEF_DEPTH_M = (9.0 * MM, 22.0 * MM)  # depth of bone at which that is down to 37 %; the soft one shows margins [P]
LEAN_BMI = (24.0, 38.0)  # below the first bone shows fully; from the second on RELIEF_LOST of it is under fat [P]
RELIEF_LOST = 0.85  # [P]
ERECTOR_M = (70.0 * MM, 50.0 * MM)  # half width of the muscles beside the spine [P]
DRAPE_BELOW_RIB10_M = 100.0 * MM  # edge of the drape over the hips [P]
UNSHADED_M = (30.0 * MM, 100.0 * MM)  # above that edge: the baked skin lets go, and what sinks there is no fold [P]
CAP_SHARE = 0.62  # of the head below the edge of the cap [P]
CUT_M = 25.0 * MM  # of the shins, where the cut is ragged
CAVITY_M = 1.6 * MM  # how deep a fold is when it is dark [P]
ROUND_M = (20.0 * MM, 45.0 * MM)  # above the baked skin, where rounding of its edge begins to end, and ends [P]
ROUNDING_STEPS = 8
FADING_STEPS = 12  # over which relief of bone fades towards the edge of the baked skin's hold
CAVITY_DARK = {6: 0.6, 40: 0.15}  # steps of smoothing that find creases, and wide hollows, and how dark those are [P]
RELIEF_OWN = 0.6  # share of the person's own relief that shading keeps [P]


@dataclass(frozen=True)
class _Graph:
    """Neighbours of the vertices: `mean` (n, n) averages over them."""

    mean: Any  # sparse, float32


@cache
def _graph() -> _Graph:
    faces, n = load_shapes().faces, len(load_shapes().weights)
    a, b = faces[:, [0, 1, 2]].ravel(), faces[:, [1, 2, 0]].ravel()
    ones = np.ones(len(a), dtype=np.float32)
    pairs = (np.r_[ones, ones], (np.r_[a, b], np.r_[b, a]))
    links: Any = sparse.csr_array(pairs, shape=(n, n))  # type: ignore[no-untyped-call]
    links.data[:] = 1.0
    links.data /= np.repeat(np.asarray(links.sum(axis=1)).ravel(), np.diff(links.indptr))
    return _Graph(links)


def person_mesh(body: Body, posture: str = "supine") -> Mesh:
    """The patient's skin with neck, head, arms and thighs; `paint` says what is arm, drape and cap."""
    asset, person = load_shapes(), blended(body.habitus, posture)
    arm, thigh = part("upper_arm", "forearm", "hand"), part("thigh", "shin")
    head, neck = part("head"), part("neck")
    rest = levelled(body, person.vertices, person.points, 1.0 - np.clip(arm + thigh + head, 0.0, 1.0))
    hold = held(body, rest, arm, head + neck, thigh)
    moved = laid_on(body, rest, hold) - rest
    moved, pull = onward(body, rest, moved, hold, np.clip(arm + head, 0.0, 1.0))
    moved = spread(moved, np.maximum(np.clip(hold, 0.0, 1.0) ** 2, pull), np.clip(head + thigh, 0.0, 1.0))
    vertices = rounded(rest + moved, hold, trunk_top_m(body, rest), rest[:, 2], np.clip(arm + head, 0.0, 1.0))
    shading = relief(body, vertices, rest, hold, np.clip(arm + head + 0.6 * neck + thigh, 0.0, 1.0))
    normals = vertex_normals(vertices + shading, asset.faces)
    paint = _paint(body, vertices, person.end_m, arm, head)
    return Mesh(vertices.astype(np.float32), asset.faces, normals, paint)


def part(*names: str) -> Array:
    """(n,) 0..1: how much each vertex belongs to parts of the body, both sides."""
    asset = load_shapes()
    columns = [i for i, name in enumerate(WEIGHT_COLUMNS) if name in names or name[:-2] in names]
    return np.asarray(np.clip(asset.weights[:, columns].sum(axis=1), 0.0, 1.0), dtype=np.float64)


def levelled(body: Body, vertices: Array, points: dict[str, Array], trunk: Array) -> Array:
    """The person moved to the body: navel and notch at its heights, breadth and depth as the body's at each level."""
    navel = -body.notch_to_rib10_m - NAVEL_BELOW_RIB10_M
    out = vertices.copy()
    own = [-1.0, float(points["navel"][2]), 0.0, 1.0]
    out[:, 2] = np.interp(vertices[:, 2], own, [navel - own[1] - 1.0, navel, 0.0, 1.0])
    levels = np.linspace(body.grid.origin_m[2] + FOOT_M[1], 0.0, LEVELS)
    want, have = _extents(body, levels), np.zeros((LEVELS, 3))
    middle = out[trunk > 0.6]
    for k, z in enumerate(levels):
        near = middle[np.abs(middle[:, 2] - z) < 0.014]
        central = near[np.abs(near[:, 0]) < MIDDLE_M]
        have[k] = np.abs(near[:, 0]).max(), central[:, 1].max(), central[:, 1].min()
    wide = want[:, 0] / have[:, 0]
    wide[levels > SHOULDERS_M] = 1.0
    deep = (want[:, 1] - want[:, 2]) / (have[:, 1] - have[:, 2])
    shift = want[:, 2] - have[:, 2] * deep
    wide, deep, shift = (_softened(v) for v in (wide, deep, shift))
    z = np.r_[levels[0] - 0.25, levels, 0.09]
    neck_shift = 0.5 * (want[-1, 1] + want[-1, 2] - have[-1, 1] - have[-1, 2])

    def along(values: Array, low: float, high: float) -> Array:
        return np.interp(out[:, 2], z, np.r_[low, values, high])

    wide = 1.0 + (along(wide, 1.0 + 0.6 * (wide[0] - 1.0), 1.0) - 1.0) * trunk
    deep = 1.0 + (along(deep, 1.0 + 0.6 * (deep[0] - 1.0), 1.0) - 1.0) * trunk
    shift = along(shift, shift[0], neck_shift) * trunk + neck_shift * (1.0 - trunk)
    return np.asarray(np.stack([out[:, 0] * wide, out[:, 1] * deep + shift, out[:, 2]], axis=1))


def _softened(values: Array) -> Array:
    """Values by level without the jumps from one to the next."""
    return np.asarray(ndimage.gaussian_filter1d(values, 1.5, mode="nearest"))  # type: ignore[attr-defined]


def _extents(body: Body, levels_m: Array) -> Array:
    """(levels, 3) half breadth, and front y and back y in the middle, of the baked skin."""
    x, y, z = body.grid.axes_m()
    skin, out = body.channel("skin"), []
    for level in levels_m:
        k = int(np.clip(np.searchsorted(z, level), 0, len(z) - 1))
        rows, columns = np.nonzero(skin[k] < 0)
        central = rows[np.abs(x[columns]) < MIDDLE_M]
        out.append((np.abs(x[columns]).max(), y[central.max()], y[central.min()]))
    return np.array(out, dtype=np.float64)


def held(body: Body, points: Array, arm: Array, head: Array, thigh: Array) -> Array:
    """(n,) 0..1: how firmly the baked skin holds each vertex."""
    top, low = trunk_top_m(body, points), body.grid.origin_m[2]
    height = smooth_step(points[:, 2] - top, FALL_OFF_M, 0.0) * smooth_step(
        points[:, 2], low + FOOT_M[0], low + FOOT_M[1]
    )
    return np.asarray(height * smooth_step(arm, 0.9, 0.6) * smooth_step(head + thigh, 0.6, 0.2))


def trunk_top_m(body: Body, points: Array) -> Array:
    """(n,) height below which the drawn skin is the baked one: under the arms at the sides, at the notch elsewhere."""
    azimuth = np.abs(np.degrees(body.azimuth_rad(points)))
    a, b, c, d = SIDE_AZIMUTH_DEG
    front, back = smooth_step(azimuth, b, a), smooth_step(azimuth, c, d)
    top = TOP_M["side"] + (TOP_M["front"] - TOP_M["side"]) * front + (TOP_M["back"] - TOP_M["side"]) * back
    return np.asarray(top * body.notch_to_rib10_m / REFERENCE_NOTCH_TO_RIB10_M)


def is_arm(body: Body, point_torso: Array) -> bool:
    """Whether a point (3,) of the baked skin is hidden in an arm: the baked body ends in stumps there."""
    azimuth = abs(float(np.degrees(body.azimuth_rad(point_torso))))
    beside = SIDE_AZIMUTH_DEG[0] < azimuth < SIDE_AZIMUTH_DEG[3]
    return beside and float(point_torso[2]) > float(trunk_top_m(body, point_torso[None])[0]) + ARM_ABOVE_M


def laid_on(body: Body, points: Array, hold: Array) -> Array:
    """Points moved onto the baked skin, to or from the long axis at their height, where it holds them at all."""
    out = points.copy()
    index = np.flatnonzero(hold > 0.001)
    p = out[index]
    axis = np.stack([np.zeros(len(p)), np.full(len(p), body.axis_y_m), p[:, 2]], axis=1)
    ray = p - axis
    ray /= np.maximum(np.linalg.norm(ray, axis=1, keepdims=True), 1e-6)
    low, high = np.full(len(p), 0.02), np.full(len(p), LONGEST_RADIUS_M)
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        inside = np.asarray(body.sample("skin", axis + middle[:, None] * ray)) < 0.0
        low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    a, b = (np.asarray(body.sample("skin", axis + r[:, None] * ray), dtype=np.float64) for r in (low, high))
    share = np.clip(-a / np.maximum(b - a, 1e-9), 0.0, 1.0)
    out[index] = axis + (low + share * (high - low))[:, None] * ray
    return out


def onward(body: Body, points: Array, moved: Array, hold: Array, elsewhere: Array) -> tuple[Array, Array]:
    """(n, 3) `moved` that goes on above what is held, and (n,) how firmly: shoulders of the obese end in no ledge.

    `elsewhere` (n,) 0..1 is what has no part in that: arms and head.
    """
    azimuth, above = np.degrees(body.azimuth_rad(points)), points[:, 2] - trunk_top_m(body, points)
    edge = np.flatnonzero((above < 0.0) & (above > -ONWARD_M[0]) & (hold > 0.5))
    nodes = np.arange(-180.0, 180.1, ONWARD_DEG)
    apart = (azimuth[edge][None, :] - nodes[:, None] + 180.0) % 360.0 - 180.0
    near = np.exp(-((apart / ONWARD_DEG) ** 2)) + 1e-9
    at_edge = near @ moved[edge] / near.sum(axis=1, keepdims=True)
    beside = np.abs(azimuth)
    a, b, c, d = ONWARD_AZIMUTH_DEG
    open_ = (smooth_step(beside, b, a) + smooth_step(beside, c, d)) * (1.0 - elsewhere)
    goes_on = np.stack([np.interp(azimuth, nodes, column) for column in at_edge.T], axis=1)
    goes_on *= smooth_step(above, ONWARD_M[1], 0.0)[:, None]
    free = (1.0 - np.clip(hold, 0.0, 1.0) ** 2) * smooth_step(above, 0.0, FALL_OFF_M)
    pull = ONWARD_PULL * free * open_
    share = pull / np.maximum(pull + np.clip(hold, 0.0, 1.0) ** 2, 1e-9)
    return moved + share[:, None] * (goes_on - moved), pull


def spread(moved: Array, firm: Array, far: Array) -> Array:
    """(n, 3) displacements: as `moved` where `firm` (0..1), none far away, and smooth between."""
    mean = _graph().mean
    fixed = np.clip(firm, 0.0, 1.0).astype(np.float32)[:, None]
    loose = (1.0 - fixed) * (1.0 - 0.2 * np.clip(far, 0.0, 1.0).astype(np.float32)[:, None])
    target = (fixed * moved).astype(np.float32)
    out = target.copy()
    for _ in range(SPREADING_STEPS):
        out = target + loose * (mean @ out)
    return np.asarray(out, dtype=np.float64)


def rounded(vertices: Array, hold: Array, top_m: Array, height_m: Array, elsewhere: Array) -> Array:
    """Vertices (n, 3) with the edge rounded where the baked skin ends; what that holds stays where it is."""
    above = height_m - top_m
    band = smooth_step(above, 0.0, 0.5 * FALL_OFF_M) * smooth_step(above, ROUND_M[1], ROUND_M[0])
    loose = (band * (1.0 - np.clip(hold, 0.0, 1.0) ** 2) * (1.0 - elsewhere)).astype(np.float32)[:, None]
    mean, out = _graph().mean, vertices.astype(np.float32)
    for _ in range(ROUNDING_STEPS):
        out = out + loose * (mean @ out - out)
    return np.where(loose > 0.0, out, vertices).astype(np.float64)


def relief(body: Body, vertices: Array, rest: Array, hold: Array, elsewhere: Array) -> Array:
    """(n, 3) what shading adds to the surface: shallow bone, landmarks, muscle that the baked skin does not have.

    `elsewhere` (n,) 0..1 is what has no landmarks: arms and head.
    """
    mean = _graph().mean
    normals = vertex_normals(vertices, load_shapes().faces).astype(np.float64)
    depth = np.minimum(body.sample("bone", vertices), body.sample("cartilage", vertices)).astype(np.float64)
    inside = np.maximum(depth, 0.0)
    lift = sum(high * np.exp(-inside / deep) for high, deep in zip(RELIEF_M, RELIEF_DEPTH_M, strict=True))
    lift *= 1.0 - RELIEF_LOST * np.clip((body.habitus.bmi - LEAN_BMI[0]) / (LEAN_BMI[1] - LEAN_BMI[0]), 0.0, 1.0)
    behind = smooth_step(vertices[:, 1] - body.axis_y_m, 0.0, -0.05)
    lift *= 1.0 - behind * smooth_step(np.abs(vertices[:, 0]), *ERECTOR_M)  # the spine shows as muscle and landmarks
    own = np.einsum("ij,ij->i", rest - vertices, normals).astype(np.float32)
    own = smooth = mean @ own
    for _ in range(24):
        smooth = mean @ smooth
    own = np.clip(own - smooth, -0.004, 0.004) * off_the_navel(body, vertices)
    calm = hold.astype(np.float32)
    for _ in range(FADING_STEPS):
        calm = mean @ calm
    lift *= np.clip(2.0 * calm - 1.0, 0.0, 1.0)  # no bone ends at the edge of what is held
    landmarks = landmark_lift(body, vertices) * smooth_step(elsewhere, 0.6, 0.2)
    return np.asarray((hold * (lift + RELIEF_OWN * own) + landmarks)[:, None] * normals)


def _paint(body: Body, vertices: Array, end_m: Array, arm: Array, head: Array) -> npt.NDArray[np.float32]:
    """(n, 5): arm 0..1; metres above the edge of the drape, below that of the cap, from the cut shins; cavity 0..1."""
    limp = 0.05 * np.clip(np.abs(vertices[:, 0]) / 0.2, 0.0, 1.5) ** 2  # the drape hangs lower in the middle
    drape = vertices[:, 2] + body.notch_to_rib10_m + DRAPE_BELOW_RIB10_M - limp
    drape = np.where(arm + head > 0.5, 1.0, drape)
    tilted = vertices[:, 2] - 0.45 * vertices[:, 1]
    cap = np.where(head > 0.3, np.quantile(tilted[head > 0.9], CAP_SHARE) - tilted, 1.0)
    cap = np.maximum(cap, 0.10 * (0.75 - head))
    return np.stack(
        [arm, drape, cap, end_m - CUT_M, cavity(vertices) * smooth_step(drape, *UNSHADED_M)], axis=1
    ).astype(np.float32)


def cavity(vertices: Array) -> Array:
    """(n,) 0 on open skin .. 1 deep in a fold: how far the surroundings stand out beyond a vertex."""
    normals = vertex_normals(vertices, load_shapes().faces).astype(np.float64)
    mean, smooth, out = _graph().mean, vertices.astype(np.float32), np.zeros(len(vertices))
    for step in range(1, max(CAVITY_DARK) + 1):
        smooth = mean @ smooth
        if step in CAVITY_DARK:
            sunk = np.einsum("ij,ij->i", smooth - vertices, normals)
            out += CAVITY_DARK[step] * np.clip(sunk / (CAVITY_M * step**0.5), 0.0, 1.0)
    return np.asarray(np.clip(out, 0.0, 1.0))


def nipple_torso(body: Body) -> tuple[float, float, float] | None:
    """The right nipple on the baked skin; None for a test block."""
    if body.phantom is not None:
        return None
    height = dimensions(body.habitus).nipple_height_m
    x, y, z = point_on_skin(body, BREAST_AZIMUTH_RAD, height)
    return (float(x), float(y), float(z))
