"""What the program says, in the trainee's language: gettext catalogues, switchable at run time.

Message ids are the English sentences themselves. Translation happens when `_` is called, so a text that is kept in a
constant is marked with `N_` and passed through `_` where it is shown.
"""

from __future__ import annotations

import gettext as _gettext
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DOMAIN = "pleura"
LOCALE_DIR = Path(__file__).resolve().parent / "locale"
LANGUAGES: dict[str, str] = {"en": "English", "fr": "Français"}  # code -> the language's name in itself
SOURCE_LANGUAGE = "en"


class _Current:
    """The language in use; one per process, because the window and its worker threads speak the same one."""

    def __init__(self) -> None:
        self.code = SOURCE_LANGUAGE
        self.lock = threading.Lock()


_current = _Current()


@cache
def _catalogue(code: str) -> _gettext.NullTranslations:
    if code == SOURCE_LANGUAGE:
        return _gettext.NullTranslations()
    return _gettext.translation(DOMAIN, LOCALE_DIR, languages=[code], fallback=True)


def set_language(code: str) -> str:
    """Speak `code` ("fr", "en"; "fr_FR.UTF-8" and "fr-CA" are understood) from now on; returns the code taken.

    A language without a catalogue raises ValueError; `best_language` chooses without raising.
    """
    short = _short(code)
    if short not in LANGUAGES:
        raise ValueError(f"no catalogue for language {code!r}; there are {', '.join(LANGUAGES)}")
    with _current.lock:
        _current.code = short
    return short


def language() -> str:
    """The language spoken now, a key of `LANGUAGES`."""
    return _current.code


def best_language(code: str | None) -> str:
    """The language of `LANGUAGES` nearest to a locale name such as "fr_CA.UTF-8"; English when there is none."""
    short = _short(code or "")
    return short if short in LANGUAGES else SOURCE_LANGUAGE


def _short(code: str) -> str:
    return code.replace("-", "_").split(".")[0].split("_")[0].lower()


def _(text: str) -> str:
    """`text` in the current language."""
    return _catalogue(_current.code).gettext(text) if text else ""


def ngettext(singular: str, plural: str, count: int) -> str:
    """`singular` or `plural` for `count` things, in the current language and by its own rule (French: 0 is one)."""
    return _catalogue(_current.code).ngettext(singular, plural, count)


def N_(text: str) -> str:
    """Marks `text` for the catalogue and returns it unchanged; pass it through `_` where it is shown."""
    return text


@dataclass(frozen=True)
class LocalText:
    """A text given per language by an author, such as a scenario's brief."""

    texts: tuple[tuple[str, str], ...]  # (language code, text), at least one

    @classmethod
    def of(cls, source: str | Mapping[str, str]) -> LocalText:
        """From a plain string (taken as the source language) or a mapping of language code to text."""
        if isinstance(source, str):
            return cls(((SOURCE_LANGUAGE, source),))
        return cls(tuple(source.items()))

    def languages(self) -> tuple[str, ...]:
        """The languages that the author wrote."""
        return tuple(code for code, _text in self.texts)

    def text(self, code: str | None = None) -> str:
        """In language `code` (default: the one spoken now), else in English, else in any."""
        by_language = dict(self.texts)
        for wanted in (code or language(), SOURCE_LANGUAGE):
            if wanted in by_language:
                return by_language[wanted]
        return next(iter(by_language.values()), "")

    def __str__(self) -> str:
        return self.text()
