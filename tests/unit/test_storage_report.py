"""The report: whole, self-contained, in both languages, and deaf to whatever is written into it."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from assessment_scenes import made_truth

from simulator.anatomy.zones import ZONES
from simulator.assessment.answer import EMPTY, Answer, ZoneAnswer
from simulator.assessment.rubric import Rubric
from simulator.assessment.score import score
from simulator.assessment.technique import Technique, ZoneTechnique
from simulator.assessment.volumes import AffectedLung, AffectedVolume
from simulator.messages import set_language
from simulator.storage.errors import StorageError
from simulator.storage.report import Report, duration, moment, number, render_report, whole, write_report

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}</title></style>"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
TRUTH = made_truth({"R6": 2, "L6": 1, "L2": None}, {"R6": {"b_lines_coalescent"}, "L2": set()})
ANSWER = Answer({"R6": ZoneAnswer(frozenset({"b_lines_coalescent"}), 1), "L5": ZoneAnswer(not_examined=True)}, "ards")
TECHNIQUE = Technique({"R6": ZoneTechnique(7.0, 3.0)}, 90.0, 60.0, 0.9, 0.5, 0.5, 1.0)
PLAIN = Report("A week of fever", "covid_moderate", images={"R6": PNG}, trainee="Heron", elapsed_s=61.0)


class Page(HTMLParser):
    """Every tag with its attributes, and the text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.text, self._open = [], "", []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_endtag(self, tag):
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data):
        if "style" not in self._open:
            self.text += data


def rendered(report=PLAIN, answer=ANSWER, technique=TECHNIQUE):
    return render_report(report, answer, TRUTH, score(answer, TRUTH, Rubric("covid_pneumonia"), technique))


def test_nothing_written_into_it_becomes_markup():
    fields = ("title", "scenario_id", "complaint", "history", "debrief", "trainee", "started_utc", "content_hash",
              "program_version")  # fmt: skip
    report = replace(
        PLAIN, **dict.fromkeys(fields, EVIL), vitals=((EVIL, EVIL),), questions=((EVIL, EVIL),), notes=(EVIL,),
        skipped={"L5": EVIL},
    )  # fmt: skip
    plain, evil = Page(rendered()), Page(rendered(report))
    assert not [tag for tag, _ in evil.tags if tag == "script"]
    assert not [name for _, attrs in evil.tags for name in attrs if name.startswith("on")]
    assert {tag for tag, _ in evil.tags} <= {tag for tag, _ in plain.tags} | {"dl", "dt", "dd"}
    assert [a["src"] for tag, a in evil.tags if tag == "img"] == [a["src"] for tag, a in plain.tags if tag == "img"]
    assert "{{ 7*7 }}" in evil.text
    assert "49" not in evil.text.split("{{ 7*7 }}")[1][:3]
    assert evil.text.count("alert(1)") >= 2 * 8


def test_it_fetches_nothing_and_runs_nothing():
    text = rendered()
    page = Page(text)
    assert not re.search(r"https?://", text)
    assert all(a["src"].startswith("data:image/png;base64,") for tag, a in page.tags if tag == "img")
    (policy,) = [a["content"] for tag, a in page.tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy


def test_it_says_what_was_asked_given_and_why():
    text = Page(rendered()).text
    for said in (
        "A week of fever", "Coalescent B-lines", "One grade too low", "not examined", "Another diagnosis fits",
        "not a medical device", "Synthetic patient", "No clinician has confirmed", "unconfirmed", "Acquisition",
        "Interpretation", "Conclusion", "1 minute 1 second", "No view with enough pleura",
        "Exact in 0 of 1 zones, within one grade in 1.",
    ):  # fmt: skip
        assert said in text, said
    for key in ZONES:
        assert key in text


def test_without_a_track_acquisition_is_called_not_assessed():
    assert "not assessed" in Page(rendered(technique=None)).text
    assert "Time on the zone" not in Page(rendered(technique=None)).text


def test_an_empty_answer_has_a_report_too():
    assert "No score was given." in Page(rendered(answer=EMPTY)).text


def test_it_speaks_the_trainees_language():
    try:
        set_language("fr")
        text = rendered()
        assert '<html lang="fr">' in text
        assert number(1.5) == "1,5"
    finally:
        set_language("en")
    assert '<html lang="en">' in rendered()


def test_it_is_written_whole_or_not_at_all(tmp_path):
    marks = score(ANSWER, TRUTH, Rubric("covid_pneumonia"))
    path = write_report(tmp_path / "new" / "report.html", PLAIN, ANSWER, TRUTH, marks)
    assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert [p.name for p in path.parent.iterdir()] == ["report.html"]
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError):
        write_report(tmp_path / "file" / "report.html", PLAIN, ANSWER, TRUTH, marks)


def test_only_png_images_are_taken():
    with pytest.raises(StorageError, match="not a PNG"):
        rendered(replace(PLAIN, images={"R1": b"<svg onload=alert(1)>"}))


def test_numbers_and_times():
    assert (number(2.0), number(1.0 / 3.0), number(0.0), number(10.0)) == ("2", "0.33", "0", "10")
    assert (whole(99.9), whole(100.0), whole(0.2), whole(0.0)) == ("99", "100", "1", "0")
    assert duration(125.0) == "2 minutes 5 seconds"
    assert moment("2026-11-23T10:04:00+00:00") == "2026-11-23 10:04 UTC"
    assert moment("yesterday") == "yesterday"


def test_the_affected_lung_volume_is_told_by_lobe():
    assert "(simulated)" not in Page(rendered()).text  # it was not computed
    lobes = {"RUL": AffectedLung(900.0, 0.0, 90.0), "LLL": AffectedLung(600.0, 300.0, 0.0)}
    found = replace(TRUTH, volumes=AffectedVolume(lobes, fluid_ml=120.0))
    text = Page(render_report(PLAIN, ANSWER, found, score(ANSWER, TRUTH, Rubric("covid_pneumonia"), TECHNIQUE))).text
    for words in (
        "Affected lung volume (simulated)",
        "Right upper lobe",
        "10 %",
        "50 %",
        "26 %",
        "Pleural fluid: 120 ml",
    ):
        assert words in text, words
    assert "Free air" not in text
