"""The results database: attempts written event by event, so that a program that is killed loses nothing answered.

By default a SQLite file in the user's data folder; PLEURA_DATA_DIR names another folder, PLEURA_DATABASE any URL that
SQLAlchemy understands.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from sqlalchemy import Engine, create_engine, event, func, insert, inspect, make_url, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from simulator.assessment.score import Score
from simulator.exam.events import Abandoned, Event, Finished, Started, event_from_json
from simulator.folders import user_folder
from simulator.storage.errors import CorruptDatabaseError, NewerDatabaseError, StorageError, explained
from simulator.storage.tables import SCHEMA_VERSION, AttemptRow, Base, EventRow, SchemaRow, ScoreRow, TraineeRow

DATABASE_NAME = "results.db"
ANONYMOUS = "anonymous"  # the pseudonym of whoever gave none
BUSY_MS = 5000  # how long a write waits for another program's


def default_url() -> str:
    """URL of the results database: PLEURA_DATABASE, or the file in the data folder."""
    chosen = os.environ.get("PLEURA_DATABASE")
    return chosen or URL.create("sqlite", database=str(user_folder("data") / DATABASE_NAME)).render_as_string()


@dataclass(frozen=True)
class Result:
    """One attempt in the results list; percentages are None where nothing was scored."""

    attempt_id: int
    trainee: str
    scenario_id: str
    content_hash: str
    program_version: str
    started_utc: str
    finished_utc: str | None
    elapsed_s: float
    state: str
    percent: float | None
    acquisition_percent: float | None
    interpretation_percent: float | None
    conclusion_percent: float | None
    total_given: int | None
    total_expected: int | None


class Database:
    """An open results database. Use `Database.open`; it is a context manager."""

    def __init__(self, engine: Engine, where: str) -> None:
        self._engine = engine
        self.where = where

    @classmethod
    def open(cls, url: str | None = None) -> Database:
        """Open the database at `url` (default `default_url()`), making folder and tables where there are none."""
        chosen = url or default_url()
        try:
            parsed = make_url(chosen)
        except ArgumentError as error:
            raise StorageError(f"PLEURA_DATABASE: {chosen!r} is no database URL; e.g. sqlite:///results.db") from error
        path = _file(parsed)
        where = str(path) if path else parsed.render_as_string(hide_password=True)
        with explained(where):
            if path:
                path.parent.mkdir(parents=True, exist_ok=True)
            try:
                engine = create_engine(parsed, connect_args={"timeout": BUSY_MS / 1000} if path else {})
            except ImportError as error:
                raise StorageError(f"{where}: its driver is not installed ({error.name})") from error
            if parsed.get_backend_name() == "sqlite":
                event.listen(engine, "connect", _configure_sqlite)
            try:
                _prepare(engine, where)
            except BaseException:
                engine.dispose()
                raise
        return cls(engine, where)

    @classmethod
    def start_afresh(cls, now_utc: str, url: str | None = None) -> tuple[Database, Path]:
        """Move a damaged SQLite file aside, named after `now_utc`, and open a new one; returns it and the old's path.

        Only on request: nothing is ever deleted, and a database that can be opened is left where it is.
        """
        chosen = url or default_url()
        path = _file(make_url(chosen))
        if path is None or not path.exists():
            raise StorageError(f"{chosen}: there is no database file to move aside")
        try:
            cls.open(chosen).close()
        except CorruptDatabaseError:
            pass
        else:
            raise StorageError(f"{path}: it is not damaged and was left where it is")
        stamp = "".join(c for c in now_utc if c.isalnum())[:20]
        aside = path.with_name(f"{path.stem}-damaged-{stamp}{path.suffix}")
        with explained(str(path)):
            for suffix in ("", "-wal", "-shm"):
                old = Path(f"{path}{suffix}")
                if old.exists():
                    target = Path(f"{aside}{suffix}")
                    if target.exists():
                        raise StorageError(f"{target}: it exists already; move it elsewhere, then try again")
                    old.rename(target)
        return cls.open(chosen), aside

    def close(self) -> None:
        """Let the file go."""
        self._engine.dispose()

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def sink(self, attempt_id: int | None = None) -> AttemptSink:
        """A sink for a new attempt, which its first event (`Started`) creates, or for one to be resumed."""
        return AttemptSink(self, attempt_id)

    def events(self, attempt_id: int) -> list[Event]:
        """The events of an attempt, in order."""
        with explained(self.where), Session(self._engine) as session:
            rows = session.scalars(select(EventRow).where(EventRow.attempt_id == attempt_id).order_by(EventRow.seq))
            return [event_from_json(json.loads(row.data)) for row in rows]

    def save_score(self, attempt_id: int, score: Score) -> None:
        """Keep the marks of an attempt, in place of earlier ones."""
        row = ScoreRow(
            attempt_id=attempt_id,
            acquisition_percent=score.acquisition.percent,
            interpretation_percent=score.interpretation.percent,
            conclusion_percent=score.conclusion.percent,
            percent=score.percent,
            total_expected=score.total_expected,
            total_given=score.total_given,
            data=json.dumps(score.to_json(), ensure_ascii=False),
        )
        with explained(self.where), Session(self._engine) as session, session.begin():
            old = session.scalar(select(ScoreRow).where(ScoreRow.attempt_id == attempt_id))
            if old is not None:
                session.delete(old)
                session.flush()
            session.add(row)

    def score(self, attempt_id: int) -> Score | None:
        """The marks of an attempt, None where it was not scored."""
        with explained(self.where), Session(self._engine) as session:
            row = session.scalar(select(ScoreRow).where(ScoreRow.attempt_id == attempt_id))
            return Score.from_json(json.loads(row.data)) if row is not None else None

    def results(self, trainee: str | None = None, scenario_id: str | None = None) -> list[Result]:
        """Attempts, newest first; of one trainee or case where given."""
        return self._list(trainee, scenario_id, None)

    def unfinished(self, trainee: str | None = None) -> list[Result]:
        """Attempts that were interrupted and can be resumed, newest first."""
        return self._list(trainee, None, "running")

    def trainees(self) -> list[str]:
        """All pseudonyms, in alphabetical order."""
        with explained(self.where), Session(self._engine) as session:
            return sorted(session.scalars(select(TraineeRow.pseudonym)), key=str.casefold)

    def _list(self, trainee: str | None, scenario_id: str | None, state: str | None) -> list[Result]:
        query = (
            select(AttemptRow, TraineeRow.pseudonym, ScoreRow)
            .join(TraineeRow, TraineeRow.id == AttemptRow.trainee_id)
            .outerjoin(ScoreRow, ScoreRow.attempt_id == AttemptRow.id)
            .order_by(AttemptRow.id.desc())
        )
        if trainee is not None:
            query = query.where(TraineeRow.pseudonym == _pseudonym(trainee))
        if scenario_id is not None:
            query = query.where(AttemptRow.scenario_id == scenario_id)
        if state is not None:
            query = query.where(AttemptRow.state == state)
        with explained(self.where), Session(self._engine) as session:
            return [_result(attempt, name, score) for attempt, name, score in session.execute(query)]

    def _append(self, attempt_id: int | None, seq: int | None, happened: Event) -> tuple[int, int]:
        """Write one event in a transaction of its own; returns the attempt's id and the next sequence number."""
        with explained(self.where), Session(self._engine) as session, session.begin():
            if attempt_id is None:
                if not isinstance(happened, Started):
                    raise ValueError("the first event of an attempt must be Started")
                attempt_id = _new_attempt(session, happened)
            if seq is None:
                last = session.scalar(select(func.max(EventRow.seq)).where(EventRow.attempt_id == attempt_id))
                seq = 0 if last is None else last + 1
            data = json.dumps(happened.to_json(), ensure_ascii=False)
            session.add(EventRow(attempt_id=attempt_id, seq=seq, time_s=happened.time_s, kind=happened.kind, data=data))
            attempt = session.get_one(AttemptRow, attempt_id)
            attempt.elapsed_s = max(attempt.elapsed_s, happened.time_s)
            if isinstance(happened, Finished | Abandoned):
                attempt.state, attempt.finished_utc = happened.kind, happened.at_utc or None
        return attempt_id, seq + 1


class AttemptSink:
    """Writes the events of one attempt, each in a transaction of its own before `append` returns."""

    def __init__(self, database: Database, attempt_id: int | None = None) -> None:
        self._database = database
        self._attempt_id = attempt_id
        self._next_seq: int | None = None

    @property
    def attempt_id(self) -> int:
        """The attempt's number; there is one from the first event on."""
        if self._attempt_id is None:
            raise ValueError("the attempt has not started yet")
        return self._attempt_id

    def append(self, event: Event) -> None:
        """Keep `event` safely before returning."""
        self._attempt_id, self._next_seq = self._database._append(self._attempt_id, self._next_seq, event)


def _new_attempt(session: Session, started: Started) -> int:
    name = _pseudonym(started.trainee)
    trainee = session.scalar(select(TraineeRow).where(TraineeRow.pseudonym == name))
    if trainee is None:
        trainee = TraineeRow(pseudonym=name)
        session.add(trainee)
        session.flush()
    attempt = AttemptRow(
        trainee_id=trainee.id, scenario_id=started.scenario_id, content_hash=started.content_hash,
        program_version=started.program_version, seed=started.seed, started_utc=started.at_utc, finished_utc=None,
        elapsed_s=0.0, state="running",
    )  # fmt: skip
    session.add(attempt)
    session.flush()
    return attempt.id


def _pseudonym(name: str) -> str:
    return " ".join(name.split())[:80] or ANONYMOUS


def _result(attempt: AttemptRow, pseudonym: str, score: ScoreRow | None) -> Result:
    return Result(
        attempt_id=attempt.id,
        trainee=pseudonym,
        scenario_id=attempt.scenario_id,
        content_hash=attempt.content_hash,
        program_version=attempt.program_version,
        started_utc=attempt.started_utc,
        finished_utc=attempt.finished_utc,
        elapsed_s=attempt.elapsed_s,
        state=attempt.state,
        percent=score.percent if score else None,
        acquisition_percent=score.acquisition_percent if score else None,
        interpretation_percent=score.interpretation_percent if score else None,
        conclusion_percent=score.conclusion_percent if score else None,
        total_given=score.total_given if score else None,
        total_expected=score.total_expected if score else None,
    )


def _file(url: URL) -> Path | None:
    """The file behind a SQLite URL; None for one in memory and for other databases."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(unquote(url.database.removeprefix("file:")) if url.query.get("uri") == "true" else url.database)


def _configure_sqlite(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    try:
        for pragma in ("foreign_keys = ON", "journal_mode = WAL", "synchronous = NORMAL"):
            cursor.execute(f"PRAGMA {pragma}")
    finally:
        cursor.close()


def _prepare(engine: Engine, where: str) -> None:
    """Check that the database is sound and of a version that we know, and make its tables."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            verdict: Sequence[Any] = connection.execute(text("PRAGMA quick_check(1)")).fetchall()
            if verdict and verdict[0][0] != "ok":
                raise CorruptDatabaseError(
                    f"{where}: the results database is damaged ({verdict[0][0]}); start afresh to move it aside"
                )
        known = inspect(connection).has_table(SchemaRow.__tablename__)
        version = connection.execute(select(SchemaRow.version)).scalar() if known else None
        if version is not None and version > SCHEMA_VERSION:
            raise NewerDatabaseError(
                f"{where}: it was written by a newer Pleura (schema {version}, this one knows {SCHEMA_VERSION}); "
                "update the program, or set PLEURA_DATA_DIR to another folder"
            )
        Base.metadata.create_all(connection)
        if version is None:
            connection.execute(insert(SchemaRow).values(version=SCHEMA_VERSION))
