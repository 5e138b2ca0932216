"""What the architecture tests look at: the files of the project and what each one imports."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "simulator"


# What a source tree without git has beside the sources.
NOT_SOURCES = (
    ".git",
    ".venv",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
    "__pycache__",
    "out",
    "build",
)


@cache
def tracked_files() -> tuple[Path, ...]:
    """Every file under version control, and every new one that is not ignored, relative to the root."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    except (FileNotFoundError, subprocess.CalledProcessError):  # an unpacked archive, or a machine without git
        found = (path.relative_to(ROOT) for path in ROOT.rglob("*"))
        names = [path.as_posix() for path in found if not set(NOT_SOURCES) & set(path.parts)]
    return tuple(Path(name) for name in sorted(set(names)) if name and (ROOT / name).is_file())


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the package by its dotted name, parsed."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    return found


def imports(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """(dotted name, line) of everything that a module imports, also inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: relative import; write the full name"
            module = node.module or ""
            for alias in node.names:
                whole = f"{module}.{alias.name}"
                yield (whole if module.startswith("simulator") and whole in modules() else module, node.lineno)


def part(module: str) -> str:
    """The part of the program that a dotted name belongs to: `simulator.anatomy.zones` is of `anatomy`."""
    pieces = module.split(".")
    return pieces[1] if len(pieces) > 1 else ""
