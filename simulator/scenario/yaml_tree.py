"""YAML read strictly: a tree of plain values in which each key and value knows its line and column.

PyYAML speaks YAML 1.1, in which `no` is false, `12:30` is 750 and `1e-3` is text. Nothing here is guessed: what the
two versions of YAML read differently is an error that says what to write instead. Aliases, merge keys and tags have no
use in a scenario and are refused, so that a small file cannot become a large tree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from simulator.messages import _

Path = tuple[str | int, ...]
Position = tuple[int, int]  # line and column, from 1

MAX_DEPTH = 16

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)$")
_FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+$")
_NULL = ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True)
class Problem:
    """One thing wrong at one place; `path` leads there from the root."""

    position: Position
    path: Path
    text: str


@dataclass
class Tree:
    """What a file says: `value` of dicts, lists, strings, numbers, booleans and None, and where each part stands.

    `values` has the position of each value by path, `keys` that of each key. `problems` are in the order of the file.
    """

    value: Any = None
    values: dict[Path, Position] = field(default_factory=dict)
    keys: dict[Path, Position] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, position: Position, path: Path, text: str) -> None:
        """Note a problem and go on, so that one reading finds them all."""
        self.problems.append(Problem(position, path, text))


class _Refused(yaml.nodes.ScalarNode):
    """Stands where the composer met something that is refused."""

    def __init__(self, mark: Any, why: str) -> None:
        super().__init__(tag="!refused", value="", start_mark=mark, end_mark=mark)
        self.why = why


class _TooDeep(yaml.MarkedYAMLError):
    """Brackets within brackets, more than any scenario has."""


class _Composer(yaml.SafeLoader):
    """Composes nodes; never constructs objects."""

    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if self.check_event(yaml.events.AliasEvent):
            self.get_event()  # type: ignore[no-untyped-call]
            return _Refused(event.start_mark, _("aliases (*{name}) are not used here; write it out").format(
                name=event.anchor))  # fmt: skip
        tag = getattr(event, "tag", None)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _TooDeep(problem=_("nested too deeply"), problem_mark=event.start_mark)
        event.anchor = None
        node = super().compose_node(parent, index)
        self.depth -= 1
        if tag is not None:
            return _Refused(event.start_mark, _("tags ({tag}) are not used here; remove it").format(tag=tag))
        return node


def read_tree(text: str) -> Tree:
    """The tree of one YAML document; what cannot be parsed at all is the last problem of the tree."""
    tree = Tree()
    loader: Any = None
    try:
        loader = _Composer(text)
        root = loader.get_single_node()
    except yaml.reader.ReaderError as error:
        tree.refuse(position_of(text, error.position), (), _("this character is not allowed in YAML"))
        return tree
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        position = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
        tree.refuse(position, (), _syntax(error))
        return tree
    finally:
        if loader is not None:
            loader.dispose()
    if root is None:
        tree.refuse((1, 1), (), _("the file is empty"))
        return tree
    tree.value = _value(root, (), tree)
    return tree


def position_of(text: str, index: int) -> Position:
    """Line and column, from 1, of the character at `index`."""
    before = text[:index]
    return before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1


def dotted(path: Path) -> str:
    """A path as people write it: `findings[0].where.zones[2]`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else (f".{part}" if text else part)
    return text


def _syntax(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or error.context or _("cannot be read")
    if isinstance(error, _TooDeep):
        return problem
    if "'\\t'" in problem:
        return _("a tab; YAML is indented with spaces only")
    if "expected a single document" in (error.context or "") or "but found another document" in problem:
        return _("a second document begins here; a file holds one")
    if "mapping values are not allowed" in problem:
        return _("a second ':' on this line; quote the text, or indent the line")
    return _("not valid YAML: {problem}").format(problem=problem)


def _at(mark: Any) -> Position:
    return mark.line + 1, mark.column + 1


def _value(node: Any, path: Path, tree: Tree) -> Any:
    tree.values[path] = _at(node.start_mark)
    if isinstance(node, _Refused):
        tree.refuse(_at(node.start_mark), path, node.why)
        return None
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, tree)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, index), tree) for index, item in enumerate(node.value)]
    return _scalar(node, path, tree)


def _mapping(node: Any, path: Path, tree: Tree) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key_node, value_node in node.value:
        position = _at(key_node.start_mark)
        if isinstance(key_node, _Refused):
            tree.refuse(position, path, key_node.why)
            continue
        if not isinstance(key_node, yaml.ScalarNode):
            tree.refuse(position, path, _("a key must be a word, not a list or a mapping"))
            continue
        if key_node.value == "<<" and key_node.style is None:
            tree.refuse(position, path, _("merge keys (<<) are not used here; write it out"))
            continue
        if key_node.style is None and (key_node.value in _NULL or not re.match(r"[A-Za-z_]", key_node.value)):
            tree.refuse(position, path, _("a key must be a word, not {key!r}").format(key=key_node.value))
            continue
        if key_node.style is None and key_node.value.lower() in _TRUTHY:
            text = _("the key {key} is read as a truth value by YAML 1.1; quote it")
            tree.refuse(position, path, text.format(key=key_node.value))
            continue
        key = key_node.value
        here = (*path, key)
        if key in out:
            first = tree.keys[here][0]
            tree.refuse(position, here, _("repeated key; it is already on line {line}").format(line=first))
            continue
        tree.keys[here] = position
        out[key] = _value(value_node, here, tree)
    return out


_TRUTHY = {"yes", "no", "on", "off", "y", "n", "true", "false"}


def _suspects() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Plain words that versions of YAML read differently, and what to write instead; in the current language."""
    return (
        (re.compile(r"(?i:yes|no|on|off|y|n)$|TRUE$|FALSE$|True$|False$"),
         _("{value} is read as a truth value by YAML 1.1; write true or false, or quote it if it is text")),
        (re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$"),
         _("{value} is read as a number in base 60 by YAML 1.1; quote it if it is text")),
        (re.compile(r"[-+]?0[0-7_]+$|[-+]?0o[0-7]+$"),
         _("{value} is read as an octal number by some; write it without the leading zero, or quote it")),
        (re.compile(r"[-+]?0[0-9]+(\.[0-9]*)?$"),
         _("{value} has a leading zero; remove it, or quote it if it is text")),
        (re.compile(r"[-+]?0[xXbB][0-9a-fA-F_]+$"), _("{value}: write numbers in base 10")),
        (re.compile(r"[-+]?(?i:\.inf|\.nan|inf|nan)$"), _("{value} is not a number that can be used")),
        (re.compile(r"[-+]?([0-9][0-9_]*\.?[0-9_]*|\.[0-9_]+)[eE][-+]?[0-9]+$"),
         _("{value} is text in YAML 1.1 and a number in YAML 1.2; write it out, as in 0.001")),
        (re.compile(r"[-+]?(?=[0-9._]*_)[0-9][0-9_]*(\.[0-9_]*)?$"),
         _("{value}: write the number without underscores")),
        (re.compile(r"[-+]?\.[0-9]+$|[-+]?[0-9]+\.$"), _("{value}: write digits on both sides of the point")),
        (re.compile(r"[-+]?[0-9]+,[0-9]+$"),
         _("{value}: write the decimal point as a point, or quote it if it is text")),
        (re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?$"), _("{value} is read as a date; quote it")),
        (re.compile(r"=$|<<$"), _("{value} has a meaning of its own in YAML; quote it")),
    )  # fmt: skip


def _scalar(node: Any, path: Path, tree: Tree) -> Any:
    text: str = node.value
    if node.style is not None:
        return text
    if text in _NULL:
        return None
    if text in ("true", "false"):
        return text == "true"
    if _INTEGER.match(text):
        return int(text) if len(text) < 19 else text
    if _FLOAT.match(text):
        return float(text)
    for pattern, why in _suspects():
        if pattern.match(text):
            tree.refuse(_at(node.start_mark), path, why.format(value=text))
            return None
    return text
