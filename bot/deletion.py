"""Deletion to the end: out of the catalogue's files, Chroma, copies, what a watch tells."""

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from bot.bootstrap import App
from ingest.watching.status import SourceStatus, read_status, write_status
from vectorstore import aside, holding, purge, removals
from vectorstore.errors import StoreError
from vectorstore.register import Kind, Register

A_DAY = 86_400.0

NAMES = 8  # characters of an id or an address that is looked for in errors; "7" is in any

log = logging.getLogger(__name__)

Tell = Callable[[str], None]


def delete_articles(app: App, article_ids: Iterable[str]) -> int:
    """Deletes articles with all their versions; returns how many there were.

    Their words are still in the home's files until `purge_home` has been there.
    """
    wanted = list(article_ids)
    names = _names(app, wanted)
    found = app.catalogue.delete(wanted)
    digests = [removals.digest(article_id) for article_id in wanted]
    Register(app.settings.home).note_deleted(digests, aside.moment().isoformat())
    _forget_errors(app.settings.home, names)
    return found


def purge_home(app: App, tell: Tell) -> bool:
    """Takes the words of what was deleted out of all files of the home; False if some are left.

    Copies of the catalogue that Beleg has made, and that still hold it, are removed; backups that
    the user asked for are only named. Safe to be cut off at any moment and to be done again.
    """
    with app.database.telling():
        removed = removals.noted(app.database.read())
    if not removed:
        return True
    try:
        _part_with_copies(app.settings.home, removed, tell)
        purge.purge(app.database)
        _purge_chroma(app, tell)
    except StoreError as error:
        tell(str(error))
        return False
    return True


def keep_purged(app: App, every: float = A_DAY) -> threading.Thread:
    """Starts a thread that purges the home now, if that is due, and from then on once a day."""

    def keep() -> None:
        while True:
            try:
                purge_home(app, log.warning)
            except Exception:  # a disk that is away for a while must not end it
                log.warning("what was deleted is not purged yet", exc_info=True)
            if app.stop.wait(every):
                return

    thread = threading.Thread(target=keep, name="purge", daemon=True)
    thread.start()
    return thread


# -- copies -------------------------------------------------------------------------------


def _part_with_copies(home: Path, removed: Iterable[str], tell: Tell) -> None:
    holding.remove_drafts(home)
    if aside.waiting(home):
        raise StoreError(
            "A damaged catalogue is kept that nothing has been saved from yet, and it may hold "
            "what was deleted. Run `beleg restore --salvage`, then `beleg doctor --repair`."
        )
    for kept in holding.holding(home, frozenset(removed)):
        day = kept.made[:10]
        if kept.kind is Kind.BACKUP:
            tell(f"The backup {kept.path} of {day} still holds what was deleted.")
            continue
        holding.part_with(home, kept)
        what = "damaged catalogue" if kept.kind is Kind.DAMAGED else "backup"
        tell(f"The {what} that Beleg kept on {day} held it too and is removed: {kept.path}")


# -- Chroma -------------------------------------------------------------------------------


def _purge_chroma(app: App, tell: Tell) -> None:
    """A one-shot command that owns Chroma empties it; whoever stays builds it anew."""
    if app.index is not None and app.index.purge():
        return
    if app.index is not None and app.index.trouble:
        tell(
            f"The vectors of what was deleted are still in Chroma ({app.index.trouble}). No answer "
            "uses them, and the next process that can use Chroma removes them."
        )
    else:
        tell(
            "The process that uses Chroma (the bot, say) removes the vectors from there within "
            "seconds; if there is none, the next one does. No answer uses them."
        )


# -- what a watch tells -------------------------------------------------------------------


def _names(app: App, article_ids: Iterable[str]) -> frozenset[str]:
    """The ids of stored articles and all their addresses, which a watch may name in an error."""
    query = """SELECT a.id, v.url, p.address FROM articles a JOIN versions v ON v.article = a.seq
        LEFT JOIN pages p ON p.article = a.seq WHERE a.id = ?"""
    with app.database.telling():
        rows = [row for i in article_ids for row in app.database.read().execute(query, (i,))]
    return frozenset(name for row in rows for name in row if name and len(name) >= NAMES)


def _forget_errors(home: Path, names: frozenset[str]) -> None:
    """Takes errors that name deleted articles out of the status of a watch that has ended.

    One that is running tells them until it has looked at the source again.
    """
    from filelock import FileLock, Timeout

    status = read_status(home)
    if status is None or not any(_named(one, names) for one in status.sources):
        return
    try:
        with FileLock(home / "watch.lock", timeout=0):
            status = read_status(home) or status
            sources = tuple(
                replace(one, errors=tuple(e for e in one.errors if e not in _named(one, names)))
                for one in status.sources
            )
            write_status(home, replace(status, sources=sources))
    except (OSError, Timeout):
        log.info("the status of the watch still names what was deleted")


def _named(source: SourceStatus, names: frozenset[str]) -> list[str]:
    return [error for error in source.errors if any(name in error for name in names)]
