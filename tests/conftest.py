"""What all tests share: no network but loopback, one warm model folder, no real home."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from pytest_socket import socket_allow_hosts

from tests.support.kill_ledger import pytest_terminal_summary

if TYPE_CHECKING:
    from tests.support.bot_api import BotApi
    from tests.support.bot_client import Ask

__all__ = ["pytest_terminal_summary"]  # the table of faults, also where xdist runs the tests

# The same examples in every run, and none fails for being slow on a busy machine.
settings.register_profile("beleg", deadline=None, derandomize=True)
settings.load_profile("beleg")


@pytest.fixture(autouse=True)
def _no_network_but_loopback() -> None:
    """A test that reaches for the internet fails."""
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """A command that a test runs in this process sets the level for all the others."""
    root = logging.getLogger()
    level = root.level
    yield
    root.setLevel(level)


@pytest.fixture(autouse=True, scope="session")
def _settings_of_nobody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No setting of the developer's reaches a test, and hubs are not asked."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(
                ("TELEGRAM_", "FETCH_", "WATCH_", "EMBEDDING_", "CHROMA_", "BELEG_HOME", "LLM_")
            ):
                patch.delenv(name)
        patch.setenv("BELEG_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("HF_HUB_OFFLINE", "1")
        yield


@pytest.fixture(scope="session")
def model_cache() -> Path:
    """The cache folder that every test shares, so that the model is expanded once."""
    from bot.settings import Settings

    return Settings().cache


@pytest.fixture
def api() -> "Iterator[BotApi]":
    """A strict Telegram server that nobody talks to yet."""
    from tests.support.bot_api import BotApi

    with BotApi.running() as server:
        yield server


@pytest.fixture
def ask(api: "BotApi") -> "Iterator[Ask]":
    """Calls methods of that server."""
    from tests.support.bot_client import asking

    with asking(api) as call:
        yield call


@pytest.fixture
def examples() -> Path:
    """The sample articles."""
    return Path(__file__).parent.parent / "examples" / "articles"
