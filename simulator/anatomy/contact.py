"""Where does the probe really sit? A pose resolved on a body, and a point of the skin turned into a pose.

The skin is found along the ray from the long axis; its normal is taken over some 15 mm, because a probe's face does not
follow every bump. At rest z points into the body, x (the marker) cranially along the skin, y = z cross x; then
`rotate` about z, `fan` about x, `rock` about y, in that order and each in the frame that the one before left.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from simulator.anatomy.body import Body
from simulator.anatomy.phantom import SOFT_M
from simulator.geometry import Placement, Pose, rotation_matrix
from simulator.units import MM

Vector = npt.NDArray[np.float64]

LIFT_M = 8.0 * MM  # gap of a lifted probe [P]
TOUCH_PRESSURE = 0.05  # below this the gap closes gradually [P]
FIRM_COMPRESSION = 0.25  # of the soft layer at full pressure; 10-25 % (clinical.md D.4) [B]
NOT_COMPRESSED_M = 10.0 * MM  # ribs and intercostal muscle before the pleura do not yield [P]
SOFT_WITHOUT_PLEURA_M = 20.0 * MM  # soft layer where no pleura is in reach [P]
NORMAL_REACH_M = 8.0 * MM  # half width of the difference that gives the normal
RAY_LENGTH_M = 0.34  # longer than any radius of the torso
RAY_STEP_M = 3.0 * MM
WALK_STEP_M = 12.0 * MM

_STEPS = np.concatenate([np.eye(3), -np.eye(3)])


def point_on_skin(body: Body, azimuth_rad: float, height_m: float) -> Vector:
    """Skin point (3,) on the ray from the long axis: the outermost crossing, torso frame, metres."""
    direction = np.array([math.sin(azimuth_rad), math.cos(azimuth_rad), 0.0])
    start = np.array([0.0, body.axis_y_m, height_m])
    t = np.arange(0.0, RAY_LENGTH_M, RAY_STEP_M)
    distance = np.array(body.sample("skin", start + t[:, None] * direction), dtype=float)
    distance[~_within(body, start + t[:, None] * direction)] = 1.0
    inside = np.flatnonzero(distance < 0.0)
    if len(inside) == 0:
        return np.asarray(start)
    i = min(int(inside[-1]), len(t) - 2)
    low, high = float(t[i]), float(t[i + 1])
    for _ in range(3):  # the field is nearly linear: three secants settle below a micrometre
        ends = start + np.array([[low], [high]]) * direction
        a, b = (float(v) for v in body.sample("skin", ends))
        middle = low + (high - low) * min(1.0, max(0.0, -a / (b - a))) if b > a else 0.5 * (low + high)
        value = float(body.sample("skin", start + middle * direction))
        low, high = (middle, high) if value < 0.0 else (low, middle)
        if abs(value) < 1e-6:
            break
    return np.asarray(start + middle * direction)


def skin_normal(body: Body, point_torso: Vector) -> Vector:
    """Outward unit normal (3,) of the skin near a point, smoothed over about 15 mm."""
    values = np.asarray(body.sample("skin", point_torso + NORMAL_REACH_M * _STEPS), dtype=float)
    gradient = values[:3] - values[3:]
    length = float(np.linalg.norm(gradient))
    if length < 1e-9:
        out = point_torso - np.array([0.0, body.axis_y_m, point_torso[2]])
        return np.asarray(out / max(1e-9, float(np.linalg.norm(out))))
    return np.asarray(gradient / length)


def rest_axes(normal: Vector) -> Vector:
    """(3, 3) columns x, y, z of a probe at rest on skin with this outward normal."""
    z = -normal
    up = np.array([0.0, 0.0, 1.0])
    x = up - np.dot(up, z) * z
    if np.linalg.norm(x) < 0.1:  # on top of a shoulder: the marker forwards
        up = np.array([0.0, 1.0, 0.0])
        x = up - np.dot(up, z) * z
    x = x / np.linalg.norm(x)
    return np.stack([x, np.cross(z, x), z], axis=1)


def turned(axes: Vector, rotate_rad: float, fan_rad: float, rock_rad: float) -> Vector:
    """(3, 3) axes turned about their own z, then x, then y."""
    turn = rotation_matrix((0.0, 0.0, 1.0), rotate_rad)
    turn = turn @ rotation_matrix((1.0, 0.0, 0.0), fan_rad) @ rotation_matrix((0.0, 1.0, 0.0), rock_rad)
    return np.asarray(axes @ turn)


def angles_towards(axes: Vector, direction: Vector) -> tuple[float, float]:
    """(fan_rad, rock_rad) that turn the beam of `axes` (3, 3) into `direction` (3,)."""
    x, y, z = axes.T @ direction
    return math.atan2(-y, z), math.asin(min(1.0, max(-1.0, float(x))))


def place(body: Body, pose: Pose) -> Placement:
    """A pose resolved on a body."""
    point = _contact_point(body, pose)
    axes = turned(rest_axes(skin_normal(body, point)), pose.rotate_rad, pose.fan_rad, pose.rock_rad)
    pressure = min(1.0, max(0.0, pose.pressure))
    if body.phantom is not None:  # a block gives way to a curved face and is not squeezed
        soft, yields = SOFT_M, 0.0
    else:
        soft, yields = soft_layer_m(body, point, axes[:, 2]), FIRM_COMPRESSION
    return Placement(
        face_torso=(float(point[0]), float(point[1]), float(point[2])),
        axes_torso=tuple((float(a), float(b), float(c)) for a, b, c in axes),
        compression_m=soft * yields * pressure * (1.5 - 0.5 * pressure),
        compressible_m=soft,
        lift_m=LIFT_M * max(0.0, 1.0 - pressure / TOUCH_PRESSURE),
    )


def settle(body: Body, pose: Pose) -> Pose:
    """The same place with the slides folded into azimuth and height."""
    if pose.slide_along_m == 0.0 and pose.slide_across_m == 0.0:
        return pose
    return pose_at_skin_point(body, _contact_point(body, pose), pose)


def pose_at_skin_point(body: Body, point_torso: npt.ArrayLike, like: Pose) -> Pose:
    """A pose at (or next to) a point of the skin, with the angles and the pressure of `like`."""
    point = np.asarray(point_torso, dtype=np.float64)
    azimuth = math.atan2(float(point[0]), float(point[1]) - body.axis_y_m)
    return replace(like, azimuth_rad=azimuth, height_m=float(point[2]), slide_along_m=0.0, slide_across_m=0.0)


def soft_layer_m(body: Body, point_torso: Vector, beam: Vector) -> float:
    """Thickness of what a probe can squeeze along `beam` (3,): the chest wall without ribs and intercostal muscle."""
    t = np.arange(0.0, 0.09, 3.0 * MM)
    pleura = np.asarray(body.sample("pleura", point_torso + t[:, None] * beam), dtype=float)
    hit = np.flatnonzero(pleura < 0.0)
    if len(hit) == 0 or hit[0] == 0:
        return SOFT_WITHOUT_PLEURA_M
    i = int(hit[0])
    depth = t[i - 1] + RAY_STEP_M * pleura[i - 1] / (pleura[i - 1] - pleura[i])
    return max(4.0 * MM, float(depth) - NOT_COMPRESSED_M)


def _contact_point(body: Body, pose: Pose) -> Vector:
    point = point_on_skin(body, pose.azimuth_rad, pose.height_m)
    length = math.hypot(pose.slide_along_m, pose.slide_across_m)
    if length == 0.0:
        return point
    steps = min(12, max(1, math.ceil(length / WALK_STEP_M)))
    for _ in range(steps):
        normal = skin_normal(body, point)
        axes = turned(rest_axes(normal), pose.rotate_rad, 0.0, 0.0)
        point = point + (pose.slide_along_m * axes[:, 0] + pose.slide_across_m * axes[:, 1]) / steps
        point = point - float(body.sample("skin", point)) * normal
        point[2] = min(max(point[2], _z_range(body)[0]), _z_range(body)[1])
    azimuth = math.atan2(float(point[0]), float(point[1]) - body.axis_y_m)
    return point_on_skin(body, azimuth, float(point[2]))


def _z_range(body: Body) -> tuple[float, float]:
    low = body.grid.origin_m[2]
    return low + 0.02, low + body.grid.spacing_m * (body.grid.shape[0] - 1) - 0.02


def _within(body: Body, points: Vector) -> npt.NDArray[np.bool_]:
    nz, ny, nx = body.grid.shape
    low = np.array(body.grid.origin_m)
    high = low + body.grid.spacing_m * (np.array([nx, ny, nz]) - 1)
    return np.asarray(((points >= low - 1e-9) & (points <= high + 1e-9)).all(axis=-1))
