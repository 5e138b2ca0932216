"""Every sign of the catalogue is seen in the picture of its case, and not in a normal body nor in what looks alike."""

from __future__ import annotations

import pytest

from simulator.bench.signs import CATALOGUE, NORMAL, SignEntry
from simulator.bench.views import Studio, View

# The studio has room for one patient: sorted by case and posture, the normal one between those that share its shots.
SIGNS = sorted(CATALOGUE.values(), key=lambda entry: (entry.case == NORMAL, entry.case, entry.view.posture))


@pytest.mark.parametrize("entry", SIGNS, ids=lambda entry: entry.key)
def test_sign_is_in_the_picture(studio: Studio, entry: SignEntry) -> None:
    value = entry.measure(studio.shot(entry.case, entry.view, entry.probe))
    assert entry.holds(value), f"{entry.what}: {value:.2f} {entry.unit}, wanted {entry.target}"


CONTROLLED = sorted((entry for entry in SIGNS if entry.control), key=lambda entry: entry.view.posture)


@pytest.mark.parametrize("entry", CONTROLLED, ids=lambda entry: entry.key)
def test_normal_body_does_not_show_it(studio: Studio, entry: SignEntry) -> None:
    assert entry.control is not None
    shot = studio.shot(entry.control, entry.view, entry.probe)
    value = entry.measure(shot)
    assert shot.lung.readable.any(), "there is nothing to look at"
    assert not entry.holds(value), f"{entry.what}: {value:.2f} {entry.unit} without the disease"


LOOK_ALIKES = sorted(
    ((entry, case, view) for entry in CATALOGUE.values() for case, view in entry.unlike),
    key=lambda alike: (alike[1] != NORMAL, alike[1], alike[2].posture),
)


@pytest.mark.parametrize(("entry", "case", "view"), LOOK_ALIKES, ids=[f"{e.key}-{c}" for e, c, _ in LOOK_ALIKES])
def test_what_looks_alike_does_not_show_it(studio: Studio, entry: SignEntry, case: str, view: View) -> None:
    shot = studio.shot(case, view, entry.probe)
    value = entry.measure(shot)
    assert shot.lung.readable.any(), "there is nothing to look at"
    assert not entry.holds(value), f"{entry.what}: {value:.2f} {entry.unit} in {case} {view.zone}"
