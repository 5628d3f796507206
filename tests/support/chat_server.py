"""A chat server on the loopback interface that speaks OpenAI's protocol, and misbehaves on demand.

What it says comes from tests/support/chat_replies.py, which reads the prompt as a model would.
"""

import json
import select
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler
from typing import Any, Self

from tests.support.chat_reading import Told, told
from tests.support.chat_replies import honest
from tests.support.loopback import LoopbackServer

USAGE = {"prompt_tokens": 90, "completion_tokens": 10, "total_tokens": 100}


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How a model answers. Seconds and characters; `failures` is how many requests fail first.

    `cut` breaks the connection off after so many characters, or ends the stream without a word
    if `politely`. One that `drips` keeps the connection alive and says nothing. `raw` is a body
    sent in the place of any other.
    """

    says: Callable[[Told], str | Iterable[str]] = honest
    piece: int = 7
    pause: float = 0.0
    silent: bool = False
    drips: bool = False
    cut: int | None = None
    politely: bool = False
    status: int = 500
    failures: float = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    usage: bool = True
    finish: str = "stop"


HONEST = Behaviour()
ALWAYS = float("inf")


def saying(text: str, **how: Any) -> Behaviour:
    """Says always the same."""
    return Behaviour(says=lambda told: text, **how)


def failing(status: int, times: float = ALWAYS, **headers: str) -> Behaviour:
    """Answers with a status so often; header names are written like `retry_after="1"`."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return Behaviour(status=status, failures=times, headers=given)


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came in: its headers by their lower-case names, its body."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def model(self) -> str:
        return str(self.body.get("model"))

    @property
    def told(self) -> Told:
        """What it tells a model."""
        return told(list(self.body["messages"]))


class ChatServer:
    """Serves `behaviour`, or another by the name of a model; what it was asked is in `requests`."""

    def __init__(
        self, behaviour: Behaviour = HONEST, others: Mapping[str, Behaviour] | None = None
    ) -> None:
        self.behaviour = behaviour
        self.others = dict(others or {})
        self.requests: list[Request] = []
        self.given_up = threading.Event()
        """Set once a client has hung up while it was answered."""
        self.ending = threading.Event()
        self._server = LoopbackServer(_Handler, self, self.given_up.set)
        self._running = self._server.running()

    @property
    def url(self) -> str:
        """What LLM_BASE_URL must be."""
        return f"http://127.0.0.1:{self._server.port}/v1"

    def takes(self, request: Request) -> Behaviour:
        """Notes a request; the behaviour for it, with `failures` 1 if this one fails."""
        self.requests.append(request)
        found = self.others.get(request.model, self.behaviour)
        nth = sum(1 for one in self.requests if one.model == request.model)
        return replace(found, failures=1 if nth <= found.failures else 0)

    def __enter__(self) -> Self:
        self._running.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self.ending.set()
        self._running.__exit__(*error)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: LoopbackServer

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.path, headers, json.loads(content))
        chat = self.server.owner
        behaviour = chat.takes(request)
        self.close_connection = True
        if self.path != "/v1/chat/completions":
            self._send(404, b'{"error": {"message": "no such path"}}')
        elif behaviour.silent:
            self._waits(float("inf"))
        elif behaviour.failures:
            problem = {"error": {"message": _complaint(request, behaviour.status), "type": "x"}}
            self._send(behaviour.status, json.dumps(problem).encode(), behaviour.headers)
        elif behaviour.raw is not None:
            streamed = "text/event-stream" if request.body.get("stream") else "application/json"
            self._send(200, behaviour.raw, {"Content-Type": streamed})
        elif request.body.get("stream"):
            self._stream(request, behaviour)
        else:
            text = "".join(behaviour.says(request.told))
            self._send(200, json.dumps(_whole(request.model, text, behaviour)).encode())

    def _send(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        given = {"Content-Type": "application/json", **(headers or {})}
        for name, value in given.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, request: Request, behaviour: Behaviour) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Connection", "close")
        self.end_headers()
        while behaviour.drips and not self._waits(0.05):
            self._chunk(b": keep-alive\n\n")
        sent = 0
        for piece in _pieces(behaviour.says(request.told), behaviour.piece):
            if behaviour.cut is not None and sent + len(piece) > behaviour.cut:
                if behaviour.politely:
                    self._chunk(b"")
                return
            sent += len(piece)
            self._event(_part(request.model, {"role": "assistant", "content": piece}, None))
            if self._waits(behaviour.pause):
                return
        self._event(_part(request.model, {}, behaviour.finish))
        if behaviour.usage and (request.body.get("stream_options") or {}).get("include_usage"):
            self._event({**_part(request.model, {}, None), "choices": [], "usage": USAGE})
        self._chunk(b"data: [DONE]\n\n")
        self._chunk(b"")

    def _waits(self, seconds: float) -> bool:
        """Whether the server is closed meanwhile; ConnectionResetError if the client hangs up."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and not self.server.owner.ending.is_set():
            readable, _, _ = select.select([self.connection], [], [], min(left, 0.02))
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                raise ConnectionResetError
        return self.server.owner.ending.is_set()

    def _event(self, value: Mapping[str, Any]) -> None:
        self._chunk(f"data: {json.dumps(value, ensure_ascii=False)}\n\n".encode())

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the tests look at `ChatServer.requests`."""


def _complaint(request: Request, status: int) -> str:
    """Servers like to repeat what they were sent: that must not reach a log."""
    key = request.headers.get("authorization", "").removeprefix("Bearer ")
    return f"Incorrect API key provided: {key}." if status == 401 else "It can't be done now."


def _pieces(said: str | Iterable[str], size: int) -> Iterator[str]:
    for part in [said] if isinstance(said, str) else said:
        yield from (part[at : at + size] for at in range(0, len(part), size))


def _part(model: str, delta: Mapping[str, Any], finish: str | None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": int(time.time()),
        "model": model,
        "choices": [choice],
    }


def _whole(model: str, text: str, behaviour: Behaviour) -> dict[str, Any]:
    message = {"role": "assistant", "content": text}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": behaviour.finish}],
        "usage": USAGE,
    }
