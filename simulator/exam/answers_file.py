"""A written answer sheet, the twin of the answers given on screen: strict YAML with `file:line:col` for every error.

    zones:
      R1: {signs: [a_lines], score: 0}
      R2: not_examined
    diagnosis: covid_pneumonia
    severity: moderate

Zones that are missing count as not answered.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from simulator.anatomy.zones import ZONES
from simulator.assessment.answer import SCORES, Answer, ZoneAnswer, zone_to_json
from simulator.assessment.conclusions import DIAGNOSES, SEVERITIES
from simulator.assessment.signs import SIGNS
from simulator.errors import BadInputError
from simulator.messages import _
from simulator.scenario.yaml_tree import Path as Place
from simulator.scenario.yaml_tree import Position, Tree, dotted, read_tree

NOT_EXAMINED = "not_examined"
LARGEST_BYTES = 100_000  # an answer sheet is a page; anything larger is another file


def read_answers(path: Path) -> Answer:
    """The answer sheet in the file at `path`; all its errors at once in a BadInputError."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise BadInputError(_("{path}: too large for an answer sheet").format(path=path))
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadInputError(_("{path}: cannot be read: {reason}").format(path=path, reason=reason)) from error
    except UnicodeDecodeError as error:
        raise BadInputError(_("{path}: is not UTF-8 text").format(path=path)) from error
    return parse_answers(text, str(path))


def parse_answers(text: str, name: str = "answers.yaml") -> Answer:
    """The answer sheet in `text`; `name` stands in the errors."""
    tree = read_tree(text)
    answer = _Reader(tree).answer() if not tree.problems or tree.value is not None else Answer()
    if tree.problems:
        lines = []
        for problem in sorted(tree.problems, key=lambda p: p.position):
            where = f"{name}:{problem.position[0]}:{problem.position[1]}"
            path = dotted(problem.path)
            lines.append(f"{where}: {path}: {problem.text}" if path else f"{where}: {problem.text}")
        raise BadInputError("\n".join(lines))
    return answer


def answers_text(answer: Answer) -> str:
    """An answer sheet as YAML that `parse_answers` reads back."""
    lines = ["zones:"] if answer.zones else ["zones: {}"]
    for key in ZONES:
        zone = answer.zones.get(key)
        if zone is None or zone.is_empty:
            continue
        if zone.not_examined:
            lines.append(f"  {key}: {NOT_EXAMINED}")
            continue
        data = zone_to_json(zone)
        score = "" if zone.score is None else f", score: {zone.score}"
        lines.append(f"  {key}: {{signs: [{', '.join(data['signs'])}]{score}}}")
    if lines == ["zones:"]:
        lines = ["zones: {}"]
    for name, value in (("diagnosis", answer.diagnosis), ("severity", answer.severity)):
        if value is not None:
            lines.append(f"{name}: {value}")
    return "\n".join(lines) + "\n"


class _Reader:
    """Turns a tree into an answer and adds what is wrong to the tree's problems."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    def answer(self) -> Answer:
        root = self._mapping(self.tree.value, (), ("zones", "diagnosis", "severity"))
        zones = self._mapping(root.get("zones", {}), ("zones",), tuple(ZONES))
        return Answer(
            {key: self._zone(value, ("zones", key)) for key, value in zones.items()},
            self._choice(root.get("diagnosis"), ("diagnosis",), DIAGNOSES),
            self._choice(root.get("severity"), ("severity",), SEVERITIES),
        )

    def _zone(self, value: Any, place: Place) -> ZoneAnswer:
        if value == NOT_EXAMINED:
            return ZoneAnswer(not_examined=True)
        if not isinstance(value, dict):
            self._wrong(place, _("must be {signs: [...], score: 0 to 3} or not_examined"))
            return ZoneAnswer()
        fields = self._mapping(value, place, ("signs", "score"))
        score = fields.get("score")
        if score is not None and (isinstance(score, bool) or score not in SCORES or not isinstance(score, int)):
            self._wrong(
                (*place, "score"), _("{value!r} is not an aeration score; it is 0, 1, 2 or 3").format(value=score)
            )
            score = None
        listed = fields.get("signs") or []
        if not isinstance(listed, list):
            self._wrong((*place, "signs"), _("must be a list of signs, such as [a_lines]"))
            listed = []
        signs: set[str] = set()
        for index, sign in enumerate(listed):
            here = (*place, "signs", index)
            known = self._choice(sign, here, SIGNS)
            if known in signs:
                self._wrong(here, _("{value!r} is listed twice").format(value=known))
            if known is not None:
                signs.add(known)
        return ZoneAnswer(frozenset(signs), score)

    def _choice(self, value: Any, place: Place, known: Iterable[str]) -> str | None:
        if value is None and not (place and isinstance(place[-1], int)):
            return None
        if isinstance(value, str) and value in known:
            return value
        self._wrong(place, _("unknown {value!r}").format(value=value) + _suggestion(value, known))
        return None

    def _mapping(self, value: Any, place: Place, keys: tuple[str, ...]) -> dict[str, Any]:
        if value is None and not place:
            return {}
        if not isinstance(value, dict):
            self._wrong(place, _("must be a mapping with the keys {keys}").format(keys=", ".join(keys)))
            return {}
        for key in value:
            if key not in keys:
                position = self.tree.keys.get((*place, key), self._position(place))
                text = _("unknown key {value!r}").format(value=key) + _suggestion(key, keys)
                self.tree.refuse(position, (*place, key), text)
        return {key: item for key, item in value.items() if key in keys}

    def _position(self, place: Place) -> Position:
        return self.tree.values.get(place) or self.tree.keys.get(place) or (1, 1)

    def _wrong(self, place: Place, text: str) -> None:
        self.tree.refuse(self._position(place), place, text)


def _suggestion(value: object, known: Iterable[str]) -> str:
    """ " (did you mean ...?)", or the list of what is known."""
    words = list(known)
    close = get_close_matches(str(value), words, n=1)
    if close:
        return _(" (did you mean {word}?)").format(word=close[0])
    return _("; known are {words}").format(words=", ".join(words))
