"""Work that is cut off as a statement begins: its process is killed, or the statement fails.

Statements count from 1, on all connections of a process, a backup's too: those that work gives to
SQLite, and those that SQLite gives itself for them, as for full text also inside a COMMIT.
"""

import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.support.kill_processes import ended, forked


def killed(at: int, work: Callable[..., object], *args: Any) -> bool:
    """Does `work`, a module's function, in a process that kills itself at a statement.

    Says whether it did: shorter work is done.
    """
    with forked(_until, at, work, *args) as process:
        code = ended(process)
    assert code in (0, -signal.SIGKILL), f"{work.__name__} ended with {code}"
    return code != 0


def _until(at: int, work: Callable[..., object], *args: Any) -> None:
    with _when_begun(at, lambda connection: os.kill(os.getpid(), signal.SIGKILL)):
        work(*args)


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
