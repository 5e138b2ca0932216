"""The author's guide says what the loader does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from simulator.anatomy.slab import slab_body
from simulator.anatomy.zones import ZONES
from simulator.assessment.conclusions import DIAGNOSES
from simulator.locale.update import extract
from simulator.pathology.registry import KINDS
from simulator.resources import resource_dir
from simulator.scenario.build import patient_of
from simulator.scenario.guide import with_tables
from simulator.scenario.load import read_scenario

GUIDE = resource_dir("scenarios") / "README.md"


def _text() -> str:
    return GUIDE.read_text(encoding="utf-8")


def test_the_tables_are_current(request: pytest.FixtureRequest) -> None:
    expected = with_tables(_text())
    if request.config.getoption("--bless"):
        GUIDE.write_text(expected, encoding="utf-8")
    assert _text() == expected, "run `python -m simulator.scenario.guide`"


def test_the_example_is_a_working_case(tmp_path: Path) -> None:
    found = re.search(r"<!-- example: (\w+) -->\n```yaml\n(.*?)```\n<!-- end of example -->", _text(), re.DOTALL)
    assert found is not None
    path = tmp_path / f"{found[1]}.yaml"
    path.write_text(found[2], encoding="utf-8")
    scenario = read_scenario(path)
    assert scenario.spec.expected.diagnosis in DIAGNOSES
    assert set(patient_of(scenario.spec, slab_body()).findings.names) == {"consolidation", "interstitial", "effusion"}


def test_every_finding_has_its_entry() -> None:
    for kind in (*KINDS, "covid"):
        assert f"### Finding `{kind}`" in _text()


def test_the_messages_explained_are_messages() -> None:
    section = _text().split("## When the file is refused")[1].split("## Every key")[0]
    known = [message.id for message in extract() if isinstance(message.id, str)]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    assert len(rows) > 10
    for row in rows:
        for quoted in re.findall(r"`([^`]+)`", row.split("|")[1]):
            for part in re.split(r"\.\.\.|\(did you mean|\?\)|;", quoted):
                words = part.strip(" ,")
                assert not words or any(words in text for text in known), f"no message says {words!r}"


def test_the_ranges_of_the_zones_are_those_of_the_zones() -> None:
    for number in range(1, 7):
        zone = ZONES[f"R{number}"]
        ranges = [f"{low:g} to {high:g}" for low, high in (zone.azimuth_deg,)]
        ranges += [f"{low:.2f} to {high:.2f}" for low, high in (zone.height,)]
        assert f"| {number} | {ranges[0]} | {ranges[1]} |" in _text()
