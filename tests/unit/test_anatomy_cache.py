"""Are bodies kept, found again, and never in the way?"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from simulator.anatomy import cache
from simulator.anatomy.body import TEXTURES, Body, Habitus

BodyOf = Callable[[str], Body]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body_of: BodyOf) -> Path:
    """A cache folder of its own, empty even where these tests are the first to want a body."""
    body_of("woman")
    monkeypatch.setenv("PLEURA_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def no_bake(monkeypatch: pytest.MonkeyPatch, body: Body) -> list[Habitus]:
    """Replaces the bake by a ready body; returns the list of what was asked for."""
    asked: list[Habitus] = []

    def bake(habitus: Habitus, posture: str = "supine", progress: object = None, arms: str = "") -> Body:
        asked.append(habitus)
        return body

    monkeypatch.setattr(cache, "bake_body", bake)
    return asked


@pytest.mark.slow
def test_a_body_comes_back_as_it_went(folder: Path, body_of: BodyOf, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second load reads the file, which takes no bake: same arrays, curves, landmarks and hash."""
    body = body_of("woman")
    asked = no_bake(monkeypatch, body)
    cache.load_body(body.habitus)
    again = cache.load_body(body.habitus)
    assert len(asked) == 1
    for name in TEXTURES:
        assert np.array_equal(getattr(again, name), getattr(body, name))
    assert again.grid == body.grid
    assert again.landmarks == body.landmarks
    assert again.content_hash == body.content_hash
    assert all(np.array_equal(again.curves[k], v) for k, v in body.curves.items())
    assert [p.suffix for p in folder.iterdir()] == [".npz"]  # nothing half-written is left


@pytest.mark.slow
@pytest.mark.parametrize("damage", [b"", b"not a body", None])
def test_a_damaged_file_is_baked_again(
    folder: Path,
    body_of: BodyOf,
    monkeypatch: pytest.MonkeyPatch,
    damage: bytes | None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Empty, foreign or cut short: logged, baked again, repaired."""
    body = body_of("woman")
    asked = no_bake(monkeypatch, body)
    cache.load_body(body.habitus)
    (path,) = folder.iterdir()
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2] if damage is None else damage)
    with caplog.at_level(logging.WARNING):
        assert cache.load_body(body.habitus).content_hash == body.content_hash
    assert "cannot be read" in caplog.text
    assert len(asked) == 2
    assert cache.read_body(path, body.habitus) is not None


def test_a_folder_that_cannot_be_written_only_warns(
    folder: Path, body_of: BodyOf, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A full disk, or a file where the folder should be."""
    body = body_of("woman")
    no_bake(monkeypatch, body)
    folder.write_text("in the way")
    with caplog.at_level(logging.WARNING):
        assert cache.load_body(body.habitus) is body
    assert "cannot be cached" in caplog.text
    folder.unlink()

    def full(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache.np, "savez", full)
    assert cache.load_body(body.habitus) is body
    assert os.listdir(folder) == []


def test_the_name_depends_on_all_that_makes_a_body() -> None:
    """Habitus, posture, arms and the anatomy's source; the usual arms are the same whether they are named or not."""
    a = Habitus("female", 30.0, 1.65, 60.0)
    assert cache.body_key(a, "sitting") == cache.body_key(a, "sitting", "forward")
    names = {
        cache.body_key(a, "supine"),
        cache.body_key(a, "sitting"),
        cache.body_key(a, "sitting", "beside"),
        cache.body_key(Habitus("female", 31.0, 1.65, 60.0), "supine"),
        cache.body_key(Habitus("male", 30.0, 1.65, 60.0), "supine"),
    }
    assert len(names) == 5
    assert len(cache.anatomy_version()) == 64


def test_only_what_bakes_a_body_makes_a_new_version() -> None:
    """The sources that count are those that the bake imports; what draws or examines a baked body is none of them."""
    sources = cache.sources_of("bake")
    assert {"bake", "cage", "organs", "tubes", "dimensions", "body"} <= sources
    assert not sources & {"mesh", "layers", "palette", "doctor", "windows", "contact", "zones"}
