"""A web site on the loopback interface, for tests that fetch."""

import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler
from typing import Any, Self

from tests.support.loopback import LoopbackServer

STORY = "<p>Die Fähre fährt seit Montag mit Strom.</p>"
HTML = {"Content-Type": "text/html"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came in; header names in any case."""

    method: str
    path: str
    headers: Message


@dataclass(frozen=True, slots=True)
class Reply:
    """What a path answers. A Content-Length is added unless one is given or the body is pieces."""

    body: bytes | Iterable[bytes] = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


Route = Reply | Callable[[Asked], Reply]


class Site:
    """Serves `routes` (by path with query) while entered; what was asked is in `asked`.

    A reply with ETag or Last-Modified becomes 304 for whoever has it already. Other paths, so
    also /robots.txt, are 404.
    """

    def __init__(
        self, routes: Mapping[str, Route] | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        """`tls`: the server's ssl.SSLContext, for an https site."""
        self.routes: dict[str, Route] = dict(routes or {})
        self.asked: list[Asked] = []
        self._tls = tls
        self._server = LoopbackServer(_Handler, self)
        if self._tls:
            self._server.socket = self._tls.wrap_socket(self._server.socket, server_side=True)
        self._running = self._server.running()

    @property
    def port(self) -> int:
        """The port on 127.0.0.1."""
        return self._server.port

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """The address of a path."""
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    def page(self, path: str, body: str | bytes, kind: str = "text/html", **headers: str) -> str:
        """Add a page and get its address; headers are written like `last_modified="..."`."""
        given = {name.replace("_", "-").title(): value for name, value in headers.items()}
        content = body.encode() if isinstance(body, str) else body
        self.routes[path] = Reply(content, {"Content-Type": kind, **given})
        return self.url(path)

    def redirect(self, path: str, target: str, status: int = 302) -> str:
        """Add a redirect and get its address."""
        self.routes[path] = Reply(headers={"Location": target}, status=status)
        return self.url(path)

    def paths(self) -> list[str]:
        """What was asked for, but for robots.txt."""
        return [asked.path for asked in self.asked if asked.path != "/robots.txt"]

    def __enter__(self) -> Self:
        self._running.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._running.__exit__(*error)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: LoopbackServer

    def do_GET(self) -> None:
        asked = Asked(self.command, self.path, self.headers)
        self.server.owner.asked.append(asked)
        route = self.server.owner.routes.get(self.path, Reply(b"Not here.", status=404))
        reply = route if isinstance(route, Reply) else route(asked)
        if self._has_it(reply):
            reply = Reply(b"", {**reply.headers, "Content-Length": "0"}, 304)
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        whole = isinstance(reply.body, bytes)
        if whole and "Content-Length" not in reply.headers:
            self.send_header("Content-Length", str(len(reply.body)))  # type: ignore[arg-type]
        self.send_header("Connection", "close")
        self.end_headers()
        for piece in [reply.body] if isinstance(reply.body, bytes) else reply.body:
            self.wfile.write(piece)
            self.wfile.flush()
        self.close_connection = True

    do_HEAD = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the tests look at `Site.asked`."""

    def _has_it(self, reply: Reply) -> bool:
        given = {name.lower(): value for name, value in reply.headers.items()}
        tag, date = given.get("etag"), given.get("last-modified")
        if "If-None-Match" in self.headers:
            return tag is not None and self.headers["If-None-Match"] == tag
        return date is not None and self.headers["If-Modified-Since"] == date
