"""A chat model's connection ends with its listener, even while the server sends nothing.

A thread that waits for a socket looks at nothing else: whoever leaves shuts the socket down from
outside. httpcore shows the sockets it opens to a request's "trace"; so that each request opens one,
none is kept for the next. Connecting itself isn't cut short: the client's timeout bounds it.
"""

import socket
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from bot.listening import Listener

if TYPE_CHECKING:
    import httpx

Piece = TypeVar("Piece")

_OPENED = ("connect_tcp.complete", "connect_unix_socket.complete", "start_tls.complete")


class _Heard(threading.local):
    """For whom this thread reads at the moment."""

    listener: Listener | None = None


_heard = _Heard()


def hanging_up(pieces: Iterable[Piece], listener: Listener) -> Iterator[Piece]:
    """The pieces as they arrive by a client that heeds; Left as soon as the listener has left."""
    arriving = iter(pieces)
    while True:
        listener.check()
        _heard.listener = listener
        try:
            piece = next(arriving)
        except StopIteration:
            return
        except Exception:
            listener.check()  # it is no failure that the connection was closed
            raise
        finally:
            _heard.listener = None
        yield piece


def heed(request: "httpx.Request") -> None:
    """A hook of httpx's for requests, sent while this thread reads for somebody who may leave."""
    if _heard.listener is not None:
        request.headers["Connection"] = "close"
        request.extensions["trace"] = partial(_traced, _heard.listener)


def _traced(listener: Listener, name: str, told: Mapping[str, Any]) -> None:
    if name.endswith(_OPENED):
        opened = told["return_value"].get_extra_info("socket")
        if isinstance(opened, socket.socket):
            listener.on_leaving(partial(_shut, opened))


def _shut(opened: socket.socket) -> None:
    with suppress(OSError):  # it is closed already
        socket.socket.shutdown(opened, socket.SHUT_RDWR)  # TLS's own would disturb who reads
