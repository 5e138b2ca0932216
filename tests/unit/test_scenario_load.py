"""Loading is strict: each thing that YAML would swallow is refused, at its line and column."""

# ruff: noqa: E501  (messages are compared whole)

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scenario_files import GOOD, changed, load, refused, write

from simulator import messages
from simulator.errors import BadInputError
from simulator.scenario.load import ScenarioError, read_scenario
from simulator.scenario.yaml_tree import dotted, read_tree

MANY_ALIASES = "a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n"


def test_a_good_file_loads(tmp_path: Path) -> None:
    scenario = load(tmp_path, GOOD)
    assert scenario.id == "case"
    assert scenario.seed == 3
    assert scenario.title("fr") == "Un cas"
    assert scenario.brief("fr").history == "Some history"
    assert len(scenario.content_hash) == 32


def test_the_hash_is_of_the_content(tmp_path: Path) -> None:
    first = load(tmp_path, GOOD).content_hash
    assert load(tmp_path, "# a remark\n" + changed("seed: 3", "seed:   3  # three")).content_hash == first
    assert load(tmp_path, changed("seed: 3", "seed: 4")).content_hash != first


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        # what YAML 1.1 and 1.2 read differently
        ("seed: 3", "seed: 010", "3:7: seed: 010 is read as an octal number by some; write it without the leading zero, or quote it"),
        ("seed: 3", "seed: 089", "3:7: seed: 089 has a leading zero; remove it, or quote it if it is text"),
        ("seed: 3", "seed: 0x1F", "3:7: seed: 0x1F: write numbers in base 10"),
        ("seed: 3", "seed: 1_000", "3:7: seed: 1_000: write the number without underscores"),
        ("seed: 3", "seed: 12:30", "3:7: seed: 12:30 is read as a number in base 60 by YAML 1.1; quote it if it is text"),
        ("Some history", "no", "6:12: brief.history: no is read as a truth value by YAML 1.1; write true or false, or quote it if it is text"),
        ("Some history", "On", "6:12: brief.history: On is read as a truth value by YAML 1.1; write true or false, or quote it if it is text"),
        ("Some history", "2026-11-23", "6:12: brief.history: 2026-11-23 is read as a date; quote it"),
        ("37.0", "1e-3", "12:20: brief.vitals.temperature_c: 1e-3 is text in YAML 1.1 and a number in YAML 1.2; write it out, as in 0.001"),
        ("37.0", ".inf", "12:20: brief.vitals.temperature_c: .inf is not a number that can be used"),
        ("37.0", "-.NaN", "12:20: brief.vitals.temperature_c: -.NaN is not a number that can be used"),
        ("37.0", "37,0", "12:20: brief.vitals.temperature_c: 37,0: write the decimal point as a point, or quote it if it is text"),
        ("37.0", "37.", "12:20: brief.vitals.temperature_c: 37.: write digits on both sides of the point"),
        # what YAML has and a scenario does not
        ("Some history", "&x Some history\n  more: *x", "7:9: brief.more: aliases (*x) are not used here; write it out"),
        ("seed: 3", "seed: !!int '3'", "3:7: seed: tags (tag:yaml.org,2002:int) are not used here; remove it"),
        ("seed: 3", "seed: !!python/name:os.system x", "3:7: seed: tags (tag:yaml.org,2002:python/name:os.system) are not used here; remove it"),
        ("seed: 3", "<<: {seed: 3}", "3:1: merge keys (<<) are not used here; write it out"),
        ("seed: 3", "seed: 3\nseed: 4", "4:1: seed: repeated key; it is already on line 3"),
        ("  age_years: 40", "  age_years: 40\n  age_years: 41", "17:3: body.age_years: repeated key; it is already on line 16"),
        ("seed: 3", "3: seed", "3:1: a key must be a word, not '3'"),
        ("seed: 3", "? [a, b]\n: seed", "3:3: a key must be a word, not a list or a mapping"),
        ("seed: 3", "yes: 3", "3:1: the key yes is read as a truth value by YAML 1.1; quote it"),
        # what the models refuse
        ("seed: 3", "sede: 3", "3:1: sede: no such key (did you mean seed?)"),
        ("seed: 3", "seed: '3'", "3:7: seed: must be a whole number, not '3'"),
        ("seed: 3", "seed: 3.5", "3:7: seed: must be a whole number, not 3.5"),
        ("seed: 3", "seed: true", "3:7: seed: must be a whole number, not true"),
        ("seed: 3", "seed:", "3:6: seed: must be a whole number, not nothing"),
        ("seed: 3", "seed: -1", "3:7: seed: must be at least 0, not -1"),
        ("id: case", "id: Case 1", "2:5: id: must be small letters, digits and underscores, beginning with a letter, not 'Case 1'"),
        ("id: case", "id: other", "2:5: id: must be the name of the file, 'case'"),
        ("schema_version: 1", "schema_version: 2", "1:17: schema_version: must be 1, not 2"),
        ("heart_rate_per_min: 80", "heart_rate: 80", "9:5: brief.vitals.heart_rate: no such key (did you mean heart_rate_per_min?)"),
        ("    spo2_percent: 97\n", "", "9:5: brief.vitals.spo2_percent: is missing"),
        ("    spo2_percent: 97", "    spo2_percent: 104", "11:19: brief.vitals.spo2_percent: must be at most 100, not 104"),
        ("respiratory_rate_per_min: 16", "respiratory_rate_per_min: 3", "9:5: brief.vitals: respiratory_rate_per_min is 0 in apnoea, and otherwise at least 4"),
        ("body:", "physiology: {follows_requests: false, breath_hold_s: 9}\nbody:", "14:13: physiology: breath_hold_s is of no use to a patient who follows no requests; leave it out"),
        ("body:", "physiology: {follows_requests: maybe}\nbody:", "14:32: physiology.follows_requests: must be true or false, not 'maybe'"),
        ("body:", "physiology: {breath_hold_s: 200}\nbody:", "14:29: physiology.breath_hold_s: must be at most 120, not 200"),
        ("systolic: 120", "systolic: 60", "13:26: brief.vitals.blood_pressure_mmhg: diastolic must be lower than systolic"),
        ("weight_kg: 60.0", "weight_kg: 200", "15:3: body: body mass index of 73.5 kg/m² is outside 14 to 55; check height_cm and weight_kg"),
        ("sex: female", "sex: femal", "15:8: body.sex: 'femal' is not known (did you mean female?)"),
        ("Some history", "{de: Text}", "6:13: brief.history.de: no such key; there are en, fr"),
        ("Some history", "{}", "6:12: brief.history: has no text in any language"),
        ("Some history", "''", "6:12: brief.history: is empty"),
        ("Some history", "[a]", "6:12: brief.history: must be a text, not a list"),
        ("kind: interstitial", "kind: interstital", "20:11: findings[0].kind: 'interstital' is not known (did you mean interstitial?)"),
        ("- kind: interstitial\n    pattern", "- pattern", "20:5: findings[0].kind: is missing"),
        ("zones: [R1]", "zones: [R1, R9]", "22:25: findings[0].where.zones[1]: 'R9' is not known; it must be one of R1, R2, R3, R4, R5, R6, L1, L2, L3, L4, L5, L6"),
        ("zones: [R1]", "zones: []", "22:12: findings[0].where: names no place; give zones, points or lobes"),
        ("zones: [R1]", "points: [{zone: R1, height: 0.9}]", "22:22: findings[0].where.points[0]: height 0.9 is not in zone R1; there it is 0.05 to 0.4"),
        ("zones: [R1]", "points: [{zone: R1, azimuth: 40}]", "22:33: findings[0].where.points[0].azimuth: no such key (did you mean azimuth_deg?)"),
        ("zones: [R1]", "points: [{radius_mm: 20}]", "22:22: findings[0].where.points[0].zone: is missing"),
        ("- kind: interstitial\n    pattern: coalescent\n    where: {zones: [R1]}\n    percent_of_pleura: 40", "- kind: subcutaneous_emphysema\n    where: {zones: [R1], lobes: [RUL]}\n    percent_of_skin: 40", "20:5: findings[0]: lies in the chest wall; give zones or points, not lobes"),
        ("zones: [R1]", "zones: R1", "22:20: findings[0].where.zones: must be a list, not 'R1'"),
        ("where: {zones: [R1]}", "where: R1", "22:12: findings[0].where: must be a mapping of keys, not 'R1'"),
        ("percent_of_pleura: 40", "percent_of_pleura: 0", "23:24: findings[0].percent_of_pleura: must be more than 0, not 0"),
        ("percent_of_pleura: 40", "percent: 40", "23:5: findings[0].percent: no such key (did you mean percent_of_pleura?)"),
        ("diagnosis: covid_pneumonia", "diagnosis: covid", "25:14: expected.diagnosis: 'covid' is not known (did you mean covid_pneumonia?)"),
        ("diagnosis: covid_pneumonia", "diagnosis: covid_pneumonia\n  total: 18", "26:3: expected.total: no such key; there are diagnosis, also_accepted, severity"),
        ("  level: beginner\n", "", "27:3: teaching.level: is missing"),
    ],
)  # fmt: skip
def test_each_fault_is_named_where_it_is(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert refused(tmp_path, changed(old, new)) == [said]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1:1: the file is empty"),
        ("# only a remark\n", "1:1: the file is empty"),
        ("- a\n- b\n", "1:1: must be a mapping of keys, beginning with schema_version: 1"),
        ("just text\n", "1:1: must be a mapping of keys, beginning with schema_version: 1"),
        (GOOD + "---\n" + GOOD, "29:1: a second document begins here; a file holds one"),
        (changed("  sex: female", "\tsex: female"), "15:1: a tab; YAML is indented with spaces only"),
        (changed("seed: 3", "seed:\t3"), "3:6: a tab; YAML is indented with spaces only"),
        (changed("Some history", "Cough: for days"), "6:17: a second ':' on this line; quote the text, or indent the line"),
        (changed("Some history", "[a, b"), "7:12: not valid YAML: expected ',' or ']', but got ':'"),
        (changed("Some history", "a\x07b"), "6:13: this character is not allowed in YAML"),
        (changed("Some history", "caf\u00e9").encode("latin-1"), "6:15: is not UTF-8 text; save the file as UTF-8"),
        (GOOD.encode("utf-16"), "1:1: is not UTF-8 text; save the file as UTF-8"),
        ("a: " + "[" * 50 + "]" * 50, "1:19: nested too deeply"),
        (b"x" * 1_000_001, "1:1: is larger than 1 MB; that is no scenario"),
    ],
)  # fmt: skip
def test_files_that_cannot_be_read(tmp_path: Path, text: str | bytes, said: str) -> None:
    assert refused(tmp_path, text) == [said]


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    assert load(tmp_path, b"\xef\xbb\xbf" + GOOD.encode()).id == "case"


def test_missing_folder_and_unreadable(tmp_path: Path) -> None:
    for path, said in ((tmp_path / "none.yaml", "there is no such file"), (tmp_path, "is a folder, not a file")):
        with pytest.raises(ScenarioError) as caught:
            read_scenario(path)
        assert str(caught.value) == f"{path}:1:1: {said}"
    path = write(tmp_path, GOOD)
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    with pytest.raises(ScenarioError, match="cannot be read"):
        read_scenario(path)


def test_all_faults_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = (
        changed("seed: 3", "seed: 010")
        .replace("heart_rate_per_min: 80", "heart_rate_per_min: 300")
        .replace("sex: female", "sex: woman")
        .replace("percent_of_pleura: 40", "percent_of_pleura: 140\n    colour: red")
    )
    said = refused(tmp_path, text)
    assert [line.split(": ")[1] for line in said] == [
        "seed", "brief.vitals.heart_rate_per_min", "body.sex", "findings[0].percent_of_pleura", "findings[0].colour",
    ]  # fmt: skip
    assert [line.split(":")[0] for line in said] == ["3", "9", "15", "23", "24"]


def test_a_refused_value_is_reported_once(tmp_path: Path) -> None:
    assert len(refused(tmp_path, changed("teaching:\n  level: beginner\n  debrief: Some debrief", "teaching: *x"))) == 1


def test_a_refused_value_does_not_make_its_part_look_wrong(tmp_path: Path) -> None:
    text = changed("{systolic: 120, diastolic: 70}", "{systolic: 1e2, diastolic: 70}").replace(
        "findings:\n", "findings:\n  - {kind: effusion, side: left, volume_ml: 1e2}\n"
    )
    assert [line.split(": ")[1] for line in refused(tmp_path, text)] == [
        "brief.vitals.blood_pressure_mmhg.systolic",
        "findings[0].volume_ml",
    ]


def test_an_effusion_has_one_size(tmp_path: Path) -> None:
    old = "  - kind: interstitial\n    pattern: coalescent\n    where: {zones: [R1]}\n    percent_of_pleura: 40\n"
    both = "  - {kind: effusion, side: left, volume_ml: 100, depth_mm: 10}\n"
    assert refused(tmp_path, changed(old, both)) == [
        "20:5: findings[0]: needs either volume_ml or depth_mm, and not both"
    ]
    assert load(tmp_path, changed(old, both.replace(", depth_mm: 10", ""))).spec.findings[0].kind == "effusion"


def test_aliases_cannot_make_a_small_file_large() -> None:
    tree = read_tree(MANY_ALIASES)
    assert len(tree.problems) == 6
    assert len(tree.values) < 20


def test_faults_speak_the_current_language(tmp_path: Path) -> None:
    try:
        messages.set_language("fr")
        said = refused(tmp_path, changed("seed: 3", "sede: 3"))
    finally:
        messages.set_language("en")
    assert said[0].startswith("3:1: sede: clé inconnue")


def test_scenario_errors_are_bad_input() -> None:
    assert issubclass(ScenarioError, BadInputError)
    assert ScenarioError(Path("x"), []).exit_status == 2


def test_dotted_paths() -> None:
    assert dotted(("findings", 0, "where", "zones", 2)) == "findings[0].where.zones[2]"
    assert dotted(()) == ""


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(tmp_path: Path, text: str) -> None:
    try:
        load(tmp_path, text.encode("utf-8", errors="surrogatepass"))
    except ScenarioError as error:
        problems = len(error.problems)
    else:
        problems = 1
    assert problems


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(GOOD) - 1), st.sampled_from("#:-[]{}\"'\t\n&*!|>%@`0 "))
def test_one_wrong_character_never_breaks_the_reader(tmp_path: Path, at: int, character: str) -> None:
    try:
        load(tmp_path, GOOD[:at] + character + GOOD[at + 1 :])
    except ScenarioError as error:
        lines = [problem.position[0] for problem in error.problems]
    else:
        lines = [1]
    assert lines
    assert all(1 <= line <= GOOD.count("\n") + 2 for line in lines)
