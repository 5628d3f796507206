"""An HTTP server on the loopback interface that runs in a thread while its block lasts."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class LoopbackServer(ThreadingHTTPServer):
    """Handlers find what they serve in `owner`; who hangs up is told to `hung_up`."""

    daemon_threads = True

    def __init__(
        self,
        handler: type[BaseHTTPRequestHandler],
        owner: Any,
        hung_up: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.owner = owner
        self._hung_up = hung_up

    @property
    def port(self) -> int:
        """The port on 127.0.0.1."""
        return int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients may hang up: that is what many of the tests are about."""
        self._hung_up()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Serves in a thread of its own until the block is left."""
        thread = threading.Thread(target=self.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield
        finally:
            self.shutdown()
            self.server_close()
            thread.join()
