"""Updates that go to the bot by webhook, one after the other."""

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any

from tornado.httpclient import AsyncHTTPClient, HTTPError

from tests.support.updates import UpdateQueue

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 1.0
_REQUEST_TIMEOUT = 30.0
_LOOPBACK = "http://127.0.0.1:"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to hand over an update; the status is 0 if there was no answer."""

    update_id: int
    status: int
    at: float  # when it began, by time.monotonic()

    @property
    def taken(self) -> bool:
        """Whether the bot took the update."""
        return 200 <= self.status < 300


class Webhook:
    """Posts the pending updates in order, each until it is answered with 2xx.

    Nothing leaves the machine: only addresses on 127.0.0.1, or that a proxy set by a
    test leads there, are called.
    """

    def __init__(self, updates: UpdateQueue) -> None:
        self.url = ""
        self.deliveries: list[Delivery] = []
        self.proxies: dict[str, str] = {}
        self.last_error: tuple[int, str] | None = None
        self._secret = ""
        self._updates = updates
        self._work: asyncio.Task[None] | None = None

    def set(self, url: str, secret: str) -> None:
        """Deliver to this address from now on; none means: to none.

        The same again changes nothing, so a delivery under way is not repeated.
        """
        self._updates.set_webhook(url)
        if (url, secret) == (self.url, self._secret):
            return
        if self._work:
            self._work.cancel()
        self.url, self._secret = url, secret
        self.last_error = None
        self._work = asyncio.create_task(self._deliver()) if url else None

    async def _deliver(self) -> None:
        client: AsyncHTTPClient = AsyncHTTPClient(force_instance=True)
        pause = _FIRST_PAUSE
        try:
            while True:
                update = await self._updates.first()
                if await self._post(client, update):
                    self._updates.confirm_before(update["update_id"] + 1)
                    pause = _FIRST_PAUSE
                else:
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, _LONGEST_PAUSE)
        finally:
            client.close()

    async def _post(self, client: AsyncHTTPClient, update: dict[str, Any]) -> bool:
        headers = {"Content-Type": "application/json"}
        if self._secret:
            headers[_SECRET_HEADER] = self._secret
        begin, status = time.monotonic(), 0
        try:
            response = await client.fetch(
                self._reachable(),
                method="POST",
                headers=headers,
                body=json.dumps(update),
                follow_redirects=False,
                request_timeout=_REQUEST_TIMEOUT,
                raise_error=False,
            )
            status, trouble = response.code, f"{response.code} {response.reason}"
        except (HTTPError, OSError) as error:
            trouble = str(error)
        delivery = Delivery(update["update_id"], status, begin)
        self.deliveries.append(delivery)
        if not delivery.taken:
            reason = f"Wrong response from the webhook: {trouble}"
            self.last_error = int(time.time()), reason
        return delivery.taken

    def _reachable(self) -> str:
        """Where the address leads on this machine."""
        for public, local in self.proxies.items():
            if self.url.startswith(public):
                return local + self.url.removeprefix(public)
        if self.url.startswith(_LOOPBACK):
            return self.url
        raise OSError("no proxy leads there")
