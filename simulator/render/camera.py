"""The eye that looks at the patient: an orbiting camera, its matrices and its rays. Pure numpy, no OpenGL.

It goes round the long axis of the patient. Who lies on a side is seen so: from in front and behind the bed is below;
from above, as from the ceiling, the head is on top, as of everybody; between the two the picture turns.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from simulator.geometry import FloatArray, normalized

VIEWS_RAD: dict[str, float] = {
    "front": 0.0, "right": math.pi / 2.0, "back": math.pi, "left": -math.pi / 2.0,
}  # fmt: skip
LYING: dict[str, float] = {"lateral_left": 1.0, "lateral_right": -1.0}  # the view's part of a posture; otherwise 0
_CEILING = 0.42  # cosine of the angle from straight above within which the picture turns to the head ([P])
_NEAR_M, _FAR_M = 0.05, 6.0
_DISTANCE_M = (0.55, 2.2)
_USUAL_M = 1.25  # away: the trunk fills the picture
_MIDDLE_TORSO = (0.0, -0.10, -0.175)
_ASIDE = 0.30  # metres from the middle of the trunk that one may look at, for each metre that one is nearer
_FULL_ASPECT = 0.68  # width over height from which the field of view is that of the height
_LENGTH = 1.18  # of who lies across the picture, trunk and face, over the height that a trunk upright has
_PITCH_RAD = math.radians(65.0)


@dataclass(frozen=True)
class Camera:
    """Orbits about `target_torso` (3,), metres. `yaw_rad` 0 looks from in front, positive from the patient's right."""

    yaw_rad: float = 0.0
    pitch_rad: float = math.radians(8.0)
    distance_m: float = _USUAL_M
    target_torso: tuple[float, float, float] = _MIDDLE_TORSO
    field_of_view_rad: float = math.radians(30.0)  # vertical
    lying: float = 0.0  # of the patient: 1 on the left side, -1 on the right, 0 upright or on the back

    @property
    def roll_rad(self) -> float:
        """How far the eye leans: positive brings the patient's head to the right of the screen."""
        if self.lying == 0.0:
            return 0.0
        share = min(1.0, max(-1.0, math.cos(self.yaw_rad) / _CEILING))
        return 0.5 * math.pi * self.lying * math.sin(0.5 * math.pi * share)

    def orbited(self, yaw_rad: float, pitch_rad: float) -> Camera:
        """This camera turned about the patient."""
        yaw = (self.yaw_rad + yaw_rad + math.pi) % (2.0 * math.pi) - math.pi
        pitch = min(_PITCH_RAD, max(-_PITCH_RAD, self.pitch_rad + pitch_rad))
        return replace(self, yaw_rad=yaw, pitch_rad=pitch)

    def zoomed(self, factor: float, around: npt.NDArray[np.float64] | None = None) -> Camera:
        """This camera nearer (`factor` under 1) or farther; what is seen at `around` (3,) stays there if it can."""
        distance = min(_DISTANCE_M[1], max(_DISTANCE_M[0], self.distance_m * factor))
        nearer = replace(self, distance_m=distance)
        if around is None:
            return nearer.aimed(np.array(self.target_torso))
        return nearer.aimed(around + distance / self.distance_m * (np.array(self.target_torso) - around))

    def aimed(self, point_torso: npt.NDArray[np.float64]) -> Camera:
        """This camera looking at a point (3,) as far as its nearness allows: from afar always at the whole trunk."""
        middle = np.array(_MIDDLE_TORSO)
        aside = np.asarray(point_torso) - middle
        room = _ASIDE * max(0.0, _USUAL_M - self.distance_m)
        target = middle + aside * min(1.0, room / max(1e-9, float(np.linalg.norm(aside))))
        return replace(self, target_torso=(float(target[0]), float(target[1]), float(target[2])))

    def across(self, u: float, v: float, aspect: float) -> npt.NDArray[np.float64]:
        """The point (3,) at the distance of the target that is seen at (u, v), as in `ray`."""
        origin, direction = self.ray(u, v, aspect)
        return np.asarray(origin + direction * (self.distance_m / float(direction @ self.axes_torso()[:, 2])))

    def towards(self, other: Camera, share: float) -> Camera:
        """`share` (0..1) of the way to `other`, the short way round; for a calm turn from view to view."""
        turn = (other.yaw_rad - self.yaw_rad + math.pi) % (2.0 * math.pi) - math.pi
        yaw = (self.yaw_rad + share * turn + math.pi) % (2.0 * math.pi) - math.pi
        a, b = np.array(self.target_torso), np.array(other.target_torso)
        target = a + share * (b - a)
        return replace(
            self,
            yaw_rad=yaw,
            pitch_rad=self.pitch_rad + share * (other.pitch_rad - self.pitch_rad),
            distance_m=self.distance_m + share * (other.distance_m - self.distance_m),
            target_torso=(float(target[0]), float(target[1]), float(target[2])),
            lying=self.lying + share * (other.lying - self.lying),
        )

    @property
    def eye_torso(self) -> npt.NDArray[np.float64]:
        """Where the camera is (3,), metres."""
        c = math.cos(self.pitch_rad)
        outward = np.array([math.sin(self.yaw_rad) * c, math.cos(self.yaw_rad) * c, math.sin(self.pitch_rad)])
        return np.asarray(np.array(self.target_torso) + self.distance_m * outward)

    @property
    def sky_torso(self) -> npt.NDArray[np.float64]:
        """Where soft light comes from (3,), unit: from above in the picture, and from in front of the patient."""
        return normalized(np.array([self.lying, 0.35, 1.0 - abs(self.lying)]))

    def axes_torso(self) -> npt.NDArray[np.float64]:
        """(3, 3): columns are the screen's right, its up, and the direction of view, in the torso frame. Read-only."""
        return _axes(self)

    def half_height(self, aspect: float) -> float:
        """Half the height of the picture at distance 1; a narrow one shows more above and below, not less beside."""
        c, s = math.cos(self.roll_rad), math.sin(self.roll_rad)
        tall, wide = (
            math.hypot(c, _FULL_ASPECT * s),
            math.hypot(_FULL_ASPECT * c, _LENGTH * s),
        )  # of a trunk that leans so
        return math.tan(self.field_of_view_rad / 2.0) * max(tall, wide / aspect)

    def clip_from_torso(self, aspect: float) -> npt.NDArray[np.float64]:
        """(4, 4) matrix to OpenGL clip space; `aspect` is width over height. Read-only."""
        return _clip(self, aspect)

    def ray(self, u: float, v: float, aspect: float) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """(origin, unit direction), torso frame, through the picture point (u, v): 0..1 from the top left corner."""
        axes = self.axes_torso()
        half = self.half_height(aspect)
        direction = axes[:, 2] + (2.0 * u - 1.0) * half * aspect * axes[:, 0] + (1.0 - 2.0 * v) * half * axes[:, 1]
        return self.eye_torso, normalized(direction)

    def project(self, points_torso: FloatArray, aspect: float) -> FloatArray:
        """(..., 2): where points (..., 3) are in the picture, 0..1 from the top left corner."""
        p = np.asarray(points_torso, dtype=np.float64)
        clip = np.concatenate([p, np.ones((*p.shape[:-1], 1))], axis=-1) @ self.clip_from_torso(aspect).T
        ndc = clip[..., :2] / np.maximum(clip[..., 3:4], 1e-6)
        return np.stack([0.5 + 0.5 * ndc[..., 0], 0.5 - 0.5 * ndc[..., 1]], axis=-1)


@lru_cache(maxsize=8)  # a frame asks for the same ones a dozen times
def _axes(camera: Camera) -> npt.NDArray[np.float64]:
    """`Camera.axes_torso`."""
    forward = normalized(np.array(camera.target_torso) - camera.eye_torso)
    right = normalized(np.cross(forward, np.array([0.0, 0.0, 1.0])))
    up = np.cross(right, forward)
    c, s = math.cos(camera.roll_rad), math.sin(camera.roll_rad)
    axes = np.stack([c * right + s * up, c * up - s * right, forward], axis=1)
    axes.flags.writeable = False
    return axes


@lru_cache(maxsize=8)
def _clip(camera: Camera, aspect: float) -> npt.NDArray[np.float64]:
    """`Camera.clip_from_torso`."""
    axes = _axes(camera)
    view = np.eye(4)
    view[:3, :3] = np.stack([axes[:, 0], axes[:, 1], -axes[:, 2]])
    view[:3, 3] = -view[:3, :3] @ camera.eye_torso
    f = 1.0 / camera.half_height(aspect)
    projection = np.zeros((4, 4))
    projection[0, 0], projection[1, 1] = f / aspect, f
    projection[2, 2] = (_FAR_M + _NEAR_M) / (_NEAR_M - _FAR_M)
    projection[2, 3] = 2.0 * _FAR_M * _NEAR_M / (_NEAR_M - _FAR_M)
    projection[3, 2] = -1.0
    out = np.asarray(projection @ view)
    out.flags.writeable = False
    return out
