"""The chat models that the settings name, by LangChain's `init_chat_model`, asked in turn.

A name is `provider:model`, as LangChain has it; several with commas are tried in their order. Each
is asked once more if its server can't answer at the moment, as long as nothing has come of it.
Nothing of LangChain's chat models is loaded before the first question.
"""

import logging
import os
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.listening import Left, Listener
from bot.redaction import redacted
from bot.writing.bounds import bounding
from bot.writing.hanging_up import hanging_up, heed
from vectorstore.errors import SettingsError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

TIMEOUT = 30.0  # seconds without a sign of life
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
    """A part of a reply as it arrives; `tokens` are those of the whole call, told at its end."""

    model: str
    text: str
    tokens: int = 0


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
    """The models that may write, by their names; the first one first. For any thread."""

    def __init__(
        self,
        names: Sequence[str],
        base_url: str | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] | None = None,
    ) -> None:
        self.names = tuple(names)
        self.base_url = base_url
        self._clock = clock
        self._sleep = sleep
        self._made: dict[str, BaseChatModel] = {}
        self._making = threading.Lock()

    def check(self) -> None:
        """SettingsError for a model that can't be asked as things are: no package, no key."""
        for name in self.names:
            self._model(name)

    def stream(
        self, messages: "Sequence[BaseMessage]", listener: Listener | None = None
    ) -> Iterator[Piece]:
        """The reply of the first model that gives one, as it arrives.

        ChatFailed if none does, or if one breaks off after it has begun; Left once the listener
        has, for whom the connection is closed even while nothing arrives.
        """
        heard, reason = listener or Listener(), "no model is named"
        for name in self.names:
            for _ in range(1 + RETRIES):
                begun = False
                try:
                    for piece in self._reply(name, messages, heard):
                        begun = begun or bool(piece.text)
                        yield piece
                    return
                except SettingsError:
                    raise
                except ChatFailed as error:
                    if begun:
                        raise
                    reason = str(error)
                    log.warning("the chat model failed: %s", reason)
                    break  # it has had its time
                except Exception as error:  # each provider's package has errors of its own
                    reason = f"{name}: {_reason(error)}"
                    log.warning("the chat model failed: %s", reason)
                    if begun:
                        raise ChatFailed(reason) from None
                    wait = _asks_for(error)
                    if not _may_pass(error) or wait > PATIENCE:
                        break
                    if wait:
                        (self._sleep or heard.sleep)(wait)
        raise ChatFailed(reason)

    def _reply(
        self, name: str, messages: "Sequence[BaseMessage]", heard: Listener
    ) -> Iterator[Piece]:
        """One model's reply; at its end, also a bad one, what it cost."""
        from langchain_core.messages import AIMessageChunk

        end, characters, tokens, ending = self._clock() + LONGEST, 0, 0, None
        asked = sum(len(str(message.text)) for message in messages)
        stream = self._model(name).stream(list(messages))
        try:
            for chunk in hanging_up(stream, heard):
                text = str(chunk.text)
                characters += len(text)
                if isinstance(chunk, AIMessageChunk) and chunk.usage_metadata:
                    tokens += chunk.usage_metadata["total_tokens"]
                ending = _ending(chunk.response_metadata) or ending
                yield Piece(name, text)
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

    def _tells_its_end(self, name: str) -> bool:
        """Whether a reply without a word that it has ended must have been cut off."""
        provider, colon, _ = name.partition(":")
        return provider == "openai" or bool(self.base_url and not colon)

    def _model(self, name: str) -> "BaseChatModel":
        with self._making:
            if name not in self._made:
                self._made[name] = _made(name, self.base_url)
            return self._made[name]


def _made(name: str, base_url: str | None) -> "BaseChatModel":
    from langchain.chat_models import init_chat_model

    provider, colon, _ = name.partition(":")
    if base_url and not colon:
        name, provider = f"openai:{name}", "openai"
    try:
        if not name.partition(":")[2] and colon:
            raise ValueError("it names no model")
        made: BaseChatModel = init_chat_model(name, **_options(provider, base_url))
        return made
    except ImportError as error:
        package = re.search(r"langchain-[\w-]+", str(error))
        raise SettingsError(
            f"LLM_MODEL names {name}, which needs the package "
            f"{package[0] if package else 'of its provider'}. Install it: "
            f"`.venv/bin/pip install {package[0] if package else 'langchain-' + provider}`."
        ) from None
    except Exception as error:
        raise SettingsError(
            f"LLM_MODEL can't be used: {_reason(error)}. Write provider:model, such as "
            "ollama:llama3.2 or openai:gpt-5, and set the key that its provider asks for."
        ) from None


def _options(provider: str, base_url: str | None) -> dict[str, Any]:
    """How each provider's package calls what all have."""
    options: dict[str, Any] = {"temperature": 0}
    hooks: dict[str, list[Callable[..., Any]]] = {
        "request": [heed],
        "response": [bounding(lambda: LONGEST)],
    }
    if base_url:
        options["base_url"] = base_url
    if provider == "ollama":
        return options | {
            "num_predict": MOST_TOKENS,
            "client_kwargs": {"timeout": TIMEOUT, "event_hooks": hooks},
        }
    if provider == "openai":
        import httpx

        options["http_client"] = httpx.Client(event_hooks=hooks, follow_redirects=True)
    if provider == "openai" and base_url:  # servers that speak its protocol know no keys
        options |= {"api_key": os.environ.get("OPENAI_API_KEY") or "none", "stream_usage": True}
    return options | {"max_tokens": MOST_TOKENS, "timeout": TIMEOUT, "max_retries": 0}


def _ending(told: dict[str, Any]) -> str | None:
    """Why a reply has ended, as the providers' packages call it."""
    named = (told.get(key) for key in ("finish_reason", "done_reason", "stop_reason"))
    return next((str(reason).lower() for reason in named if reason), None)


def _asks_for(error: Exception) -> float:
    """The seconds that a busy server wants to be left alone."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        return max(0.0, float(headers.get("retry-after", 0)))
    except ValueError:  # a date: nobody waits for that
        return PATIENCE + 1


def _may_pass(error: Exception) -> bool:
    """Whether to ask again makes sense: of a busy or absent server, not of a refusal."""
    status = getattr(error, "status_code", None)
    return not isinstance(status, int) or status in (408, 409, 429) or status >= 500


def _reason(error: Exception) -> str:
    """A few words of an error, without what might be a key or an address with one."""
    if getattr(error, "status_code", None) in (401, 403):  # servers say a key back, or part of it
        return f"{type(error).__name__}: the key is missing, wrong, or not for this model"
    first = (str(error).strip().splitlines() or [type(error).__name__])[0]
    first = redacted(first)  # also what no pattern knows
    first = re.sub(r"(?i)\b(basic|bearer|authorization)\b\W*\S+", r"\1 ...", first)
    told = re.sub(r"https?://\S+|\b(?:sk|key|pk)-\S+|[A-Za-z0-9_-]{30,}", "...", first)
    return f"{type(error).__name__}: {told[:160]}"
