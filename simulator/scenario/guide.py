"""The tables of the author's guide, made from the models, so that the guide cannot say something else than the loader.

`python -m simulator.scenario.guide` rewrites them in `scenarios/README.md`; a test fails when they are out of date.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from simulator.scenario.schema import json_schema

START, END = "<!-- fields: made by `python -m simulator.scenario.guide` -->\n", "<!-- end of fields -->\n"

Schema = dict[str, Any]


def field_tables() -> str:
    """All keys of a scenario: one table per part, one per kind of finding."""
    root = json_schema()
    lines: list[str] = []
    for title, schema in _parts(root):
        lines += [f"### {title}", ""]
        if text := _resolved(schema, root).get("description"):
            lines += [text.replace("\n", " "), ""]
        lines += ["| key | what it takes | when left out | meaning |", "|---|---|---|---|"]
        lines += [_row(*row) for row in _rows(schema, root)]
        lines.append("")
    return "\n".join(lines)


def with_tables(guide: str) -> str:
    """The text of the guide with its tables renewed."""
    before, rest = guide.split(START)
    after = rest.split(END)[1]
    return f"{before}{START}\n{field_tables()}{END}{after}"


def _parts(root: Schema) -> Iterator[tuple[str, Schema]]:
    yield "The file", root
    for key in ("brief", "body", "physiology", "expected", "teaching"):
        part = _resolved(root["properties"][key], root)
        for option in part.get("oneOf", [part]):
            kind = _resolved(option, root)["properties"].get("kind", {}).get("const", "torso")
            yield f"`{key}`" if kind == "torso" else f"`{key}` of kind `{kind}`", _resolved(option, root)
    yield "`where` of a finding", root["$defs"]["Where"]
    for kind, reference in root["properties"]["findings"]["items"]["discriminator"]["mapping"].items():
        yield f"Finding `{kind}`", _resolved({"$ref": reference}, root)


def _rows(schema: Schema, root: Schema, prefix: str = "", depth: int = 0) -> Iterator[tuple[str, str, str, str]]:
    """One row per key; mappings inside the part are opened, those that have a table of their own are not."""
    required = schema.get("required", [])
    properties = schema.get("properties", {})
    for key in sorted(properties, key=lambda key: key != "kind"):  # the kind of a finding comes first
        given = properties[key]
        value = _resolved(given, root)
        name = f"{prefix}{key}"
        default = "" if key in required else _default(given)
        meaning = given.get("description", "")
        yield f"`{name}`", _takes(value, root), "**required**" if key in required else default, meaning
        inner = _resolved(value.get("items", {}), root) if value.get("type") == "array" else value
        nested = inner.get("properties") and "oneOf" not in inner and key != "where"
        if nested and (prefix or not _has_table(key, root)):
            dots = f"{name}[]." if value.get("type") == "array" else f"{name}."
            yield from _rows(inner, root, dots, depth + 1)


def _has_table(key: str, root: Schema) -> bool:
    return key in ("brief", "body", "physiology", "expected", "teaching", "findings")


def _default(given: Schema) -> str:
    if "default" not in given:
        return "as usual"
    default = given["default"]
    if default is None:
        return "–"
    if default == []:
        return "none"
    return f"`{default}`" if not isinstance(default, (dict, list)) else "see below"


def _takes(value: Schema, root: Schema) -> str:
    if "const" in value:
        return f"`{value['const']}`"
    if "enum" in value:
        return ", ".join(f"`{word}`" for word in value["enum"])
    if value.get("type") == "array":
        inner = _resolved(value["items"], root)
        if "enum" in inner or inner.get("type") in ("string", "number", "integer"):
            return f"list of {_takes(inner, root)}"
        return "list, see below"
    if "oneOf" in value and any(_resolved(option, root).get("type") == "string" for option in value["oneOf"]):
        return "text, or `{en: ..., fr: ...}`"
    if "properties" in value or "oneOf" in value:
        return "mapping, see below"
    if value.get("type") in ("number", "integer"):
        kind = "whole number" if value["type"] == "integer" else "number"
        return f"{kind} {_range(value)}".strip()
    if value.get("type") == "boolean":
        return "`true` or `false`"
    return "small letters, digits, `_`" if "pattern" in value else "text"


def _range(value: Schema) -> str:
    low = value.get("minimum", value.get("exclusiveMinimum"))
    high = value.get("maximum", value.get("exclusiveMaximum"))
    if low is None or high is None:
        return ""
    above = "over " if "exclusiveMinimum" in value else ""
    return f"{above}{low:g} to {'2^31' if high == 2**31 else format(high, 'g')}"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _resolved(schema: Schema, root: Schema) -> Schema:
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[-1]]
    options = [option for option in schema.get("anyOf", []) if option.get("type") != "null"]
    return _resolved(options[0], root) if len(options) == 1 else schema


if __name__ == "__main__":
    from simulator.resources import resource_dir

    target = resource_dir("scenarios") / "README.md"
    target.write_text(with_tables(target.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"{target}\n")
