"""A process that dies at its n-th step: before a statement of SQLite's or a change to files.

All connections count, of all threads, and so do the statements that FTS5 runs underneath. The end
of every write counts, too: there the transaction is durable and nobody has been told yet.
"""

import os
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.support.kill_processes import elsewhere, ended, forked
from vectorstore.database import Database

COMMITTED = "(committed)"
FILES = {"os.rename", "os.remove", "os.link", "os.mkdir", "os.rmdir", "os.truncate", "os.chmod"}
"""What Python tells its audit hooks of; an `open` counts if it is to write."""


def statements(work: Callable[..., None], *args: Any) -> list[str]:
    """The steps of a whole run of work(*args), in order, in a process of its own."""
    found: list[str] = elsewhere(_listened, work, *args)
    return found


def killed_at(number: int, work: Callable[..., None], *args: Any) -> bool:
    """Runs work(*args) in a process that dies before its n-th step (from 1).

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
    return list(heard)


def _struck(number: int, work: Callable[..., None], *args: Any) -> None:
    counted = 0
    guard = threading.RLock()

    def count(statement: str) -> None:
        nonlocal counted
        with guard:
            counted += 1
            if counted == number:
                os.kill(os.getpid(), signal.SIGKILL)

    _listen(count)
    work(*args)
    os._exit(0)  # what ends a process is none of its steps


def _listen(heard: Callable[[str], None]) -> None:
    """Lets this process tell what it is about to do, for the rest of its life."""
    connect, write = sqlite3.connect, Database.write

    def connected(*args: Any, **more: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*args, **more)
        connection.set_trace_callback(heard)
        return connection

    @contextmanager
    def written(database: Database, *args: Any, **more: Any) -> Iterator[sqlite3.Connection]:
        with write(database, *args, **more) as connection:
            yield connection
        heard(COMMITTED)

    def changes(event: str, args: tuple[Any, ...]) -> None:
        if event in FILES:
            heard(f"{event} {args[0]}")
        elif event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR):
            heard(f"open {args[0]}")

    sqlite3.connect = connected  # type: ignore[assignment]
    Database.write = written  # type: ignore[method-assign,assignment]
    sys.addaudithook(changes)
