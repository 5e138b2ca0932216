"""The conventions of CONTRIBUTING.md that a machine can check."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import sources

MOST_LINES = 400
# file -> why it is longer
LONGER: dict[str, str] = {}

NAMES_THAT_SAY_NOTHING = {"utils", "util", "core", "common", "helpers", "helper", "manager", "managers", "misc", "base"}
IMAGES = {".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".mp4", ".dcm", ".tif", ".tiff"}
HOMES_OF_IMAGES = ("docs", "assets", "tests/golden")


def test_files_answer_one_question_in_400_lines() -> None:
    too_long = {}
    for path in sources.tracked_files():
        if path.suffix in {".py", ".glsl", ".vert", ".frag", ".sh"}:
            lines = len((sources.ROOT / path).read_text(encoding="utf-8").splitlines())
            if lines > MOST_LINES:
                too_long[path.as_posix()] = lines
    assert too_long.keys() == LONGER.keys(), f"over {MOST_LINES} lines: {too_long}; listed with a reason: {LONGER}"


def test_every_module_says_what_it_answers() -> None:
    silent = [name for name, tree in sources.modules().items() if not ast.get_docstring(tree)]
    assert not silent, f"modules without a docstring: {silent}"


def _public(node: ast.Module | ast.ClassDef, prefix: str) -> Iterator[tuple[str, ast.AST]]:
    for child in node.body:
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and not child.name.startswith("_"):
            yield f"{prefix}.{child.name}", child
            if isinstance(child, ast.ClassDef):
                yield from _public(child, f"{prefix}.{child.name}")


def test_everything_public_has_a_docstring() -> None:
    silent = []
    for module, tree in sources.modules().items():
        for name, node in _public(tree, module):
            assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
            decorators = {ast.unparse(decorator) for decorator in node.decorator_list}
            is_second_half = any(d.endswith((".setter", "overload")) for d in decorators) or "override" in decorators
            if not ast.get_docstring(node) and not is_second_half:
                silent.append(f"{name} (line {node.lineno})")
    assert not silent, "without a docstring:\n" + "\n".join(silent)


def test_names_say_something() -> None:
    empty = [p.as_posix() for p in sources.tracked_files() if p.suffix == ".py" and p.stem in NAMES_THAT_SAY_NOTHING]
    empty += [p.as_posix() for p in sources.PACKAGE.iterdir() if p.is_dir() and p.name in NAMES_THAT_SAY_NOTHING]
    assert not empty, f"a line that fits nowhere means that a word is missing: {empty}"


def test_images_are_our_own() -> None:
    """Real ultrasound frames never enter the project; images live where the project itself wrote or credits them."""
    stray = [
        p.as_posix()
        for p in sources.tracked_files()
        if p.suffix.lower() in IMAGES and not p.as_posix().startswith(tuple(home + "/" for home in HOMES_OF_IMAGES))
    ]
    assert not stray, f"images outside {HOMES_OF_IMAGES}: {stray}"


def test_assets_are_credited() -> None:
    text = (sources.ROOT / "assets" / "SOURCES.md").read_text(encoding="utf-8")
    silent = [
        p.as_posix()
        for p in sources.tracked_files()
        if p.parts[0] == "assets" and p.name != "SOURCES.md" and p.name not in text
    ]
    assert not silent, f"not in assets/SOURCES.md: {silent}"


def test_nothing_outside_the_project_is_needed() -> None:
    outside = "../" + "shared"
    absolute = "/work/" + "shared"
    guilty = []
    for path in sources.tracked_files():
        if path.suffix.lower() in IMAGES | {".ttf", ".otf", ".mo", ".npz"}:
            continue
        text = (sources.ROOT / path).read_text(encoding="utf-8", errors="replace")
        if outside in text or absolute in text:
            guilty.append(path.as_posix())
    assert not guilty, f"these name folders outside the project: {guilty}"
