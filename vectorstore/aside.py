"""Damaged catalogues that were set aside, in `damaged` in the home, for what else may be in them.

What can still be read of one is taken out afterwards; a mark beside it says that this isn't done,
and another one that it has to go then.
"""

import mmap
import os
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from vectorstore import durable
from vectorstore.backup import FILES

_MARK = "unsalvaged"
_UNWANTED = "unwanted"


def moment() -> datetime:
    """Now, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def fresh(path: Path) -> Path:
    """The path, or one like it that isn't taken."""
    number, found = 1, path
    while os.path.lexists(found):
        number += 1
        found = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return found


def copy_aside(catalogue: Path, opened: ExitStack) -> Path:
    """Copies a catalogue's files; returns the copy of the catalogue. OSError if that fails.

    The files stay open as long as `opened`: to close one would take away this process's locks on
    it, and SQLite has some while it replaces the content.
    """

    def copied(source: Path, target: Path) -> None:
        with target.open("xb") as copy:
            shutil.copyfileobj(opened.enter_context(source.open("rb")), copy, 2**20)

    return _aside(catalogue, copied)


def link_aside(catalogue: Path) -> Path:
    """The same for a file that will be replaced: what others still write into it lands here."""

    def linked(source: Path, target: Path) -> None:
        try:
            os.link(source, target)
        except OSError:  # a disk that knows no links
            shutil.copyfile(source, target)

    return _aside(catalogue, linked)


def _aside(catalogue: Path, take: Callable[[Path, Path], None]) -> Path:
    folder = fresh(catalogue.parent / "damaged" / f"{moment():%Y%m%dT%H%M%S}")
    for left in folder.parent.glob(".*.draft"):  # of a restore that was killed
        shutil.rmtree(left)
    draft = folder.with_name(f".{folder.name}.draft")
    draft.mkdir(mode=0o700, parents=True)
    for ending in FILES:
        source = catalogue.with_name(catalogue.name + ending)
        if source.is_file():
            take(source, draft / source.name)
            durable.sync(draft / source.name)
    (draft / catalogue.name).touch()  # where there was only a log
    (draft / _MARK).touch()
    durable.sync_folder(draft)
    draft.replace(folder)
    durable.sync_folder(folder.parent)
    return folder / catalogue.name


def waiting(home: Path) -> list[Path]:
    """The damaged catalogues that nothing has been taken out of yet, oldest first."""
    marks = sorted((home / "damaged").glob(f"*/{_MARK}"))
    return [
        path
        for mark in marks
        for path in sorted(mark.parent.iterdir())
        if path.suffix == ".db" and not mark.parent.name.startswith(".")
    ]


def done(damaged: Path) -> None:
    """Notes that what could be read of a damaged catalogue has been taken out."""
    damaged.with_name(_MARK).unlink(missing_ok=True)
    if damaged.with_name(_UNWANTED).exists():
        shutil.rmtree(damaged.parent)


def forget(home: Path, name: str) -> None:
    """Removes the damaged catalogues in which a name stands: nothing can be taken out of them.

    Those that were not salvaged yet go as soon as they are. OSError if one can't be removed.
    """
    for folder in (home / "damaged").glob("[!.]*"):
        if not any(_holds(path, name.encode()) for path in folder.iterdir()):
            continue
        (folder / _UNWANTED).touch()
        if not (folder / _MARK).exists():
            shutil.rmtree(folder)


def _holds(path: Path, name: bytes) -> bool:
    if not path.is_file() or path.stat().st_size == 0:
        return False
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
        return held.find(name) >= 0
