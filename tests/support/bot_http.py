"""The HTTP side of the test server."""

import asyncio
import json
from collections.abc import Coroutine
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPServerRequest
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from tests.support.api_error import ApiError, bad_request
from tests.support.bot_service import BotService
from tests.support.params import Params, Upload
from tests.support.world import Json


class HttpServer:
    """Serves a BotService on a free port of the loopback interface."""

    def __init__(self, service: BotService) -> None:
        self._server = HTTPServer(
            Application(
                [
                    (r"/bot([^/]+)/(\w+)", _Method, {"service": service}),
                    (r"/file/bot([^/]+)/(.+)", _File, {"service": service}),
                ],
                default_handler_class=_NotFound,
                log_function=lambda handler: None,
            )
        )

    async def start(self) -> int:
        """Listen; returns the port."""
        sockets = bind_sockets(0, "127.0.0.1")
        self._server.add_sockets(sockets)
        port: int = sockets[0].getsockname()[1]
        return port

    async def stop(self) -> None:
        """Close the port and the connections, also those of open long polls."""
        self._server.stop()
        await self._server.close_all_connections()


class _JsonHandler(RequestHandler):
    def data_received(self, chunk: bytes) -> None:
        """Bodies are not streamed."""

    def send_json(self, body: Json) -> None:
        """Telegram's error codes are the HTTP status too."""
        self.set_status(body.get("error_code", 200))
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(body))


class _NotFound(_JsonHandler):
    def prepare(self) -> None:
        self.send_json(ApiError(404, "Not Found").response())


class _Handler(_JsonHandler):
    """One request; the work on it ends as soon as the client goes away."""

    _work: asyncio.Task[Any] | None = None

    def initialize(self, service: BotService) -> None:
        self._service = service

    def on_connection_close(self) -> None:
        if self._work:
            self._work.cancel()

    async def _respond(self, answer: Coroutine[Any, Any, Json | bytes | None]) -> None:
        self._work = asyncio.ensure_future(answer)
        try:
            response = await self._work
        except asyncio.CancelledError:
            return
        if response is None:
            self.detach().close()
        elif isinstance(response, bytes):
            self.set_header("Content-Type", "application/octet-stream")
            self.finish(response)
        else:
            self.send_json(response)


class _Method(_Handler):
    async def get(self, token: str, method: str) -> None:
        await self._call(token, method)

    async def post(self, token: str, method: str) -> None:
        await self._call(token, method)

    async def _call(self, token: str, method: str) -> None:
        try:
            params = _params(self.request)
        except ApiError as error:
            self.send_json(error.response())
            return
        await self._respond(self._service.answer(token, method, params))


class _File(_Handler):
    async def get(self, token: str, path: str) -> None:
        await self._respond(self._service.download(token, path))


def _params(request: HTTPServerRequest) -> Params:
    """Parameters come as JSON, as a form or in the query, each value as text."""
    if not request.headers.get("Content-Type", "").startswith("application/json"):
        values = {name: values[-1].decode() for name, values in request.arguments.items()}
        return Params(values, _uploads(request))
    try:
        body: Any = json.loads(request.body or b"{}")
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise bad_request("can't parse JSON of the request")
    return Params.from_json(body)


def _uploads(request: HTTPServerRequest) -> dict[str, Upload]:
    return {
        name: Upload(files[-1].filename, files[-1].body, files[-1].content_type)
        for name, files in request.files.items()
    }
