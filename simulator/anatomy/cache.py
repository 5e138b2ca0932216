"""Where are baked bodies kept between runs?

Under the user's cache folder, named by the content of what made them: habitus, posture, arms and the anatomy's source.
A file that cannot be read is baked again; a folder that cannot be written only costs time. Nothing here ever stops a
run.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import tempfile
from functools import lru_cache
from pathlib import Path

import numpy as np

from simulator.anatomy.arms import arms_or_usual
from simulator.anatomy.bake import Progress, bake_body
from simulator.anatomy.body import TEXTURES, Body, Habitus
from simulator.folders import user_folder
from simulator.geometry import Grid
from simulator.messages import _

FORMAT = 1  # of the file itself
log = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def anatomy_version() -> str:
    """Hash of the sources that make a body, which are those that `bake` imports: another version bakes its own."""
    digest = hashlib.sha256(f"format {FORMAT}".encode())
    for name in sorted(sources_of("bake")):
        digest.update(name.encode() + (_FOLDER / f"{name}.py").read_bytes())
    return digest.hexdigest()


def sources_of(module: str) -> set[str]:
    """Names of the modules of this package that `module` imports, itself and theirs included."""
    found: set[str] = set()
    queue = [module]
    while queue:
        name = queue.pop()
        found.add(name)
        queue.extend(set(_IMPORT.findall((_FOLDER / f"{name}.py").read_text(encoding="utf-8"))) - found)
    return found


_FOLDER = Path(__file__).parent
_IMPORT = re.compile(r"^ *from simulator\.anatomy\.(\w+) import", re.MULTILINE)


def body_key(habitus: Habitus, posture: str, arms: str = "") -> str:
    """Name of the cached bake of a body."""
    who = [habitus.sex, habitus.age_years, habitus.height_m, habitus.mass_kg]
    text = json.dumps([*who, posture, arms_or_usual(posture, arms), anatomy_version()])
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def load_body(habitus: Habitus, posture: str = "supine", progress: Progress | None = None, arms: str = "") -> Body:
    """A body from the cache, or baked and put there."""
    path = user_folder("cache") / f"body-{body_key(habitus, posture, arms)}.npz"
    cached = read_body(path, habitus)
    if cached is not None:
        if progress:
            progress(_("body from the cache"), 1.0)
        return cached
    body = bake_body(habitus, posture, progress, arms)
    write_body(path, body)
    return body


def read_body(path: Path, habitus: Habitus) -> Body | None:
    """The body in a file, or None where there is none that can be read."""
    if not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as data:
            meta = json.loads(str(data["meta"]))
            textures = {t: data[t] for t in TEXTURES}
            curves = {name: data["curve_" + name] for name in meta["curves"]}
        grid = Grid(tuple(meta["origin_m"]), meta["spacing_m"], tuple(meta["shape"]))
        if any(a.shape != (*grid.shape, 4) or a.dtype != np.float16 for a in textures.values()):
            raise ValueError("arrays do not have the shape that the file claims")
        return Body(
            habitus=habitus, grid=grid, axis_y_m=meta["axis_y_m"], notch_to_rib10_m=meta["notch_to_rib10_m"],
            wall=textures["wall"], thorax=textures["thorax"], organs=textures["organs"], curves=curves,
            landmarks={name: tuple(point) for name, point in meta["landmarks"].items()},
            content_hash=meta["content_hash"],
        )  # fmt: skip
    except Exception as error:  # whatever a damaged file makes numpy, zipfile or json raise: bake again
        log.warning("cached body %s cannot be read (%s); baking it again", path, error)
        return None


def write_body(path: Path, body: Body) -> bool:
    """Keep a body in a file, all of it or nothing; False (and a warning) where that is not possible."""
    meta = {
        "origin_m": body.grid.origin_m, "spacing_m": body.grid.spacing_m, "shape": body.grid.shape,
        "axis_y_m": body.axis_y_m, "notch_to_rib10_m": body.notch_to_rib10_m, "landmarks": body.landmarks,
        "content_hash": body.content_hash, "curves": sorted(body.curves),
    }  # fmt: skip
    arrays = {t: getattr(body, t) for t in TEXTURES} | {"curve_" + k: v for k, v in body.curves.items()}
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
            temporary = file.name
            np.savez(file, meta=np.array(json.dumps(meta)), **arrays)
        os.replace(temporary, path)
    except OSError as error:
        log.warning("body cannot be cached in %s (%s); it will be baked again next time", path.parent, error)
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        return False
    return True
