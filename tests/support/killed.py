"""Work in a process of its own that kills itself, as `kill -9` would, as a statement begins."""

import multiprocessing
import os
import signal
import sqlite3
from collections.abc import Callable
from typing import Any


def killed(at: int, work: Callable[..., object], *args: object) -> bool:
    """Does `work`, a module's function, and says whether it was killed.

    That is as it begins its statement number `at`, from 1: one of those that it gives to SQLite
    or of those that SQLite gives itself for them, inside a COMMIT too. Shorter work is done.
    """
    context = multiprocessing.get_context("forkserver")  # takes 20 ms; "spawn" takes a second
    context.set_forkserver_preload([work.__module__, "chromadb"])
    process = context.Process(target=_until, args=(at, work, *args))
    process.start()
    process.join()
    code = process.exitcode
    process.close()
    assert code in (0, -signal.SIGKILL), f"{work.__name__} ended with {code}"
    return code != 0


def _until(at: int, work: Callable[..., object], *args: object) -> None:
    connect, left = sqlite3.connect, at

    def begin(statement: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def observed(*args: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*args, **options)
        connection.set_trace_callback(begin)
        return connection

    sqlite3.connect = observed  # type: ignore[assignment]  # in this process only
    work(*args)
