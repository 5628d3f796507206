"""Work in a process of its own that kills itself, as `kill -9` would, at one of its steps.

A step is whatever it does to files (opens, renames, links, removes) or has SQLite do.
"""

import multiprocessing
import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from typing import Any

STEPS = {
    *("open", "os.rename", "os.remove", "os.link", "os.mkdir", "shutil.copyfile"),
    *("os.chmod", "shutil.copymode", "sqlite3.connect"),
}


def killed_at(step: int, work: Callable[..., object], *args: object) -> bool:
    """Does `work`, a module's function; says whether it was killed before the end."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([work.__module__])
    process = context.Process(target=_until, args=(step, work, *args))
    process.start()
    process.join()
    code = process.exitcode
    process.close()
    assert code in (0, -signal.SIGKILL), f"{work.__name__} ended with {code}"
    return code != 0


def _until(step: int, work: Callable[..., object], *args: object) -> None:
    connect, left = sqlite3.connect, step

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def hear(event: str, _: object) -> None:
        if event in STEPS:
            count()

    def observed(*args: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*args, **options)
        connection.set_trace_callback(count)
        return connection

    sqlite3.connect = observed  # type: ignore[assignment]  # in this process only
    sys.addaudithook(hear)
    work(*args)
    os._exit(0)  # what ends a process is none of its steps
