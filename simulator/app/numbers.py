"""How is a number written? With the decimal sign of the language spoken now."""

from __future__ import annotations

import re

from simulator.messages import language

_POINT = re.compile(r"(?<=\d)\.(?=\d)")


def local(text: str) -> str:
    """A formatted number, or words with numbers made here, with a decimal comma where the language has one."""
    return _POINT.sub(",", text) if language() == "fr" else text
