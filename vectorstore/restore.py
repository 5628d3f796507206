"""The catalogue as a backup has it, under the feet of whoever uses it, and nothing thrown away.

A sound catalogue is backed up before it is replaced; a damaged one is set aside, for
`vectorstore.salvage`. Killed at any moment, there is the one state or the other, and a restore
can be begun anew.
"""

import logging
import os
import sqlite3
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from vectorstore import aside, replacing, schema
from vectorstore.alone import alone
from vectorstore.backup import FILES, Verified, remove, verify, write_backup
from vectorstore.database import CATALOGUE
from vectorstore.errors import CatalogueDamaged, StoreError
from vectorstore.register import Kept, Kind, Register
from vectorstore.soundness import reading, state

log = logging.getLogger(__name__)

_BEFORE = "before-restore-"  # backups of what was deliberately given up


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did.

    `backup` is where the content comes from, None if from nowhere: then the catalogue is empty.
    `kept` is the present state as it was before, if there was any. `restart` says that processes
    which had the catalogue open don't see the restored one.
    """

    backup: Path | None
    articles: int
    versions: int
    kept: Kept | None
    restart: bool


def restore(home: Path, backup: Path | None = None, without: bool = False) -> Restored:
    """Restores a home's catalogue from a backup: this one, or the newest known that is sound.

    `without` any backup, a damaged catalogue is replaced by an empty one, to be filled with what
    can be read of it. StoreError if there is no sound backup, or if none is named although the
    catalogue is sound; then nothing is changed.
    """
    live = home / CATALOGUE
    with alone(home, "restore"):
        _note_left(home)
        sound = is_sound(live)
        if without and (sound or not _there(live)):
            raise StoreError("There is no damaged catalogue that anything could be saved from.")
        if sound and not without and backup is None and known_backups(home):
            raise StoreError(
                "The catalogue is sound, so nothing is restored. To go back to a backup all the "
                "same, name its FILE: what came since is kept in `backups` in the home."
            )
        source = None if without else _chosen(home, backup)
        draft = home / ".restore.draft"
        try:
            replacing.draft_of(source, draft)
            kept, restart = _replace(home, draft, sound)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"The catalogue {live} can't be replaced ({error}). Check the free space and the "
                "rights of its folder, then restore again."
            ) from error
        finally:
            remove(draft)
        found = verify(live)
    return Restored(source, found.articles, found.versions, kept, restart)


def _note_left(home: Path) -> None:
    """Notes what a restore has set aside that was killed before it could note that."""
    register = Register(home)
    known = {kept.path for kept in register.kept()}
    for path in aside.waiting(home):
        if path.absolute() not in known:
            register.note(_damaged(path))


def _damaged(path: Path) -> Kept:
    return Kept(path.absolute(), aside.moment().isoformat(), Kind.DAMAGED, 0)


def is_sound(live: Path) -> bool:
    """Whether a catalogue is there with nothing broken; StoreError if a newer Beleg made it."""
    if not live.is_file():
        return False
    try:
        found = verify(live)
    except CatalogueDamaged:
        return False
    if found.schema > schema.SCHEMA:
        raise StoreError(f"{live} was made by a newer Beleg. Update Beleg, then restore.")
    return True


# -- which backup ------------------------------------------------------------------------


def _chosen(home: Path, backup: Path | None) -> Path:
    """The backup to restore, proved to be sound."""
    if backup is not None:
        try:
            _usable(home, backup)
        except StoreError as error:
            raise type(error)(f"{error} Nothing was changed. Name another backup.") from error
        return backup
    reasons = []
    for path in known_backups(home):
        try:
            _usable(home, path)
        except StoreError as error:
            reasons.append(str(error))
            continue
        return path
    told = " ".join(reasons[:1]) or "No backup of this home is known."
    raise StoreError(
        f"{told} Name one: `beleg restore FILE`. Without any, `beleg restore --salvage` saves "
        "what can still be read of a damaged catalogue."
    )


def known_backups(home: Path) -> list[Path]:
    """Backups that a restore would try, the first one first: the one with the latest content.

    What an earlier restore has put away comes last: it was given up for something else.
    """
    found = [kept.path for kept in Register(home).kept() if kept.kind is not Kind.DAMAGED]
    return sorted(found, key=lambda path: (path.name.startswith(_BEFORE), -_generation(path)))


def _generation(backup: Path) -> int:
    """How far a backup is, -1 if nobody can say: the clock may have been wrong when it was made."""
    try:
        with reading(backup) as connection:
            return state(connection).generation
    except (sqlite3.Error, OSError, ValueError, TypeError):
        return -1


def _usable(home: Path, backup: Path) -> Verified:
    place, own = backup.resolve(), home.resolve() / CATALOGUE
    if place in {own.with_name(own.name + ending) for ending in FILES}:
        raise StoreError(f"{backup} is the catalogue itself. Name a backup of it.")
    found = verify(backup)
    if found.schema > schema.SCHEMA:
        raise StoreError(f"{backup} was made by a newer Beleg. Update Beleg, then restore.")
    return found


# -- replacing ---------------------------------------------------------------------------


def _replace(home: Path, draft: Path, sound: bool) -> tuple[Kept | None, bool]:
    """Puts the draft in place; returns what is kept of the state before, and `restart`."""
    live = home / CATALOGUE
    if not _there(live):
        replacing.replace_file(draft, live, Register(home).catalogue)
        return None, False
    if sound:
        try:
            return _replace_sound(home, draft), False
        except CatalogueDamaged:  # as it turned out when it was to be backed up
            pass
    return _replace_damaged(home, draft)


def _there(live: Path) -> bool:
    """Whether there is anything of a catalogue."""
    return any(os.path.lexists(live.with_name(live.name + ending)) for ending in FILES)


def _replace_sound(home: Path, draft: Path) -> Kept | None:
    live, register = home / CATALOGUE, Register(home)
    made: list[Kept] = []

    def back_up() -> None:
        with reading(live) as connection:
            there = state(connection)
        if there.versions == 0:
            return
        folder, now = home / "backups", aside.moment()
        folder.mkdir(mode=0o700, exist_ok=True)
        target = aside.fresh(folder / f"{_BEFORE}{now:%Y%m%dT%H%M%S}.db")
        kept = Kept(target.absolute(), now.isoformat(), Kind.AUTOMATIC, there.articles)
        register.note(kept)  # first: a kill must leave no copy that nobody knows of
        write_backup(live, target)
        made.append(kept)

    replacing.replace_content(draft, live, register.catalogue, back_up)
    return made[0] if made else None


def _replace_damaged(home: Path, draft: Path) -> tuple[Kept, bool]:
    """In place where the file still can be opened: whoever has it open sees the new content."""
    live, register = home / CATALOGUE, Register(home)
    made: list[Kept] = []

    def put_away(path: Path) -> None:
        made.append(_damaged(path))
        register.note(made[0])

    if live.is_file() and live.stat().st_size:
        try:
            with ExitStack() as opened:
                replacing.replace_content(
                    draft,
                    live,
                    register.catalogue,
                    lambda: put_away(aside.copy_aside(live, opened)),
                )
            verify(live)
            return made[0], False
        except (sqlite3.Error, OSError, CatalogueDamaged) as error:
            log.info("%s can't be replaced in place: %s", live, error)
    if not made:
        put_away(aside.link_aside(live))
    replacing.replace_file(draft, live, register.catalogue)
    return made[0], True
