"""What can go wrong with what is kept, in words that say where, what and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DatabaseError, IntegrityError, SQLAlchemyError

from simulator.errors import PleuraError


class StorageError(PleuraError):
    """Something could not be kept or read back."""


class CorruptDatabaseError(StorageError):
    """The file is damaged or is no database; `Database.start_afresh` moves it aside, nothing is deleted."""


class NewerDatabaseError(StorageError):
    """The database was written by a newer version of the program."""


_DAMAGED = ("malformed", "not a database", "corrupt")
_HINTS = (  # what the database says -> what a person can do
    ("full", "the disk is full; free some space, then try again"),
    ("readonly", "it may not be written; check the folder's permissions or set PLEURA_DATA_DIR to another folder"),
    ("unable to open", "it cannot be opened; check that the folder exists and may be written, or set PLEURA_DATA_DIR"),
    ("locked", "another program is writing to it; close it, then try again"),
    ("disk i/o", "the disk does not answer; check it, or set PLEURA_DATA_DIR to another folder"),
)


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Turn what the database or the file system says into a StorageError that names `where`."""
    try:
        yield
    except IntegrityError as error:
        raise StorageError(f"{where}: this attempt is being written by another program; close it there") from error
    except SQLAlchemyError as error:
        said = str(getattr(error, "orig", None) or error).splitlines()[0]
        if isinstance(error, DatabaseError) and any(word in said.lower() for word in _DAMAGED):
            raise CorruptDatabaseError(
                f"{where}: the results database is damaged ({said}); start afresh to move it aside and keep it"
            ) from error
        for word, hint in _HINTS:
            if word in said.lower():
                raise StorageError(f"{where}: {hint} ({said})") from error
        raise StorageError(f"{where}: the results database cannot be used ({said})") from error
    except OSError as error:
        said = error.strerror or str(error)
        raise StorageError(
            f"{where}: {said}; check the folder, or set PLEURA_DATA_DIR to one that may be written"
        ) from error
