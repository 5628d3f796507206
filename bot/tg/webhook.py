"""Updates that Telegram delivers: a small server behind a proxy, on a path and with a secret.

It answers only when the journal has an update; until then Telegram delivers it again. `/health`
tells a supervisor whether the bot is up.
"""

import hmac
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from telegram import Bot
from telegram.error import BadRequest

from bot.tg.intake import KINDS, Intake
from bot.tg.polling import persevere
from vectorstore.errors import SettingsError

if TYPE_CHECKING:
    from tornado.httpserver import HTTPServer
    from tornado.web import Application

HEALTH = "/health"
HEAVIEST = 1_048_576  # bytes of an update
AT_ONCE = 40  # deliveries at the same time
_SECRET = "X-Telegram-Bot-Api-Secret-Token"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Address:
    """Where Telegram delivers (`url`), and where that arrives (`host`, `port`, `path`)."""

    url: str
    host: str
    port: int
    path: str
    secret: str

    @classmethod
    def of(cls, url: str, listen: str, secret: str | None, token: str) -> "Address":
        """From the settings. Without a path or a secret of its own it gets one from the token."""
        own = sha256(f"beleg webhook {token}".encode()).hexdigest()
        path = urlsplit(url).path.rstrip("/")
        if not path:
            path = f"/telegram/{own[:24]}"
            url = url.rstrip("/") + path
        host, _, port = listen.rpartition(":")
        return cls(url, host.strip("[]") or "127.0.0.1", int(port), path, secret or own[24:])


class Webhook:
    """Serves an address for an intake; `ready` says whether the bot is up."""

    def __init__(self, address: Address, intake: Intake, ready: Callable[[], bool]) -> None:
        self.address = address
        self._intake = intake
        self._ready = ready
        self._server: HTTPServer | None = None
        self._stopping = False

    async def start(self, bot: Bot) -> None:
        """Listens, then has Telegram deliver; SettingsError if either can't be."""
        from tornado.httpserver import HTTPServer

        address = self.address
        self._server = HTTPServer(self._application(), max_body_size=HEAVIEST)
        try:
            self._server.listen(address.port, address.host)
        except OSError as error:
            raise SettingsError(
                f"TELEGRAM_WEBHOOK_LISTEN {address.host}:{address.port} can't be listened on "
                f"({error.strerror or error}). Name a free port."
            ) from None
        try:
            await persevere(
                lambda: bot.set_webhook(
                    address.url,
                    secret_token=address.secret,
                    allowed_updates=KINDS,
                    max_connections=AT_ONCE,
                )
            )
        except BadRequest as error:
            raise SettingsError(
                f"Telegram does not take TELEGRAM_WEBHOOK_URL ({error.message}). "
                "It must be an https address that leads to TELEGRAM_WEBHOOK_LISTEN."
            ) from None

    async def stop(self) -> None:
        """Listens no longer. Telegram keeps what comes, and delivers it after the next start."""
        self._stopping = True  # what still comes over an open connection is refused
        if self._server is not None:
            self._server.stop()
            await self._server.close_all_connections()

    async def take(self, body: bytes) -> int:
        """Takes one delivery; returns the status of the response."""
        if self._stopping:
            return 503
        try:
            told = json.loads(body)
        except ValueError:
            return 400
        if not isinstance(told, dict):
            return 400
        try:
            await self._intake.take([told])
        except Exception:  # Telegram delivers it again
            log.exception("an update could not be kept")
            return 503
        return 200

    def _is_up(self) -> bool:
        return self._ready() and not self._stopping

    def _application(self) -> "Application":
        from tornado.web import Application, RequestHandler

        address, ready, take = self.address, self._is_up, self.take

        class Deliver(RequestHandler):
            async def post(self) -> None:
                given = self.request.headers.get(_SECRET, "")
                if not hmac.compare_digest(given.encode(), address.secret.encode()):
                    self.send_error(403)
                elif not ready():
                    self.send_error(503)
                else:
                    self.set_status(await take(self.request.body))
                    self.finish()

            def write_error(self, status_code: int, **told: Any) -> None:
                self.finish()

        class Health(RequestHandler):
            async def get(self) -> None:
                self.set_status(200 if ready() else 503)
                self.set_header("Cache-Control", "no-store")
                self.finish({"ok": ready()})

            head = get

        paths: Sequence[Any] = [(address.path, Deliver), (HEALTH, Health)]
        return Application(list(paths), log_function=lambda handler: None)
