"""Processes that are asked to leave while they keep Chroma in step, as `beleg` is."""

import os
import signal
import sys
import time
from pathlib import Path

from bot.cli.main import _leave
from tests.support.kill_work import Notebook, Open


def syncing(home: Path, notes: Path) -> None:
    """Passes on what is pending, as `beleg ingest` does at its end; then waits for a signal."""
    _listen_to_signals()
    here = Open.at(home)
    try:
        assert here.index.own()
        assert here.index.store.open() is None  # a signal just then would cost a rebuild
        Notebook(notes).write("owns")
        here.index.catch_up()
        time.sleep(60)
    finally:
        here.close()


def serving(home: Path, notes: Path) -> None:
    """Lets a thread keep Chroma in step, as `beleg bot` does, until a signal comes."""
    _listen_to_signals()
    here = Open.at(home)
    try:
        here.index.keep_in_step()
        Notebook(notes).write("owns")
        time.sleep(60)
    finally:
        here.close()


def leave_twice(err: Path) -> None:
    """Is asked to leave by two signals at once; what it says of that goes into a file."""
    os.dup2(os.open(err, os.O_WRONLY | os.O_CREAT), sys.stderr.fileno())
    both = {signal.SIGTERM, signal.SIGINT}
    _listen_to_signals()
    signal.pthread_sigmask(signal.SIG_BLOCK, both)
    for number in both:
        os.kill(os.getpid(), number)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, both)


def _listen_to_signals() -> None:
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)


def doubt(home: Path) -> str | None:
    """Why the next owner would have to rebuild Chroma; None if it opens as it is."""
    here = Open.at(home)
    try:
        assert here.index.own()
        return here.index.store.open()
    finally:
        here.close()
