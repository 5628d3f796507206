"""What can be wrong with a home, checked one by one. Only Chroma, a derivative, is mended."""

import platform
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version

from bot.bootstrap import App
from bot.settings import local_now
from ingest.watching.status import SourceStatus, WatchStatus, read_status, status_path
from vectorstore.errors import BelegError
from vectorstore.ownership import Store
from vectorstore.passages import Passages

PACKAGES = (
    "beleg",
    "sentence-transformers",
    "torch",
    "chromadb",
    "langchain",
    "python-telegram-bot",
)
ENOUGH = 3  # failures of a source in a row that may pass; after more, somebody must look


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; `advice` says what a person has to do if it isn't ok."""

    name: str
    ok: bool
    state: str
    advice: str | None = None


def examine(app: App) -> list[Check]:
    """All checks, cheap ones first."""
    checks = [*_versions(), *_paths(app), *_watch(app), _catalogue(app)]
    return [*checks, _model(app), _chroma(app)] if checks[-1].ok else checks


def _versions() -> Iterator[Check]:
    yield Check("python", True, platform.python_version())
    for package in PACKAGES:
        try:
            yield Check(package, True, version(package))
        except PackageNotFoundError:
            yield Check(package, False, "missing", "Run `make setup`.")


def _paths(app: App) -> Iterator[Check]:
    yield Check("home", True, str(app.settings.home))
    yield Check("cache", True, str(app.settings.cache))


def _watch(app: App) -> Iterator[Check]:
    """How the watch is doing, if there is one or was to be.

    A person must act if its file is broken or a source fails again and again; that it isn't
    running now may be as it should.
    """
    file, names = app.settings.watch_file, None
    if file is not None:
        from ingest.watching.watchlist import load_watchlist

        try:
            names = {source.name for source in load_watchlist(file).sources}
        except BelegError as error:
            yield Check("watch", False, "its file can't be used", str(error))
            return
    status = read_status(app.settings.home)
    if status is not None:
        yield _watched(app, status, names)
    elif names is not None:
        yield Check("watch", True, f"not running yet: {len(names)} sources")
    elif status_path(app.settings.home).exists():
        yield Check("watch", True, "not known: watch.json can't be read; a watch writes it anew")


def _watched(app: App, status: WatchStatus, names: set[str] | None) -> Check:
    now = local_now(app.settings.timezone)
    running = status.is_running(now)
    sources = [s for s in status.sources if names is None or running or s.name in names]
    failing = [source for source in sources if source.failures]
    since = status.since if running else status.heartbeat
    state = f"{'running' if running else 'not running'} since {_minute(since, now)}"
    told = [f"{state}: {len(sources)} sources", *(_failing(source, now) for source in failing)]
    stuck = [source for source in failing if source.failures > ENOUGH]
    if not stuck or not (running or names is not None):  # one that nobody runs any more
        return Check("watch", True, "; ".join(told))
    reason = " ".join(stuck[0].errors[:1])
    advice = f"{stuck[0].name}: {reason} Correct or remove it in {status.file}."
    return Check("watch", False, "; ".join(told), advice)


def _failing(source: SourceStatus, now: datetime) -> str:
    since = _minute(source.failing_since or now, now)
    return f"{source.name} fails since {since} ({source.failures} in a row)"


def _minute(moment: datetime, now: datetime) -> str:
    return moment.astimezone(now.tzinfo).strftime("%Y-%m-%d %H:%M")


def _catalogue(app: App) -> Check:
    try:
        found = app.database.read().execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        advice = f"Restore {app.database.path} from a backup, or ingest into a new BELEG_HOME."
        return Check("catalogue", False, f"damaged: {found}", advice)
    counts = app.catalogue.counts()
    state = (
        f"{counts.articles} articles, {counts.versions} versions, {counts.chunks} passages, "
        f"{counts.pending} waiting for Chroma"
    )
    return Check("catalogue", True, state)


def _model(app: App) -> Check:
    from ingest.embedding import contract

    try:
        wanted = contract(app.embedder)
        if app.catalogue.contract() is not None:
            app.catalogue.require(wanted)
    except BelegError as error:
        return Check("embedding model", False, "unusable with this index", str(error))
    return Check("embedding model", True, f"{wanted.model}, {wanted.dimension} dimensions")


def _chroma(app: App) -> Check:
    """Agreement of Chroma with the catalogue; looked into only if no other process owns it."""
    counts = app.catalogue.counts()
    if app.index is None or not app.index.own():
        state = f"in use by another process, which has {counts.pending} passages to catch up"
        return Check("chroma", True, state)
    app.index.catch_up()
    missing, orphaned = _disagreement(app, app.index.store)
    if not missing and not orphaned:
        vectors = len(app.index.store.ids())
        return Check("chroma", True, f"agrees with the catalogue: {vectors} vectors")
    app.index.store.distrust()
    app.index.catch_up()
    if _disagreement(app, app.index.store) == (0, 0):
        return Check("chroma", True, f"rebuilt: {missing} were missing, {orphaned} left over")
    state = f"{missing} vectors missing, {orphaned} left over"
    return Check("chroma", False, state, "Delete the folder `chroma` in the home; it is rebuilt.")


def _disagreement(app: App, store: Store) -> tuple[int, int]:
    """How many vectors Chroma lacks and has too many, but for what is only pending."""
    held = store.ids()
    live, waiting = Passages(app.database).live_and_pending()
    return len(live - held - waiting), len(held - live - waiting)
