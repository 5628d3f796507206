"""How the watch is doing, if there is one or was to be."""

import os
from collections.abc import Iterator
from datetime import datetime

from bot.doctor.check import Check
from bot.settings import Settings, local_now
from ingest.watching.status import SourceStatus, WatchStatus, read_status, status_path
from vectorstore.errors import BelegError

ENOUGH = 3  # failures of a source in a row that may pass; after more, somebody must look


def watched(settings: Settings) -> Iterator[Check]:
    """At most one check.

    A person must act if its file is broken or a source fails again and again; that it isn't
    running now may be as it should.
    """
    file, names = settings.watch_file, None
    if file is not None:
        from ingest.watching.watchlist import load_watchlist

        try:
            names = {source.name for source in load_watchlist(file).sources}
        except BelegError as error:
            yield Check("watch", False, "its file can't be used", str(error))
            return
    status = read_status(settings.home)
    if status is not None:
        yield _told(status, names, local_now(settings.timezone))
    elif names is not None:
        yield Check("watch", True, f"not running yet: {len(names)} sources")
    elif os.path.exists(status_path(settings.home)):
        yield Check("watch", True, "not known: watch.json can't be read; a watch writes it anew")


def _told(status: WatchStatus, names: set[str] | None, now: datetime) -> Check:
    running = status.is_running(now)
    sources = [s for s in status.sources if names is None or running or s.name in names]
    failing = [source for source in sources if source.failures]
    since = status.since if running else status.heartbeat
    state = f"{'running' if running else 'not running'} since {_minute(since, now)}"
    told = [f"{state}: {len(sources)} sources", *(_failing(source, now) for source in failing)]
    stuck = [source for source in failing if source.failures > ENOUGH]
    if not stuck or not (running or names is not None):  # one that nobody runs any more
        return Check("watch", True, "; ".join(told))
    reason = " ".join(stuck[0].errors[:1])
    advice = f"{stuck[0].name}: {reason} Correct or remove it in {status.file}."
    return Check("watch", False, "; ".join(told), advice)


def _failing(source: SourceStatus, now: datetime) -> str:
    since = _minute(source.failing_since or now, now)
    return f"{source.name} fails since {since} ({source.failures} in a row)"


def _minute(moment: datetime, now: datetime) -> str:
    return moment.astimezone(now.tzinfo).strftime("%Y-%m-%d %H:%M")
