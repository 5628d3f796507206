"""The Bot API server of the tests delivers updates by webhook, in order, until taken."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

import pytest

from tests.support.bot_api import BotApi
from tests.support.bot_client import Ask
from tests.support.loopback import LoopbackServer


class Receiver:
    """A webhook that keeps what it was sent and answers the statuses it is told to."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.posts: list[tuple[str, str | None, int]] = []  # path, secret, update id
        self.came = threading.Condition()
        self.server = LoopbackServer(_Handler, self)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    def wait_for(self, posts: int) -> list[int]:
        """The ids of the first posts, as soon as there are so many."""
        with self.came:
            assert self.came.wait_for(lambda: len(self.posts) >= posts, timeout=5), self.posts
            return [update_id for _, _, update_id in self.posts]


class _Handler(BaseHTTPRequestHandler):
    server: LoopbackServer

    def do_POST(self) -> None:
        owner: Receiver = self.server.owner
        update = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        secret = self.headers["X-Telegram-Bot-Api-Secret-Token"]
        with owner.came:
            owner.posts.append((self.path, secret, update["update_id"]))
            status = owner.statuses.pop(0) if owner.statuses else 200
            owner.came.notify_all()
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""


@contextmanager
def listening() -> Iterator[Receiver]:
    receiver = Receiver()
    with receiver.server.running():
        yield receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as receiver:
        yield receiver


def test_updates_are_posted_in_order_with_the_secret(
    api: BotApi, ask: Ask, receiver: Receiver
) -> None:
    api.user_sends("vor dem Webhook", chat=7)
    assert ask("setWebhook", url=f"{receiver.url}/weg", secret_token="geheim_1")["ok"]
    api.user_sends("danach", chat=7)
    assert receiver.wait_for(2) == [1001, 1002]
    assert receiver.posts[0][:2] == ("/weg", "geheim_1")
    api.wait_until_taken()
    assert [delivery.status for delivery in api.deliveries] == [200, 200]


def test_an_update_is_repeated_until_it_is_taken(api: BotApi, ask: Ask, receiver: Receiver) -> None:
    receiver.statuses = [500, 403]
    ask("setWebhook", url=receiver.url)
    api.user_sends("eins", chat=7)
    api.user_sends("zwei", chat=7)
    assert receiver.wait_for(4) == [1001, 1001, 1001, 1002]
    assert receiver.posts[0][1] is None
    info = ask("getWebhookInfo")["result"]
    assert info["url"] == receiver.url
    assert info["last_error_message"] == "Wrong response from the webhook: 403 Forbidden"


def test_updates_wait_while_nobody_listens(api: BotApi, ask: Ask) -> None:
    with listening() as receiver:
        url = receiver.url
    receiver.server.server_close()
    ask("setWebhook", url=url)
    api.user_sends("eins", chat=7)
    assert ask("getWebhookInfo")["result"]["pending_update_count"] == 1
    ask("deleteWebhook")
    assert len(ask("getUpdates")["result"]) == 1


def test_a_proxy_leads_a_public_address_to_this_machine(
    api: BotApi, ask: Ask, receiver: Receiver
) -> None:
    api.proxy("https://bot.example", receiver.url)
    assert ask("setWebhook", url="https://bot.example/geheim")["ok"]
    api.user_sends("eins", chat=7)
    receiver.wait_for(1)
    assert receiver.posts[0][0] == "/geheim"


def test_the_same_webhook_again_repeats_nothing(api: BotApi, ask: Ask, receiver: Receiver) -> None:
    for _ in range(3):
        ask("setWebhook", url=receiver.url)
    api.user_sends("eins", chat=7)
    api.wait_until_taken()
    assert receiver.wait_for(1) == [1001]


def test_a_webhook_ends_an_open_poll_and_dropped_updates_are_gone(api: BotApi, ask: Ask) -> None:
    with ThreadPoolExecutor() as pool:
        poll = pool.submit(ask, "getUpdates", timeout=30)
        api.wait_for_poll()
        assert ask("setWebhook", url="https://a.de")["ok"]
        assert poll.result(timeout=5)["error_code"] == 409
    api.user_sends("eins", chat=7)
    refused = ask("getUpdates", offset=5000)
    assert "webhook is active" in refused["description"]
    assert len(api.pending) == 1
    ask("deleteWebhook", drop_pending_updates=True)
    assert api.pending == []


def test_a_webhook_telegram_would_refuse_is_refused(ask: Ask) -> None:
    assert not ask("setWebhook", url="http://127.0.0.2:80")["ok"]
    assert not ask("setWebhook", url="https://a.de:8080")["ok"]
    assert not ask("setWebhook", url="https://a.de", secret_token="a b")["ok"]
    assert ask("setWebhook", url="https://a.de:8443", secret_token="a-b_1")["ok"]
