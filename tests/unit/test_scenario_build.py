"""From what the author wrote to the patient; the catalogue; the generator of Covid pneumonias."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from scenario_files import GOOD, changed, load, write

import simulator
from simulator.anatomy.slab import slab_body
from simulator.anatomy.zones import ZONES
from simulator.assessment.conclusions import DIAGNOSES, SEVERITIES
from simulator.assessment.rubric import Rubric
from simulator.errors import BadInputError
from simulator.pathology.effusion import DOWN, Effusion
from simulator.pathology.interstitial import Interstitial
from simulator.pathology.pneumothorax import Pneumothorax
from simulator.pathology.registry import KINDS
from simulator.pathology.sliding_loss import SlidingLoss
from simulator.pathology.subcutaneous_emphysema import SubcutaneousEmphysema
from simulator.scenario.build import findings_of, patient_of, respiration_of, rubric_of
from simulator.scenario.catalogue import find, list_scenarios, scenario_paths
from simulator.scenario.patient_spec import Posture
from simulator.scenario.schema import RubricSpec, ScenarioSpec, json_schema

FINDINGS = """\
  - kind: interstitial
    pattern: coalescent
    where: {zones: [R1]}
    percent_of_pleura: 40
"""


def test_the_patient_has_what_the_file_says(tmp_path: Path) -> None:
    scenario = load(tmp_path, GOOD)
    patient = patient_of(scenario.spec, slab_body())
    assert patient.findings.names == ("interstitial",)
    assert patient.findings.lung[..., 0].max() > 0.5
    assert patient.heart.rate_per_min == 80.0
    assert (patient.seed, patient.posture) == (3, "supine")


def test_breathing_follows_vitals_sex_and_what_is_given(tmp_path: Path) -> None:
    quiet = respiration_of(load(tmp_path, GOOD).spec)
    assert (quiet.rate_per_min, quiet.excursion_m) == (16.0, pytest.approx(0.016))
    assert quiet.inspiration_fraction == pytest.approx(1 / 3)
    fast = changed("respiratory_rate_per_min: 16", "respiratory_rate_per_min: 32").replace("female", "male")
    hurried = respiration_of(load(tmp_path, fast).spec)
    assert (hurried.inspiration_fraction, hurried.excursion_m) == (0.5, pytest.approx(0.018))
    own = "physiology: {diaphragm_excursion_cm: 0.5, expiration_per_inspiration: 3}\nfindings:"
    given_by_author = respiration_of(load(tmp_path, changed("findings:", own)).spec)
    assert given_by_author.excursion_m == pytest.approx(0.005)
    assert given_by_author.inspiration_fraction == pytest.approx(0.25)


def test_who_can_be_asked_to_hold_the_breath(tmp_path: Path) -> None:
    well = respiration_of(load(tmp_path, GOOD).spec)
    assert well.can_follow
    assert well.hold_s == 40.0
    assert well.deep_filling * well.excursion_m == pytest.approx(0.057)
    short = respiration_of(load(tmp_path, changed("spo2_percent: 97", "spo2_percent: 88")).spec)
    assert short.hold_s == 8.0
    tube = "  oxygen: {device: invasive_ventilation}\nbody:"
    assert not respiration_of(load(tmp_path, changed("body:", tube)).spec).can_follow
    awake = changed("body:", tube).replace(
        "findings:", "physiology: {follows_requests: true, breath_hold_s: 5}\nfindings:"
    )
    assert respiration_of(load(tmp_path, awake).spec).can_follow
    assert respiration_of(load(tmp_path, awake).spec).hold_s == 5.0
    still = respiration_of(load(tmp_path, changed("respiratory_rate_per_min: 16", "respiratory_rate_per_min: 0")).spec)
    assert not still.can_follow
    assert still.breath(1.3) == 0.0


def test_every_finding_can_be_written(tmp_path: Path) -> None:
    written = """\
  - {kind: interstitial, pattern: b_lines, where: {zones: [R1]}, percent_of_pleura: 60, spacing_mm: 6}
  - {kind: pleural_irregularity, where: {zones: [R1]}, percent_of_pleura: 50, severity: severe}
  - {kind: subpleural_consolidation, where: {zones: [R1]}, depth_mm: 6, width_mm: 10}
  - {kind: consolidation, where: {lobes: [RLL]}, depth_mm: 45, bronchograms: none}
  - {kind: effusion, side: left, volume_ml: 150}
  - {kind: sliding_loss, where: {zones: [R1]}, percent: 80}
  - {kind: pneumothorax, side: right, volume_percent: 30}
  - {kind: subcutaneous_emphysema, where: {zones: [R1]}, percent_of_skin: 40, severity: severe}
"""
    findings = findings_of(load(tmp_path, changed(FINDINGS, written)).spec)
    assert tuple(finding.KIND for finding in findings) == KINDS
    first, *_others, wet, stuck, air, crackling = findings
    assert isinstance(first, Interstitial)
    assert first.spacing_m == pytest.approx(0.006)
    assert isinstance(stuck, SlidingLoss)
    assert stuck.share == pytest.approx(0.8)
    assert isinstance(air, Pneumothorax)
    assert (air.side, air.volume_share) == (1.0, pytest.approx(0.3))
    assert isinstance(crackling, SubcutaneousEmphysema)
    assert (crackling.percent, crackling.strength) == (40.0, 1.0)
    assert isinstance(wet, Effusion)
    assert (wet.side, wet.volume_m3) == (-1.0, pytest.approx(1.5e-4))
    assert len({finding.seed for finding in findings}) == len(findings)


def test_a_point_is_a_place_in_its_zone(tmp_path: Path) -> None:
    written = """\
  - {kind: interstitial, pattern: white_lung, where: {points: [{zone: L4}, {zone: R1, azimuth_deg: 40, height: 0.3,
     radius_mm: 22}]}, percent_of_pleura: 100}
"""
    (finding,) = findings_of(load(tmp_path, changed(FINDINGS, written)).spec)
    assert isinstance(finding, Interstitial)
    left, right = finding.region.spots
    assert (left.azimuth_rad, left.height, left.radius_m) == (-np.radians(95.0), 0.70, 0.015)
    assert (right.azimuth_rad, right.height, right.radius_m) == (np.radians(40.0), 0.30, 0.022)
    assert [part.spots for part in finding.region.parts()] == [(left,), (right,)]


def test_a_seed_of_ones_own_stays_when_the_order_changes(tmp_path: Path) -> None:
    seeded = FINDINGS.replace("percent", "seed: 77\n    percent")
    alone = findings_of(load(tmp_path, changed(FINDINGS, seeded)).spec)[0]
    second = findings_of(load(tmp_path, changed(FINDINGS, FINDINGS + seeded)).spec)[1]
    assert alone == second


def test_the_rubric_has_the_conclusion_and_the_points(tmp_path: Path) -> None:
    assert rubric_of(load(tmp_path, GOOD).spec) == Rubric("covid_pneumonia")
    text = changed("  level: beginner", "  level: beginner\n  rubric: {diagnosis_points: 20}").replace(
        "expected:", "expected:\n  also_accepted: [ards]\n  severity: severe"
    )
    rubric = load(tmp_path, text).rubric()
    assert rubric == Rubric("covid_pneumonia", ("ards",), "severe", diagnosis_points=20.0)


def test_vocabularies_are_those_of_the_other_parts() -> None:
    schema = json_schema()["$defs"]
    assert set(schema["Expected"]["properties"]["diagnosis"]["enum"]) == set(DIAGNOSES)
    severity = schema["Expected"]["properties"]["severity"]["anyOf"][0]["enum"]
    assert severity == list(SEVERITIES)
    assert schema["Where"]["properties"]["zones"]["items"]["enum"] == list(ZONES)
    assert set(Posture.__args__) == set(DOWN)
    assert set(RubricSpec.model_fields) <= {field.name for field in dataclasses.fields(Rubric)}
    mapping = schema_of_findings()
    assert set(mapping) == {*KINDS, "covid"}


def schema_of_findings() -> dict[str, str]:
    schema = json_schema()["properties"]["findings"]["items"]
    return dict(schema["discriminator"]["mapping"])


def test_no_score_can_be_written() -> None:
    def names(schema: object) -> set[str]:
        if isinstance(schema, dict):
            own = set(schema.get("properties", {}))
            return own.union(*(names(value) for value in schema.values()))
        return set().union(*(names(item) for item in schema)) if isinstance(schema, list) else set()

    assert not {name for name in names(json_schema()) if "total" in name or name.endswith("score")}


def test_find_by_id_and_by_path(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    assert find(path) == path
    assert find("covid_moderate").name == "covid_moderate.yaml"
    with pytest.raises(BadInputError, match=r"no scenario 'covid_moderat' \(did you mean covid_moderate\?\)"):
        find("covid_moderat")
    assert simulator.load_scenario("covid_moderate").id == "covid_moderate"


def test_a_broken_file_is_listed_and_not_fatal(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, "id: [", "broken.yaml")
    entries = {entry.path.name: entry for entry in list_scenarios([tmp_path])}
    assert set(entries) == {path.name for path in scenario_paths()} | {"case.yaml", "broken.yaml"}
    assert entries["case.yaml"].scenario is not None
    assert entries["broken.yaml"].scenario is None
    assert entries["broken.yaml"].error is not None


def test_a_generated_covid_builds(tmp_path: Path) -> None:
    written = "  - {kind: covid, day: 10, severity: severe}\n"
    spec = load(tmp_path, changed(FINDINGS, written)).spec
    assert isinstance(spec, ScenarioSpec)
    assert patient_of(spec, slab_body()).findings.names
