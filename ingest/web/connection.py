"""One request over one new connection to an address that the guard has checked.

Nothing outlives it: no cookie, no kept connection, and so no second look at the name. Import
this where it is used: httpcore takes a while to load.
"""

import socket
import ssl
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpcore

from ingest.web.addresses import IP, AddressGuard
from ingest.web.limits import Limits, inflated, metered
from vectorstore.errors import FetchError

if TYPE_CHECKING:
    from httpx import URL


class Interrupted(FetchError):
    """The network or the server failed on the way: another try may help, `after` some seconds."""

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


class Answer:
    """A status and headers whose body is still to be read, or left."""

    def __init__(self, response: httpcore.Response, limits: Limits) -> None:
        self.status: int = response.status
        self._response = response
        self._limits = limits

    def header(self, name: str) -> str | None:
        """The first header of this name, its bytes as Latin-1; None if there is none."""
        return next(iter(self._headers(name)), None)

    def pieces(self) -> Iterator[bytes]:
        """The body, decompressed, until a limit is reached: then FetchError."""
        sent = metered(self._response.iter_stream(), self._limits.wire)
        content = inflated(sent, ",".join(self._headers("Content-Encoding")))
        return metered(content, self._limits.body)

    def _headers(self, name: str) -> list[str]:
        wanted = name.lower().encode()
        found = [value for key, value in self._response.headers if key.lower() == wanted]
        return [value.decode("latin-1").strip() for value in found]


@contextmanager
def ask(
    address: "URL",
    headers: Mapping[str, str],
    guard: AddressGuard,
    limits: Limits,
    trust: ssl.SSLContext | None = None,
) -> Iterator[Answer]:
    """GET an http address, or https with the `trust` it takes; leaving closes the connection.

    Interrupted if the network or the server fails, FetchError if the guard refuses the host,
    the certificate is wrong or the answer costs more than the limits, also while it is read.
    """
    scheme, host = address.raw_scheme, address.raw_host
    port = address.port or (443 if scheme == b"https" else 80)
    target = httpcore.URL(scheme=scheme, host=host, port=port, target=address.raw_path)
    request = httpcore.Request(
        "GET",
        target,
        headers=[
            (b"Host", address.netloc),
            *((k.encode(), v.encode("latin-1", "replace")) for k, v in headers.items()),
        ],
        extensions={
            "timeout": {"connect": limits.connect, "read": limits.read, "write": limits.read}
        },
    )
    deadline = _Deadline(limits.total)
    connection = httpcore.HTTPConnection(
        target.origin, ssl_context=trust, network_backend=_CheckedNetwork(guard, deadline)
    )
    with _plain_errors(address.host), connection:
        response = connection.handle_request(request)
        try:
            yield Answer(response, limits)
        finally:
            response.close()


@contextmanager
def _plain_errors(host: str) -> Iterator[None]:
    try:
        yield
    except httpcore.TimeoutException as error:
        raise Interrupted("The site took too long to answer.") from error
    except httpcore.NetworkError as error:
        if isinstance(error.__cause__, ssl.SSLCertVerificationError):
            raise FetchError("The site's certificate is not valid for it.") from error
        raise Interrupted("The site can't be reached, or broke the connection off.") from error
    except httpcore.RemoteProtocolError as error:
        raise Interrupted("The site's answer is incomplete or no HTTP.") from error
    except httpcore.LocalProtocolError as error:
        raise FetchError("The address can't be asked for over HTTP.") from error
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise Interrupted(f"The host {host!r} can't be looked up at the moment.") from error
        raise FetchError(f"There is no host {host!r}.") from error


class _Deadline:
    """The moment at which one request has taken too long, however busy the line is."""

    def __init__(self, total: float) -> None:
        self._total = total
        self._end = time.monotonic() + total

    def within(self, timeout: float | None) -> float:
        """The seconds that one step may take; FetchError if none are left."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise FetchError(f"The answer took longer than {self._total:g} seconds.")
        return left if timeout is None else min(timeout, left)


class _CheckedNetwork(httpcore.NetworkBackend):
    """Connects to the addresses that the guard permits, and never looks a name up again."""

    def __init__(self, guard: AddressGuard, deadline: _Deadline) -> None:
        self._guard = guard
        self._deadline = deadline
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception | None = None
        for address in _both_kinds(self._guard.permitted(host, port)):
            try:
                stream = self._network.connect_tcp(
                    str(address), port, self._deadline.within(timeout)
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failure or httpcore.ConnectError("the host has no address")


def _both_kinds(addresses: tuple[IP, ...]) -> Iterator[IP]:
    """The first address of each kind: a machine may have no IPv6, and a site many addresses."""
    tried: set[int] = set()
    for address in addresses:
        if address.version not in tried:
            tried.add(address.version)
            yield address


class _TimedStream(httpcore.NetworkStream):
    """A stream on which bytes that drip in don't put the deadline off."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            return self._stream.read(max_bytes, self._deadline.within(timeout))
        except httpcore.ReadTimeout:
            self._deadline.within(None)  # says so if it was this one
            raise

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.within(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._deadline.within(timeout)
        secure = self._stream.start_tls(ssl_context, server_hostname, left)
        return _TimedStream(secure, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
