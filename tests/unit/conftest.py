"""Bodies that unit tests share, baked once a run (or taken from the cache)."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import pytest
from anatomy_bodies import HABITUS

from simulator.anatomy.body import Body


@pytest.fixture(scope="session")
def body_of(_own_folders: None) -> Callable[[str], Body]:
    """`body_of("woman")`: a supine body of HABITUS."""
    from simulator.anatomy.cache import load_body

    return lru_cache(maxsize=3)(lambda name: load_body(HABITUS[name]))
