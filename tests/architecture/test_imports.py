"""Dependencies point one way, and each library has one home. This is the picture of ARCHITECTURE.md as data."""

from __future__ import annotations

import sources

# What anything may import: words, numbers and places, no behaviour.
FOUNDATION = {"errors", "units", "tissue", "geometry", "resources", "messages", "folders", "logbook"}

# part -> the parts that it stands on; what those stand on is meant too.
STANDS_ON: dict[str, set[str]] = {
    **{part: set() for part in ("errors", "units", "tissue", "resources", "messages", "folders", "geometry")},
    "logbook": {"folders"},
    "console": set(),
    "doctor": {"render"},
    "recording": FOUNDATION,
    "locale": {"messages"},
    "probe": {"errors", "units", "geometry"},
    "anatomy": FOUNDATION,
    "physiology": FOUNDATION,
    "pathology": {"anatomy", "physiology"},
    "patient": {"pathology"},
    "acoustics": FOUNDATION | {"probe"},
    "reading": {"acoustics", "probe"},
    "assessment": {"patient", "probe"},
    "scenario": {"assessment"},
    "exam": {"scenario"},
    "storage": {"exam"},
    "render": {"patient", "acoustics", "probe"},
    "scanner": {"render", "assessment", "scenario"},
    "cut": {"render", "assessment"},
    "demo": {"scanner", "exam", "storage", "recording"},
    "bench": {"scanner", "exam", "storage", "recording", "reading"},
    "app": {"demo", "bench", "doctor", "cut"},
    "cli": {"app", "recording", "console"},
}

# library -> the only parts that may import it.
HOMES: dict[str, set[str]] = {
    "moderngl": {"render", "app", "bench"},  # bench times the passes
    "pygame": {"app", "doctor"},
    "imgui_bundle": {"app"},
    "OpenGL": {"app"},
    "yaml": {"scenario"},
    "pydantic": {"scenario"},
    "sqlalchemy": {"storage"},
    "jinja2": {"storage"},
    "babel": {"locale"},
}


def _allowed(part: str) -> set[str]:
    reached: set[str] = set()
    queue = [part]
    while queue:
        for below in STANDS_ON[queue.pop()] - reached:
            reached.add(below)
            queue.append(below)
    return reached | FOUNDATION | {part}


def test_the_picture_has_every_part_and_no_other() -> None:
    parts = {sources.part(name) for name in sources.modules()} - {""}
    assert parts == set(STANDS_ON)


def test_the_picture_has_no_circle() -> None:
    for part in STANDS_ON:
        above = [other for other in STANDS_ON if part in _allowed(other) and other != part]
        circle = [other for other in above if other in _allowed(part) and part not in FOUNDATION]
        assert not circle, f"{part} and {circle} stand on each other"


def test_dependencies_point_one_way() -> None:
    wrong = []
    for name, tree in sources.modules().items():
        part = sources.part(name)
        if not part:  # simulator/__init__.py names the public interface, lazily
            continue
        for imported, line in sources.imports(tree):
            if imported.split(".")[0] == "simulator" and sources.part(imported):
                target = sources.part(imported)
                if target not in _allowed(part):
                    wrong.append(f"{name}:{line}: {part} must not import {target}")
    assert not wrong, "\n".join(wrong)


def test_each_library_has_one_home() -> None:
    wrong = []
    for name, tree in sources.modules().items():
        for imported, line in sources.imports(tree):
            library = imported.split(".")[0]
            if library in HOMES and sources.part(name) not in HOMES[library]:
                wrong.append(f"{name}:{line}: {library} belongs in {sorted(HOMES[library])} only")
    assert not wrong, "\n".join(wrong)
