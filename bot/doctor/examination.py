"""All checks of a home, in order; and what becomes of it if its catalogue is damaged."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from bot.bootstrap import App, app
from bot.doctor import contents, derived
from bot.doctor.check import Check
from bot.doctor.surroundings import surroundings
from bot.doctor.watched import watched
from bot.settings import Settings
from ingest.rescue import Rescued, rescue
from ingest.run import Progress
from vectorstore import aside
from vectorstore.errors import BelegError, CatalogueDamaged, StoreError
from vectorstore.restore import known_backups, restore

CATALOGUE = "catalogue"
SHOWN = 5  # faults, or ids, that are named one by one

Tell = Callable[[str], None]


def examine(parts: App, repair: bool = False) -> list[Check]:
    """All checks of a home whose catalogue opens, cheap ones first."""
    around = [*surroundings(parts.settings), *watched(parts.settings)]
    faults = contents.faults_of_articles(parts)
    if faults:
        return [*around, _damaged(parts.settings.home, faults)]
    return [
        *around,
        contents.catalogue(parts),
        *_set_aside(parts, repair),
        derived.model(parts),
        contents.passages(parts, repair),
        contents.postings(parts, repair),
        contents.copies(parts, repair),
        derived.indexes(parts, repair),
        derived.deletion(parts, repair),
        derived.chroma(parts, repair),
    ]


def diagnose(settings: Settings, repair: bool = False, tell: Tell = lambda s: None) -> list[Check]:
    """All checks that can be made, also of a home whose catalogue doesn't open.

    `tell` gets a line for the user before something takes long.
    """
    checks, damaged = _opened(settings, repair, tell)
    if not damaged or not repair:
        return checks
    try:
        done = _restored(settings, tell)
    except BelegError as error:
        return [replace(c, advice=str(error)) if c.name == CATALOGUE else c for c in checks]
    checks, _ = _opened(settings, repair, tell)
    return [replace(c, repaired=done) if c.name == CATALOGUE else c for c in checks]


def _opened(settings: Settings, repair: bool, tell: Tell) -> tuple[list[Check], bool]:
    """The checks, and whether the catalogue is damaged."""
    try:
        with app(settings, owner=True, tell=tell) as parts:
            checks = examine(parts, repair)
            return checks, not all(c.ok for c in checks if c.name == CATALOGUE)
    except BelegError as error:
        around = [*surroundings(settings), *watched(settings)]
        if isinstance(error, CatalogueDamaged):
            reason = str(error).partition(". ")[0].partition("damaged: ")[2]
            return [*around, _damaged(settings.home, [reason or str(error)])], True
        return [*around, Check(CATALOGUE, False, "it can't be used", str(error))], False


def _damaged(home: Path, faults: Sequence[str]) -> Check:
    more = f"; and {len(faults) - SHOWN} more" if len(faults) > SHOWN else ""
    state = f"damaged: {'; '.join(faults[:SHOWN])}{more}"
    if backups := known_backups(home):
        advice = f"`beleg doctor --repair` restores {backups[0]} and saves what is newer."
    else:
        advice = (
            "No backup is known. `beleg restore FILE` takes one that you have; without any, "
            "`beleg restore --salvage` saves what can still be read."
        )
    return Check(CATALOGUE, False, state, advice)


# -- restoring ----------------------------------------------------------------------------


def _restored(settings: Settings, tell: Tell) -> str:
    """Restores the newest sound backup, saves what is newer, and says what that came to."""
    found = restore(settings.home)
    told = [f"{found.articles} articles were restored from {found.backup}"]
    if found.kept is not None:
        told.append(f"what was there before is kept: {found.kept.path}")
    if found.restart:
        told.append("restart Beleg if it is running on this home (bot, watch)")
    try:
        with app(settings, owner=True, tell=tell) as parts:
            told.extend(_saved(parts))
    except BelegError as error:
        told.append(f"what is newer is not saved yet: {error}")
    return "; ".join(told)


def _saved(parts: App) -> Iterator[str]:
    """Takes in what is left of catalogues that were set aside, and says what that was."""
    for path in aside.waiting(parts.settings.home):
        found = rescue(path, parts.catalogue, parts.embedder, Progress())
        if found.failed:
            raise StoreError(found.failed[0].error)
        aside.done(path)
        yield from _said(found)


def _said(found: Rescued) -> Iterator[str]:
    if found.saved:
        yield f"saved from the damaged catalogue: {_named(found.saved)}"
    if found.lost:
        yield f"the newest version could not be saved of {_named(found.lost)}"
    if found.nameless:
        yield f"{found.nameless} more had lost their ids and could not be saved"
    if found.deleted:
        back = _named(found.deleted)
        yield f"deleted since the backup and back now, `beleg delete` removes them: {back}"


def _named(ids: Sequence[str]) -> str:
    more = ", ..." if len(ids) > SHOWN else ""
    return f"{len(ids)} articles ({', '.join(ids[:SHOWN])}{more})"


def _set_aside(parts: App, repair: bool) -> Iterator[Check]:
    """A damaged catalogue whose restore was cut off before the rest was saved."""
    waiting = aside.waiting(parts.settings.home)
    if not waiting:
        return
    state = f"what can be read of {waiting[0]} has not been saved yet"
    if not repair:
        yield Check("set aside", False, state, "`beleg doctor --repair` does that.")
        return
    try:
        told = "; ".join(_saved(parts)) or "there was nothing that is not here"
    except BelegError as error:
        yield Check("set aside", False, state, str(error))
        return
    yield Check("set aside", True, "all that can be read was saved", repaired=told)
