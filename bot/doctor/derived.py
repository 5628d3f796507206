"""What goes along with the articles: the model, indexes beside the live one, deletion, Chroma."""

import os
from dataclasses import replace

from bot.bootstrap import App
from bot.deletion import purge_home
from bot.doctor.check import Check, Mendable
from ingest.embedding import contract
from vectorstore import faults, index_sets, lexical, packaged, removals
from vectorstore.chroma_server import SERVED
from vectorstore.close_mark import FOLDER
from vectorstore.errors import BelegError, StoreError
from vectorstore.index_sets import NEW, OLD
from vectorstore.ownership import Store
from vectorstore.passages import Passages
from vectorstore.posting_faults import of_postings

_WHERE = (FOLDER, SERVED)  # notes that change when Chroma is built anew


def model(app: App) -> Check:
    """Whether the model that is set is the one that the articles are indexed with."""
    try:
        wanted = contract(app.embedder)
        if app.catalogue.contract() is not None:
            app.catalogue.require(wanted)
    except BelegError as error:
        return Check("embedding model", False, "unusable with this index", str(error))
    slow = "" if wanted.model == packaged.NAME else "; loaded whole, so first questions take long"
    return Check("embedding model", True, f"{wanted.model}, {wanted.dimension} dimensions{slow}")


# -- indexes beside the live one ----------------------------------------------------------


def indexes(app: App, repair: bool) -> Check:
    """An index that is being built, and the one that is kept to go back to."""

    def broken() -> dict[str, str]:
        found = {prefix: _fault(app, prefix, repair) for prefix in _beside(app)}
        return {prefix: wrong for prefix, wrong in found.items() if wrong is not None}

    def find() -> str | None:
        told = [f"{_NAMES[prefix]} is broken: {wrong}" for prefix, wrong in broken().items()]
        return "; ".join(told) or None

    def mend() -> str:
        wrong = broken()
        with app.database.write(content=False) as connection:
            for prefix in wrong:
                index_sets.drop(connection, prefix)
        return "; ".join(f"{_NAMES[prefix]} was removed" for prefix in wrong)

    def sound() -> str:
        return "; ".join(["the live one", *(_shown(app, prefix) for prefix in _beside(app))])

    advice = "removes it; `beleg reindex` makes another one"
    return Mendable("indexes", find, sound, mend, advice).check(repair)


_NAMES = {NEW: "the unfinished index", OLD: "the index that is kept to go back to"}


def _beside(app: App) -> list[str]:
    return [prefix for prefix in index_sets.present(app.database.read()) if prefix in _NAMES]


def _fault(app: App, prefix: str, thorough: bool) -> str | None:
    with app.database.snapshot():
        held = index_sets.contract_of(app.database.read(), prefix)
        found = faults.of_index(app.database.read(), held.dimension if held else None, prefix)
    if found.articles:
        return f"wrong in {len(found.articles)} articles: {next(iter(found.articles.values()))}"
    if found.orphans:
        return f"{found.orphans} rows belong to nothing"
    own = held is not None and held.lexical == lexical.VERSION
    return of_postings(app.database, prefix, thorough, own)


def _shown(app: App, prefix: str) -> str:
    held = index_sets.contract_of(app.database.read(), prefix)
    name = held.model if held else "nothing"
    if prefix == OLD:
        return f"the one before is kept, made with {name} (`beleg reindex --back`)"
    query = """SELECT count(*), count(i.version) FROM articles a
        LEFT JOIN new_indexed i ON i.article = a.seq AND i.version = a.version"""
    total, done = app.database.read().execute(query).fetchone()
    return f"an unfinished one with {name}: {done} of {total} articles (`beleg reindex` goes on)"


# -- deletion -----------------------------------------------------------------------------


def deletion(app: App, repair: bool) -> Check:
    """Whether the words of deleted articles are in no file any more.

    If not, nobody must act: whatever writes next sees to it.
    """

    def find() -> str | None:
        count = len(removals.noted(app.database.read()))
        return f"words of {count} deleted articles are still in the files" if count else None

    def mend() -> str:
        count, told = len(removals.noted(app.database.read())), list[str]()
        if not purge_home(app, told.append):
            raise StoreError(told[-1])
        return " ".join([f"The words of {count} deleted articles were removed.", *told])

    def sound() -> str:
        return "no word of a deleted article is left"

    found = Mendable("deletion", find, sound, mend, "removes them now").check(repair)
    if found.ok or repair:
        return found
    state = f"{found.state}; the next ingest, delete, watch or bot removes them"
    return replace(found, ok=True, state=state)


# -- Chroma -------------------------------------------------------------------------------


def chroma(app: App, repair: bool) -> Check:
    """Agreement of Chroma with the catalogue; looked into only if no other process owns it."""
    index, pending = app.index, app.catalogue.counts().pending
    if index is None or not index.own():
        if index is not None and index.trouble:
            unused = _unused(app, index.trouble, "Remove it, or make it yours to write to.")
            rightly = not os.access(app.settings.home, os.W_OK)  # another check tells of that
            return replace(unused, ok=True, advice=None) if rightly else unused
        state = f"in use by another process, which has {pending} passages to catch up"
        return Check("chroma", True, state)
    before = _where(app)
    mine = "Remove the folder `chroma` in the home, or make it yours to write to."
    advice = mine if repair and not app.settings.chroma_url else None
    if not index.catch_up(again=repair):
        return _unused(app, index.trouble, advice)
    missing, orphaned = _disagreement(app, index.store)
    if missing or orphaned:
        index.store.distrust()
        if not index.catch_up(again=repair):
            return _unused(app, index.trouble, advice)
        told = f"it was built anew: {missing} vectors were missing, {orphaned} left over"
        missing, orphaned = _disagreement(app, index.store)
        if missing or orphaned:
            state = f"{missing} vectors missing, {orphaned} left over"
            return Check("chroma", False, state, "Delete the folder `chroma` in the home.")
    else:
        anew = any(before) and _where(app) != before
        told = "it was built anew, since it couldn't be trusted" if anew else ""
    vectors = len(index.store.ids())
    state = f"agrees with the catalogue: {vectors} vectors"
    return Check("chroma", True, state, repaired=told or None)


def _where(app: App) -> tuple[str, ...]:
    return tuple(app.database.note(key) or "" for key in _WHERE)


def _unused(app: App, trouble: str | None, advice: str | None = None) -> Check:
    state = f"not used, all questions are answered without it: {trouble or 'it was stopped'}"
    if advice is not None:
        return Check("chroma", False, state, advice)
    if app.settings.chroma_url:
        advice = "See that the server runs which CHROMA_URL names, or unset it."
    else:
        advice = "`beleg doctor --repair` tries to build it once more."
    return Check("chroma", False, state, advice)


def _disagreement(app: App, store: Store) -> tuple[int, int]:
    """How many vectors Chroma lacks and has too many, but for what is only pending."""
    held = store.ids()
    live, waiting = Passages(app.database).live_and_pending()
    return len(live - held - waiting), len(held - live - waiting)
