"""How long and how much a chat model's server may send: the client's timeout is for one read only.

A server that drips a byte now and then would hold an answer up for ever, and its memory with it.
"""

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

MOST_BYTES = 4_000_000  # of a response: tokens come in some 300 bytes of JSON each


def bounding(seconds: Callable[[], float]) -> "Callable[[httpx.Response], None]":
    """A hook of httpx's for responses: they fail with ReadTimeout after `seconds()`, or if long."""
    import httpx

    class Bounded(httpx.SyncByteStream):
        def __init__(self, response: httpx.Response) -> None:
            assert isinstance(response.stream, httpx.SyncByteStream)
            self._inner, self._request = response.stream, response.request
            self._end = time.monotonic() + seconds()

        def __iter__(self) -> Iterator[bytes]:
            count = 0
            for data in self._inner:
                count += len(data)
                if count > MOST_BYTES or time.monotonic() > self._end:
                    raise httpx.ReadTimeout("the reply doesn't end", request=self._request)
                yield data

        def close(self) -> None:
            self._inner.close()

    def bound(response: httpx.Response) -> None:
        response.stream = Bounded(response)

    return bound
