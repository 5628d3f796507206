"""The commands that keep copies of the catalogue and bring them back: backup, restore."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.answering import Json
from bot.cli.start import started, tell
from bot.cli.taking_in import derive, progress
from vectorstore.errors import BelegError, StoreError

if TYPE_CHECKING:
    from bot.settings import Settings
    from ingest.rescue import Rescued
    from vectorstore.restore import Restored

NAMED = 10  # ids that a line names


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What to write.")],
    json_: Json = False,
) -> None:
    """Write all articles, with versions and index, to one file: verified, while everything runs."""
    from bot.cli.display import printable
    from bot.cli.records import print_json
    from vectorstore.aside import moment
    from vectorstore.backup import write_backup
    from vectorstore.database import CATALOGUE
    from vectorstore.register import Kept, Kind, Register

    home = _settings().home
    target, made = file.absolute(), moment().isoformat()
    found = write_backup(home / CATALOGUE, target)
    try:
        Register(home).note(Kept(target, made, Kind.BACKUP, found.articles))
    except StoreError as error:  # the file is good; only `beleg restore` won't find it by itself
        tell(f"The backup is written, but not noted: {error}")
    size = target.stat().st_size
    if json_:
        counts = {"articles": found.articles, "versions": found.versions, "bytes": size}
        print_json({"file": str(target), **counts})
    else:
        counted = _counted(found.articles, found.versions)
        print(printable(f"{counted}, {_size(size)}: {target}"))


def restore(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="A backup. Default: the newest sound one known."),
    ] = None,
    salvage: Annotated[
        bool,
        typer.Option("--salvage", help="Use no backup: save what a damaged catalogue still holds."),
    ] = False,
    json_: Json = False,
) -> None:
    """Bring back a backup. The present state is kept, and what is newer in a damaged one saved."""
    from bot.cli.records import print_json
    from vectorstore import aside
    from vectorstore.database import CATALOGUE
    from vectorstore.restore import is_sound
    from vectorstore.restore import restore as put_back

    if salvage and file is not None:
        raise typer.BadParameter("Name a FILE or --salvage, not both.")
    home = _settings().home
    resumed = salvage and bool(aside.waiting(home)) and is_sound(home / CATALOGUE)
    restored = None if resumed else put_back(home, file, salvage)
    if restored is not None and not json_:
        _print_restored(restored)
    rescued = _rescued(home)
    back = _deleted_before(home, restored, rescued)
    if json_:
        print_json(_record(restored, rescued, back))
    else:
        _print_rescued(rescued)
    _tell_what_is_amiss(restored, rescued, back)
    if any(one.failed for one in rescued):
        raise typer.Exit(1)


def _settings() -> "Settings":
    from bot.redaction import set_up_logging
    from bot.settings import load_settings

    settings = load_settings()
    set_up_logging(settings.log_level)
    return settings


def _rescued(home: Path) -> "list[Rescued]":
    """Takes in what is left of damaged catalogues, also of one whose restore was cut short."""
    from ingest.rescue import rescue
    from vectorstore import aside

    found: list[Rescued] = []
    damaged = aside.waiting(home)
    if not damaged:
        return found
    with started(owner=True) as app:
        for path in damaged:
            tell(f"Reading what is left of the damaged catalogue in {path.parent} ...")
            try:
                with progress() as shown:
                    found.append(rescue(path, app.catalogue, app.embedder, shown))
            except BelegError:
                tell("It is not saved yet: `beleg restore --salvage` does that after what follows.")
                raise
            aside.done(path)
        if any(one.saved for one in found):
            derive(app)
    return found


def _deleted_before(
    home: Path, restored: "Restored | None", rescued: "Sequence[Rescued]"
) -> list[str]:
    """The articles that a backup has brought back although they were deleted after it was made."""
    from datetime import UTC, datetime

    from vectorstore import removals
    from vectorstore.database import CATALOGUE
    from vectorstore.register import Register
    from vectorstore.soundness import reading

    if restored is None or restored.backup is None:
        return []
    register, backup = Register(home), restored.backup.absolute()
    written = datetime.fromtimestamp(backup.stat().st_mtime, UTC).isoformat(timespec="seconds")
    made = next((kept.made for kept in register.noted() if kept.path == backup), written)
    digests = register.deleted_since(made)
    with reading(home / CATALOGUE) as connection:
        present = [str(row[0]) for row in connection.execute("SELECT id FROM articles")]
    back = {name for name in present if removals.digest(name) in digests}
    return sorted(back | {name for one in rescued for name in one.deleted})


# -- what is said ------------------------------------------------------------------------


def _print_restored(restored: "Restored") -> None:
    from bot.cli.display import printable

    if restored.backup is not None:
        counted = _counted(restored.articles, restored.versions)
        print(printable(f"{counted} restored from {restored.backup}"))


def _print_rescued(rescued: "Sequence[Rescued]") -> None:
    for one in rescued:
        print(f"{_articles(len(one.saved))} saved from the damaged catalogue")


def _tell_what_is_amiss(
    restored: "Restored | None", rescued: "Sequence[Rescued]", back: Sequence[str]
) -> None:
    from bot.cli.display import printable

    if back:
        told = f"Deleted since the backup was made, and back now: {_named(back)};"
        tell(f"{told} `beleg delete` removes them again.")
    if restored is not None and restored.kept is not None:
        tell(f"What was there before is kept: {printable(str(restored.kept.path))}")
    if restored is not None and restored.restart:
        tell("If Beleg is running on this home (bot, watch), restart it: it holds the old file.")
    for one in rescued:
        if one.lost:
            tell(f"The newest version could not be saved of {_named(one.lost)}")
        if one.nameless:
            tell(f"{_articles(one.nameless)} more had lost their ids and could not be saved.")
        for failure in one.failed:
            tell(printable(f"{failure.source}: {failure.error}"))


def _record(
    restored: "Restored | None", rescued: "Sequence[Rescued]", back: Sequence[str]
) -> dict[str, Any]:
    backup = restored.backup if restored is not None else None
    kept = restored.kept if restored is not None else None
    return {
        "backup": str(backup.absolute()) if backup is not None else None,
        "articles": restored.articles if restored is not None else None,
        "versions": restored.versions if restored is not None else None,
        "kept": str(kept.path) if kept is not None else None,
        "saved": [name for one in rescued for name in one.saved],
        "lost": [name for one in rescued for name in one.lost],
        "nameless": sum(one.nameless for one in rescued),
        "deleted": list(back),
        "restart": restored is not None and restored.restart,
    }


def _named(names: Sequence[str]) -> str:
    """How many articles, and the first of them."""
    from bot.cli.display import printable

    more = ", ..." if len(names) > NAMED else ""
    return f"{_articles(len(names))}: {printable(', '.join(names[:NAMED]))}{more}"


def _counted(articles: int, versions: int) -> str:
    return f"{_articles(articles)}, {versions:,} version{'s' * (versions != 1)}"


def _articles(count: int) -> str:
    return f"{count:,} article{'s' * (count != 1)}"


def _size(count: int) -> str:
    return f"{count / 2**20:,.1f} MB"


COMMANDS = (backup, restore)
