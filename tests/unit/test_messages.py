"""Catalogues: complete, compiled, switchable, with the right plurals and French typography."""

from __future__ import annotations

import re
import string

import pytest

from simulator import messages
from simulator.locale import update
from simulator.messages import N_, LocalText, _, best_language, language, ngettext, set_language

TRANSLATED = [code for code in messages.LANGUAGES if code != messages.SOURCE_LANGUAGE]


@pytest.fixture(autouse=True)
def _english_again() -> object:
    yield
    set_language("en")


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_message_is_translated(code: str) -> None:
    missing = update.untranslated(code)
    assert not missing, (
        f"{len(missing)} messages have no translation ({code}): `make messages`, then fill in: {missing}"
    )


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_compiled_catalogue_is_current(code: str) -> None:
    assert not update.is_stale(code), "the .mo is stale: `make messages`"


def _pairs(code: str) -> list[tuple[str, str]]:
    pairs = []
    for message in update.read_catalogue(code):
        ids = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
        strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        pairs += [(ids[min(i, len(ids) - 1)], text) for i, text in enumerate(strings) if message.id]
    return pairs


def _fields(text: str) -> set[str]:
    try:
        return {name.split(".")[0] for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}
    except ValueError:
        return set()


@pytest.mark.parametrize("code", TRANSLATED)
def test_translations_keep_the_placeholders(code: str) -> None:
    wrong = [pair for pair in _pairs(code) if _fields(pair[1]) - _fields(pair[0])]
    wrong += [(a, b) for a, b in _pairs(code) if _fields(a) - _fields(b) and "{count}" not in a and "{n}" not in a]
    assert not wrong


# What keeps its own spelling inside a French sentence: placeholders, keys of a file, quoted code.
NOT_FRENCH = re.compile(r"\{[^}]*\}|\b\w+_\w+: \d|'[^']*'|`[^`]*`")
FAULTS = {
    "no-break space before ; ! ? : %": re.compile(r"[^\s\u00a0\u202f?!] ?[;!?:%](?=\s|$)"),
    "typographic apostrophe": re.compile(r"\w'\w"),
    "« » for quotation marks": re.compile('"'),
    "… for three dots": re.compile(r"\.\.\."),
    "no-break space inside « »": re.compile(r"«[^\u00a0\u202f]|[^\u00a0\u202f]»"),
    "no-break space in lignes A, lignes B": re.compile(r"[Ll]ignes? [AB]\b"),
}


def test_french_typography() -> None:
    wrong = [
        (name, text)
        for _source, text in _pairs("fr")
        for name, fault in FAULTS.items()
        if fault.search(NOT_FRENCH.sub("x", text))
    ]
    assert not wrong, wrong


@pytest.mark.parametrize(
    ("text", "fault"),
    [("Zone: R1", 0), ("Prêt ?", 0), ("50 %", 0), ("l'écran", 1), ('le "mot"', 2), ("attendre...", 3), ("lignes B", 5)],
)
def test_faults_of_typography_are_found(text: str, fault: int) -> None:
    assert list(FAULTS.values())[fault].search(text)


def test_the_language_is_switched_at_run_time() -> None:
    text = N_("no such key")
    assert _(text) == text
    set_language("fr_CA.UTF-8")
    assert language() == "fr"
    assert _(text) == "clé inconnue"
    set_language("en")
    assert _(text) == text
    assert _("") == ""


def test_plurals_follow_the_language() -> None:
    plural = next(message for message in update.read_catalogue("fr") if not isinstance(message.id, str))
    one, many = plural.id
    assert [ngettext(one, many, n) for n in (0, 1, 2)] == [many, one, many]
    set_language("fr")
    singular, several = plural.string
    assert singular != several
    assert [ngettext(one, many, n) for n in (0, 1, 2)] == [singular, singular, several]


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="no catalogue"):
        set_language("de")
    assert best_language("de_DE") == "en"
    assert best_language("fr-FR") == "fr"
    assert best_language(None) == "en"


def test_local_text_falls_back() -> None:
    both = LocalText.of({"fr": "Un", "en": "One"})
    assert (both.text(), both.text("fr"), both.text("de"), str(both)) == ("One", "Un", "One", "One")
    assert LocalText.of({"fr": "Un"}).text("en") == "Un"
    assert LocalText.of("One").text("fr") == "One"
    set_language("fr")
    assert str(both) == "Un"
    assert both.languages() == ("fr", "en")
