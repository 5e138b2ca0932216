"""What can go wrong with what is kept, in words that say where, what and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DatabaseError, IntegrityError, SQLAlchemyError

from simulator.errors import PleuraError
from simulator.messages import N_, _


class StorageError(PleuraError):
    """Something could not be kept or read back."""


class CorruptDatabaseError(StorageError):
    """The file is damaged or is no database; `Database.start_afresh` moves it aside, nothing is deleted."""


class NewerDatabaseError(StorageError):
    """The database was written by a newer version of the program."""


_DAMAGED = ("malformed", "not a database", "corrupt")
_HINTS = (  # what the database says -> what a person can do
    ("full", N_("the disk is full; free some space, then try again")),
    ("readonly", N_("it may not be written; check the folder's permissions or set PLEURA_DATA_DIR to another folder")),
    (
        "unable to open",
        N_("it cannot be opened; check that the folder exists and may be written, or set PLEURA_DATA_DIR"),
    ),
    ("locked", N_("another program is writing to it; close it, then try again")),
    ("disk i/o", N_("the disk does not answer; check it, or set PLEURA_DATA_DIR to another folder")),
)


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Turn what the database or the file system says into a StorageError that names `where`."""
    try:
        yield
    except IntegrityError as error:
        told = _("this attempt is being written by another program; close it there")
        raise StorageError(f"{where}: {told}") from error
    except SQLAlchemyError as error:
        said = str(getattr(error, "orig", None) or error).splitlines()[0]
        if isinstance(error, DatabaseError) and any(word in said.lower() for word in _DAMAGED):
            told = _("the results database is damaged ({said}); start afresh to move it aside and keep it")
            raise CorruptDatabaseError(f"{where}: {told.format(said=said)}") from error
        for word, hint in _HINTS:
            if word in said.lower():
                raise StorageError(f"{where}: {_(hint)} ({said})") from error
        told = _("the results database cannot be used ({said})")
        raise StorageError(f"{where}: {told.format(said=said)}") from error
    except OSError as error:
        told = _("{said}; check the folder, or set PLEURA_DATA_DIR to one that may be written")
        raise StorageError(f"{where}: {told.format(said=error.strerror or str(error))}") from error
