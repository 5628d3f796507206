"""How a watch is doing, in a file of the home that others may read at any time."""

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

FILE = "watch.json"
BEAT = 10.0  # seconds between two signs of life
STALE = timedelta(seconds=60)  # without a sign of life, after which a watch counts as dead

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RunCounts:
    """What the last run of a source did, in articles; `failed` counts what couldn't be taken in."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """How a source is doing. Times are aware and tell the ends of runs.

    A run that brought something has not failed, whatever else `errors` tell: `failures` counts
    those in a row that brought nothing, `failing_since` is the first of them.
    """

    name: str
    kind: str
    last_run: datetime | None = None
    last_success: datetime | None = None
    next_run: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0
    counts: RunCounts = field(default_factory=RunCounts)
    seconds: float = 0.0
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WatchStatus:
    """How a watch is doing; without a `pid` it has ended, the heartbeat telling when."""

    file: str
    since: datetime
    heartbeat: datetime
    pid: int | None
    sources: tuple[SourceStatus, ...]

    def is_running(self, now: datetime) -> bool:
        """Whether its process is there and has given a sign of life lately."""
        if self.pid is None or now - self.heartbeat > STALE:
            return False
        return _is_alive(self.pid)


def moment(seconds: float) -> datetime:
    """A time given in seconds since the epoch, as statuses hold it: to the second, in UTC."""
    return datetime.fromtimestamp(round(seconds), UTC)


def status_path(home: Path) -> Path:
    """Where the status of a home's watch lies."""
    return home / FILE


def write_status(home: Path, status: WatchStatus) -> None:
    """Replaces the file in one step. For the holder of the watch's lock only; OSError."""
    path = status_path(home)
    draft = path.with_name(f"{FILE}.new")
    draft.write_text(json.dumps(status_record(status), indent=1), "utf-8")
    os.replace(draft, path)


def read_status(home: Path) -> WatchStatus | None:
    """What the file says; None if there is none, or none that makes sense."""
    try:
        found = json.loads(status_path(home).read_text("utf-8"))
        return WatchStatus(
            file=str(found["file"]),
            since=_required_moment(found["since"]),
            heartbeat=_required_moment(found["heartbeat"]),
            pid=None if found["pid"] is None else int(found["pid"]),
            sources=tuple(_source(one) for one in found["sources"]),
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        log.info("the status of the watch can't be read (%s)", type(error).__name__)
        return None


def status_record(status: WatchStatus) -> dict[str, Any]:
    """The status as JSON has it."""
    return {
        "file": status.file,
        "since": status.since.isoformat(),
        "heartbeat": status.heartbeat.isoformat(),
        "pid": status.pid,
        "sources": [source_record(source) for source in status.sources],
    }


def source_record(source: SourceStatus) -> dict[str, Any]:
    """The status of one source as JSON has it."""
    found = asdict(source)
    return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in found.items()}


def _source(found: Mapping[str, Any]) -> SourceStatus:
    return SourceStatus(
        name=str(found["name"]),
        kind=str(found["kind"]),
        last_run=_moment(found["last_run"]),
        last_success=_moment(found["last_success"]),
        next_run=_moment(found["next_run"]),
        failing_since=_moment(found["failing_since"]),
        failures=int(found["failures"]),
        counts=RunCounts(**{name: int(count) for name, count in found["counts"].items()}),
        seconds=float(found["seconds"]),
        errors=tuple(str(error) for error in found["errors"]),
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else _required_moment(text)


def _required_moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("a time without offset")
    return found


def _is_alive(pid: int) -> bool:
    if os.name != "posix":  # there, the signal 0 would end the process
        return True
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True
