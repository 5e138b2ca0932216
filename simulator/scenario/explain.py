"""From what the models refuse to what a person can mend: positions in the file, words, and near misses."""

from __future__ import annotations

import difflib
import re
from functools import cache
from typing import Any

from pydantic import ValidationError

from simulator.messages import _
from simulator.scenario.schema import json_schema
from simulator.scenario.strict import OF_A_WHOLE_PART
from simulator.scenario.yaml_tree import Path, Problem, Tree


def problems_of(error: ValidationError, tree: Tree) -> list[Problem]:
    """One problem per error, placed in the file; errors below a place that is already a problem are left out."""
    refused = {problem.path for problem in tree.problems}
    faults = [(item, *_path_in_file(item["loc"], tree)) for item in error.errors(include_url=False)]
    guessed = {
        (*path[:-1], near)
        for item, path, schema in faults
        if item["type"] == "extra_forbidden" and (near := _nearest(str(path[-1]), _keys(schema)))
    }
    out = []
    for item, path, schema in faults:
        if any(path[: len(place)] == place and place for place in refused):
            continue
        if item["type"] in OF_A_WHOLE_PART and any(place[: len(path)] == path for place in refused):
            continue  # judged without the value that was refused
        if item["type"] == "missing" and path in guessed:
            continue  # the misspelt key is reported, with this one as its suggestion
        out.append(_problem(item, path, schema, tree))
    return out


def _problem(item: Any, path: Path, schema: dict[str, Any], tree: Tree) -> Problem:
    kind, given, context = item["type"], item.get("input"), item.get("ctx") or {}
    if kind == "missing":
        return Problem(_parent_position(path, tree), path, _("is missing"))
    if kind == "extra_forbidden":
        name = str(path[-1])
        position = tree.keys.get(path, _parent_position(path, tree))
        return Problem(position, path, _no_such_key(name, _keys(schema)))
    if kind == "union_tag_not_found":
        return Problem(tree.values.get(path, (1, 1)), (*path, "kind"), _("is missing"))
    if kind == "union_tag_invalid":
        path = (*path, "kind")
        allowed = re.findall(r"'([^']*)'", str(context.get("expected_tags", "")))
        given = context.get("tag")
        return Problem(tree.values.get(path, _parent_position(path, tree)), path, _not_one_of(given, allowed))
    position = tree.values.get(path, _parent_position(path, tree))
    if kind in ("literal_error", "enum"):
        allowed = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        return Problem(
            position, path, _not_one_of(given, allowed) if allowed else _expected(context["expected"], given)
        )
    return Problem(position, path, _words(kind, given, context, item["msg"]))


def _words(kind: str, given: Any, context: dict[str, Any], message: str) -> str:
    shown = _shown(given)
    if kind in ("greater_than_equal", "less_than_equal", "greater_than", "less_than"):
        limit = context[{"greater_than_equal": "ge", "less_than_equal": "le", "greater_than": "gt"}.get(kind, "lt")]
        texts = {
            "greater_than_equal": _("must be at least {limit}, not {given}"),
            "less_than_equal": _("must be at most {limit}, not {given}"),
            "greater_than": _("must be more than {limit}, not {given}"),
            "less_than": _("must be less than {limit}, not {given}"),
        }
        return texts[kind].format(limit=f"{limit:g}", given=shown)
    wanted = {
        "int_type": _("a whole number"), "int_from_float": _("a whole number"), "float_type": _("a number"),
        "string_type": _("a text"), "bool_type": _("true or false"), "list_type": _("a list"),
        "model_type": _("a mapping of keys"), "model_attributes_type": _("a mapping of keys"),
        "dict_type": _("a mapping of keys"),
    }  # fmt: skip
    if kind in wanted:
        return _expected(wanted[kind], given)
    if kind == "string_too_short":
        return _("is empty")
    if kind == "string_too_long":
        return _("is longer than {limit} characters").format(limit=context["max_length"])
    if kind == "too_long":
        return _("has more than {limit} entries").format(limit=context["max_length"])
    if kind == "string_pattern_mismatch":
        return _("must be small letters, digits and underscores, beginning with a letter, not {given}").format(
            given=shown
        )
    return message


def _expected(wanted: Any, given: Any) -> str:
    return _("must be {wanted}, not {given}").format(wanted=wanted, given=_shown(given))


def _not_one_of(given: Any, allowed: list[str]) -> str:
    near = _did_you_mean(str(given), allowed)
    if near:
        return _("{given} is not known").format(given=_shown(given)) + near
    return _("{given} is not known; it must be one of {allowed}").format(
        given=_shown(given), allowed=", ".join(allowed)
    )


def _no_such_key(name: str, known: list[str]) -> str:
    near = _did_you_mean(name, known)
    if near or not known:
        return _("no such key") + near
    return _("no such key; there are {known}").format(known=", ".join(known))


def _did_you_mean(given: str, allowed: list[str]) -> str:
    near = _nearest(given, allowed)
    return " " + _("(did you mean {near}?)").format(near=near) if near else ""


def _nearest(given: str, allowed: list[str]) -> str | None:
    by_lower = {word.lower(): word for word in allowed}
    near = difflib.get_close_matches(given.lower(), by_lower, n=1, cutoff=0.6)
    if near:
        return by_lower[near[0]]
    # a key without its unit, or with another one: temperature -> temperature_c
    stem = [word for word in allowed if len(given) >= 3 and word.lower().startswith(given.lower() + "_")]
    return stem[0] if len(stem) == 1 else None


def _shown(given: Any) -> str:
    if given is None:
        return _("nothing")
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, dict):
        return _("a mapping")
    if isinstance(given, list):
        return _("a list")
    text = str(given)
    return repr(text if len(text) <= 40 else text[:37] + "...") if isinstance(given, str) else text


def _parent_position(path: Path, tree: Tree) -> tuple[int, int]:
    """Where the nearest part above `path` begins that is in the file."""
    for length in range(len(path) - 1, -1, -1):
        if path[:length] in tree.values:
            return tree.values[path[:length]]
    return (1, 1)


def _keys(schema: dict[str, Any]) -> list[str]:
    return list(schema.get("properties", {}))


def _path_in_file(location: tuple[str | int, ...], tree: Tree) -> tuple[Path, dict[str, Any]]:
    """The path of an error without the models' own names of union members, and the schema of the mapping it is in."""
    root = _root()
    schema = parent = root
    path: Path = ()
    for index, part in enumerate(location):
        schema = _resolved(schema, root)
        branch = _branch(schema, part, root)
        last = index == len(location) - 1
        if branch is not None and (*path, part) not in tree.values:
            schema = parent = _resolved(branch, root)
            continue
        if isinstance(part, int):
            schema = schema.get("items", {})
        else:
            if last and not schema.get("properties") and (*path, part) not in tree.values:
                break  # the name of a union member at the end: the error is of the value itself
            parent = schema
            schema = schema.get("properties", {}).get(part, {})
        path = (*path, part)
    return path, parent


@cache
def _root() -> dict[str, Any]:
    return json_schema()


def _resolved(schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[-1]]
    nullable = [option for option in schema.get("anyOf", []) if option.get("type") != "null"]
    return _resolved(nullable[0], root) if len(nullable) == 1 else schema


def _branch(schema: dict[str, Any], part: str | int, root: dict[str, Any]) -> dict[str, Any] | None:
    """The member of a union that the models call `part`: a finding by its kind, a text by "text" or "languages"."""
    mapping = schema.get("discriminator", {}).get("mapping", {})
    if part in mapping:
        return {"$ref": mapping[part]}
    for option in schema.get("oneOf", []):
        if _resolved(option, root).get("properties", {}).get("kind", {}).get("const") == part:
            return _resolved(option, root)
    if part in ("text", "languages") and "oneOf" in schema:
        wanted = "string" if part == "text" else "object"
        for option in schema["oneOf"]:
            if _resolved(option, root).get("type") == wanted:
                return _resolved(option, root)
    return None
