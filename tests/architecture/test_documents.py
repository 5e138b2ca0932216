"""What the documents say is true: commands, targets, terms, sources, parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields

import pytest
import sources

import simulator
from simulator import messages
from simulator.assessment.signs import SIGNS, Sign
from simulator.bench.signs import CATALOGUE, SignEntry
from simulator.cli import build_parser
from simulator.pathology.registry import KINDS
from simulator.probe import Settings

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md")
SOURCE_KEY = re.compile(r"\[((?:V\d+[a-z0-9]*|[BDP])(?:, ?(?:V?\d+[a-z0-9]*|[BDP]))*)\]")


def _text(name: str) -> str:
    return (sources.ROOT / name).read_text(encoding="utf-8")


def _glossary_rows() -> list[list[str]]:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in _text("GLOSSARY.md").splitlines()
        if line.startswith("| ") and "---" not in line
    ]
    return [row for row in rows if row[0] != "English"]


def _commands() -> set[str]:
    (subparsers,) = [action for action in build_parser()._actions if action.dest == "==SUPPRESS=="]
    assert isinstance(subparsers.choices, dict)
    return set(subparsers.choices)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_exist(document: str) -> None:
    named = re.findall(r"(?:`|^ {4}|^)pleura ([a-z]+)", _text(document), flags=re.MULTILINE)
    assert set(named) <= _commands(), set(named) - _commands()


def test_readme_names_every_command() -> None:
    missing = [name for name in _commands() if f"pleura {name}" not in _text("README.md")]
    assert not missing, missing


@pytest.mark.parametrize("document", DOCUMENTS)
def test_targets_exist(document: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", _text("Makefile"), flags=re.MULTILINE))
    named = set(re.findall(r"(?:`|^ {4}|^)make ([a-z]+)", _text(document), flags=re.MULTILINE))
    assert named <= targets, named - targets


@pytest.mark.parametrize("document", [*DOCUMENTS, "GLOSSARY.md", "CHANGELOG.md", "docs/sources.md"])
def test_links_lead_somewhere(document: str) -> None:
    folder = (sources.ROOT / document).parent
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", _text(document))
    dead = [link for link in links if "://" not in link and not (folder / link).exists()]
    assert not dead, dead


def test_architecture_names_every_part() -> None:
    parts = {
        p.stem for p in sources.PACKAGE.iterdir() if (p.is_dir() or p.suffix == ".py") and not p.stem.startswith("_")
    }
    silent = [part for part in parts if not re.search(rf"\b{part}\b", _text("ARCHITECTURE.md"))]
    assert not silent, silent


def test_glossary_rows_are_whole() -> None:
    rows = _glossary_rows()
    assert all(len(row) == 5 and row[0] and row[1] and row[2].endswith(".") for row in rows)
    terms = [row[0] for row in rows]
    assert len(terms) == len(set(terms))


@pytest.mark.parametrize("name", [*SIGNS, *KINDS])
def test_every_sign_and_finding_has_a_line(name: str) -> None:
    assert f"`{name}`" in {row[3] for row in _glossary_rows()}, f"GLOSSARY.md has no line for {name}"


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=CATALOGUE)
def test_every_sign_of_the_catalogue_has_a_line(entry: SignEntry) -> None:
    assert entry.term in {row[0] for row in _glossary_rows()}, f"GLOSSARY.md has no line for {entry.term}"


# Words of the literature that a trainee looks up, whether or not the catalogue measures them under that name.
NOMENCLATURE = (
    "bat sign", "A'-lines", "Z-line", "comet tail, I-line", "E-line", "seashore sign", "barcode sign", "curtain sign",
    "mirror image", "spine sign", "quad sign", "sinusoid sign", "jellyfish sign", "shred sign",
    "swirling echoes", "light beam",
)  # fmt: skip


@pytest.mark.parametrize("term", NOMENCLATURE)
def test_nomenclature_has_a_line(term: str) -> None:
    assert term in {row[0] for row in _glossary_rows()}


def test_architecture_names_every_pass_and_only_files_that_exist() -> None:
    text = _text("ARCHITECTURE.md")
    passes = [path.stem for path in (sources.ROOT / "shaders" / "pass").glob("*.frag")]
    silent = [name for name in passes if f"`{name}`" not in text]
    assert not silent, silent
    named = re.findall(r"`([a-z_]+/[a-z_/]+\.(?:py|md|frag))`", text)
    dead = [name for name in named if not (sources.ROOT / name).exists() and not (sources.PACKAGE / name).exists()]
    assert not dead, dead


def _plain(term: str) -> str:
    return re.sub(r"\s*\(.*\)", "", term).replace("\N{NO-BREAK SPACE}", " ").lower()


@pytest.mark.parametrize("sign", SIGNS.values(), ids=SIGNS)
def test_signs_have_the_same_name_here_and_on_the_screen(sign: Sign) -> None:
    (row,) = [row for row in _glossary_rows() if row[3] == f"`{sign.key}`"]
    before = messages.language()
    try:
        messages.set_language("fr")
        french = messages._(sign.name)
    finally:
        messages.set_language(before)
    assert (row[0].lower(), row[1].lower()) == (_plain(sign.name), _plain(french))


@pytest.mark.parametrize("knob", sorted({field.name for field in fields(Settings)} - {"lines", "samples"}))
def test_every_knob_has_a_line(knob: str) -> None:
    assert f"`Settings.{knob}`" in {row[3] for row in _glossary_rows()}, f"GLOSSARY.md has no line for {knob}"


def test_changelog_has_this_version() -> None:
    assert f"## [{simulator.__version__}]" in _text("CHANGELOG.md")


def _cited() -> Iterator[tuple[str, str]]:
    for path in sources.tracked_files():
        if path.suffix in {".py", ".glsl", ".yaml", ".md"} and path.parts[0] != "tests":
            for keys in SOURCE_KEY.findall(_text(path.as_posix())):
                for key in re.findall(r"V\d+", keys):
                    yield key, path.as_posix()


def test_every_cited_source_is_listed() -> None:
    listed = set(re.findall(r"\bV\d+", _text("docs/sources.md")))
    unknown = {f"{key} in {path}" for key, path in _cited() if key not in listed}
    assert not unknown, sorted(unknown)


def _keyboard_table() -> str:
    from simulator.app.keys import BINDINGS, GESTURES, zone_of

    lines = ["| key | what it does |", "|---|---|"]
    zones: dict[str, list[str]] = {}
    for binding in BINDINGS:
        if zone := zone_of(binding.command):
            zones.setdefault(zone[0], []).append(binding.shown)
            if zone[1] == "6":
                keys = zones[zone[0]]
                lines.append(f"| {keys[0]} ... {keys[-1]} | Go to zone {zone[0]}1 ... {zone[0]}6 |")
        else:
            lines.append(f"| {binding.shown} | {binding.label} |")
    lines += [f"| {gesture} | {label} |" for gesture, label in GESTURES]
    return "\n".join(lines)


def test_readme_lists_the_keys(request: pytest.FixtureRequest) -> None:
    start, end = "rewrites it -->\n", "\n<!-- end of keys -->"
    before, rest = _text("README.md").split(start)
    after = rest.split(end)[1]
    expected = before + start + _keyboard_table() + end + after
    if request.config.getoption("--bless"):
        (sources.ROOT / "README.md").write_text(expected, encoding="utf-8")
    assert _text("README.md") == expected, "keys changed: `make bless`"
