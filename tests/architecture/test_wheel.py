"""The wheel carries shaders, scenarios and assets, and works from any folder."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import sources

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the built wheel unpacked into it, as pip would do."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", folder, sources.ROOT],
        check=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def _python(site: Path, elsewhere: Path, code: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(site)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=elsewhere, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_finds_its_own_files(unpacked: Path, tmp_path: Path) -> None:
    code = (
        "import simulator\n"
        "from simulator.resources import resource_dir\n"
        "print(simulator.__file__)\n"
        "for name in ('shaders', 'scenarios', 'assets'): print(resource_dir(name))\n"
    )
    paths = [Path(line) for line in _python(unpacked, tmp_path, code).splitlines()]
    assert all(unpacked in path.parents for path in paths), paths


@pytest.mark.parametrize("folder", ["shaders", "scenarios", "assets"])
def test_the_wheel_has_every_file(unpacked: Path, folder: str) -> None:
    expected = {p.as_posix() for p in sources.tracked_files() if p.parts[0] == folder}
    data = unpacked / "simulator" / "_data"
    assert expected <= {p.relative_to(data).as_posix() for p in (data / folder).rglob("*") if p.is_file()}


def test_the_wheel_has_the_whole_package(unpacked: Path) -> None:
    expected = {p.as_posix() for p in sources.tracked_files() if p.parts[0] == "simulator"}
    assert expected <= {p.relative_to(unpacked).as_posix() for p in unpacked.rglob("*")}


def test_the_wheel_lists_its_scenarios_from_any_folder(unpacked: Path, tmp_path: Path) -> None:
    code = "import sys; from simulator.cli import main; sys.exit(main(['list']))"
    assert "covid_moderate" in _python(unpacked, tmp_path, code)
