"""A Chroma that takes its process down, as a broken one does."""

import multiprocessing
import os
import signal
from pathlib import Path
from typing import Any

from tests.support.store import open_home, units
from vectorstore import chroma

_PROCESSES = multiprocessing.get_context("forkserver")  # takes 20 ms; "spawn" takes a second


def falls_in_another_process(home: Path, at: str) -> bool:
    """Whether a process that owns a home falls when it opens, builds or asks its Chroma."""
    _PROCESSES.set_forkserver_preload([__name__, "chromadb"])
    worker = _PROCESSES.Process(target=_fall, args=(home, at))
    worker.start()
    worker.join(60)
    if worker.is_alive():
        worker.kill()
        worker.join()
    return worker.exitcode == -signal.SIGSEGV


def _fall(home: Path, at: str) -> None:
    def fall(*args: Any) -> Any:
        os.kill(os.getpid(), signal.SIGSEGV)

    _, _, index = open_home(home)
    assert index.own()
    if at == "open":
        chroma.open_collection = fall
    elif at == "build":
        chroma._upsert = fall
    assert index.catch_up()
    chroma._nearest = fall
    index.nearest(units(1)[0], 3)
