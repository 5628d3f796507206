"""Work done ahead in another thread: reading goes on while what was read is being embedded."""

from collections.abc import Generator, Iterator
from queue import Full, Queue
from threading import Event, Thread
from typing import TypeVar

T = TypeVar("T")

LEAVE = 1.0  # seconds that a reader gets to end; in the midst of a slow fetch it is left behind
_PATIENCE = 0.1  # seconds after which a full queue is tried again, in case nobody wants more


class _End:
    """The end of what was read, and the error that it ended with, if any."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def read_ahead(items: Iterator[T], most: int = 1) -> Generator[T, None, None]:
    """The same items; up to `most` more are taken from `items` while one is being used.

    What `items` raises is raised here, in its place. Whoever stops early stops the reading.
    """
    queue: Queue[T | _End] = Queue(most)
    unwanted = Event()
    reader = Thread(target=_fill, args=(items, queue, unwanted), name="reading", daemon=True)
    reader.start()
    try:
        while not isinstance(item := queue.get(), _End):
            yield item
        if item.error is not None:
            raise item.error
    finally:
        unwanted.set()
        reader.join(LEAVE)


def _fill(items: Iterator[T], queue: "Queue[T | _End]", unwanted: Event) -> None:
    error: BaseException | None = None
    try:
        for item in items:
            if not _put(item, queue, unwanted):
                break
    except BaseException as raised:
        error = raised
    _put(_End(error), queue, unwanted)


def _put(item: T, queue: "Queue[T]", unwanted: Event) -> bool:
    """Waits for room, unless nobody wants the item any more; says whether it was put."""
    while not unwanted.is_set():
        try:
            queue.put(item, timeout=_PATIENCE)
        except Full:
            continue
        return True
    return False
