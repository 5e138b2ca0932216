"""Every sign of the catalogue is seen in the picture of its case, and not in a normal body nor in what looks alike."""

from __future__ import annotations

import pytest

from simulator.bench.signs import CATALOGUE, SignEntry
from simulator.bench.views import Studio, View


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=CATALOGUE)
def test_sign_is_in_the_picture(studio: Studio, entry: SignEntry) -> None:
    value = entry.measure(studio.shot(entry.case, entry.view, entry.probe))
    assert entry.holds(value), f"{entry.what}: {value:.2f} {entry.unit}, wanted {entry.target}"


CONTROLLED = {key: entry for key, entry in CATALOGUE.items() if entry.control}


@pytest.mark.parametrize("entry", CONTROLLED.values(), ids=CONTROLLED)
def test_normal_body_does_not_show_it(studio: Studio, entry: SignEntry) -> None:
    assert entry.control is not None
    shot = studio.shot(entry.control, entry.view, entry.probe)
    value = entry.measure(shot)
    assert shot.lung.readable.any(), "there is nothing to look at"
    assert not entry.holds(value), f"{entry.what}: {value:.2f} {entry.unit} without the disease"


LOOK_ALIKES = [(entry, case, view) for entry in CATALOGUE.values() for case, view in entry.unlike]


@pytest.mark.parametrize(("entry", "case", "view"), LOOK_ALIKES, ids=[f"{e.key}-{c}" for e, c, _ in LOOK_ALIKES])
def test_what_looks_alike_does_not_show_it(studio: Studio, entry: SignEntry, case: str, view: View) -> None:
    shot = studio.shot(case, view, entry.probe)
    value = entry.measure(shot)
    assert shot.lung.readable.any(), "there is nothing to look at"
    assert not entry.holds(value), f"{entry.what}: {value:.2f} {entry.unit} in {case} {view.zone}"
