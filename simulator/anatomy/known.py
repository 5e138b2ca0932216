"""Is this the body of before? The key under which what is computed once for a body is kept, and the body is not."""

from __future__ import annotations

import weakref
from typing import Generic, Protocol, TypeVar


class _Baked(Protocol):
    """A body or the findings in it: what names its content, empty where nothing does."""

    @property
    def content_hash(self) -> str: ...


T = TypeVar("T", bound=_Baked)


class Known(Generic[T]):
    """A key of `lru_cache`: two are equal where their contents are, or where they are the same object.

    A body takes 150 MB and more, what is computed from it little; so the cache must not keep the body alive.
    """

    def __init__(self, baked: T) -> None:
        self._content = baked.content_hash
        self._held = weakref.ref(baked)

    @property
    def baked(self) -> T:
        """The object itself, which whoever asks the cache still holds."""
        held = self._held()
        if held is None:
            raise ReferenceError("what this key stood for is gone")
        return held

    def __hash__(self) -> int:
        return hash(self._content)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Known) or self._content != other._content:
            return False
        held = self._held()
        return bool(self._content) or (held is not None and held is other._held())
