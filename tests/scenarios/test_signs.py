"""Every sign of the catalogue is seen in the picture of its case, and not in a normal body held the same way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from simulator.bench.signs import CATALOGUE, SignEntry
from simulator.bench.views import Studio


@pytest.fixture(scope="module")
def studio() -> Iterator[Studio]:
    with Studio() as shared:
        yield shared


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=CATALOGUE)
def test_sign_is_in_the_picture(studio: Studio, entry: SignEntry) -> None:
    value = entry.measure(studio.shot(entry.case, entry.view, entry.probe))
    assert entry.holds(value), f"{entry.what}: {value:.2f} {entry.unit}, wanted {entry.target}"


CONTROLLED = {key: entry for key, entry in CATALOGUE.items() if entry.control}


@pytest.mark.parametrize("entry", CONTROLLED.values(), ids=CONTROLLED)
def test_normal_body_does_not_show_it(studio: Studio, entry: SignEntry) -> None:
    assert entry.control is not None
    value = entry.measure(studio.shot(entry.control, entry.view, entry.probe))
    assert not entry.holds(value), f"{entry.what}: {value:.2f} {entry.unit} without the disease"
