"""The chat models that the settings name, by LangChain's `init_chat_model`, asked in turn.

A name is `provider:model`, as LangChain has it; several with commas are tried in their order. Each
is asked once more if its server can't answer at the moment, as long as nothing has come of it; the
next one if nothing has come, or only part. Nothing of LangChain's chat models is loaded before the
first question.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from bot.listening import Left, Listener
from bot.writing.chat_clients import client
from bot.writing.failing import asks_for, may_pass, reason
from bot.writing.hanging_up import hanging_up
from bot.writing.patience import Patience
from vectorstore.errors import SettingsError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

FIRST = 15.0  # seconds for the first word
TIMEOUT = 30.0  # seconds without a further one
LONGEST = 120.0  # seconds for a whole reply
MOST_TOKENS = 800  # of a reply: four short sentences in any language
RETRIES = 1
PATIENCE = 5.0  # seconds that a busy server may ask for before it is asked again
CHARACTERS = 3  # that a token has at least, where a server doesn't count

_BROKEN = {
    "length": "broke off",
    "max_tokens": "broke off",
    "endless": "doesn't end",
    "content_filter": "was stopped by a filter",
    "empty": "is empty",
}

log = logging.getLogger(__name__)


class ChatFailed(Exception):
    """No chat model has answered; the message says why in a few words, without secrets."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a reply as it arrives; `tokens` are those of the whole call, told at its end.

    `begins`: whether a reply begins here; what came of another one before has broken off.
    """

    model: str
    text: str
    tokens: int = 0
    begins: bool = False


@dataclass(slots=True)
class Metered:
    """Models whose tokens are counted, also those of a reply that nobody reads to its end."""

    models: "ChatModels"
    listener: Listener | None = None
    tokens: int = 0

    def stream(self, messages: "Sequence[BaseMessage]") -> Iterator[Piece]:
        """As ChatModels does it."""
        said, told = sum(len(str(message.text)) for message in messages), 0
        try:
            for piece in self.models.stream(messages, self.listener):
                said, told = said + len(piece.text), told + piece.tokens
                yield piece
        except (GeneratorExit, Left):
            told = told or said // CHARACTERS
            raise
        finally:
            self.tokens += told


class ChatModels:
    """The models that may write, by their names; the first one first. For any thread.

    `wait` are the seconds that one may take for its first word.
    """

    def __init__(
        self,
        names: Sequence[str],
        base_url: str | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] | None = None,
        wait: float | None = None,
    ) -> None:
        self.names = tuple(names)
        self.base_url = base_url
        self.wait = FIRST if wait is None else wait
        self._clock = clock
        self._sleep = sleep
        self._made: dict[str, BaseChatModel] = {}
        self._making = threading.Lock()
        self._told: WeakKeyDictionary[Listener, set[str]] = WeakKeyDictionary()

    def check(self) -> None:
        """Leaves out models that can't be asked as things are: no package, no key.

        SettingsError says what the first one lacks if none is left; else it is logged.
        """
        lacking: dict[str, SettingsError] = {}
        for name in self.names:
            try:
                self._model(name)
            except SettingsError as error:
                lacking[name] = error
        if len(lacking) == len(set(self.names)):
            raise next(iter(lacking.values()), SettingsError("LLM_MODEL names no model."))
        for found in lacking.values():
            log.warning("%s It is left out.", found)
        self.names = tuple(name for name in self.names if name not in lacking)

    def stream(
        self, messages: "Sequence[BaseMessage]", listener: Listener | None = None
    ) -> Iterator[Piece]:
        """The reply of the first model that gives a whole one, as it arrives.

        One that breaks off is followed by the next model's. ChatFailed if none gives a whole one;
        Left once the listener has, for whom the connection is closed even while nothing arrives.
        """
        heard, failure = listener or Listener(), "no model is named"
        for name in self.names:
            try:
                yield from self._asked(name, messages, heard)
                return
            except (ChatFailed, SettingsError) as error:
                failure = str(error)
                told = self._told.setdefault(heard, set())
                if name not in told:  # a question may ask a model several times
                    told.add(name)
                    log.warning("the chat model failed: %s", failure)
        raise ChatFailed(failure)

    def _asked(
        self, name: str, messages: "Sequence[BaseMessage]", heard: Listener
    ) -> Iterator[Piece]:
        """One model's reply, asked for again if its server can't answer at the moment."""
        for attempt in range(1 + RETRIES):
            begun = False
            try:
                for piece in self._reply(name, messages, heard):
                    begun = begun or bool(piece.text)
                    yield piece
                return
            except (ChatFailed, SettingsError):
                raise  # it has had its time
            except Exception as error:  # each provider's package has errors of its own
                wait = asks_for(error, PATIENCE + 1)
                if begun:
                    raise ChatFailed(f"{name}: the reply broke off") from None
                if attempt == RETRIES or not may_pass(error) or wait > PATIENCE:
                    raise ChatFailed(f"{name}: {reason(error, self.base_url)}") from None
                if wait:
                    (self._sleep or heard.sleep)(wait)

    def _reply(
        self, name: str, messages: "Sequence[BaseMessage]", heard: Listener
    ) -> Iterator[Piece]:
        """One model's reply; at its end, also a bad one, what it cost."""
        end, characters, tokens, ending = self._clock() + LONGEST, 0, 0, None
        asked = sum(len(str(message.text)) for message in messages)
        stream = self._model(name).stream(list(messages))
        begins = True
        try:
            for chunk in self._arriving(name, stream, heard):
                text = str(chunk.text)
                characters += len(text)
                counted = getattr(chunk, "usage_metadata", None) or {}
                tokens = counted.get("total_tokens", tokens)
                ending = _ending(chunk.response_metadata) or ending
                yield Piece(name, text, begins=begins)
                begins = False
                if characters > 8 * MOST_TOKENS or self._clock() > end:
                    ending = "endless"
                    break
        except Exception:
            if characters:
                yield Piece(name, "", tokens or (asked + characters) // CHARACTERS)
            raise
        finally:
            close = getattr(stream, "close", None)
            if close is not None:
                close()
        yield Piece(name, "", tokens or (asked + characters) // CHARACTERS)
        if not characters and ending not in _BROKEN:
            ending = "empty"
        if ending in _BROKEN or (ending is None and self._tells_its_end(name)):
            raise ChatFailed(f"{name}: the reply {_BROKEN.get(ending or '', 'broke off')}")

    def _arriving(self, name: str, stream: Iterator[Any], heard: Listener) -> Iterator[Any]:
        """A reply's chunks; ChatFailed if the first word, or a further one, is too long in coming.

        What a server only sends to keep the connection alive is no word.
        """
        begun = False
        with Patience(heard, self.wait) as patience:
            try:
                for chunk in hanging_up(stream, patience.listener):
                    if chunk.content or chunk.additional_kwargs:
                        begun = True
                        patience.renew(TIMEOUT)
                    yield chunk
            except Left:
                heard.check()
                if begun:
                    raise ChatFailed(f"{name}: the reply broke off") from None
                raise ChatFailed(f"{name}: it said nothing for {self.wait:g} seconds") from None

    def _tells_its_end(self, name: str) -> bool:
        """Whether a reply without a word that it has ended must have been cut off."""
        provider, colon, _ = name.partition(":")
        return provider == "openai" or bool(self.base_url and not colon)

    def _model(self, name: str) -> "BaseChatModel":
        with self._making:
            if name not in self._made:
                self._made[name] = client(
                    name,
                    self.base_url,
                    most_tokens=MOST_TOKENS,
                    wait=self.wait,
                    between=TIMEOUT,
                    longest=lambda: LONGEST,
                )
            return self._made[name]


def _ending(told: dict[str, Any]) -> str | None:
    """Why a reply has ended, as the providers' packages call it."""
    named = (told.get(key) for key in ("finish_reason", "done_reason", "stop_reason"))
    return next((str(found).lower() for found in named if found), None)
