"""Looks at the sources of a list again and again, until it is told to stop."""

import logging
import math
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from random import random
from typing import Self

from ingest.pipeline import Pipeline
from ingest.watching.folder_changes import changed_folders
from ingest.watching.look import look
from ingest.watching.schedule import Past, first_run, next_run
from ingest.watching.status import (
    BEAT,
    SourceStatus,
    WatchStatus,
    moment,
    read_status,
    write_status,
)
from ingest.watching.stopping import Stop, Stopped
from ingest.watching.watchlist import Kind, Source, Watchlist
from vectorstore.errors import AlreadyWatched, StoreError

AT_ONCE = 3  # sources looked at at the same time; they wait for hosts more than they work
SETTLED = 5.0  # seconds until a folder is looked at although its changes aren't noticed yet
GRACE = 5.0  # seconds for what is under way; a request that takes longer goes with the process

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Watched:
    """A source, how it is, and when it is due (seconds since the epoch)."""

    source: Source
    status: SourceStatus
    due: float
    at_work: bool = False
    again: bool = False  # it changed while it was looked at


class Watch:
    """One watch over a home. Only one process can have it at a time.

    It works in threads of its own: `start`, then `wait` or something else, then `stop`.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        watchlist: Watchlist,
        home: Path,
        stop: Stop,
        heard: Callable[[SourceStatus], None] = lambda status: None,
        once: bool = False,
        clock: Callable[[], float] = time.time,
        draw: Callable[[], float] = random,
    ) -> None:
        """`stop` is the process's own: what the pipeline waits for must hear it too.

        `heard` gets every status after a run, one at a time. `once` looks at every source a single
        time and then ends. `clock` gives seconds since the epoch, `draw` numbers from 0 up to 1.
        """
        from filelock import FileLock

        self._pipeline = pipeline
        self._watchlist = watchlist
        self._home = home
        self._stop = stop
        self._heard = heard
        self._once = once
        self._clock = clock
        self._draw = draw
        self._file_lock = FileLock(home / "watch.lock", thread_local=False)
        self._lock = threading.Lock()  # for what is watched, and for the status file
        self._telling = threading.Lock()
        self._watched: list[_Watched] = []
        self._since = self._now()
        self._seen = self._clock()
        self._queue: SimpleQueue[_Watched | None] = SimpleQueue()
        self._wake = threading.Event()
        self._ended = threading.Event()
        self._failure: BaseException | None = None
        self._threads: list[threading.Thread] = []

    def start(self) -> Self:
        """Takes the watch's lock and begins; AlreadyWatched if another process has it.

        StoreError if the home can't be written to.
        """
        from filelock import Timeout

        try:
            self._file_lock.acquire(timeout=0)
        except Timeout:
            raise AlreadyWatched(
                "Another process watches the sources of this home already (`beleg watch --status` "
                "shows it). Stop that one first."
            ) from None
        except OSError as error:
            raise StoreError(
                f"Nothing can be watched into {self._home} ({error.strerror}). "
                "Check that BELEG_HOME names a folder you can write to."
            ) from error
        self._since = self._now()
        self._watched = self._planned()
        work = [self._work] * min(AT_ONCE, len(self._watched))
        for task in (self._keep, *work, *([] if self._once else [self._notice])):
            name = f"watch{task.__name__}"
            self._threads.append(threading.Thread(target=task, name=name, daemon=True))
        for thread in self._threads:
            thread.start()
        return self

    def wait(self) -> None:
        """Waits until it has ended or was told to; raises what it ended with.

        A signal's handler may raise here: nothing is held meanwhile.
        """
        self._ended.wait()
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """Ends it: no new work, waits end at once, an ingest after the batch that it stores."""
        self._stop.request()
        self._wake.set()
        for _ in self._threads:
            self._queue.put(None)
        end = time.monotonic() + GRACE
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        if self._file_lock.is_locked:
            self._note(pid=None)
            self._file_lock.release(force=True)

    def sources(self) -> tuple[SourceStatus, ...]:
        """How every source is now, in the list's order."""
        with self._lock:
            return tuple(watched.status for watched in self._watched)

    # -- planning ----------------------------------------------------------------------

    def _planned(self) -> list[_Watched]:
        """Every source with what is known of it from earlier watches."""
        earlier = read_status(self._home)
        known = {one.name: one for one in earlier.sources} if earlier else {}
        return [self._first(source, known.get(source.name)) for source in self._watchlist.sources]

    def _first(self, source: Source, known: SourceStatus | None) -> _Watched:
        fresh = SourceStatus(source.name, source.kind.value)
        status = known if known is not None and known.kind == source.kind else fresh
        past = Past(status.last_run.timestamp() if status.last_run else None, status.failures)
        due = now = self._clock()
        if not self._once:
            if source.kind is Kind.FOLDER:
                due = now + SETTLED
            else:
                due = first_run(now, source.interval, past, self._draw())
        return _Watched(source, replace(status, next_run=moment(due)), due)

    def _keep(self) -> None:
        """Hands out what is due, and gives signs of life."""
        beat = -math.inf
        try:
            while not self._stop.is_set():
                self._wake.clear()
                next_due = self._hand_out()
                if self._once and next_due == math.inf:
                    return
                now = self._clock()
                if not 0 <= now - beat < BEAT:
                    self._note(os.getpid())
                    beat = now
                self._wake.wait(min(max(next_due - now, 0.0), BEAT))
        except BaseException as error:
            log.exception("the watch failed")
            self._failure = error
        finally:
            self._ended.set()

    def _hand_out(self) -> float:
        """Gives the workers what is due; returns when the next is, infinity if none ever is."""
        next_due = math.inf
        with self._lock:
            now = self._clock()
            if (back := self._seen - now) > 0:  # the clock was put back: what waits goes on waiting
                for watched in self._watched:
                    watched.due -= back
            self._seen = now
            for watched in self._watched:
                if watched.at_work:
                    next_due = min(next_due, now + BEAT)
                elif watched.due <= now:
                    watched.at_work = True
                    self._queue.put(watched)
                    next_due = min(next_due, now + BEAT)
                else:
                    next_due = min(next_due, watched.due)
        return next_due

    def _notice(self) -> None:
        """Makes folders due in which something has changed."""
        folders = [s.place for s in self._watchlist.sources if s.kind is Kind.FOLDER]
        if not folders:
            return
        for changed in changed_folders(folders, self._stop, self._home):
            with self._lock:
                for watched in self._watched:
                    if watched.source.place in changed:
                        watched.again = watched.at_work
                        watched.due = min(watched.due, self._clock())
            self._wake.set()

    # -- working -----------------------------------------------------------------------

    def _work(self) -> None:
        while (watched := self._queue.get()) is not None:
            try:
                self._look(watched)
            except Stopped:
                return

    def _look(self, watched: _Watched) -> None:
        self._stop.check()
        source = watched.source
        status = look(self._pipeline, source, watched.status, self._stop.check, self._clock)
        with self._lock:
            now = self._clock()
            due = next_run(now, source.interval, status.failures, self._draw())
            if self._once:
                due = math.inf
            elif watched.again:
                due = now
            watched.status = replace(status, next_run=None if self._once else moment(due))
            watched.due, watched.at_work, watched.again = due, False, False
        self._tell(watched.status)
        self._note(os.getpid())
        self._wake.set()

    def _tell(self, status: SourceStatus) -> None:
        with self._telling:
            try:
                self._heard(status)
            except Exception:  # a terminal that is gone must not end the watch
                log.warning("a run could not be told", exc_info=True)

    def _note(self, pid: int | None) -> None:
        with self._lock:
            if pid is not None and self._stop.is_set():
                return  # the last word is stop's
            sources = tuple(watched.status for watched in self._watched)
            file = str(self._watchlist.path)
            try:
                write_status(self._home, WatchStatus(file, self._since, self._now(), pid, sources))
            except OSError as error:
                log.warning("the status of the watch can't be written (%s)", error.strerror)

    def _now(self) -> datetime:
        return moment(self._clock())
