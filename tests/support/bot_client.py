"""Calls of Bot API methods without a bot, for the tests of the server itself."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from tests.support.bot_api import BotApi

Ask = Callable[..., dict[str, Any]]


@contextmanager
def asking(api: BotApi) -> Iterator[Ask]:
    """A function that calls a method and returns the whole response."""
    base_url = f"{api.base_url}{api.token}/"
    with httpx.Client(base_url=base_url, trust_env=False, verify=False) as client:

        def call(method: str, **params: Any) -> dict[str, Any]:
            body: dict[str, Any] = client.post(method, json=params).json()
            return body

        yield call
