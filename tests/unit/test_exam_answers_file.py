"""Written answer sheets: strict, every error with its place, all at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from test_assessment_score import ANSWERS

from simulator.assessment.answer import ZoneAnswer
from simulator.errors import BadInputError
from simulator.exam.answers_file import answers_text, parse_answers, read_answers

GOOD = """\
zones:
  R1: {signs: [a_lines], score: 0}
  R2:
    signs:
      - b_lines_separate
    score: 1
  L5: not_examined
diagnosis: covid_pneumonia
severity: moderate
"""


def test_a_good_sheet():
    answer = parse_answers(GOOD)
    assert answer.zone("R1") == ZoneAnswer(frozenset({"a_lines"}), 0)
    assert answer.zone("L5").not_examined
    assert (answer.diagnosis, answer.severity) == ("covid_pneumonia", "moderate")
    assert len(answer.missing_zones) == 9


@given(ANSWERS)
def test_what_is_written_is_read_back(answer):
    again = parse_answers(answers_text(answer))
    assert {k: z for k, z in again.zones.items()} == {k: z for k, z in answer.zones.items() if not z.is_empty}
    assert (again.diagnosis, again.severity) == (answer.diagnosis, answer.severity)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("zones:\n  R1: {signs: [a_line], score: 0}\n",
         "s.yaml:2:16: zones.R1.signs[0]: unknown 'a_line' (did you mean a_lines?"),
        ("zones:\n  R1: {score: 4}\n", "s.yaml:2:15: zones.R1.score: 4 is not an aeration score"),
        ("zones:\n  R1: {score: true}\n", "s.yaml:2:15: zones.R1.score: True is not an aeration score"),
        ("zones:\n  R1: {score: 1.0}\n", "s.yaml:2:15: zones.R1.score: 1.0 is not an aeration score"),
        ("zones:\n  R1: {signs: [a_lines, a_lines]}\n", "'a_lines' is listed twice"),
        ("zones:\n  R7: not_examined\n", "s.yaml:2:3: zones.R7: unknown key 'R7'"),
        ("zones:\n  R1: 2\n", "s.yaml:2:7: zones.R1: must be {signs"),
        ("zones:\n  R1: {score: 1}\n  R1: {score: 2}\n", "s.yaml:3:3: zones.R1: repeated key"),
        ("diagnosis: flu\n", "s.yaml:1:12: diagnosis: unknown 'flu'"),
        ("severity: modrate\n", "did you mean moderate?"),
        ("zones: no\n", "s.yaml:1:8: zones"),
        ("- R1\n", "s.yaml:1:1: must be a mapping"),
        ("zones: [\n", "s.yaml:2:1: "),
        ("", "s.yaml:1:1: the file is empty"),
    ],
)  # fmt: skip
def test_errors_say_where_and_what(text, expected):
    with pytest.raises(BadInputError) as error:
        parse_answers(text, "s.yaml")
    assert expected in str(error.value)
    assert error.value.exit_status == 2


def test_all_errors_at_once():
    with pytest.raises(BadInputError) as error:
        parse_answers("zones:\n  R1: {score: 9}\n  R9: {score: 1}\ndiagnosis: flu\n", "s.yaml")
    assert len(str(error.value).splitlines()) == 3


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(BadInputError, match="cannot be read"):
        read_answers(tmp_path / "missing.yaml")
    with pytest.raises(BadInputError, match="cannot be read"):
        read_answers(tmp_path)
    (tmp_path / "latin.yaml").write_bytes(b"diagnosis: \xe9\n")
    with pytest.raises(BadInputError, match="UTF-8"):
        read_answers(tmp_path / "latin.yaml")
    (tmp_path / "large.yaml").write_text("#" * 200_000)
    with pytest.raises(BadInputError, match="too large"):
        read_answers(tmp_path / "large.yaml")
