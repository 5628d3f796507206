"""Memory that is clean when it is handed out, for a library that writes out what it didn't fill.

Chroma's graph is a block of memory with room to spare, written to its file whole: what was in
that memory before, a deleted article or a bot's token, would lie in the home (docs/decisions.md).
"""

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_PERTURB = -6  # glibc's M_PERTURB: malloc fills what it hands out, and free what it gets back
_FILLING = 0xA5

_guard = threading.Lock()
_inside = 0


@contextmanager
def clean_memory() -> Iterator[None]:
    """Memory that is got inside, by any thread, holds nothing of what was there before.

    Costs embedding a tenth of its time, so it isn't on for good. Only glibc can do it; elsewhere
    nothing changes.
    """
    global _inside
    with _guard:
        _inside += 1
        if _inside == 1:
            _perturb(_FILLING)
    try:
        yield
    finally:
        with _guard:
            _inside -= 1
            if _inside == 0:
                _perturb(0)


def _perturb(byte: int) -> None:
    try:
        ctypes.CDLL(None).mallopt(_PERTURB, byte)
    except (OSError, AttributeError, TypeError):  # musl, macOS, Windows
        return
