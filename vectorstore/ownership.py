"""Who may write to Chroma: one process of a home at a time, by a lock that dies with its holder.

The owner keeps Chroma in step with the catalogue. A store in the home is opened by the owner
alone; a server is asked by everybody. Whoever can't ask Chroma searches the catalogue's vectors
exactly, and all write through the catalogue; the owner picks that up.
"""

import logging
import threading
import uuid
from pathlib import Path
from typing import Protocol, Self

import numpy as np

from vectorstore import recall
from vectorstore.chroma import ChromaStore
from vectorstore.chroma_requests import ChromaServer
from vectorstore.chroma_server import ServerStore
from vectorstore.database import Database
from vectorstore.exact import ExactIndex, nearest_of
from vectorstore.live import live_of
from vectorstore.models import Vector
from vectorstore.passages import Passages, Seqs
from vectorstore.server_address import ServerAddress

PAUSE = 0.5  # seconds between looks at what is pending, and at a lock that somebody holds
LONGEST_PAUSE = 30.0  # seconds; after each failure the pause is twice as long
GROWN = 1.2  # times as many passages as at the last look at what Chroma finds
MANY_PENDING = 5_000  # above this, scoring what Chroma lacks costs more than scoring everything
_PURGE = "chroma_purge"

log = logging.getLogger(__name__)


class Store(Protocol):
    """Where Chroma keeps the passages: ChromaStore in the home, ServerStore on a server."""

    stop: threading.Event

    @property
    def patience(self) -> float | None:
        """Seconds that a write under way may take when the process leaves; None for any time."""
        ...

    @property
    def ready(self) -> bool:
        """Whether questions may use it."""
        ...

    @property
    def gave_up(self) -> str | None:
        """Why it isn't built any more unless somebody asks for it."""
        ...

    def open(self) -> str | None:
        """Opens it, if it isn't open; says in a few words why it can't be trusted."""
        ...

    def rebuild(self) -> bool:
        """Builds it anew; False if it was stopped before the end."""
        ...

    def sync(self) -> int:
        """Passes on a batch of what is pending; returns how much that was."""
        ...

    def query(self, question: Vector, k: int) -> Seqs:
        """The k nearest settled passages that are still live."""
        ...

    def ids(self) -> set[str]:
        """Every chunk id that it holds."""
        ...

    def doubt(self, error: Exception) -> None:
        """Hears that a question or a sync has failed."""
        ...

    def distrust(self) -> None:
        """Gives it up, so that it is rebuilt next."""
        ...

    def discard(self) -> bool:
        """Removes it with all that it holds; says whether nothing is left."""
        ...

    def close(self) -> None:
        """Lets it go."""
        ...


class OwnedIndex:
    """A DenseIndex that uses Chroma where this process may, and exact search otherwise."""

    def __init__(
        self,
        home: Path,
        database: Database,
        exact: ExactIndex,
        server: ServerAddress | None = None,
    ) -> None:
        from filelock import FileLock

        self._root = home / "chroma"
        self._lock = FileLock(self._root / "lock", thread_local=False)
        self._store: Store = (
            ServerStore(self._root, database, ChromaServer(server))
            if server
            else ChromaStore(self._root, database)
        )
        self._database = database
        self._passages = Passages(database)
        self._exact = exact
        self._thread: threading.Thread | None = None
        self._trouble: str | None = None
        self._doubted: Exception | None = None  # what the store has not heard of yet
        self._settled = -1  # the generation up to which Chroma may know more than a snapshot
        self._left_alone = False  # whether Chroma isn't even tried
        self._looked_at = 0  # passages when its recall was last looked at
        self._misses = False  # whether that was too low

    @property
    def owns(self) -> bool:
        """Whether this process holds the lock."""
        return self._lock.is_locked

    @property
    def store(self) -> Store:
        """The store itself, for a check of what it holds."""
        return self._store

    @property
    def trouble(self) -> str | None:
        """Why Chroma isn't used, in a few words, if that won't pass by itself or didn't yet."""
        return self._trouble or self._store.gave_up

    def nearest(self, question: Vector, k: int, among: Seqs | None = None) -> Seqs:
        """See DenseIndex. Filters are scored exactly: Chroma's own are slow (docs/decisions.md)."""
        if among is not None or self._misses or not self._serves():
            return self._exact.nearest(question, k, among)
        if self._passages.pending_count() > MANY_PENDING:
            return self._exact.nearest(question, k)
        pending, retired = self._passages.pending_seqs(), self._passages.retired_pending()
        try:
            settled = self._store.query(question, k + retired)
        except Exception as error:  # whatever Chroma raises must not cost an answer
            if self._store.ready:  # else it was closed meanwhile
                self._failed(error)
            return self._exact.nearest(question, k)
        self._recovered()
        seqs, vectors = self._passages.vectors(pending)
        return np.union1d(settled, nearest_of(question, seqs, vectors, k))

    def _serves(self) -> bool:
        """Whether Chroma holds what this thread's snapshot of the catalogue does."""
        return (
            self._doubted is None
            and self._store.ready
            and self._database.note(_PURGE) is None
            and self._settled <= self._database.generation
        )

    def own(self) -> bool:
        """Takes the lock if nobody holds it; says whether this process has it now.

        If the folder or the lock can't be used at all, that is the `trouble`.
        """
        from filelock import Timeout

        try:
            self._root.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        except OSError as error:
            self._tell(f"{self._root} can't be used ({error.strerror or error})")
            return False
        return True

    def catch_up(self, again: bool = False) -> bool:
        """As the owner: opens or rebuilds Chroma and passes on everything pending.

        `again` tries even if building it has taken processes down. False if it was stopped before
        the end, or failed: then questions go on exactly and `trouble` says why.
        """
        self._left_alone = False
        self._hear()
        try:
            self._purge()
            if (reason := self._store.open()) is not None:
                self._left_alone = not again and self._store.gave_up is not None
                if self._left_alone:
                    return False
                log.info("Chroma is built from the catalogue: %s", reason)
                if not self._store.rebuild():
                    return False
            while not self._store.stop.is_set():
                self._settled = self._database.generation
                if not self._store.sync():
                    self._recovered()
                    self._look()
                    return True
        except Exception as error:  # a full disk, a broken store, a server that is away
            self._failed(error)
            self._hear()
        return False

    def _look(self) -> None:
        """Sees whether Chroma finds what is nearest, when it has grown much since the last look."""
        with self._database.snapshot():
            live = live_of(self._database).state().seqs
            if not recall.FEW <= len(live) <= recall.MOST or len(live) < GROWN * self._looked_at:
                return
            self._looked_at = len(live)
            found = recall.recall(self._store.query, self._exact, self._passages, live)
        self._misses = found < recall.ENOUGH
        if self._misses:
            log.info("Chroma finds %.3f of what is nearest: questions are answered exactly", found)

    def purge(self) -> bool:
        """Sees to it that Chroma keeps no byte of what was deleted: it is built anew.

        True if that is done, and questions are exact until somebody catches up. False if it is
        left to another process, or to the next owner; until then questions are exact as well.
        What a server's own files keep of a collection it has dropped are numbers, no words.
        """
        self._database.set_note(_PURGE, uuid.uuid4().hex)
        if not self.own():
            return False
        try:
            self._purge()
        except Exception as error:
            self._failed(error)
            self._hear()
            return False
        return True

    def keep_in_step(self) -> Self:
        """Starts a thread that owns Chroma as soon as it can and keeps it in step."""
        self._thread = threading.Thread(target=self._keep, name="chroma", daemon=True)
        self._thread.start()
        return self

    def close(self) -> None:
        """Stops the thread, closes Chroma cleanly, lets the lock go."""
        self._store.stop.set()
        if self._thread is not None:
            self._thread.join(self._store.patience)
        self._store.close()
        self._lock.release(force=True)

    def _keep(self) -> None:
        pause = PAUSE
        while not self._store.stop.is_set():
            self._hear()
            failed = (self.owns or self.own()) and not self.catch_up()
            if self._left_alone:  # so that `beleg doctor` can try
                self._lock.release(force=True)
            pause = min(2 * pause, LONGEST_PAUSE) if failed else PAUSE
            self._store.stop.wait(pause)

    def _failed(self, error: Exception) -> None:
        """Tells it once. The store hears of it later: a question must not write."""
        self._tell(str(error) or type(error).__name__, error)
        self._doubted = error

    def _hear(self) -> None:
        """Lets the store hear of a failure."""
        error, self._doubted = self._doubted, None
        if error is None:
            return
        try:
            self._store.doubt(error)
        except Exception as refused:
            log.warning("Chroma can't be given up: %s", refused)
            log.debug("the failure of the mark", exc_info=True)

    def _tell(self, reason: str, error: Exception | None = None) -> None:
        if reason != self._trouble:
            log.warning("Chroma isn't used for now: %s", reason)
            log.debug("the failure of Chroma", exc_info=error)
        self._trouble = reason

    def _recovered(self) -> None:
        if self._trouble is not None:
            log.warning("Chroma is used again")
        self._trouble = None

    def _purge(self) -> None:
        """Does what a purge has asked for, if one has; else raises what the store does."""
        asked = self._database.note(_PURGE)
        if asked is None:
            return
        if not self._store.discard():
            raise OSError(f"files in {self._root} can't be removed")
        with self._database.write(content=False) as connection:  # another may have come meanwhile
            query = "DELETE FROM meta WHERE key = ? AND value = ?"
            connection.execute(query, (_PURGE, asked))
