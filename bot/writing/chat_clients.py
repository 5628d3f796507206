"""Clients of chat models, made by LangChain's `init_chat_model` from their names.

A client that can't be made says in one sentence what is missing: the package, the key, a name.
"""

import os
import re
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot.writing.bounds import bounding
from bot.writing.failing import plain
from bot.writing.hanging_up import heed
from vectorstore.errors import SettingsError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

HOW = "Write provider:model, such as ollama:llama3.2 or openai:gpt-5."
_KEYS = {
    "openai": "OPENAI_API_KEY",
    "anthropic": "ANTHROPIC_API_KEY",
    "mistralai": "MISTRAL_API_KEY",
    "google_genai": "GOOGLE_API_KEY",
    "groq": "GROQ_API_KEY",
    "cohere": "COHERE_API_KEY",
    "deepseek": "DEEPSEEK_API_KEY",
}


def client(
    name: str,
    base_url: str | None,
    *,
    most_tokens: int,
    wait: float,
    between: float,
    longest: Callable[[], float],
) -> "BaseChatModel":
    """A client of a model; SettingsError if there can't be one as things are.

    `wait` are the seconds to connect in, `between` those between two bytes, `longest` those of a
    whole reply.
    """
    from langchain.chat_models import init_chat_model

    # pydantic tells of a server's strange replies in lines of its own.
    warnings.filterwarnings("ignore", message="Pydantic serializer warnings", category=UserWarning)
    provider, colon, model = name.partition(":")
    if base_url and not colon:
        name, provider = f"openai:{name}", "openai"
    if colon and not (provider and model):
        raise SettingsError(f"LLM_MODEL names {name!r}, which is no model. {HOW}")
    options = _options(provider, base_url, most_tokens, wait, between, longest)
    try:
        made: BaseChatModel = init_chat_model(name, **options)
    except ImportError as error:
        raise SettingsError(_package_missing(name, provider, error)) from None
    except Exception as error:
        raise SettingsError(_unusable(name, provider, error)) from None
    key = _KEYS.get(provider)
    if key and not os.environ.get(key) and not base_url:
        raise SettingsError(_key_missing(name, key))
    return made


def _options(
    provider: str,
    base_url: str | None,
    most_tokens: int,
    wait: float,
    between: float,
    longest: Callable[[], float],
) -> dict[str, Any]:
    """How each provider's package calls what all have."""
    options: dict[str, Any] = {"temperature": 0}
    hooks: dict[str, list[Callable[..., Any]]] = {
        "request": [heed],
        "response": [bounding(longest)],
    }
    if base_url:
        options["base_url"] = base_url
    if provider in ("ollama", "openai"):
        import httpx

        timeout: Any = httpx.Timeout(max(wait, between), connect=wait)
        if provider == "ollama":
            kept = {"timeout": timeout, "event_hooks": hooks}
            return options | {"num_predict": most_tokens, "client_kwargs": kept}
        options["http_client"] = httpx.Client(event_hooks=hooks, follow_redirects=True)
        options["http_socket_options"] = ()  # with any, its other client would mind no proxy
    else:
        timeout = wait
    if provider == "openai" and base_url:  # servers that speak its protocol know no keys
        options |= {"api_key": os.environ.get("OPENAI_API_KEY") or "none", "stream_usage": True}
    return options | {"max_tokens": most_tokens, "timeout": timeout, "max_retries": 0}


def _package_missing(name: str, provider: str, error: ImportError) -> str:
    package = re.search(r"langchain-[\w-]+", str(error))
    needed = package[0] if package else f"langchain-{provider}"
    return (
        f"LLM_MODEL names {name}, which needs the package {needed}. Install it: "
        f"`.venv/bin/pip install {needed}`."
    )


def _unusable(name: str, provider: str, error: Exception) -> str:
    told, key = str(error), re.search(r"\b[A-Z]+(?:_[A-Z]+)*_API_KEY\b", str(error))
    if "provider" in told and name.partition(":")[1]:
        return f"LLM_MODEL names {name}, but there is no provider {provider!r}. {HOW}"
    if "provider" in told:
        return f"LLM_MODEL names {name!r}, which tells no provider. {HOW}"
    if key or "api_key" in told or "credentials" in told.lower():
        return _key_missing(name, _KEYS.get(provider) or (key[0] if key else "the key"))
    return f"LLM_MODEL names {name}, which can't be used: {plain(error)}. {HOW}"


def _key_missing(name: str, key: str) -> str:
    return f"LLM_MODEL names {name}, but {key} is not set. Set it, or write it into `.env`."
