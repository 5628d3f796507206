"""Where passages are read for a question: here, or in a second process if there is one.

Threads that read at once share Python's lock and take half as long again in all
(benchmarks/warm.py). So of each reader one question at a time is read for; the others queue.
"""

from queue import Empty, SimpleQueue

from vectorstore import reading
from vectorstore.database import Database
from vectorstore.models import Hit
from vectorstore.passages import Passages
from vectorstore.reading import Wanted
from vectorstore.second_reader import SecondReader


class Readers:
    """This process, and `second` if there is one, which is started when it is first missed."""

    def __init__(self, database: Database, second: SecondReader | None = None) -> None:
        self._database = database
        self._passages = Passages(database)
        self._second = second
        self._free: SimpleQueue[SecondReader | None] = SimpleQueue()
        self._free.put(None)

    def read(self, wanted: Wanted) -> list[Hit]:
        """See reading.read; of the moment that this thread's snapshot sees."""
        reader = self._next()
        try:
            if reader is not None:
                found = reader.read(wanted, self._database.generation)
                if found is not None:
                    return found
            return reading.read(self._passages, wanted)
        finally:
            if reader is None or reader.alive:
                self._free.put(reader)

    def close(self) -> None:
        """Ends the second one."""
        if self._second is not None:
            self._second.close()

    def _next(self) -> SecondReader | None:
        """The next one that is free; None is this process."""
        try:
            return self._free.get_nowait()
        except Empty:
            second = self._second
            if second is not None:
                second.start(lambda: self._free.put(second))
            return self._free.get()
