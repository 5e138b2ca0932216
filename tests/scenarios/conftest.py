"""One studio for all tests that look at pictures of the cases: bodies are loaded once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from simulator.bench.views import Studio


@pytest.fixture(scope="session")
def studio() -> Iterator[Studio]:
    with Studio() as shared:
        yield shared
