"""Every case in the folder: it loads, it builds, and what it says of itself is what an examination would find."""

from __future__ import annotations

import json
import time
from functools import cache
from pathlib import Path

import pytest

from simulator.assessment.truth import Truth, truth
from simulator.messages import LANGUAGES
from simulator.patient import Patient
from simulator.resources import resource_dir
from simulator.scenario.catalogue import scenario_paths
from simulator.scenario.load import Scenario, read_scenario
from simulator.scenario.schema import json_schema_text

PATHS = [path for path in scenario_paths() if path.stem != "phantom"]  # a test block: test_anatomy_phantom.py
ANTERIOR = ("R1", "R2", "L1", "L2")
# case -> totals that its stage or kind allows (clinical.md C.3, C.6 [P])
TOTALS = {
    "normal_young_woman": (0, 0), "covid_moderate": (11, 18), "covid_severe": (19, 30), "lobar_pneumonia": (6, 9),
    "pneumothorax_right": (0, 0), "pleural_effusion": (2, 10),
    "cardiogenic_oedema": (11, 18),
}  # fmt: skip

each_case = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


@cache
def _scenario(path: Path) -> Scenario:
    return read_scenario(path)


@cache
def _examined(path: Path) -> tuple[Truth, tuple[str, str]]:
    """What an examination finds, and the names of what was baked; the patient itself, 200 MB, is not kept."""
    patient = _scenario(path).build()
    return truth(patient), _baked(patient)


def _baked(patient: Patient) -> tuple[str, str]:
    return patient.body.content_hash, patient.findings.content_hash


def _truth(path: Path) -> Truth:
    return _examined(path)[0]


def test_there_are_cases() -> None:
    assert set(TOTALS) <= {path.stem for path in PATHS}


def test_the_schema_for_editors_is_current() -> None:
    text = (resource_dir("scenarios") / "schema.json").read_text(encoding="utf-8")
    assert text == json_schema_text(), "run `python -m simulator.scenario.schema`"
    assert json.loads(text)["title"] == "ScenarioSpec"


@each_case
def test_editors_are_told_of_the_schema(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=schema.json"


@each_case
def test_every_text_is_there_in_every_language(path: Path) -> None:
    scenario = _scenario(path)
    brief, teaching = scenario.spec.brief, scenario.spec.teaching
    texts = [brief.title, brief.history, brief.complaint, teaching.debrief]
    texts += [text for question in teaching.questions for text in (question.ask, question.answer)]
    assert all(set(text.languages()) == set(LANGUAGES) for text in texts)
    for text in texts:  # a French text with a straight apostrophe or an unmarked colon is a slip
        french = text.text("fr")
        assert "'" not in french
        assert "..." not in french


@each_case
def test_the_title_does_not_give_the_answer_away(path: Path) -> None:
    title = " ".join(_scenario(path).title(language) for language in LANGUAGES).lower()
    assert not any(word in title for word in ("covid", "pneumonia", "pneumonie", "oedema", "œdème", "normal"))


@each_case
def test_it_builds_quickly(path: Path) -> None:
    _, baked = _examined(path)
    start = time.process_time()
    again = _scenario(path).build()
    assert time.process_time() - start < 5.0  # warm: 0.2 s of processor time; a slow machine is not a failure
    assert _baked(again) == baked


@each_case
def test_every_zone_can_be_judged(path: Path) -> None:
    assert [key for key, zone in _truth(path).zones.items() if not zone.assessable] == []


@pytest.mark.parametrize("name", TOTALS)
def test_totals_are_those_of_the_stage(name: str) -> None:
    found = _truth(next(path for path in PATHS if path.stem == name))
    low, high = TOTALS[name]
    assert low <= found.total <= high, {key: zone.score for key, zone in found.zones.items()}


@pytest.mark.parametrize("name", ["covid_moderate", "covid_severe"])
def test_covid_is_bilateral_and_heaviest_behind_and_below(name: str) -> None:
    found = _truth(next(path for path in PATHS if path.stem == name))
    score = {key: zone.score or 0 for key, zone in found.zones.items()}
    assert found.bilateral
    for side in "RL":
        assert score[f"{side}6"] >= 2
        assert score[f"{side}5"] + score[f"{side}6"] > score[f"{side}1"] + score[f"{side}2"]


def test_the_front_is_spared_in_moderate_and_lost_in_severe_disease() -> None:
    moderate, severe = (
        _truth(next(path for path in PATHS if path.stem == name)) for name in ("covid_moderate", "covid_severe")
    )
    assert sum(moderate.zones[key].score or 0 for key in ANTERIOR) <= 2
    assert all("a_lines" in moderate.zones[key].signs | moderate.zones[key].accepted for key in ANTERIOR)
    assert all(severe.zones[key].affected for key in ANTERIOR)
    assert max(zone.score or 0 for zone in severe.zones.values()) == 3


def _named(name: str) -> Truth:
    return _truth(next(path for path in PATHS if path.stem == name))


def test_a_pneumothorax_is_seen_by_motion_alone() -> None:
    zones = _named("pneumothorax_right").zones
    assert "sliding_absent" in zones["R1"].signs & zones["R2"].signs
    assert any("lung_point" in zone.signs for key, zone in zones.items() if key.startswith("R"))
    for key, zone in zones.items():
        assert "a_lines" in zone.signs
        assert "lung_pulse" not in zone.signs | zone.accepted
        if key.startswith("L") or key in ("R5", "R6"):
            assert zone.signs | zone.accepted == {"a_lines"}


def test_a_lobar_pneumonia_is_solid_still_and_on_one_side() -> None:
    zones = _named("lobar_pneumonia").zones
    for key in ("R5", "R6"):
        assert {"consolidation", "sliding_absent"} <= zones[key].signs
        assert "lung_pulse" in zones[key].accepted
    assert all(zones[key].score == 0 for key in ("R1", "R2", "L1", "L2", "L3", "L4", "L5", "L6"))


def test_an_effusion_is_on_one_side_and_lies_behind_and_below() -> None:
    zones = _named("pleural_effusion").zones
    assert all("effusion" in zones[key].signs for key in ("R4", "R5", "R6"))
    assert "effusion" not in zones["R1"].signs
    assert any("consolidation" in zones[key].signs for key in ("R4", "R5", "R6"))  # lung that it compresses
    assert all(zone.signs | zone.accepted == {"a_lines"} for key, zone in zones.items() if key.startswith("L"))


def test_cardiogenic_oedema_is_symmetric_graded_by_gravity_and_smooth() -> None:
    zones = _named("cardiogenic_oedema").zones
    score = {key: zone.score or 0 for key, zone in zones.items()}
    for number in "123456":
        assert abs(score[f"R{number}"] - score[f"L{number}"]) <= 1
    for side in "RL":
        assert min(score[f"{side}{number}"] for number in "123456") >= 1  # no spared areas
        assert score[f"{side}5"] + score[f"{side}6"] > score[f"{side}1"] + score[f"{side}2"]
        assert any("effusion" in zones[f"{side}{number}"].signs for number in "456")
    for zone in zones.values():
        absent = {"pleural_irregularity", "consolidation", "sliding_absent", "lung_pulse"}
        assert not absent & (zone.signs | zone.accepted)
