"""One look at a watched source: what it brought, or why nothing came, as its next status."""

import logging
import os
import secrets
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

from ingest.articles import line
from ingest.files.url_list import is_address
from ingest.found import Failure
from ingest.pipeline import Pipeline
from ingest.presumed import Presumed
from ingest.run import IngestReport, Progress
from ingest.sources import origin
from ingest.watching.status import RunCounts, SourceStatus, moment
from ingest.watching.watchlist import Kind, Source
from ingest.web.fetch import shown_address
from vectorstore.errors import BelegError

MOST_ERRORS = 3
LONGEST_ERROR = 300  # characters

log = logging.getLogger(__name__)


def look(
    pipeline: Pipeline,
    source: Source,
    before: SourceStatus,
    check: Callable[[], None],
    clock: Callable[[], float],
) -> SourceStatus:
    """Takes a source in and says how it is now, but for its next run.

    Raises nothing but what `check` does. `clock` gives seconds since the epoch.

    A source has failed if nothing at all came of it: a single page that can't be read doesn't
    make a feed a failing one.
    """
    started = clock()
    counts, errors, failed = _taken_in(pipeline, source, check)
    ended = moment(clock())
    return replace(
        before,
        last_run=ended,
        last_success=before.last_success if failed else ended,
        failing_since=(before.failing_since or ended) if failed else None,
        failures=before.failures + 1 if failed else 0,
        counts=counts,
        seconds=round(max(0.0, clock() - started), 1),
        errors=errors,
    )


def _taken_in(
    pipeline: Pipeline, source: Source, check: Callable[[], None]
) -> tuple[RunCounts, tuple[str, ...], bool]:
    """What came of it, what went wrong in words for the user, and whether it has failed."""
    presumed = Presumed(source.language, source.topic)
    progress = Progress(check=check)
    try:
        report = pipeline.ingest(
            [source.place], source.prune, progress, BytesIO(), presumed=presumed
        )
    except BelegError as error:
        return RunCounts(), (_short(str(error)),), True
    except Exception:
        number = secrets.token_hex(4)
        log.exception("error %s, watching %s", number, source.name)
        told = f"Something went wrong inside Beleg (error {number}, the log has details)."
        return RunCounts(), (told,), True
    failures = () if _is_just_empty(source, report) else report.failed
    errors = tuple(_told(failure, source) for failure in failures[:MOST_ERRORS])
    return _counts(report, len(failures)), errors, bool(failures) and not _came_of(report)


def _came_of(report: IngestReport) -> int:
    found = report.added + report.updated + report.unchanged + report.deleted
    return found + len(report.gone)


def _counts(report: IngestReport, failed: int) -> RunCounts:
    return RunCounts(report.added, report.updated, report.unchanged, report.deleted, failed)


def _is_just_empty(source: Source, report: IngestReport) -> bool:
    """Whether all that is wrong is that a folder holds nothing yet: it waits for articles."""
    if source.kind is not Kind.FOLDER or len(report.failed) != 1 or _came_of(report):
        return False
    named = report.failed[0].source in (source.place, origin(source.place))
    try:
        return named and os.path.isdir(source.place) and os.listdir(source.place) is not None
    except OSError:
        return False


def _told(failure: Failure, source: Source) -> str:
    """A failure without the source's own name, which stands before it anyway."""
    place = failure.source
    if is_address(place):
        place = shown_address(place)
        own = shown_address(source.place)
    else:
        own = source.place
    return _short(failure.error if place == own else f"{place}: {failure.error}")


def _short(text: str) -> str:
    plain = line(text) or "It failed."
    return plain if len(plain) <= LONGEST_ERROR else plain[: LONGEST_ERROR - 1] + "…"
