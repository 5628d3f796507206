"""The commands that carry articles from home to home: export, import."""

import os
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.answering import Json
from bot.cli.start import started, tell
from bot.cli.taking_in import derive, print_report, progress, tell_what_is_amiss
from vectorstore.errors import StoreError

if TYPE_CHECKING:
    from bot.bootstrap import App
    from ingest.run import IngestReport, Progress

STANDARD = "-"  # standard output, standard input


def export(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="What to write, - being standard output.")
    ] = STANDARD,
) -> None:
    """Write out all articles with all their versions, one version a line (JSONL)."""
    from ingest.exchange import to_line
    from vectorstore.history import versions

    with started() as app:
        target = None if file == STANDARD else Path(os.path.realpath(file))
        if target is not None:
            _refuse(target, app.settings.home)
        with closing(versions(app.database)) as found:
            lines = map(to_line, found)
            if target is None:
                _print_lines(lines)
                return
            count = _write_lines(lines, target)
    tell("1 version is exported." if count == 1 else f"{count:,} versions are exported.")


def import_(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="What to read, - being standard input.")
    ] = STANDARD,
    json_: Json = False,
) -> None:
    """Take in what `beleg export` wrote, with all versions. What is newer here stays."""
    from bot.cli.records import print_json, report_record

    with started(owner=True) as app:
        with progress() as shown:
            report = _taken_in(app, file, shown)
        derive(app)
    if json_:
        print_json(report_record(report))
    else:
        print_report(report)
    tell_what_is_amiss(report, pruned=False)
    if report.failed:
        raise typer.Exit(1)


def _taken_in(app: "App", file: str, progress: "Progress") -> "IngestReport":
    from ingest.importing import Import

    begun = time.monotonic()
    run = Import(app.catalogue, app.embedder, progress)
    run.take(file, sys.stdin.buffer)
    return run.report(time.monotonic() - begun)


def _print_lines(lines: Iterable[bytes]) -> None:
    try:
        sys.stdout.buffer.writelines(lines)
        sys.stdout.buffer.flush()
    except OSError as error:  # what is still to be flushed has no place to go
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):  # `beleg export | head`: the reader has enough
            raise SystemExit(0) from None
        raise StoreError(
            f"The export can't be written ({error.strerror}). What is there of it is not whole."
        ) from error


def _refuse(target: Path, home: Path) -> None:
    """StoreError for a place where an export would do harm, or can't be."""
    if target.exists() and not target.is_file():
        raise StoreError(f"{target} is no file that could be replaced. Name another one.")
    if home.resolve() in target.parents and target.suffix != ".jsonl":
        raise StoreError(
            f"{target} lies in Beleg's own folder. Name a file elsewhere, or one that ends in "
            ".jsonl, so that none of Beleg's own is replaced."
        )


def _write_lines(lines: Iterable[bytes], target: Path) -> int:
    """Writes a file that is there whole or not at all, for its owner only; returns the lines."""
    from vectorstore import durable

    draft = None
    count = 0
    try:
        with tempfile.NamedTemporaryFile(
            dir=target.parent, prefix=".beleg-", suffix=".draft", delete=False
        ) as file:
            draft = Path(file.name)
            for line in lines:
                file.write(line)
                count += 1
        durable.publish(draft, target)
    except OSError as error:
        raise StoreError(
            f"The export {target} can't be written ({error.strerror or error}). "
            "Check the free space and the rights of its folder, or name another file."
        ) from error
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)
    return count


COMMANDS = (export, import_)
