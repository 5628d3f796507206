"""So many at once, the others in the order in which they came."""

import os
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class InTurn:
    """Lets `most` threads in at a time; who comes later never gets in before who waits.

    By default one more than there are processors. Of eight questions at once in no order the
    slowest took 5.4 times as long as alone, in turn 3.9 times (benchmarks/warm.py, before a
    follow-up's two looks were taken at once).
    """

    def __init__(self, most: int | None = None) -> None:
        self._free = most or 1 + (os.cpu_count() or 1)
        self._waiting: deque[threading.Event] = deque()
        self._guard = threading.Lock()

    @contextmanager
    def let_in(self) -> Iterator[None]:
        """Waits for a place and keeps it."""
        self._wait()
        try:
            yield
        finally:
            with self._guard:
                if self._waiting:
                    self._waiting.popleft().set()  # the place goes on to the next
                else:
                    self._free += 1

    def _wait(self) -> None:
        with self._guard:
            if self._free:
                self._free -= 1
                return
            called = threading.Event()
            self._waiting.append(called)
        called.wait()
