"""Sentences that are kept now and translated when they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator.messages import _


@dataclass(frozen=True)
class Wording:
    """A message id with named values; both the sentence and the values are translated when `text()` is called.

    A value that is a tuple is a list of terms, translated one by one and joined with commas.
    """

    message: str
    values: tuple[tuple[str, str | tuple[str, ...]], ...] = ()

    def text(self) -> str:
        """The sentence in the language spoken now."""
        shown = {k: ", ".join(map(_, v)) if isinstance(v, tuple) else _(v) for k, v in self.values}
        return _(self.message).format(**shown)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {"message": self.message, "values": {k: list(v) if isinstance(v, tuple) else v for k, v in self.values}}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Wording:
        """The inverse of `to_json`."""
        values = data["values"].items()
        return cls(data["message"], tuple((k, tuple(v) if isinstance(v, list) else str(v)) for k, v in values))


def wording(message: str, **values: str | tuple[str, ...] | float) -> Wording:
    """`Wording` from keyword values; numbers are shown with up to three digits."""
    return Wording(
        message, tuple((k, f"{v:.3g}" if isinstance(v, int | float) else v) for k, v in sorted(values.items()))
    )
