"""Copies of the catalogue that still hold articles which were deleted since they were made.

Those that the user named a file for are the user's; those that Beleg made by itself, and what was
left of unfinished ones, are files of the home like any other.
"""

import shutil
import sqlite3
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path

from vectorstore import removals
from vectorstore.backup import remove
from vectorstore.errors import StoreError
from vectorstore.register import Kept, Kind, Register
from vectorstore.soundness import PATIENCE, reading


def holding(home: Path, digests: Collection[str]) -> list[Kept]:
    """The copies that hold an article of these digests (`removals.digest`).

    Those that can't be read count among them, since nobody knows.
    """
    known = Register(home).kept()
    copies = [*known, *_unknown(home, {kept.path for kept in known})]
    return [kept for kept in copies if _holds(kept.path, digests)]


def _unknown(home: Path, known: Collection[Path]) -> Iterator[Kept]:
    """Copies that Beleg made and was killed before it could note them."""
    places = ((Kind.AUTOMATIC, "backups/*.db"), (Kind.DAMAGED, "damaged/*/*.db"))
    for kind, pattern in places:
        for path in sorted(home.absolute().glob(pattern)):
            if path not in known:
                made = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                yield Kept(path, made.isoformat(timespec="seconds"), kind, 0)


def part_with(home: Path, kept: Kept) -> None:
    """Removes a copy that Beleg itself has made; StoreError if that fails."""
    try:
        if kept.kind is Kind.DAMAGED:
            shutil.rmtree(kept.path.parent)  # with its log and whatever else belongs to it
        else:
            remove(kept.path)
    except OSError as error:
        raise StoreError(
            f"{kept.path} still holds what was deleted and can't be removed ({error.strerror}). "
            "Remove it yourself."
        ) from error
    Register(home).forget(kept.path)


def remove_drafts(home: Path) -> None:
    """Removes what backups and restores that were cut off have left in the home.

    Waits for those under way: what they copy may be of before the deletion. StoreError if one
    takes very long.
    """
    from filelock import FileLock, Timeout

    try:
        with FileLock(home / "backup.lock", timeout=PATIENCE):
            for folder in (home, home / "backups"):
                for draft in folder.glob(".beleg-*.draft*"):
                    draft.unlink(missing_ok=True)
        with FileLock(home / "restore.lock", timeout=PATIENCE):
            remove(home / ".restore.draft")
            for draft in (home / "damaged").glob(".*.draft"):
                shutil.rmtree(draft)
    except Timeout as error:
        raise StoreError(
            "The articles are deleted, but a backup or a restore that is under way may still hold "
            "them. When it is done, run `beleg doctor --repair`."
        ) from error
    except OSError as error:
        raise StoreError(
            f"{error.filename} may hold what was deleted and can't be removed ({error.strerror}). "
            "Remove it yourself."
        ) from error


def _holds(copy: Path, digests: Collection[str]) -> bool:
    try:
        with reading(copy) as connection:
            if removals.noted(connection).keys() & digests:
                return True  # deleted there too, but not purged: its postings have the words
            rows = connection.execute("SELECT id FROM articles")
            return any(removals.digest(str(article_id)) in digests for (article_id,) in rows)
    except (sqlite3.Error, OSError, UnicodeError):
        return True
