"""A scenario that is right, to be made wrong in one place by each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.scenario.load import Scenario, ScenarioError, read_scenario

GOOD = """\
schema_version: 1
id: case
seed: 3
brief:
  title: {en: A case, fr: Un cas}
  history: Some history
  complaint: Some complaint
  vitals:
    heart_rate_per_min: 80
    respiratory_rate_per_min: 16
    spo2_percent: 97
    temperature_c: 37.0
    blood_pressure_mmhg: {systolic: 120, diastolic: 70}
body:
  sex: female
  age_years: 40
  height_cm: 165.0
  weight_kg: 60.0
findings:
  - kind: interstitial
    pattern: coalescent
    where: {zones: [R1]}
    percent_of_pleura: 40
expected:
  diagnosis: covid_pneumonia
teaching:
  level: beginner
  debrief: Some debrief
"""


def write(folder: Path, text: str | bytes, name: str = "case.yaml") -> Path:
    """A file with `text` in it."""
    path = folder / name
    if isinstance(text, bytes):
        path.write_bytes(text)
    else:
        path.write_text(text, encoding="utf-8")
    return path


def load(folder: Path, text: str | bytes) -> Scenario:
    """The scenario that `text` is."""
    return read_scenario(write(folder, text))


def refused(folder: Path, text: str | bytes) -> list[str]:
    """What is said about `text`, one `line:col: path: what` each, without the file's name."""
    path = write(folder, text)
    with pytest.raises(ScenarioError) as caught:
        read_scenario(path)
    lines = str(caught.value).splitlines()
    assert all(line.startswith(f"{path}:") for line in lines), lines
    return [line.removeprefix(f"{path}:") for line in lines]


def changed(old: str, new: str) -> str:
    """GOOD with one passage replaced."""
    assert GOOD.count(old) == 1, old
    return GOOD.replace(old, new)
