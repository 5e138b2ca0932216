"""Keeps the catalogues in step with the sources: extracts messages, updates each .po, compiles each .mo.

`python -m simulator.locale.update` writes; with `--check` it only says what is missing or stale (exit status 1).
Needs babel, a development dependency; the program itself needs only the compiled .mo files.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

from simulator import __version__
from simulator.messages import DOMAIN, LANGUAGES, LOCALE_DIR, SOURCE_LANGUAGE

PACKAGE = LOCALE_DIR.parent
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
METHODS = {".py": "python", ".html": "jinja2.ext:babel_extract", ".j2": "jinja2.ext:babel_extract"}
HEADER = "# French messages of Pleura. Edit the msgstr lines; `make messages` brings new msgids and compiles.\n"


def sources() -> Iterator[tuple[Path, str]]:
    """Files that may hold messages, with babel's extraction method."""
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in METHODS and LOCALE_DIR not in path.parents:
            yield path, METHODS[path.suffix]


def extract() -> Catalog:
    """A template of every message in the package, in the order of files, without line numbers (they only churn)."""
    template = Catalog(project="Pleura", charset="utf-8")
    for path, method in sources():
        name = path.relative_to(PACKAGE.parent).as_posix()
        options = {"encoding": "utf-8"}
        for _line, text, comments, context in extract_from_file(method, path, KEYWORDS, ("i18n:",), options):
            if (text[0] if isinstance(text, tuple) else text) == "":
                continue
            template.add(text, locations=[(name, 0)], auto_comments=comments, context=context)
    return template


def po_path(code: str) -> Path:
    """The editable catalogue of language `code`."""
    return LOCALE_DIR / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def mo_path(code: str) -> Path:
    """The compiled catalogue of language `code`."""
    return po_path(code).with_suffix(".mo")


def read_catalogue(code: str) -> Catalog:
    """The .po of language `code`; an empty one when there is none yet."""
    if not po_path(code).exists():
        return Catalog(locale=code, project="Pleura", charset="utf-8", fuzzy=False)
    with po_path(code).open("rb") as file:
        return read_po(file, locale=code, charset="utf-8")


def has_translation(message: Message) -> bool:
    """Whether every plural form is filled in and nobody marked it as a guess."""
    return not message.fuzzy and all(_forms(message.string))


def untranslated(code: str) -> list[str]:
    """Message ids of the sources that language `code` lacks, in the order of files."""
    catalogue = read_catalogue(code)
    missing = []
    for message in extract():
        if not message.id:
            continue
        found = catalogue.get(message.id, message.context)
        if found is None or not has_translation(found):
            missing.append(message.id if isinstance(message.id, str) else message.id[0])
    return missing


def is_stale(code: str) -> bool:
    """Whether the .mo says something else than the .po."""
    if not mo_path(code).exists():
        return True
    with mo_path(code).open("rb") as file:
        compiled = read_mo(file)
    written = io.BytesIO()
    write_mo(written, read_catalogue(code))
    written.seek(0)
    fresh = read_mo(written)
    return _contents(compiled) != _contents(fresh)


def _contents(catalogue: Catalog) -> dict[tuple[object, ...], tuple[object, ...]]:
    return {_forms(message.id): _forms(message.string) for message in catalogue if message.id}


def _forms(text: object) -> tuple[object, ...]:
    return tuple(text) if isinstance(text, (tuple, list)) else (text,)


def update(code: str) -> None:
    """Brings new messages into the .po of `code`, keeps translations, drops unused ones, and compiles the .mo."""
    catalogue = read_catalogue(code)
    catalogue.update(extract(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    catalogue.header_comment = HEADER.strip()
    catalogue.project, catalogue.version = "Pleura", __version__
    catalogue.last_translator = "The Pleura authors"
    catalogue.language_team = LANGUAGES[code]
    catalogue.msgid_bugs_address = "-"
    catalogue.revision_date = catalogue.creation_date  # a date that changes by itself is only noise in the history
    po_path(code).parent.mkdir(parents=True, exist_ok=True)
    with po_path(code).open("wb") as file:
        write_po(file, catalogue, width=110, include_lineno=False, ignore_obsolete=True)
    with mo_path(code).open("wb") as file:
        write_mo(file, catalogue)


def main(argv: list[str] | None = None) -> int:
    """The command line; exit status 1 when something is missing or stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail when something is missing or stale")
    arguments = parser.parse_args(argv)
    status = 0
    for code in LANGUAGES:
        if code == SOURCE_LANGUAGE:
            continue
        if not arguments.check:
            update(code)
        missing = untranslated(code)
        stale = is_stale(code)
        print(f"{code}: {len(missing)} untranslated" + (", .mo is stale" if stale else ""))
        for text in missing:
            print(f"  {text!r}")
        if missing or stale:
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
