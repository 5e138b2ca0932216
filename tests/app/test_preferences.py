"""Settings are remembered, and a broken file costs nothing but the settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.app.preferences import Preferences, config_path, load, save


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "settings.json"
    chosen = Preferences("fr", 1.5, (1600, 900), True, "Élodie", True)
    assert save(chosen, path)
    assert load(path) == (chosen, None)


def test_no_file_is_no_problem(tmp_path: Path) -> None:
    assert load(tmp_path / "none.json") == (Preferences(), None)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"window_size": 3}', '{"window_size": [1]}', '{"scale": "big"}', '{"scale": true}',
             '{"trainee": 5}', '{"fullscreen": 1}', '{"window_size": [1e999, 2]}', '{"language": null}'],
)  # fmt: skip
def test_a_corrupt_file_gives_the_defaults_and_says_so(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(text)
    preferences, problem = load(path)
    assert preferences == Preferences()
    assert problem
    assert "settings.json" in problem


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(b"\xff\xfe\x00")
    assert load(path)[1]


def test_out_of_range_is_put_right(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"scale": 77, "window_size": [1, 99999999], "trainee": "' + "x" * 500 + '", "new": 1}')
    preferences, problem = load(path)
    assert problem is None
    assert preferences.scale == 0.0
    assert preferences.window_size == (640, 16384)
    assert len(preferences.trainee) == 40


def test_where_it_lies(own_data: Path) -> None:
    assert config_path() == own_data.parent / "config" / "settings.json"


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert not save(Preferences(), tmp_path / "file" / "settings.json")
