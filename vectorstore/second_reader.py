"""A second process that reads for questions, whose threads would wait for Python's lock.

It runs from when questions have waited for each other until its owner closes it, or dies: then
its pipe ends. It reads the same catalogue and is believed only if it sees the asker's moment.
Whatever goes wrong with it, the asker reads for itself.
"""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from vectorstore.models import Hit
from vectorstore.reading import Wanted

log = logging.getLogger(__name__)

PATIENCE = 10.0  # seconds for an answer; it takes hundredths
STARTING = 60.0  # seconds until it is ready; it reads what is live of a large catalogue first
_READY = "ready"


class SecondReader:
    """Reads for one asker at a time."""

    def __init__(self, catalogue: Path) -> None:
        self._catalogue = catalogue
        self._process: subprocess.Popen[bytes] | None = None
        self._waiting: threading.Thread | None = None
        self._starting = threading.Lock()
        self._ended = False
        self._ours, self._theirs = Pipe()

    def start(self, then: Callable[[], None]) -> None:
        """Starts it, if it never was; calls `then` in another thread as soon as it may be asked."""
        with self._starting:
            if self._process is None and not self._theirs.closed:
                try:
                    self._start(then)
                except OSError as error:  # no memory for another process, say
                    log.warning("Questions are answered by one process: %s", error)
                    self._theirs.close()

    def read(self, wanted: Wanted, generation: int) -> list[Hit] | None:
        """The best passages as `Reader.read` brings them.

        None if it sees another generation, couldn't read, or isn't there.
        """
        try:
            self._ours.send((wanted, generation))
            found: list[Hit] | None = self._received()
            return found
        except (EOFError, OSError) as error:
            if self.alive:
                log.warning("Questions are answered by one process from now on: %r", error)
            self._end()
            return None

    @property
    def alive(self) -> bool:
        """Whether it may be asked."""
        return self._process is not None and not self._ended

    def close(self) -> None:
        """Ends it."""
        with self._starting:
            self._end()
            self._theirs.close()
        if self._waiting is not None:
            self._waiting.join()
        if self._process is not None:
            self._process.wait()

    def _start(self, then: Callable[[], None]) -> None:
        end = self._theirs.fileno()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", __name__, str(end), str(self._catalogue)],
            pass_fds=[end],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
            start_new_session=True,  # Ctrl-C is its owner's, who ends it when all is answered
        )
        self._theirs.close()
        self._waiting = threading.Thread(target=self._wait, args=(then,), name="second-reader")
        self._waiting.start()

    def _wait(self, then: Callable[[], None]) -> None:
        try:
            if self._received(STARTING) == _READY:
                then()
        except (EOFError, OSError) as error:
            if self.alive:  # else it was closed
                log.warning("Questions are answered by one process: %r", error)
            self._end()

    def _received(self, patience: float = PATIENCE) -> Any:
        if not self._ours.poll(patience):
            raise TimeoutError("it doesn't answer")
        return self._ours.recv()

    def _end(self) -> None:
        self._ended = True
        if self._process is not None:
            self._process.kill()  # it holds nothing
        self._ours.close()


def serve(pipe: Connection, catalogue: Path) -> None:
    """Reads for whoever is at the other end, until that is closed."""
    from vectorstore.database import Database
    from vectorstore.reading import Reader

    database = Database(catalogue)
    reader = Reader(database)
    reader.warm_up()
    pipe.send(_READY)
    while True:
        try:
            wanted, generation = pipe.recv()
        except EOFError:
            return
        found = None
        try:
            with database.snapshot():
                if database.generation == generation:
                    found = reader.read(wanted)
        except Exception:  # the asker meets the same and says it
            log.debug("not read", exc_info=True)
        pipe.send(found)


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])), Path(sys.argv[2]))
