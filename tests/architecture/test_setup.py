"""The set-up says what is missing, on a machine that has less than it needs."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sources

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the set-up script is for POSIX shells")

PLAIN_TOOLS = ("sh", "dirname", "cat", "cksum", "rm", "id", "env")


@pytest.fixture
def bare_machine(tmp_path: Path) -> Path:
    """A copy of the set-up script in a folder with a space, and beside it a `bin` with nothing but plain tools."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in PLAIN_TOOLS:
        found = shutil.which(name)
        assert found is not None
        (tools / name).symlink_to(found)
    clone = tmp_path / "a clone"
    (clone / "tools").mkdir(parents=True)
    shutil.copy(sources.ROOT / "tools" / "setup.sh", clone / "tools")
    shutil.copy(sources.ROOT / "pyproject.toml", clone)
    return tmp_path


def _set_up(machine: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(machine / "a clone" / "tools" / "setup.sh")],
        env={"PATH": str(machine / "bin"), "HOME": str(machine)}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def _add_tool(machine: Path, name: str, text: str) -> None:
    path = machine / "bin" / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_without_python_it_names_the_package(bare_machine: Path) -> None:
    done = _set_up(bare_machine)
    assert done.returncode == 1
    assert "Python 3.11 or newer" in done.stderr
    assert "apt-get install python3" in done.stderr


def test_an_old_python_is_not_taken(bare_machine: Path) -> None:
    _add_tool(bare_machine, "python3", "exit 1")  # it answers every question about its version with no
    assert "Python 3.11 or newer" in _set_up(bare_machine).stderr


def test_without_venv_and_without_root_it_names_the_package(bare_machine: Path) -> None:
    _add_tool(bare_machine, "python3", 'case "$*" in *version_info*) exit 0 ;; *) exit 1 ;; esac')
    done = _set_up(bare_machine)
    assert done.returncode == 1
    assert "apt-get install python3-venv" in done.stderr


def test_every_target_is_explained() -> None:
    shown = subprocess.run(["make", "help"], cwd=sources.ROOT, capture_output=True, text=True, check=True).stdout
    lines = (sources.ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
    targets = [line.split(":")[0] for line in lines if line[:1].islower() and ": " in line]
    assert {"setup", "run", "test", "check", "bless", "bench"} <= set(targets)
    assert all(f"make {target} " in shown for target in targets if target != "help")


def test_the_same_packages_are_named_everywhere() -> None:
    from simulator.render.context import PACKAGES

    for name in ("tools/setup.sh", "README.md"):
        assert PACKAGES in (sources.ROOT / name).read_text(encoding="utf-8"), name
