"""What is kept: at once, through a kill, and refused with a reason where it cannot be."""

from __future__ import annotations

import csv
import io
import sqlite3
import subprocess
import sys

import pytest
from assessment_scenes import made_truth
from sqlalchemy import text

from simulator.assessment.answer import Answer, ZoneAnswer
from simulator.assessment.rubric import Rubric
from simulator.assessment.score import score
from simulator.exam.attempt import Attempt, replay
from simulator.exam.events import Abandoned, ConclusionGiven, Finished, Note, Started, ZoneAnswered
from simulator.storage import database as module
from simulator.storage.database import Database, default_url
from simulator.storage.errors import CorruptDatabaseError, NewerDatabaseError, StorageError
from simulator.storage.exports import harmless, write_csv


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'results.db'}"


def begin(database, trainee="Heron", scenario="covid_moderate", now_s=0.0):
    sink = database.sink()
    attempt = Attempt.start(
        sink, now_s, scenario_id=scenario, content_hash="abc", program_version="0.1.0", seed=3, trainee=trainee,
        at_utc="2026-11-23T10:00:00+00:00",
    )  # fmt: skip
    return attempt, sink


def test_an_attempt_comes_back_as_it_was(url):
    with Database.open(url) as database:
        attempt, sink = begin(database)
        attempt.apply(ZoneAnswered(zone="R1", signs=("a_lines",), score=0), 5.0)
        attempt.apply(Note(text="Élodie's lungs: 'quoted'; -- ☃"), 6.0)
        assert replay(database.events(sink.attempt_id)) == attempt.state
    with Database.open(url) as database:  # another day
        (row,) = database.unfinished("Heron")
        assert (row.state, row.elapsed_s, row.percent) == ("running", 6.0, None)
        events = database.events(row.attempt_id)
        resumed = Attempt.resume(events, database.sink(row.attempt_id), 1000.0)
        resumed.apply(ConclusionGiven(diagnosis="normal", severity="minimal"), 1004.0)
        resumed.apply(Finished(at_utc="2026-11-24T10:00:00+00:00"), 1005.0)
        assert database.unfinished() == []
        (row,) = database.results()
        assert (row.state, row.finished_utc, row.elapsed_s) == ("finished", "2026-11-24T10:00:00+00:00", 11.0)


def test_scores_are_kept_and_replaced(url):
    truth, rubric = made_truth({"R6": 2}), Rubric("covid_pneumonia")
    first = score(Answer({"R6": ZoneAnswer(score=1)}), truth, rubric)
    second = score(Answer({"R6": ZoneAnswer(score=2)}, "covid_pneumonia"), truth, rubric)
    with Database.open(url) as database:
        _, sink = begin(database)
        assert database.score(sink.attempt_id) is None
        database.save_score(sink.attempt_id, first)
        database.save_score(sink.attempt_id, second)
        assert database.score(sink.attempt_id) == second
        (row,) = database.results()
        assert row.percent == pytest.approx(second.percent)
        assert row.acquisition_percent is None
        assert (row.total_given, row.total_expected) == (2, 2)


def test_lists_are_by_trainee_and_case(url):
    with Database.open(url) as database:
        for trainee, scenario in (("Heron", "a"), (" heron  x ", "b"), ("", "a"), ("Heron", "b")):
            begin(database, trainee, scenario)
        assert database.trainees() == ["anonymous", "Heron", "heron x"]
        assert [r.scenario_id for r in database.results("Heron")] == ["b", "a"]
        assert {r.trainee for r in database.results(scenario_id="a")} == {"Heron", "anonymous"}


def test_abandoned_attempts_are_not_offered_again(url):
    with Database.open(url) as database:
        attempt, _ = begin(database)
        attempt.apply(Abandoned(reason="tired"), 3.0)
        assert database.unfinished() == []
        assert database.results()[0].state == "abandoned"


KILLED = """
import os, sys
from simulator.exam.attempt import Attempt
from simulator.exam.events import ZoneAnswered
from simulator.storage.database import Database
database = Database.open(sys.argv[1])
attempt = Attempt.start(database.sink(), 0.0, scenario_id="covid_moderate", content_hash="abc", program_version="0.1.0",
                        trainee="Heron")
for number in range(1, 7):
    attempt.apply(ZoneAnswered(zone=f"R{number}", signs=("a_lines",), score=number % 4), float(number))
print("answered", flush=True)
os._exit(9)  # no goodbye: nothing is flushed, closed or committed from here on
"""


@pytest.mark.slow
def test_a_killed_program_loses_no_answer(url):
    done = subprocess.run([sys.executable, "-c", KILLED, url], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.strip()) == (9, "answered"), done.stderr
    with Database.open(url) as database:
        (row,) = database.unfinished("Heron")
        state = replay(database.events(row.attempt_id))
        assert {key: zone.score for key, zone in state.answer.zones.items()} == {f"R{n}": n % 4 for n in range(1, 7)}
        assert row.elapsed_s == 6.0


def test_two_programs_cannot_write_one_attempt(url):
    with Database.open(url) as one, Database.open(url) as two:
        attempt, sink = begin(one)
        events = two.events(sink.attempt_id)
        other = Attempt.resume(events, two.sink(sink.attempt_id), 0.0)
        with pytest.raises(StorageError, match="another program"):
            attempt.apply(Note(text="mine"), 1.0)
        other.apply(Note(text="theirs"), 2.0)


def test_a_damaged_file_is_refused_then_moved_aside_on_request(url, tmp_path):
    path = tmp_path / "results.db"
    path.write_bytes(b"this is no database, but it may be somebody's work " * 100)
    with pytest.raises(CorruptDatabaseError, match=r"results\.db.*damaged"):
        Database.open(url)
    assert path.exists()
    database, aside = Database.start_afresh("2026-11-23T10:00:00+00:00", url)
    with database:
        begin(database)
        assert len(database.results()) == 1
    assert aside.name == "results-damaged-20261123T1000000000.db"
    assert aside.read_bytes().startswith(b"this is no database")


def test_a_torn_page_is_noticed(url, tmp_path):
    with Database.open(url) as database:
        for _ in range(40):
            begin(database, scenario="x" * 200)
    path = tmp_path / "results.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(path.read_bytes())
    data[4096 * 2 :] = b"\xff" * (len(data) - 4096 * 2)
    path.write_bytes(data)
    with pytest.raises(CorruptDatabaseError):
        Database.open(url)


def test_a_sound_database_is_never_moved_aside(url):
    with Database.open(url) as database:
        begin(database)
    with pytest.raises(StorageError, match="not damaged"):
        Database.start_afresh("2026", url)
    with Database.open(url) as database:
        assert len(database.results()) == 1


def test_a_newer_database_is_refused(url):
    with Database.open(url) as database, database._engine.begin() as connection:
        connection.execute(text("UPDATE schema SET version = 99"))
    with pytest.raises(NewerDatabaseError, match=r"schema 99.*update the program"):
        Database.open(url)


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="PLEURA_DATA_DIR"):
        Database.open(f"sqlite:///{tmp_path / 'file' / 'results.db'}")


def test_a_database_that_may_not_be_written(url, tmp_path):
    with Database.open(url) as database:
        begin(database)
    with (
        pytest.raises(StorageError, match="may not be written"),
        Database.open(f"sqlite:///file:{tmp_path}/results.db?mode=ro&uri=true") as database,
    ):
        begin(database)


def test_a_file_named_as_a_uri_is_that_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with Database.open(f"sqlite:///file:{tmp_path}/deep%20down/results.db?uri=true") as database:
        begin(database)
    assert database.where == str(tmp_path / "deep down" / "results.db")
    assert [path.name for path in tmp_path.iterdir()] == ["deep down"]


def test_a_full_disk_is_named(url):
    with Database.open(url) as database:
        attempt, _ = begin(database)
        with database._engine.connect() as connection:
            pages = connection.execute(text("PRAGMA page_count")).scalar()

        @module.event.listens_for(database._engine, "connect")
        def _small(connection, _record):
            connection.execute(f"PRAGMA max_page_count = {pages}")

        database._engine.dispose()
        with pytest.raises(StorageError, match="disk is full"):
            attempt.apply(Note(text="x" * 100_000), 1.0)
        assert attempt.state.notes == []


def test_where_it_lies(monkeypatch, tmp_path):
    monkeypatch.setenv("PLEURA_DATA_DIR", str(tmp_path / "ünï code"))
    monkeypatch.delenv("PLEURA_DATABASE", raising=False)
    with Database.open() as database:
        begin(database)
        assert database.where == str(tmp_path / "ünï code" / "results.db")
    monkeypatch.setenv("PLEURA_DATABASE", "sqlite://")
    assert default_url() == "sqlite://"
    monkeypatch.setenv("PLEURA_DATABASE", "nonsense")
    with pytest.raises(StorageError, match="no database URL"):
        Database.open()
    monkeypatch.setenv("PLEURA_DATABASE", "postgresql+nodriver://me:secret@host/x")
    with pytest.raises(StorageError) as error:
        Database.open()
    assert "secret" not in str(error.value)


def test_the_first_event_must_be_the_start(url):
    with Database.open(url) as database:
        with pytest.raises(ValueError, match="Started"):
            database.sink().append(Note(text="too early"))
        with pytest.raises(ValueError, match="not started"):
            _ = database.sink().attempt_id
        assert Started.kind == "started"


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "\r=1"])
def test_no_cell_is_a_formula(url, name):
    assert harmless(name).startswith("'")
    with Database.open(url) as database:
        begin(database, scenario=name)
        stream = io.StringIO(newline="")
        write_csv(database.results(), stream)
    rows = list(csv.reader(io.StringIO(stream.getvalue(), newline="")))
    assert rows[1][rows[0].index("scenario_id")] == f"'{name}"


def test_csv_keeps_quotes_and_commas(url):
    with Database.open(url) as database:
        begin(database, trainee='a "b", c')
        stream = io.StringIO(newline="")
        write_csv(database.results(), stream)
    assert harmless(-1.0) == "-1.0"
    (_, row) = csv.reader(io.StringIO(stream.getvalue(), newline=""))
    assert 'a "b", c' in row
