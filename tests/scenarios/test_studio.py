"""The studio has one patient at a time: all with their scanners are more than a machine of 8 GB has room for."""

from __future__ import annotations

import gc
import weakref

from simulator.bench.views import Studio, View


def test_the_next_patient_takes_the_place_of_the_one_before(studio: Studio) -> None:
    shot = studio.shot("normal_young_woman", View("R1"))
    assert studio.shot("normal_young_woman", View("R1")) is shot, "taken once"
    first = weakref.ref(studio.patient("normal_young_woman"))
    del shot
    second = studio.patient("covid_early")
    gc.collect()
    assert first() is None
    assert studio.patient("covid_early") is second
