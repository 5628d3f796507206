"""Copies of the catalogue: written while everything runs, believed once they are read back.

A backup is one SQLite file with all that is in the catalogue but what people asked. Whatever
proves a backup good proves the catalogue good: SQLite's own check of every page, and each stored
version's hash.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from hashlib import sha256
from pathlib import Path

from vectorstore import durable, people
from vectorstore.errors import CatalogueDamaged, StoreError
from vectorstore.soundness import (
    PATIENCE,
    Broken,
    State,
    Verified,
    reading,
    state,
    verified,
    verify,
    what_is_broken,
)

__all__ = ["Verified", "verify", "write_backup"]

MARK = 0x42656C67  # "Belg": SQLite's application_id of a backup, which no catalogue in use has
FILES = ("", "-wal", "-shm", "-journal")  # what the names of a catalogue's files end in


def write_backup(catalogue: Path, target: Path) -> Verified:
    """Copies the catalogue to `target`, on a connection of its own, in one consistent state.

    The copy has a draft's name until it has been read back and is on the disk. An earlier backup
    at `target` is replaced in one step; StoreError for anything else that is there, and for
    whatever can't be read or written: then `target` is as it was.
    """
    target = target.absolute()
    try:
        _refuse(catalogue, target)
        with _alone(catalogue):
            return _write(catalogue, target)
    except Broken as broken:
        raise CatalogueDamaged(
            f"No backup was written: the catalogue {catalogue} is damaged ({broken}). "
            "`beleg restore` brings back the last good backup."
        ) from broken
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            f"The backup {target} can't be written ({error}). "
            "Check the free space and the rights of its folder, or name another one."
        ) from error


def _write(catalogue: Path, target: Path) -> Verified:
    whose = sha256(os.fsencode(catalogue.resolve())).hexdigest()[:12]
    draft = target.with_name(f".beleg-{whose}.draft")
    try:
        span = _copy(catalogue, draft)
        found = verified(draft)
        _compare(span, draft)
        durable.publish(draft, target)
    finally:
        with suppress(OSError):
            remove(draft)
    return found


def _refuse(catalogue: Path, target: Path) -> None:
    """StoreError for a place where a backup would do harm, or can't be."""
    place = target.resolve()
    home = catalogue.parent.resolve()
    own = {home / (catalogue.name + ending) for ending in FILES}
    if place in own or home / "chroma" in place.parents:
        raise StoreError(f"{target} belongs to the catalogue itself. Name another file.")
    if _is_closed(catalogue):
        raise StoreError(
            f"{catalogue} can't be read. Check that BELEG_HOME names a folder that is yours."
        )
    if not catalogue.is_file():
        raise StoreError(f"There is no catalogue {catalogue}, so there is nothing to back up.")
    if not target.parent.is_dir():
        raise StoreError(f"There is no folder {target.parent}. Make it, or name another file.")
    if target.is_dir():
        raise StoreError(f"{target} is a folder. Name a file in it.")
    if os.path.lexists(target) and not is_backup(target):
        raise StoreError(
            f"{target} is there already and no backup of Beleg, so it is left alone. "
            "Name another file."
        )


def _is_closed(catalogue: Path) -> bool:
    """Whether it is another's to read."""
    try:
        catalogue.open("rb").close()
    except PermissionError:
        return True
    except OSError:
        return False
    return False


def is_backup(path: Path) -> bool:
    """Whether a file says that it is a backup, which no catalogue in use does."""
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except OSError:
        return False
    return header.startswith(b"SQLite format 3\0") and header[68:72] == MARK.to_bytes(4, "big")


@contextmanager
def _alone(catalogue: Path) -> Iterator[None]:
    """One backup of a catalogue at a time, so that a draft that is there is left over."""
    from filelock import FileLock, Timeout

    lock = FileLock(catalogue.with_name("backup.lock"), timeout=PATIENCE)
    held: AbstractContextManager[object]
    try:
        held = lock.acquire()
    except Timeout as error:
        raise StoreError(
            "Another backup of this catalogue is being written. Try again when it is done."
        ) from error
    except OSError:  # a home that can't be written to can still be backed up
        held = nullcontext()
    with held:
        yield


def _copy(catalogue: Path, draft: Path) -> tuple[State, State]:
    """Copies into the draft; the states of the catalogue before and after that."""
    with what_is_broken(sqlite3.SQLITE_IOERR), reading(catalogue) as connection:
        before = state(connection)
        copy_into(connection, draft, MARK)
        return before, state(connection)


def copy_into(connection: sqlite3.Connection, draft: Path, mark: int) -> None:
    """Copies the articles into a draft that only its owner may read, and marks it."""
    remove(draft)
    os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    connection.execute("VACUUM INTO ?", (str(draft),))
    copy = sqlite3.connect(draft, isolation_level=None)
    try:
        copy.execute("PRAGMA journal_mode = OFF")  # of a draft nothing is rolled back
        people.strip(copy)
        copy.execute(f"PRAGMA application_id = {mark}")
    finally:
        copy.close()


def _compare(span: tuple[State, State], draft: Path) -> None:
    """StoreError unless the draft is what the catalogue was when it was copied."""
    before, after = span
    with reading(draft) as connection:
        found = state(connection)
    between = before.generation <= found.generation <= after.generation
    if not between or (before == after != found):
        raise StoreError(
            "The backup was not written: its copy differs from the catalogue. Try again; "
            "if that happens twice, `beleg doctor` says what is wrong."
        )


def remove(draft: Path) -> None:
    """Removes a draft with whatever SQLite has put beside it."""
    for ending in FILES:
        draft.with_name(draft.name + ending).unlink(missing_ok=True)
