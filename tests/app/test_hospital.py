"""The real world behind the window, where it needs no body: postures, results."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from simulator.app import hospital
from simulator.app.hospital import Hospital, HospitalCase
from simulator.assessment.answer import EMPTY
from simulator.assessment.technique import Technique, TrackPoint
from simulator.assessment.truth import Truth
from simulator.errors import BadInputError
from simulator.geometry import Pose
from simulator.messages import set_language
from simulator.probe import PRESETS
from simulator.scenario.catalogue import find
from simulator.scenario.load import read_scenario
from simulator.storage.errors import CorruptDatabaseError, StorageError


def test_acquisition_is_marked_on_the_bodies_that_were_scanned(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[str] = []
    seen: dict[str, object] = {}

    def build(scenario: object, progress: object, posture: str, arms: str) -> str:
        built.append(f"{posture} {arms}".strip())
        return f"body {posture}, arms {arms}"

    def technique(track: list[TrackPoint], patient: object, turned: dict[tuple[str, str], object]) -> Technique:
        seen.update(patient=patient, turned=dict(turned))
        return Technique()

    monkeypatch.setattr(hospital, "build", build)
    monkeypatch.setattr(hospital, "technique", technique)
    case = HospitalCase(read_scenario(find("covid_moderate")))
    case.patient("supine", lambda share, what: None)
    point = TrackPoint(0.0, Pose(0.3, -0.02), "convex", PRESETS["convex"])
    case.mark(EMPTY, Truth({}), [point, replace(point, posture="sitting"), replace(point, arms="beside")])
    assert built[0] == "supine"
    assert sorted(built[1:]) == ["sitting forward", "supine beside"], "from before an interruption: from the cache"
    turned = {
        ("supine", "abducted"): "body supine, arms ",
        ("supine", "beside"): "body supine, arms beside",
        ("sitting", "forward"): "body sitting, arms forward",
    }
    assert seen == {"patient": "body supine, arms ", "turned": turned}


def test_a_damaged_database_is_put_aside_on_request(own_data: Path) -> None:
    own_data.mkdir(parents=True)
    (own_data / "results.db").write_bytes(b"no database at all" * 99)
    world = Hospital()
    with pytest.raises(CorruptDatabaseError):
        world.unfinished()
    aside = Path(world.start_afresh())
    assert aside.read_bytes().startswith(b"no database")
    assert world.unfinished() == []
    assert world.results() == []


def test_what_is_wrong_with_the_results_is_said_in_the_language_spoken(own_data: Path) -> None:
    own_data.parent.mkdir(parents=True, exist_ok=True)
    own_data.write_text("a file where the folder should be", encoding="utf-8")
    set_language("fr")
    try:
        with pytest.raises(StorageError, match="vérifiez le dossier"):
            Hospital().unfinished()
    finally:
        set_language("en")


def test_an_interrupted_attempt_of_nobody_on_a_case_that_is_gone(own_data: Path) -> None:
    world = Hospital()
    case = world.open("covid_moderate")
    world.begin(case, "", practice=False, now_s=0.0)
    (found,) = world.unfinished()
    assert found.zones_done == 0
    set_language("fr")
    try:
        assert world.unfinished()[0].trainee == "anonyme"
    finally:
        set_language("en")
    with sqlite3.connect(own_data / "results.db") as connection:
        connection.execute("update attempt set scenario_id = 'gone'")
    assert world.unfinished() == [], "nothing to go on with"


def test_a_test_block_opens_in_practice_only(own_data: Path) -> None:
    world = Hospital()
    case = world.open("phantom")
    assert case.practice_only
    assert case.postures == ("supine",)
    assert case.brief().vitals == ()
    card = next(card for card in world.cases() if card.key == "phantom")
    assert card.level == "Beginner"
    assert not card.problem
    patient = case.patient("supine", lambda share, what: None)
    assert world.zone_pose(patient.body, "L6") == world.zone_pose(patient.body, "R1")
    assert world.begin(case, "kim", True, 0.0).running
    with pytest.raises(BadInputError, match="test block"):
        world.begin(case, "kim", False, 0.0)
    assert len(world.skin(patient.body, patient.posture).vertices) > 100
    assert not world.layers(patient), "a block has no organs"
