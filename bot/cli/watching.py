"""The command that keeps articles coming: watch. The bot watches in its own process."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.answering import Json
from bot.cli.start import started, tell
from vectorstore.errors import AlreadyWatched

if TYPE_CHECKING:
    from bot.bootstrap import App
    from ingest.watching.status import RunCounts, SourceStatus, WatchStatus
    from ingest.watching.watch import Watch

_HEADINGS = ("Source", "Kind", "Last run", "Brought", "Next run", "State")


def watch(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE",
            help="TOML that names the sources. Default: WATCH_FILE.",
            show_default=False,
        ),
    ] = None,
    once: Annotated[
        bool, typer.Option("--once", help="Look at every source once. Exits with 1 if one failed.")
    ] = False,
    status: Annotated[
        bool, typer.Option("--status", help="Show how the sources of this home are doing.")
    ] = False,
    json_: Json = False,
) -> None:
    """Take in feeds, sitemaps, pages and folders again and again, until it is stopped."""
    if json_ and not (once or status):
        raise typer.BadParameter("goes with --once or --status", param_hint="--json")
    with started(owner=not status) as app:
        if status:
            _show_status(app, json_)
            return
        path = file or app.settings.watch_file
        if path is None:
            from ingest.watching.watchlist import EXAMPLE

            raise typer.BadParameter(
                f"name a file, here or in WATCH_FILE. It may say:\n\n{EXAMPLE.strip()}",
                param_hint="FILE",
            )
        failed = _once(app, path, json_) if once else _on_and_on(app, path)
    if failed:
        raise typer.Exit(1)


@contextmanager
def watching_beside(app: "App") -> Iterator[None]:
    """Watches what WATCH_FILE names while something else goes on.

    SettingsError if the file makes no sense; if another process watches already, it is only told.
    """
    if app.settings.watch_file is None:
        yield
        return
    watch = _watch(app, app.settings.watch_file, _tell_run)
    try:
        watch.start()
    except AlreadyWatched as error:
        tell(str(error))
        yield
        return
    try:
        yield
    finally:
        watch.stop()


def _on_and_on(app: "App", path: Path) -> bool:
    from bot.deletion import keep_purged

    watch = _watch(app, path, _tell_run).start()
    try:
        if app.index is not None:
            app.index.keep_in_step()
        keep_purged(app)
        tell(f"Watching {len(watch.sources())} sources of {path}.")
        watch.wait()
    except SystemExit as leaving:
        if leaving.code != 128 + signal.SIGTERM:  # to be terminated is how a watch ends well
            raise
    finally:
        watch.stop()
    return False


def _once(app: "App", path: Path, json_: bool) -> bool:
    from bot.cli.records import print_json
    from bot.deletion import purge_home
    from ingest.watching.status import source_record

    def printed(status: "SourceStatus") -> None:
        print_json(source_record(status))

    watch = _watch(app, path, printed if json_ else _tell_run, once=True).start()
    try:
        watch.wait()
    finally:
        watch.stop()
    purge_home(app, tell)
    if app.index is not None and app.catalogue.counts().pending and app.index.own():
        app.index.catch_up()
    return any(status.failures for status in watch.sources())


def _watch(
    app: "App", path: Path, heard: "Callable[[SourceStatus], None]", once: bool = False
) -> "Watch":
    from ingest.watching.watch import Watch
    from ingest.watching.watchlist import load_watchlist

    watchlist = load_watchlist(path.expanduser().absolute())
    return Watch(app.pipeline(), watchlist, app.settings.home, app.stop, heard, once)


def _tell_run(status: "SourceStatus") -> None:
    from bot.cli.display import printable

    if (line := run_line(status)) is not None:
        tell(printable(line))


def run_line(status: "SourceStatus") -> str | None:
    """What to say of a run; nothing if it changed nothing and all went well."""
    counts = status.counts
    if status.failures:
        times = f" ({status.failures} times in a row)" if status.failures > 1 else ""
        return f"{status.name}: failed{times}: {status.errors[0]}"
    if not (counts.added or counts.updated or counts.deleted or counts.failed):
        return None
    return f"{status.name}: {_brought(status)} ({status.seconds:.1f} s)"


def _brought(status: "SourceStatus") -> str:
    """The counts in words; `deleted` and `failed` only where there are any."""
    counts = status.counts
    parts = [f"{counts.added} added", f"{counts.updated} updated", f"{counts.unchanged} unchanged"]
    further = (("deleted", counts.deleted), ("failed", counts.failed))
    return ", ".join([*parts, *(f"{count} {name}" for name, count in further if count)])


def _news(counts: "RunCounts") -> str:
    """The counts that are not zero, but for what is unchanged."""
    names = ("added", "updated", "deleted", "failed")
    told = ((getattr(counts, name), name) for name in names)
    return ", ".join(f"{count} {name}" for count, name in told if count) or "nothing new"


def _show_status(app: "App", json_: bool) -> None:
    from bot.cli.records import print_json
    from bot.settings import local_now
    from ingest.watching.status import read_status, status_record

    now = local_now(app.settings.timezone)
    found = read_status(app.settings.home)
    if json_:
        record = status_record(found) if found else {"sources": []}
        print_json({"running": found is not None and found.is_running(now), **record})
    elif found is None:
        tell("Nothing has been watched in this home yet. `beleg watch FILE` does.")
    else:
        _print_status(found, now)


def _print_status(found: "WatchStatus", now: datetime) -> None:
    from rich.table import Table
    from rich.text import Text

    from bot.cli.display import console, printable

    def shown(moment: datetime | None) -> str:
        return moment.astimezone(now.tzinfo).strftime("%Y-%m-%d %H:%M") if moment else ""

    running = found.is_running(now)
    state = f"since {shown(found.since)}" if running else f"not now, last {shown(found.heartbeat)}"
    out = console()
    out.print(Text(printable(f"Watching {found.file}: {state}")), soft_wrap=True)
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in _HEADINGS:
        table.add_column(heading, overflow="fold")
    for one in found.sources:
        state = f"fails since {shown(one.failing_since)}" if one.failures else "ok"
        due = shown(one.next_run) if running else ""
        brought = _news(one.counts) if one.last_run else ""
        cells = (one.name, one.kind, shown(one.last_run), brought, due, state)
        table.add_row(*(Text(printable(cell)) for cell in cells))
    out.print(table)
    for one in found.sources:
        for error in one.errors:
            out.print(Text(printable(f"{one.name}: {error}"), style="yellow"), soft_wrap=True)


COMMANDS = (watch,)
