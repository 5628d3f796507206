"""Work whose n-th statement fails.

Statements count from 1, on all connections of a process, a backup's too: those that work gives to
SQLite, and those that SQLite gives itself for them, as for full text also inside a COMMIT.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def failing(at: int, own: sqlite3.Connection) -> Iterator[None]:
    """Inside, a statement of this process fails, of `own` or of a connection that is made."""

    def fail(connection: sqlite3.Connection) -> None:
        connection.set_progress_handler(lambda: 1, 1)  # not `interrupt`: ROLLBACK would fail too

    with _when_begun(at, fail, own):
        yield


@contextmanager
def _when_begun(
    at: int, then: Callable[[sqlite3.Connection], None], *own: sqlite3.Connection
) -> Iterator[None]:
    connect, left = sqlite3.connect, at

    def count(connection: sqlite3.Connection) -> sqlite3.Connection:
        def begin(statement: str) -> None:
            nonlocal left
            left -= 1
            connection.set_progress_handler(None, 1)  # what failed before is over
            if left == 0:
                then(connection)

        connection.set_trace_callback(begin)
        return connection

    def connected(*args: Any, **options: Any) -> sqlite3.Connection:
        return count(connect(*args, **options))

    sqlite3.connect = connected  # type: ignore[assignment]
    for connection in own:
        count(connection)
    try:
        yield
    finally:
        sqlite3.connect = connect
        for connection in own:
            connection.set_trace_callback(None)
            connection.set_progress_handler(None, 1)
