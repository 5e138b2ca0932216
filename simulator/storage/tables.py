"""The tables: trainees by pseudonym, attempts, their events, their scores."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

SCHEMA_VERSION = 1


class Base(DeclarativeBase):
    """All tables."""


class SchemaRow(Base):
    """Which version of the tables this is; one row."""

    __tablename__ = "schema"
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class TraineeRow(Base):
    """A person, known by a pseudonym only."""

    __tablename__ = "trainee"
    id: Mapped[int] = mapped_column(primary_key=True)
    pseudonym: Mapped[str] = mapped_column(String(80), unique=True)


class AttemptRow(Base):
    """One attempt. Times are UTC, ISO 8601; `state` is running, finished or abandoned."""

    __tablename__ = "attempt"
    id: Mapped[int] = mapped_column(primary_key=True)
    trainee_id: Mapped[int] = mapped_column(ForeignKey("trainee.id"), index=True)
    scenario_id: Mapped[str] = mapped_column(String(200), index=True)
    content_hash: Mapped[str] = mapped_column(String(128))
    program_version: Mapped[str] = mapped_column(String(40))
    seed: Mapped[int]
    started_utc: Mapped[str] = mapped_column(String(40))
    finished_utc: Mapped[str | None] = mapped_column(String(40))
    elapsed_s: Mapped[float]
    state: Mapped[str] = mapped_column(String(20), index=True)


class EventRow(Base):
    """One event of an attempt; `data` is its JSON."""

    __tablename__ = "event"
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    time_s: Mapped[float]
    kind: Mapped[str] = mapped_column(String(40))
    data: Mapped[str] = mapped_column(Text)


class ScoreRow(Base):
    """The marks of an attempt: points of the three parts (None: not assessed), and all items as JSON."""

    __tablename__ = "score"
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    acquisition_percent: Mapped[float | None]
    interpretation_percent: Mapped[float | None]
    conclusion_percent: Mapped[float | None]
    percent: Mapped[float]
    total_expected: Mapped[int]
    total_given: Mapped[int | None]
    data: Mapped[str] = mapped_column(Text)
    __table_args__ = (UniqueConstraint("attempt_id"),)
