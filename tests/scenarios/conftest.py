"""A studio for the tests that look at pictures of the cases; they take one case after the other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from simulator.bench.views import Studio


@pytest.fixture(scope="module")
def studio() -> Iterator[Studio]:
    with Studio() as made:
        yield made
