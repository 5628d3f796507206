"""The commands about articles: ingest, articles, show, diff, delete."""

from typing import Annotated

import typer

from bot.cli.answering import Json
from bot.cli.start import started, tell
from bot.cli.taking_in import derive, print_report, progress, tell_what_is_amiss
from vectorstore.errors import ArticleNotFound

Jobs = Annotated[
    int | None,
    typer.Option(min=1, help="Batches of passages to embed at once. Default: one a processor."),
]


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
    jobs: Jobs = None,
    json_: Json = False,
) -> None:
    """Take in articles: new ones, and changed ones as new versions. Unchanged ones cost nothing."""
    from bot.cli.records import print_json, report_record
    from bot.deletion import purge_home
    from ingest.files.mapping import FieldMapping

    mapping = FieldMapping.parse(field) if field else None
    with started(owner=True, jobs=jobs) as app:
        with progress() as shown:
            report = app.pipeline().ingest(sources, prune, shown, mapping=mapping)
        purge_home(app, tell)
        derive(app)
    if json_:
        print_json(report_record(report))
    else:
        print_report(report)
    tell_what_is_amiss(report, prune)
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


COMMANDS = (ingest, articles, show, diff, delete)
