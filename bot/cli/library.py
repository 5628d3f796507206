"""The commands about articles: ingest, articles, show, diff, delete."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.answering import Json
from bot.cli.start import started, tell
from vectorstore.errors import ArticleNotFound

if TYPE_CHECKING:
    from bot.bootstrap import App
    from ingest.run import IngestReport, Progress


def ingest(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...",
            help="Files, folders, web addresses (pages, feeds, sitemaps), or - for JSONL on stdin.",
        ),
    ],
    prune: Annotated[
        bool,
        typer.Option(
            "--prune",
            help="Delete what the same SOURCE brought and no longer has, and whose page is gone.",
        ),
    ] = False,
    field: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=WHERE",
            help="Where a field lies in JSON or CSV, e.g. text=body.html; may be repeated.",
        ),
    ] = None,
    json_: Json = False,
) -> None:
    """Take in articles: new ones, and changed ones as new versions. Unchanged ones cost nothing."""
    from bot.cli.records import print_json, report_record
    from bot.deletion import purge_home
    from ingest.files.mapping import FieldMapping

    mapping = FieldMapping.parse(field) if field else None
    with started(owner=True) as app:
        with _progress() as progress:
            report = app.pipeline().ingest(sources, prune, progress, mapping=mapping)
        purge_home(app, tell)
        _derive(app)
    if json_:
        print_json(report_record(report))
    else:
        _print_report(report)
    _tell_what_is_amiss(report, prune)
    if report.failed:
        raise typer.Exit(1)


def articles(json_: Json = False) -> None:
    """List the articles, newest first."""
    from bot.cli.display import print_articles
    from bot.cli.records import listed_record, print_json

    with started() as app:
        if json_:
            for listed in app.catalogue.articles():
                print_json(listed_record(listed))
        else:
            print_articles(list(app.catalogue.articles()))


def show(
    article_id: Annotated[str, typer.Argument(metavar="ID", help="As `beleg articles` lists it.")],
    version: Annotated[int | None, typer.Option(min=1, help="An earlier version.")] = None,
    json_: Json = False,
) -> None:
    """Show one article, whole and verbatim."""
    from bot.cli.display import print_article
    from bot.cli.records import article_record, print_json

    with started() as app:
        article = app.catalogue.article(article_id, version)
    if json_:
        print_json(article_record(article))
    else:
        print_article(article)


def diff(
    article_id: Annotated[str, typer.Argument(metavar="ID", help="As `beleg articles` lists it.")],
    old: Annotated[
        int | None, typer.Option("--from", min=1, help="Default: the version before.")
    ] = None,
    new: Annotated[int | None, typer.Option("--to", min=1, help="Default: the newest.")] = None,
    json_: Json = False,
) -> None:
    """Show what changed between two versions of an article."""
    from bot.cli.display import print_difference
    from bot.cli.records import difference_record, print_json
    from bot.difference import difference

    with started() as app:
        now = app.catalogue.article(article_id, new)
        before = app.catalogue.article(article_id, old or max(1, now.version - 1))
    found = difference(before, now)
    if json_:
        print_json(difference_record(before, now, found))
    elif before.version == now.version:
        tell(f"That is version {now.version} twice; `beleg show` lists the newest one's number.")
    else:
        print_difference(before, now, found)


def delete(
    article_ids: Annotated[list[str], typer.Argument(metavar="ID...", help="What to delete.")],
) -> None:
    """Delete articles with all their versions, so that their words are in no file of the home.

    Backups that still hold them are named. Exits with 1 if some words had to be left for later.
    """
    from bot.deletion import delete_articles, purge_home

    with started(owner=True) as app:
        missing = [i for i in article_ids if app.catalogue.content_hash(i) is None]
        tell(f"{delete_articles(app, article_ids)} deleted.")
        gone = purge_home(app, tell)
    if missing:
        raise ArticleNotFound(missing[0])
    if not gone:
        raise typer.Exit(1)


def _derive(app: "App") -> None:
    """Brings Chroma up to date, unless another process owns it: then that one does."""
    if app.index is not None and app.catalogue.counts().pending and app.index.own():
        app.index.catch_up()


@contextmanager
def _progress() -> "Iterator[Progress]":
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


def _print_report(report: "IngestReport") -> None:
    parts = [f"{report.added} added", f"{report.updated} updated", f"{report.unchanged} unchanged"]
    if report.deleted:
        parts.append(f"{report.deleted} deleted")
    if report.failed:
        parts.append(f"{len(report.failed)} failed")
    passages = "1 passage" if report.chunks == 1 else f"{report.chunks} passages"
    print(f"{', '.join(parts)} ({passages}, {report.seconds:.1f} s)")


def _tell_what_is_amiss(report: "IngestReport", pruned: bool) -> None:
    """Pages that are gone, sources that are not pruned, and what failed."""
    from bot.cli.display import printable

    for gone in report.gone:
        done = "is deleted" if pruned else "is marked; --prune deletes it"
        tell(printable(f"{gone.address}: The page is gone. Its article {gone.article_id} {done}."))
    for source in report.unpruned:
        tell(printable(f"{source}: Nothing is pruned, since some of it could not be read."))
    for failure in report.failed:
        tell(printable(f"{failure.source}: {failure.error}"))


COMMANDS = (ingest, articles, show, diff, delete)
