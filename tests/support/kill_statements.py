"""A process that dies at its n-th SQL statement.

All connections count, of all threads, and so do the statements that FTS5 runs underneath. The end
of every write counts, too: there the transaction is durable and nobody has been told yet.
"""

import os
import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.support.kill_processes import elsewhere, ended, forked
from vectorstore.schema import Database


def statements(work: Callable[..., None], *args: Any) -> list[str]:
    """What a whole run of work(*args) executes, in order, in a process of its own."""
    found: list[str] = elsewhere(_listened, work, *args)
    return found


def killed_at(number: int, work: Callable[..., None], *args: Any) -> bool:
    """Runs work(*args) in a process that dies before its n-th statement (from 1).

    False if it came to its end without.
    """
    with forked(_struck, number, work, *args) as process:
        code = ended(process)
    assert code in (0, -signal.SIGKILL), f"exit code {code}"
    return code != 0


def _listened(work: Callable[..., None], *args: Any) -> list[str]:
    heard: list[str] = []
    _listen(heard.append)
    work(*args)
    return heard


def _struck(number: int, work: Callable[..., None], *args: Any) -> None:
    counted = 0
    guard = threading.Lock()

    def count(statement: str) -> None:
        nonlocal counted
        with guard:
            counted += 1
            if counted == number:
                os.kill(os.getpid(), signal.SIGKILL)

    _listen(count)
    work(*args)


def _listen(heard: Callable[[str], None]) -> None:
    """Lets every connection of this process tell what it is about to execute."""
    connect, write = Database._connect, Database.write

    def connected(database: Database) -> sqlite3.Connection:
        connection = connect(database)
        connection.set_trace_callback(heard)
        return connection

    @contextmanager
    def written(database: Database, *args: Any, **more: Any) -> Iterator[sqlite3.Connection]:
        with write(database, *args, **more) as connection:
            yield connection
        heard("(committed)")

    Database._connect = connected  # type: ignore[method-assign]
    Database.write = written  # type: ignore[method-assign,assignment]
