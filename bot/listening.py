"""Whether anybody still waits for an answer: who leaves ends the work, wherever it stands."""

import threading
from collections.abc import Callable


class Left(BaseException):
    """Nobody listens any longer; no error, so nothing that catches errors takes it for one."""


class Listener:
    """Somebody who may leave, once. For any thread."""

    def __init__(self) -> None:
        self._left = threading.Event()
        self._lock = threading.Lock()
        self._endings: list[Callable[[], None]] = []

    @property
    def gone(self) -> bool:
        """Whether nobody listens any longer."""
        return self._left.is_set()

    def leave(self) -> None:
        """Ends what is done for this listener, in whatever thread."""
        with self._lock:
            self._left.set()
            endings, self._endings = self._endings, []
        for end in endings:
            end()

    def on_leaving(self, end: Callable[[], None]) -> None:
        """Has `end` called in the thread of who leaves; at once, if that was before."""
        with self._lock:
            if not self._left.is_set():
                self._endings.append(end)
                return
        end()

    def check(self) -> None:
        """Left if nobody listens any longer."""
        if self._left.is_set():
            raise Left

    def sleep(self, seconds: float) -> None:
        """Sleeps so long; Left as soon as nobody listens any longer."""
        if self._left.wait(seconds):
            raise Left
