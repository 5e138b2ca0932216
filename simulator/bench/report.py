"""The form of every benchmark: named values with unit and target, as a table and as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One measured value. `target` is words ("<= 33"); `passed` is None where there is no target."""

    name: str
    value: float
    unit: str
    target: str = ""
    passed: bool | None = None


def near(name: str, value: float, unit: str, wanted: float, tolerance: float) -> Row:
    """A row that passes within `wanted` +- `tolerance`."""
    return Row(name, value, unit, f"{wanted:.4g} +- {tolerance:.2g}", bool(abs(value - wanted) <= tolerance))


def at_least(name: str, value: float, unit: str, limit: float) -> Row:
    """A row that passes from `limit` up."""
    return Row(name, value, unit, f">= {limit:g}", bool(value >= limit))


def at_most(name: str, value: float, unit: str, limit: float) -> Row:
    """A row that passes up to `limit`."""
    return Row(name, value, unit, f"<= {limit:g}", bool(value <= limit))


def between(name: str, value: float, unit: str, low: float, high: float) -> Row:
    """A row that passes from `low` to `high`."""
    return Row(name, value, unit, f"{low:g} to {high:g}", bool(low <= value <= high))


@dataclass(frozen=True)
class BenchReport:
    """What was measured, and on which rasteriser."""

    rasteriser: str
    rows: tuple[Row, ...]

    def to_json(self) -> str:
        """`{"rasteriser": ..., "rows": [{"name", "value", "unit", "target", "pass"}]}`."""
        rows = []
        for row in self.rows:
            entry = asdict(row)
            entry["pass"] = entry.pop("passed")
            rows.append(entry)
        return json.dumps({"rasteriser": self.rasteriser, "rows": rows}, indent=2)

    def write(self, path: Path) -> None:
        """Write the JSON form."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.to_json() + "\n", encoding="utf-8")

    @property
    def passed(self) -> bool:
        """Whether no target was missed."""
        return all(row.passed is not False for row in self.rows)
