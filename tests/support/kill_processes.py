"""Processes that are there to be killed: forked in milliseconds from one that has all imported.

That one is multiprocessing's fork server. It has a single thread and never opens a home, so what
it forks is as good as a process of its own. Functions are named, not sent: they stand in modules.
"""

import multiprocessing
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

PATIENCE = 90.0  # seconds after which a process that says nothing is given up

FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(["tests.support.kill_preload"])


class Died(Exception):
    """A process ended without an answer; `code` as `Process.exitcode` has it."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"the process died: {ending(code)}")
        self.code = code


def ending(code: int | None) -> str:
    """How a process ended, in words."""
    if code is None:
        return "not yet"
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


@contextmanager
def forked(function: Callable[..., None], *args: Any) -> Iterator[BaseProcess]:
    """A process at work on function(*args); killed at the end if it is still there."""
    process = FORKED.Process(target=function, args=args)
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join()
        process.close()


def ended(process: BaseProcess, timeout: float = PATIENCE) -> int:
    """Waits for the end of a process; its exit code, negative if a signal ended it."""
    process.join(timeout)
    assert process.exitcode is not None, f"still at work after {timeout:.0f} s"
    return process.exitcode


def elsewhere(function: Callable[..., Any], *args: Any) -> Any:
    """What a function returns in a process of its own; Died if it has no chance to."""
    ours, theirs = FORKED.Pipe(duplex=False)
    with ours, forked(_answer, theirs, function, *args) as process:
        theirs.close()
        try:
            found = ours.recv() if ours.poll(PATIENCE) else None
        except EOFError:
            found = None
        process.join(PATIENCE)
        if found is None:
            raise Died(process.exitcode)
        return found[0]


def _answer(wire: Connection, function: Callable[..., Any], *args: Any) -> None:
    wire.send((function(*args),))
    wire.close()
