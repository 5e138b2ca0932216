"""How is a number written? With the decimal sign of the language spoken now."""

from __future__ import annotations

from simulator.messages import language


def local(text: str) -> str:
    """A formatted number, or words with numbers made here, with a decimal comma where the language has one."""
    return text.replace(".", ",") if language() == "fr" else text
