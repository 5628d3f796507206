"""What can be wrong with a home, checked one by one. Only Chroma, a derivative, is mended."""

import platform
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from bot.bootstrap import App
from vectorstore.chroma import ChromaStore
from vectorstore.errors import BelegError
from vectorstore.passages import Passages

PACKAGES = (
    "beleg",
    "sentence-transformers",
    "torch",
    "chromadb",
    "langchain",
    "python-telegram-bot",
)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; `advice` says what a person has to do if it isn't ok."""

    name: str
    ok: bool
    state: str
    advice: str | None = None


def examine(app: App) -> list[Check]:
    """All checks, cheap ones first."""
    checks = [*_versions(), *_paths(app), _catalogue(app)]
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


def _disagreement(app: App, store: ChromaStore) -> tuple[int, int]:
    """How many vectors Chroma lacks and has too many, but for what is only pending."""
    held = store.ids()
    live, waiting = Passages(app.database).live_and_pending()
    return len(live - held - waiting), len(held - live - waiting)
