"""Where a question is read for: here, or in a second process if there is one.

Threads that read at once share Python's lock and take half as long again in all. So each reader
reads for one question at a time, and when several are at work it is the second process that reads,
while this one encodes and searches for the next: eight askers get 1.4 to 1.6 times as many answers
as one (benchmarks/warm.py).
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from vectorstore.database import Database
from vectorstore.models import Hit
from vectorstore.reading import Reader, Wanted
from vectorstore.second_reader import SecondReader

MISSED = 3  # times that a question has to wait before there is a second reader
QUEUE = 1  # questions that wait for the second reader while this one is free
LONGEST = 0.05  # seconds that they do; reading takes 25 ms


class Readers:
    """This process, and `second` if there is one, which is started once it was often missed."""

    def __init__(self, database: Database, second: SecondReader | None = None) -> None:
        self._database = database
        self._here = Reader(database)
        self._second = second
        self._change = threading.Condition()
        self._here_free = True
        self._second_free = False  # until it is ready
        self._second_busy = False
        self._waiting = 0
        self._missed = 0

    def read(self, wanted: Wanted) -> list[Hit]:
        """See Reader; of the moment that this thread's snapshot sees."""
        second = self._next()
        if second is not None:
            try:
                found = second.read(wanted, self._database.generation)
            finally:
                self._back(second)
            if found is not None:
                return found
            self._wait_here()
        try:
            return self._here.read(wanted)
        finally:
            self._back(None)

    def close(self) -> None:
        """Ends the second one."""
        if self._second is not None:
            self._second.close()

    def _next(self) -> SecondReader | None:
        """The second one, or None for this process, as soon as it is its turn."""
        if not self._here_free and self._second is not None:
            self._missed += 1
            if self._missed >= MISSED:  # a lone follow-up at the prompt isn't worth it
                self._second.start(self._ready)
        with self._change, self._counted():
            self._change.wait_for(lambda: self._second_free or self._goes_here(), LONGEST)
            self._change.wait_for(lambda: self._second_free or self._here_free)
            if self._goes_here() or not self._second_free:
                self._here_free = False
                return None
            self._second_free, self._second_busy = False, True
            return self._second

    def _wait_here(self) -> None:
        with self._change:
            self._change.wait_for(lambda: self._here_free)
            self._here_free = False

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1

    def _goes_here(self) -> bool:
        """Whether this process is to read, if it is free, rather than the second one."""
        return self._here_free and (not self._second_busy or self._waiting > QUEUE)

    def _back(self, second: SecondReader | None) -> None:
        with self._change:
            if second is None:
                self._here_free = True
            else:
                self._second_free, self._second_busy = second.alive, False
            self._change.notify_all()

    def _ready(self) -> None:
        with self._change:
            self._second_free = True
            self._change.notify_all()
