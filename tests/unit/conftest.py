"""Bodies that unit tests share, baked once a run (or taken from the cache)."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import pytest

from simulator.anatomy.body import Body, Habitus

HABITUS = {
    "woman": Habitus("female", 30.0, 1.65, 60.0),
    "man": Habitus("male", 50.0, 1.78, 85.0),
    "obese": Habitus("male", 50.0, 1.75, 110.0),
    "thin": Habitus("female", 30.0, 1.60, 48.0),
}


@pytest.fixture(scope="session")
def body_of(_own_folders: None) -> Callable[[str], Body]:
    """`body_of("woman")`: a supine body of HABITUS."""
    from simulator.anatomy.cache import load_body

    return lru_cache(maxsize=None)(lambda name: load_body(HABITUS[name]))
