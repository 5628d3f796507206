"""What all commands share that take in articles: a line of progress, Chroma, the report."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.cli.start import tell

if TYPE_CHECKING:
    from bot.bootstrap import App
    from ingest.run import IngestReport, Progress


def derive(app: "App") -> None:
    """Brings Chroma up to date, unless another process owns it: then that one does."""
    if app.index is not None and app.catalogue.counts().pending and app.index.own():
        app.index.catch_up()


@contextmanager
def progress() -> "Iterator[Progress]":
    """A progress line on standard error while somebody watches."""
    from ingest.run import Progress

    if not sys.stderr.isatty():
        yield Progress()
        return
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading ...")

        def changed(progress: Progress) -> None:
            said = f"{progress.articles:,} articles, {progress.passages:,} passages embedded"
            bar.update(task, description=said)

        yield Progress(changed=changed)


def print_report(report: "IngestReport") -> None:
    parts = [f"{report.added} added", f"{report.updated} updated", f"{report.unchanged} unchanged"]
    if report.deleted:
        parts.append(f"{report.deleted} deleted")
    if report.failed:
        parts.append(f"{len(report.failed)} failed")
    passages = "1 passage" if report.chunks == 1 else f"{report.chunks} passages"
    print(f"{', '.join(parts)} ({passages}, {report.seconds:.1f} s)")


def tell_what_is_amiss(report: "IngestReport", pruned: bool) -> None:
    """Pages that are gone, sources that are not pruned, and what failed."""
    from bot.cli.display import printable

    for gone in report.gone:
        done = "is deleted" if pruned else "is marked; --prune deletes it"
        tell(printable(f"{gone.address}: The page is gone. Its article {gone.article_id} {done}."))
    for source in report.unpruned:
        tell(printable(f"{source}: Nothing is pruned, since some of it could not be read."))
    for failure in report.failed:
        tell(printable(f"{failure.source}: {failure.error}"))
