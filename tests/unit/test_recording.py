"""Frames as files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from simulator.errors import BadInputError, PleuraError
from simulator.recording import write_frames


@dataclass(frozen=True)
class _Frame:
    image: Any
    envelope: Any
    geometry: Any
    truth: Any


def _frames(count: int) -> list[_Frame]:
    geometry = SimpleNamespace(line_origins_m=np.zeros((4, 3)), line_directions=np.ones((4, 3)), sample_spacing_m=1e-4)
    truth = SimpleNamespace(gas_depth_m=np.full(4, 0.02), rib=np.zeros(4, bool), tissue=np.zeros((4, 8), np.uint8))
    return [
        _Frame(np.full((20, 30), 10 * n, np.uint8), np.full((4, 8), n, np.float32), geometry, truth)
        for n in range(count)
    ]


def test_png_is_one_file_a_frame_with_its_pixels(tmp_path: Path) -> None:
    files = write_frames(_frames(3), tmp_path / "new" / "folder", "R3", "png", fps=30.0)
    assert [file.name for file in files] == ["R3-0000.png", "R3-0001.png", "R3-0002.png"]
    assert np.array_equal(np.asarray(Image.open(files[2])), np.full((20, 30), 20))


def test_webp_is_one_clip_at_the_asked_rate(tmp_path: Path) -> None:
    (file,) = write_frames(_frames(5), tmp_path, "R3", "webp", fps=25.0)
    clip = Image.open(file)
    assert clip.n_frames == 5  # type: ignore[attr-defined]
    clip.seek(1)
    clip.load()
    assert clip.info["duration"] == 40


def test_npz_has_frames_along_the_first_axis(tmp_path: Path) -> None:
    (file,) = write_frames(_frames(3), tmp_path, "R3", "npz", fps=10.0)
    kept = np.load(file)
    assert kept["envelope"].shape == (3, 4, 8)
    assert kept["envelope"][2, 0, 0] == 2.0
    assert kept["time_s"].tolist() == [0.0, 0.1, 0.2]
    assert kept["sample_spacing_m"] == 1e-4


def test_an_unknown_format_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="gif"):
        write_frames(_frames(1), tmp_path, "R3", "gif", fps=10.0)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PleuraError, match="cannot write"):
        write_frames(_frames(1), tmp_path / "file" / "sub", "R3", "png", fps=10.0)
