"""What must be known of a home when its catalogue can't be read: `register` in it, in JSON.

Which catalogue is here, and which copies of it there are: those that the user asked for, those
that Beleg made by itself, and damaged ones that were set aside.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from vectorstore import durable
from vectorstore.errors import StoreError

MOST_DELETED = 10_000  # deletions that are remembered
PATIENCE = 20.0  # seconds to wait for another process's note, which takes milliseconds

_JUNK = (
    OSError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)


class Kind(StrEnum):
    """How a copy of the catalogue came about."""

    BACKUP = "backup"
    """The user named the file."""
    AUTOMATIC = "automatic"
    """Beleg made it, in `backups` in the home."""
    DAMAGED = "damaged"
    """A damaged catalogue that was set aside, in `damaged` in the home."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A copy of the catalogue: an absolute path, when it was made (ISO, UTC, seconds)."""

    path: Path
    made: str
    kind: Kind
    articles: int


@dataclass(frozen=True, slots=True)
class _Noted:
    catalogue: str | None = None
    kept: tuple[Kept, ...] = ()
    deleted: Mapping[str, str] = field(default_factory=dict)


class Register:
    """The notes of one home. What can't be read counts as empty."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._path = home / "register"

    def kept(self) -> list[Kept]:
        """The copies that still exist, newest first."""
        return [kept for kept in self.noted() if is_there(kept.path)]

    def noted(self) -> list[Kept]:
        """The copies that were ever noted and not forgotten, newest first."""
        noted = reversed(self._read().kept)  # of one second, the last noted is the newest
        return sorted(noted, key=lambda kept: kept.made, reverse=True)

    def note(self, kept: Kept) -> None:
        """Remembers a copy, in place of what was at that path; StoreError if it can't."""
        with self._change() as noted:
            others = tuple(k for k in noted[0].kept if k.path != kept.path)
            noted[0] = replace(noted[0], kept=(*others, kept))

    def forget(self, path: Path) -> None:
        """Forgets the copy at a path; StoreError if it can't."""
        with self._change() as noted:
            others = tuple(kept for kept in noted[0].kept if kept.path != path)
            noted[0] = replace(noted[0], kept=others)

    def note_deleted(self, digests: Iterable[str], moment: str) -> None:
        """Remembers deletions, by `removals.digest`, for the copies that still have them."""
        with self._change() as noted:
            deleted = {**noted[0].deleted, **dict.fromkeys(digests, moment)}
            latest = dict(list(deleted.items())[-MOST_DELETED:])
            noted[0] = replace(noted[0], deleted=latest)

    def deleted_since(self, moment: str) -> frozenset[str]:
        """The digests of articles that were deleted at that moment (ISO, UTC, seconds) or later."""
        return frozenset(d for d, when in self._read().deleted.items() if when >= moment)

    @property
    def catalogue(self) -> str | None:
        """The id of the catalogue that is or was here; None if there never was one."""
        return self._read().catalogue

    def note_catalogue(self, identity: str) -> None:
        """Remembers which catalogue is here; StoreError if it can't."""
        if self.catalogue != identity:
            with self._change() as noted:
                noted[0] = replace(noted[0], catalogue=identity)

    @contextmanager
    def _change(self) -> Iterator[list[_Noted]]:
        """One element: what is noted, to be replaced; one process at a time."""
        from filelock import FileLock, Timeout

        try:
            self._home.mkdir(parents=True, exist_ok=True)
            with FileLock(self._home / "register.lock", timeout=PATIENCE):
                before = self._read()
                noted = [before]
                yield noted
                if noted[0] != before:
                    durable.write_text(self._path, _written(noted[0]))
        except (OSError, Timeout) as error:
            raise StoreError(
                f"{self._path} can't be written ({error}). Check the rights and the free space "
                "of the folder that BELEG_HOME names."
            ) from error

    def _read(self) -> _Noted:
        try:
            return _noted(json.loads(self._path.read_text(encoding="utf-8")))
        except _JUNK:
            return _Noted()


def is_there(copy: Path) -> bool:
    """Whether a copy exists, for all that can be known: what is out of reach isn't gone."""
    try:
        return copy.is_file()
    except OSError:
        return True


def _noted(record: dict[str, Any]) -> _Noted:
    identity, deleted = record.get("catalogue"), dict(record.get("deleted", {}))
    kept = (
        Kept(Path(entry["path"]), str(entry["made"]), Kind(entry["kind"]), int(entry["articles"]))
        for entry in record["kept"]
    )
    return _Noted(identity if isinstance(identity, str) else None, tuple(kept), deleted)


def _written(noted: _Noted) -> str:
    kept = [{**asdict(k), "path": str(k.path)} for k in noted.kept]
    told = {"catalogue": noted.catalogue, "kept": kept, "deleted": dict(noted.deleted)}
    return json.dumps(told, indent=1) + "\n"
