"""What do people look like? The shapes of assets/person.npz, blended for one person, with bent arms and hips.

The asset has one mesh at every corner of sex x age x weight (tools/person.py makes it from CC0 data of MakeHuman).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from simulator.anatomy.arms import held
from simulator.anatomy.body import Habitus
from simulator.geometry import FloatArray, normalized, rotation_matrix
from simulator.resources import resource_dir

AGES_YEARS = (25.0, 90.0)  # of the asset's young and old bodies
BMI_OF_WEIGHT = (16.0, 23.0, 37.0)  # body mass index at which the asset's three weights look right [P]
MOST_BEYOND = 0.45  # how far past the heaviest shape a heavier person goes, as a share of the last step [P]

HIP_FLEXION_DEG = {"sitting": 80.0, "semi_recumbent": 24.0}
KNEE_FLEXION_DEG = {"sitting": 78.0, "semi_recumbent": 20.0}


@dataclass(frozen=True)
class Shapes:
    """The asset: `shapes` (12, n, 3) metres, torso axes; `faces` (m, 3); `weights` (n, 14) of limbs, head and neck.

    `points` (12, k, 3) are joints and landmarks, named by `point_names`; `stature_m` (12,).
    """

    shapes: npt.NDArray[np.float32]
    faces: npt.NDArray[np.int32]
    weights: npt.NDArray[np.float32]
    points: npt.NDArray[np.float32]
    point_names: tuple[str, ...]
    stature_m: npt.NDArray[np.float32]


LIMBS = ("clavicle", "upper_arm", "forearm", "hand", "thigh", "shin")
WEIGHT_COLUMNS = (*(f"{limb}_{side}" for limb in LIMBS for side in "RL"), "head", "neck")


@cache
def load_shapes() -> Shapes:
    """The asset, read once."""
    with np.load(resource_dir("assets") / "person.npz", allow_pickle=False) as data:
        scale = float(data["scale_m"])
        return Shapes(
            shapes=data["shapes"].astype(np.float32) * np.float32(scale),
            faces=data["faces"].astype(np.int32),
            weights=data["weights"].astype(np.float32) / np.float32(255.0),
            points=data["points"].astype(np.float32) * np.float32(scale),
            point_names=tuple(str(n) for n in data["point_names"]),
            stature_m=data["stature_m"],
        )


def corner_weights(habitus: Habitus) -> FloatArray:
    """(12,) share of each corner of sex x age x weight; sums to 1, one may be negative beyond the heaviest."""
    sex = np.array([1.0, 0.0] if habitus.sex == "female" else [0.0, 1.0])
    old = float(np.clip((habitus.age_years - AGES_YEARS[0]) / (AGES_YEARS[1] - AGES_YEARS[0]), 0.0, 1.0))
    thin, usual, heavy = BMI_OF_WEIGHT
    if habitus.bmi < usual:
        t = max(0.0, (habitus.bmi - thin) / (usual - thin))
        weight = np.array([1.0 - t, t, 0.0])
    else:
        t = min(1.0 + MOST_BEYOND, (habitus.bmi - usual) / (heavy - usual))
        weight = np.array([0.0, 1.0 - t, t])
    return np.asarray(np.einsum("s,a,w->saw", sex, np.array([1.0 - old, old]), weight).ravel())


@dataclass(frozen=True)
class Person:
    """One person's mesh before it is fitted to a body, the notch at the origin.

    `vertices` (n, 3) metres; `points` by name; `end_m` (n,) how far a vertex is from the cut ends of the shins.
    """

    vertices: npt.NDArray[np.float64]
    points: dict[str, npt.NDArray[np.float64]]
    end_m: npt.NDArray[np.float64]


def blended(habitus: Habitus, posture: str, arms: str = "") -> Person:
    """The person of a habitus, of true stature, in a posture."""
    asset, share = load_shapes(), corner_weights(habitus).astype(np.float32)
    scale = habitus.height_m / float(share @ asset.stature_m)
    vertices = np.tensordot(share, asset.shapes, axes=1).astype(np.float64) * scale
    points = np.tensordot(share, asset.points, axes=1).astype(np.float64) * scale
    named = dict(zip(asset.point_names, points, strict=True))
    origin = named["notch"].copy()
    vertices -= origin
    named = {name: point - origin for name, point in named.items()}
    end_m = vertices[:, 2] - float(vertices[:, 2].min())
    return Person(_posed(vertices, named, asset.weights, posture, arms), named, end_m)


def _towards(start: FloatArray, end: FloatArray) -> npt.NDArray[np.float64]:
    """(3, 3) the shortest rotation of direction `start` (3,) into `end` (3,)."""
    a, b = normalized(start), normalized(end)
    axis = np.cross(a, b)
    if float(np.linalg.norm(axis)) < 1e-9:
        return np.eye(3)
    return rotation_matrix(axis, float(np.arctan2(np.linalg.norm(axis), a @ b)))


def _posed(
    vertices: npt.NDArray[np.float64], points: dict[str, npt.NDArray[np.float64]],
    weights: npt.NDArray[np.float32], posture: str, arms: str,
) -> npt.NDArray[np.float64]:  # fmt: skip
    """Vertices with the limbs bent: every vertex goes with its bones by their weights."""
    moved, how = vertices.copy(), held(posture, arms)

    def bend(name: str, turn: FloatArray, shift: FloatArray) -> None:
        weight = weights[:, WEIGHT_COLUMNS.index(name), None]
        moved[:] += weight * (vertices @ turn.T + shift - vertices)

    for side, sign in (("R", 1.0), ("L", -1.0)):
        hold = how.side(side)
        (up, forwards), pose = hold.clavicle_deg, {"upper_arm": hold.upper_arm, "forearm": hold.forearm}
        joint = {limb: points[f"{limb}_{side}"] for limb in LIMBS}
        turn = rotation_matrix((0.0, 0.0, 1.0), sign * np.radians(forwards))
        turn = turn @ rotation_matrix((0.0, 1.0, 0.0), sign * np.radians(up))
        shift = joint["clavicle"] - turn @ joint["clavicle"]  # p -> turn p + shift
        bend(f"clavicle_{side}", turn, shift)
        for limb, tip in (("upper_arm", "forearm"), ("forearm", "hand")):
            root = turn @ joint[limb] + shift
            wanted = np.array(pose[limb]) * np.array([sign, 1.0, 1.0])
            turn = _towards(turn @ (joint[tip] - joint[limb]), wanted) @ turn
            shift = root - turn @ joint[limb]
            bend(f"{limb}_{side}", turn, shift)
        bend(f"hand_{side}", turn, shift)
        turn = rotation_matrix((1.0, 0.0, 0.0), np.radians(HIP_FLEXION_DEG.get(posture, 0.0)))
        shift = joint["thigh"] - turn @ joint["thigh"]
        bend(f"thigh_{side}", turn, shift)
        knee = turn @ joint["shin"] + shift
        turn = rotation_matrix((1.0, 0.0, 0.0), -np.radians(KNEE_FLEXION_DEG.get(posture, 0.0))) @ turn
        bend(f"shin_{side}", turn, knee - turn @ joint["shin"])
    return moved
