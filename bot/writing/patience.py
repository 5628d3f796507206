"""How long one waits for a chat model: for its first word, then for each further one.

The client's own timeout counts from byte to byte, and a server that keeps its connection alive
sends some for ever. Whoever has waited long enough leaves, as a reader would.
"""

import threading
import time
from typing import Self

from bot.listening import Listener


class Patience:
    """A listener who leaves with another one, or once nothing has come for too long."""

    def __init__(self, heard: Listener, seconds: float) -> None:
        self.listener = Listener()
        self._ends = time.monotonic() + seconds
        self._over = threading.Event()
        heard.on_leaving(self.listener.leave)
        self._watching = threading.Thread(target=self._watch, daemon=True)

    def renew(self, seconds: float) -> None:
        """Something has come: waits so long for the next."""
        self._ends = time.monotonic() + seconds

    def __enter__(self) -> Self:
        self._watching.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()

    def _watch(self) -> None:
        while (left := self._ends - time.monotonic()) > 0:
            if self._over.wait(left):
                return
        self.listener.leave()
