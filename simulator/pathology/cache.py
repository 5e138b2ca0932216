"""Baked findings on disk: written whole or not at all, and thrown away when they cannot be read back."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from functools import cache
from pathlib import Path

import numpy as np

from simulator.folders import user_folder
from simulator.geometry import Grid
from simulator.pathology.fields import LUNG_CHANNELS, SPACE_CHANNELS, Bronchi, FindingFields, Floating, SoftGas

KEEP = 10  # files of about 43 MB; the oldest go first
_log = logging.getLogger(__name__)


@cache
def pathology_version() -> str:
    """Hash of the sources that make findings: another version bakes its own."""
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.name.encode() + source.read_bytes())
    return digest.hexdigest()


def folder() -> Path:
    """Where baked findings are kept: PLEURA_CACHE_DIR, or the user's cache folder."""
    return user_folder("cache") / "findings"


def load(key: str) -> FindingFields | None:
    """The fields named `key`; None when they are not there or not whole."""
    path = folder() / f"{key}.npz"
    if not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as file:
            if str(file["key"]) != key:
                return None
            lung, space = file["lung"], file["space"]
            x, y, z = (float(v) for v in file["origin_m"])
            names = tuple(str(name) for name in file["names"])
            spacing, shift = float(file["spacing_m"]), float(file["bronchi_shift_m"])
            soft, soft_frame = file["soft"], [float(v) for v in file["soft_frame_m"]]
            sway = [float(v) for v in file["floating"]]
            lenses = file["lenses"]
            airways, airway_frame = file["bronchi"], [float(v) for v in file["bronchi_frame_m"]]
        nz, ny, nx, channels = lung.shape
        if channels != len(LUNG_CHANNELS) or lung.dtype != np.float16 or space.dtype != np.float16:
            return None
        if space.shape != (nz, ny, nx, len(SPACE_CHANNELS)):
            return None
        if soft.ndim != 4 or soft.shape[-1] != 1 or soft.dtype != np.float16:
            return None
        if lenses.shape[1:] != (3, 4) or lenses.dtype != np.float32:
            return None
        os.utime(path)  # so that pruning keeps what is used
        soft_grid = Grid((soft_frame[0], soft_frame[1], soft_frame[2]), soft_frame[3], soft.shape[:3])
        floating = Floating((sway[0], sway[1], sway[2]), (sway[3], sway[4], sway[5]), sway[6])
        grid = Grid((x, y, z), spacing, (nz, ny, nx))
        if airways.ndim != 4 or airways.shape[-1] != 1 or airways.dtype != np.float16:
            return None
        airway_grid = Grid((airway_frame[0], airway_frame[1], airway_frame[2]), airway_frame[3], airways.shape[:3])
        return FindingFields(
            grid, lung, space, names, key, shift, soft=SoftGas(soft_grid, soft), floating=floating,
            bronchi=Bronchi(airway_grid, airways), lenses=lenses,
        )  # fmt: skip
    except Exception as error:  # whatever a damaged file makes numpy or zipfile raise: bake again
        _log.warning("cached findings %s cannot be read (%s); baking them again", path, error)
        return None


def save(key: str, fields: FindingFields) -> None:
    """Keep `fields` as `key`. A disk that is full or read-only costs the cache, not the session."""
    target = folder()
    temporary: str | None = None
    try:
        target.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target, prefix=".", suffix=".tmp")
        with os.fdopen(handle, "wb") as file:
            np.savez(
                file,
                key=np.array(key),
                lung=fields.lung,
                space=fields.space,
                origin_m=np.array(fields.grid.origin_m, dtype=np.float64),
                spacing_m=np.array(fields.grid.spacing_m, dtype=np.float64),
                bronchi_shift_m=np.array(fields.bronchi_shift_m),
                soft=fields.soft.distance_m,
                soft_frame_m=np.array([*fields.soft.grid.origin_m, fields.soft.grid.spacing_m]),
                floating=np.array([*fields.floating.tip_m, *fields.floating.direction, fields.floating.reach_m]),
                bronchi=fields.bronchi.distance_m,
                bronchi_frame_m=np.array([*fields.bronchi.grid.origin_m, fields.bronchi.grid.spacing_m]),
                lenses=fields.lenses,
                names=np.array(fields.names, dtype=np.str_),
            )
        os.replace(temporary, target / f"{key}.npz")
        temporary = None
        _prune(target)
    except OSError as error:
        _log.warning("findings cannot be cached in %s (%s)", target, error)
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def _prune(target: Path) -> None:
    files = sorted(target.glob("*.npz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in files[KEEP:]:
        path.unlink(missing_ok=True)
