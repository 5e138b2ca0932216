"""The marks: invariants that need no medicine, and the judgement that they make."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from assessment_scenes import made_truth, placement, slab_patient
from hypothesis import given
from hypothesis import strategies as st

from simulator.anatomy.zones import ZONES
from simulator.assessment.agreement import agreement
from simulator.assessment.answer import EMPTY, Answer, ZoneAnswer
from simulator.assessment.conclusions import DIAGNOSES, SEVERITIES
from simulator.assessment.rubric import PARTS, Rubric
from simulator.assessment.score import Score, score
from simulator.assessment.signs import SIGNS
from simulator.assessment.technique import DWELL_S, Technique, TrackPoint, ZoneTechnique, technique
from simulator.assessment.truth import answer_from_truth
from simulator.assessment.wording import Wording
from simulator.errors import BadInputError
from simulator.geometry import Pose
from simulator.messages import set_language
from simulator.probe import PRESETS

RUBRIC = Rubric("covid_pneumonia", ("ards",))
SIGN_SETS = st.frozensets(st.sampled_from(sorted(SIGNS)), min_size=1, max_size=4)
ZONE_ANSWERS = st.one_of(
    st.builds(ZoneAnswer, st.frozensets(st.sampled_from(sorted(SIGNS))), st.sampled_from([None, 0, 1, 2, 3])),
    st.just(ZoneAnswer(not_examined=True)),
)
ANSWERS = st.builds(
    Answer,
    st.dictionaries(st.sampled_from(sorted(ZONES)), ZONE_ANSWERS),
    st.sampled_from([None, *DIAGNOSES]),
    st.sampled_from([None, *SEVERITIES]),
)


@st.composite
def truths(draw):
    grades = draw(st.dictionaries(st.sampled_from(sorted(ZONES)), st.sampled_from([None, 0, 1, 2, 3])))
    signs = {key: draw(SIGN_SETS) if grade is not None else frozenset() for key, grade in grades.items()}
    return made_truth(grades, signs)


@given(truths(), st.sampled_from(sorted(DIAGNOSES)))
def test_the_answer_from_the_truth_earns_everything(truth, diagnosis):
    marks = score(answer_from_truth(truth, diagnosis), truth, Rubric(diagnosis))
    assert marks.percent == pytest.approx(100.0)
    assert all(item.full for item in marks.items)
    assert marks.total_given == (marks.total_expected if truth.maximum else None)


@given(truths())
def test_the_empty_answer_earns_nothing(truth):
    marks = score(EMPTY, truth, RUBRIC)
    assert (marks.points, marks.percent, marks.total_given) == (0.0, 0.0, None)


@pytest.mark.slow
@given(truths(), ANSWERS)
def test_marks_stay_within_bounds_and_explain_themselves(truth, answer):
    marks = score(answer, truth, RUBRIC)
    for item in marks.items:
        assert 0.0 <= item.points <= item.max_points
        assert item.why
        assert item.part in PARTS
        assert not item.clinician_confirmed
    assert len({item.key for item in marks.items}) == len(marks.items)
    assert marks == Score.from_json(json.loads(json.dumps(marks.to_json())))


@given(truths(), ANSWERS, st.sampled_from(sorted(ZONES)), st.sampled_from([None, 0, 1, 2, 3]))
def test_changing_a_score_changes_its_line_only(truth, answer, zone, value):
    before = answer.with_zone(zone, ZoneAnswer(answer.zone(zone).signs, 0))
    after = answer.with_zone(zone, ZoneAnswer(answer.zone(zone).signs, value))
    a, b = (score(given_, truth, RUBRIC) for given_ in (before, after))
    changed = {x.key for x, y in zip(a.items, b.items, strict=True) if x != y}
    expected = {f"{zone}.score"} if value != 0 and truth.zones[zone].assessable else set()
    assert changed == expected


@given(truths(), ANSWERS, st.sampled_from(sorted(DIAGNOSES)), st.sampled_from(sorted(DIAGNOSES)))
def test_changing_the_diagnosis_changes_its_line_only(truth, answer, first, second):
    a, b = (score(answer.concluded(key, answer.severity), truth, RUBRIC) for key in (first, second))
    changed = {x.key for x, y in zip(a.items, b.items, strict=True) if x != y}
    assert changed == ({"diagnosis"} if first != second else set())


@given(truths())
def test_naming_every_sign_earns_nothing(truth):
    everything = Answer({key: ZoneAnswer(frozenset(SIGNS), None) for key in ZONES})
    assert score(everything, truth, RUBRIC).interpretation.points == 0.0


def test_the_same_guess_everywhere_earns_little():
    truth = made_truth({key: number % 4 for number, key in enumerate(ZONES)})
    for guess in range(4):
        marks = score(Answer({key: ZoneAnswer(score=guess) for key in ZONES}), truth, RUBRIC)
        assert marks.interpretation.percent < 30.0


@pytest.mark.parametrize(("stated", "points"), [(2, 3.0), (1, 1.0), (3, 1.0), (0, 0.0), (None, 0.0)])
def test_one_grade_off_earns_part(stated, points):
    answer = Answer({"R6": ZoneAnswer(score=stated)})
    item = score(answer, made_truth({"R6": 2}), RUBRIC).item("R6.score")
    assert item.points == pytest.approx(points)
    assert item.expected == ("2",)


@pytest.mark.parametrize(
    ("stated", "share"),
    [
        ({"b_lines_coalescent", "effusion"}, 1.0),
        ({"b_lines_coalescent"}, 0.5),
        ({"b_lines_coalescent", "effusion", "a_lines"}, 0.75),  # one that is not there costs half of a right one
        ({"b_lines_coalescent", "a_lines"}, 0.25),
        ({"a_lines"}, 0.0),
        ({"b_lines_coalescent", "effusion", "a_lines", "white_lung", "sliding_absent"}, 0.0),  # guessing
    ],
)
def test_signs_earn_in_proportion_and_extras_cost(stated, share):
    truth = made_truth({"L6": 2}, {"L6": {"b_lines_coalescent", "effusion"}})
    item = score(Answer({"L6": ZoneAnswer(frozenset(stated))}), truth, RUBRIC).item("L6.signs")
    assert item.points == pytest.approx(share * item.max_points)


def test_missing_an_irregular_pleura_costs_little():
    truth = made_truth({"L6": 1}, {"L6": {"b_lines_separate", "pleural_irregularity"}})
    item = score(Answer({"L6": ZoneAnswer(frozenset({"b_lines_separate"}))}), truth, RUBRIC).item("L6.signs")
    assert item.points >= 0.8 * item.max_points - 1e-9


def test_accepted_signs_are_neither_asked_for_nor_wrong():
    truth = made_truth({"L6": 1}, {"L6": {"b_lines_separate"}})
    truth.zones["L6"] = replace(truth.zones["L6"], accepted=frozenset({"a_lines"}))
    item = score(Answer({"L6": ZoneAnswer(frozenset({"b_lines_separate", "a_lines"}))}), truth, RUBRIC).item("L6.signs")
    assert item.full


def test_not_examined_is_reported_and_earns_nothing():
    marks = score(Answer({"L5": ZoneAnswer(not_examined=True)}), made_truth(), RUBRIC)
    assert marks.zones_not_examined == ("L5",)
    assert marks.item("L5.score").points == 0.0
    assert marks.item("L5.score").given_text == "not examined"


def test_a_zone_that_cannot_be_assessed_is_left_out():
    marks = score(EMPTY, made_truth({"L2": None}, {"L2": set()}), RUBRIC)
    assert marks.zones_not_assessable == ("L2",)
    assert marks.of_zone("L2") == ()


def test_conclusion_is_marked_by_itself():
    truth = made_truth({key: 1 for key in ZONES})  # total 12: moderate
    parts = {
        ("covid_pneumonia", "moderate"): 15.0, ("ards", "moderate"): 10.0, ("normal", "severe"): 5.0 / 3.0,
        ("normal", "critical"): 0.0,
    }  # fmt: skip
    for (diagnosis, severity), points in parts.items():
        marks = score(Answer({}, diagnosis, severity), truth, RUBRIC)
        assert marks.conclusion.points == pytest.approx(points)
        assert marks.interpretation.points == 0.0


def test_without_a_track_acquisition_is_not_assessed():
    marks = score(EMPTY, made_truth(), RUBRIC)
    assert not marks.acquisition.assessed
    assert marks.acquisition.percent is None
    scanned = score(EMPTY, made_truth(), RUBRIC, Technique())
    assert scanned.acquisition.assessed
    assert scanned.acquisition.points == 0.0
    assert scanned.max_points > marks.max_points


def test_a_good_technique_earns_everything():
    good = Technique({key: ZoneTechnique(DWELL_S, DWELL_S) for key in ZONES}, 90.0, 80.0, 0.9, 0.9, 0.9, 1.0)
    assert score(EMPTY, made_truth(), RUBRIC, good).acquisition.percent == pytest.approx(100.0)


def test_explanations_are_translated_when_shown():
    item = score(Answer({"R1": ZoneAnswer(frozenset({"effusion"}), 1)}), made_truth(), RUBRIC).item("R1.signs")
    assert "Pleural effusion" in item.why
    try:
        set_language("fr")
        assert item.why
    finally:
        set_language("en")


def test_wording_survives_json():
    said = Wording("Missed: {signs}.", (("signs", ("A-lines", "White lung")),))
    assert Wording.from_json(json.loads(json.dumps(said.to_json()))) == said
    assert said.text() == "Missed: A-lines, White lung."


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: ZoneAnswer(frozenset({"rockets"})),
        lambda: ZoneAnswer(score=4),
        lambda: ZoneAnswer(score=True),
        lambda: ZoneAnswer(score=1, not_examined=True),
        lambda: Answer({"R7": ZoneAnswer()}),
        lambda: Answer({}, "flu"),
        lambda: Answer({}, None, "bad"),
        lambda: Rubric("flu"),
    ],
)
def test_what_is_not_in_the_vocabulary_is_refused(wrong):
    with pytest.raises(BadInputError):
        wrong()


@given(ANSWERS)
def test_answers_survive_json(answer):
    assert Answer.from_json(json.loads(json.dumps(answer.to_json()))) == answer


def test_a_probe_that_comes_to_rest_is_judged_where_it_rests():
    knobs, start = PRESETS["convex"], Pose(0.3, -0.02)
    moving = [TrackPoint(0.25 * i, start.tilted(25.0 - 2.5 * i), "convex", knobs) for i in range(11)]

    def placer(_body, pose):
        return replace(placement(float(pose.fan_rad * 57.29578)), face_torso=(0.04, 0.0, -0.03))

    spent = technique(moving, slab_patient(), end_s=12.5, placer=placer).zones["R1"]
    assert spent.square_s == pytest.approx(10.0 + 1.0, abs=0.8)


def test_agreement_is_that_of_the_books():
    grades = dict(zip(ZONES, [0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3], strict=True))
    truth = made_truth(grades)
    same = agreement(Answer({key: ZoneAnswer(score=value) for key, value in grades.items()}), truth)
    assert (same.compared, same.exact, same.within_one, same.weighted_kappa) == (12, 12, 12, pytest.approx(1.0))
    said = dict(zip(ZONES, [0, 0, 1, 0, 1, 2, 1, 2, 0, 2, 3, 2], strict=True))
    other = agreement(Answer({key: ZoneAnswer(score=value) for key, value in said.items()}), truth)
    assert (other.exact, other.within_one) == (8, 11)
    assert other.weighted_kappa == pytest.approx(0.63855, abs=1e-5)
    assert agreement(EMPTY, truth).weighted_kappa is None
    assert agreement(Answer({"R1": ZoneAnswer(score=0)}), truth).weighted_kappa is None


def test_technique_counts_time_on_zones():
    patient = slab_patient()
    square = Pose(0.3, -0.02)
    tilted, lifted = square.tilted(20.0), square.pressed(0.0)

    def placer(_body, pose):
        fan = float(pose.fan_rad * 57.29578)
        where = placement(fan, lift_m=0.01 if pose.pressure == 0.0 else 0.0)
        return replace(where, face_torso=(0.04, 0.0, -0.03))  # 22 degrees to the right, a tenth of the way down: R1

    knobs = PRESETS["convex"]
    track = [
        TrackPoint(0.0, square, "convex", knobs),
        TrackPoint(7.0, tilted, "convex", knobs),
        TrackPoint(9.0, tilted, "convex", knobs.replace(depth_cm=24.0)),
        TrackPoint(10.0, lifted, "convex", knobs),
        TrackPoint(11.0, square, "convex", knobs, frozen=True),
    ]
    found = technique(track, patient, end_s=20.0, placer=placer)
    spent = found.zones["R1"]
    assert len(found.zones) == 1
    assert (spent.viewed_s, spent.square_s) == pytest.approx((10.0, 7.0))
    assert found.total_s == pytest.approx(20.0)
    assert found.on_zones_s == pytest.approx(11.0)
    assert found.contact_share == pytest.approx(10.0 / 11.0)
    assert found.depth_share == pytest.approx(10.0 / 11.0)
    assert found.frequency_share == 1.0


def test_technique_looks_at_the_body_in_the_posture_of_the_moment():
    lying, sitting = slab_patient(), replace(slab_patient(), posture="sitting")
    asked = []

    def placer(body, pose):
        asked.append(body)
        height = -0.03 if body is lying.body else -0.20
        return replace(placement(0.0), face_torso=(0.04, 0.0, height))

    knobs, pose = PRESETS["convex"], Pose(0.3, -0.02)
    track = [TrackPoint(0.0, pose, "convex", knobs), TrackPoint(7.0, pose, "convex", knobs, posture="sitting")]
    found = technique(track, lying, end_s=15.0, placer=placer, turned={("sitting", "forward"): sitting})
    assert asked == [lying.body, sitting.body]
    assert set(found.zones) == {"R1", "R2"}, "the same pose lies in another zone of the turned body"
    assert technique(track, lying, end_s=15.0, placer=placer).zones["R1"].viewed_s == pytest.approx(15.0)
