"""Results as comma-separated values, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import fields
from typing import TextIO

from simulator.storage.database import Result

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # what makes a spreadsheet calculate a cell instead of showing it


def harmless(value: object) -> str:
    """A cell's text; a string that a spreadsheet would take for a formula gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.1f}"
    shown = str(value)
    # Spreadsheets skip leading blanks; full-width signs count as signs too.
    risky = isinstance(value, str) and shown.lstrip(" \u00a0\ufeff").startswith((*_FORMULA, "＝", "＋", "－", "＠"))
    return f"'{shown}" if risky else shown


def write_csv(results: Iterable[Result], stream: TextIO) -> None:
    """Write a header and one line per attempt. Open files with `newline=""` and UTF-8."""
    writer = csv.writer(stream)
    names = [field.name for field in fields(Result)]
    writer.writerow(names)
    for result in results:
        writer.writerow([harmless(getattr(result, name)) for name in names])
