"""Every setting, and the only reader of the environment and of `.env`."""

import os
import re
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from vectorstore.errors import SettingsError
from vectorstore.server_address import ServerAddress

TOKEN = re.compile(r"\d+:[\w-]{30,}")


def _data_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("beleg", appauthor=False)


def _cache_folder() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("beleg", appauthor=False)


class Settings(BaseSettings):
    """Read from the environment, then from `.env` in the working folder. Empty means unset."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    home: Path = Field(
        default_factory=_data_folder,
        validation_alias="BELEG_HOME",
        description="Where the catalogue and its index lie. Default: your data folder.",
    )
    cache: Path = Field(
        default_factory=_cache_folder,
        validation_alias="BELEG_CACHE",
        description="Where the expanded model lies, for all homes. Default: your cache folder.",
    )
    timezone: str | None = Field(
        default=None,
        validation_alias="BELEG_TIMEZONE",
        description="Where today begins, for questions about yesterday. Default: this machine's.",
    )
    log_level: str = Field(
        default="WARNING",
        pattern="(?i)^(debug|info|warning|error)$",
        validation_alias="BELEG_LOG_LEVEL",
        description="How much is logged on standard error: debug, info, warning or error.",
    )
    embedding_model: str | None = Field(
        default=None,
        validation_alias="EMBEDDING_MODEL",
        description="A Sentence Transformers model or folder. Default: the packaged one.",
    )
    chroma_url: Annotated[ServerAddress | None, NoDecode] = Field(
        default=None,
        validation_alias="CHROMA_URL",
        description="A Chroma server to keep the vectors on. Default: a folder in the home.",
    )
    fetch_allow: str = Field(
        default="",
        validation_alias="FETCH_ALLOW",
        description="Hosts and networks to fetch from though they are not public, with commas.",
    )
    watch_file: Path | None = Field(
        default=None,
        validation_alias="WATCH_FILE",
        description="A file of sources for `beleg watch`; the bot watches them, too.",
    )
    llm_model: str | None = Field(
        default=None,
        validation_alias="LLM_MODEL",
        description="A chat model that writes answers, as provider:model. Default: none.",
    )
    llm_base_url: str | None = Field(
        default=None,
        validation_alias="LLM_BASE_URL",
        description="A server that speaks OpenAI's protocol, or the provider's own.",
    )
    llm_daily_tokens: int = Field(
        default=0,
        ge=0,
        validation_alias="LLM_DAILY_TOKENS",
        description="How many tokens one person may use up a day. Default: any number.",
    )
    llm_wait: float = Field(
        default=15.0,
        gt=0,
        le=600,
        validation_alias="LLM_WAIT",
        description="How many seconds a chat model may take for its first word. Default: 15.",
    )
    telegram_bot_token: SecretStr | None = Field(
        default=None,
        validation_alias="TELEGRAM_BOT_TOKEN",
        description="The token that @BotFather gave you; needed for `beleg bot` only.",
    )
    telegram_api_url: str = Field(
        default="https://api.telegram.org",
        validation_alias="TELEGRAM_API_URL",
        description="A Bot API server of your own. Default: Telegram's.",
    )
    telegram_allowed_ids: Annotated[frozenset[int], NoDecode] = Field(
        default=frozenset(),
        validation_alias="TELEGRAM_ALLOWED_IDS",
        description="Ids of people and groups who may ask, with commas. Default: everyone.",
    )
    telegram_admin_ids: Annotated[frozenset[int], NoDecode] = Field(
        default=frozenset(),
        validation_alias="TELEGRAM_ADMIN_IDS",
        description="Ids of people who may add and delete articles in Telegram. Default: nobody.",
    )
    telegram_daily_questions: int = Field(
        default=0,
        ge=0,
        validation_alias="TELEGRAM_DAILY_QUESTIONS",
        description="How many questions one person may ask in 24 hours. Default: any number.",
    )
    telegram_group_daily_questions: int = Field(
        default=0,
        ge=0,
        validation_alias="TELEGRAM_GROUP_DAILY_QUESTIONS",
        description="How many questions one group may ask in 24 hours. Default: any number.",
    )
    telegram_keep_days: int = Field(
        default=30,
        ge=1,
        le=36_500,
        validation_alias="TELEGRAM_KEEP_DAYS",
        description="For how many days questions from Telegram are kept. Default: 30.",
    )
    telegram_webhook_url: str | None = Field(
        default=None,
        validation_alias="TELEGRAM_WEBHOOK_URL",
        description="Where Telegram delivers messages. Default: the bot fetches them.",
    )
    telegram_webhook_secret: SecretStr | None = Field(
        default=None,
        validation_alias="TELEGRAM_WEBHOOK_SECRET",
        description="What proves that Telegram delivers. Default: made from the token.",
    )
    telegram_webhook_listen: str = Field(
        default="127.0.0.1:8443",
        pattern=r"^(?:[\w.-]+|\[[0-9a-fA-F:.]+\])?:\d{1,5}$",
        validation_alias="TELEGRAM_WEBHOOK_LISTEN",
        description="Where a proxy hands on what Telegram delivers, as host:port.",
    )

    @field_validator("home", "cache", "watch_file")
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        return path and path.expanduser().absolute()

    @field_validator("timezone")
    @classmethod
    def _a_zone(cls, name: str | None) -> str | None:
        try:
            return name and ZoneInfo(name).key
        except (ValueError, OSError, ZoneInfoNotFoundError):
            raise ValueError("it is no time zone such as Europe/Berlin") from None

    @field_validator("telegram_bot_token")
    @classmethod
    def _a_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and not TOKEN.fullmatch(token.get_secret_value().strip()):
            raise ValueError("it doesn't look like a bot token (123456:ABC...)")
        return token

    @field_validator("llm_base_url")
    @classmethod
    def _a_chat_server(cls, url: str | None) -> str | None:
        if url is not None and not re.match(r"https?://[^\s/@]+(?:/[^\s@]*)?$", url):
            raise ValueError("it is no http or https address, or holds a password")
        return url and url.rstrip("/")

    @field_validator("telegram_api_url")
    @classmethod
    def _an_address(cls, url: str) -> str:
        if not re.match(r"https?://[^\s/]+", url):
            raise ValueError("it is no http or https address")
        return url.rstrip("/")

    @field_validator("chroma_url", mode="before")
    @classmethod
    def _a_server(cls, value: object) -> object:
        return ServerAddress.parse(value) if isinstance(value, str) else value

    @field_validator("telegram_webhook_url")
    @classmethod
    def _a_webhook(cls, url: str | None) -> str | None:
        if url is not None and not re.fullmatch(r"https?://[^\s/@?#]+(?:/[^\s?#]*)?", url):
            raise ValueError("it is no https address such as https://bot.example.org/telegram")
        return url

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _a_secret(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and not re.fullmatch(r"[\w-]{1,256}", secret.get_secret_value()):
            raise ValueError("only letters, digits, _ and - can be in it")
        return secret

    @field_validator("telegram_allowed_ids", "telegram_admin_ids", mode="before")
    @classmethod
    def _numbers(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            return frozenset(int(part) for part in re.split(r"[,;\s]+", value) if part)
        except ValueError:
            raise ValueError("it must be numbers with commas between them") from None


def local_now(timezone: str | None) -> datetime:
    """The time it is now in a zone, or in the machine's own."""
    return datetime.now(ZoneInfo(timezone)) if timezone else datetime.now().astimezone()


def load_settings() -> Settings:
    """The settings; SettingsError names the variable that makes no sense, never its value."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = str(first["loc"][0]) if first["loc"] else "A setting"
        reason = first["msg"].removeprefix("Value error, ")
        message = f"{name} can't be used: {reason}. `.env.example` explains it."
        raise SettingsError(message) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The file .env can't be read ({type(error).__name__}).") from None


def provide_keys() -> None:
    """Puts API keys that stand in `.env` where the packages of chat models look for them.

    What the environment has already stays.
    """
    from dotenv import dotenv_values

    for name, value in dotenv_values(".env", encoding="utf-8").items():
        if name.endswith("_API_KEY") and value and not os.environ.get(name):
            os.environ[name] = value


def traced() -> bool:
    """Whether LangChain is told to trace what it does, by one of its own variables."""
    names = (
        "LANGSMITH_TRACING",
        "LANGSMITH_TRACING_V2",
        "LANGCHAIN_TRACING_V2",
        "LANGCHAIN_TRACING",
    )
    return any(os.environ.get(name) for name in names)


def shown(settings: Settings) -> dict[str, str | None]:
    """Every variable with its value, fit to show: secrets are masked, what is unset is None."""
    values: dict[str, str | None] = {}
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        if isinstance(value, frozenset):
            value = ",".join(str(number) for number in sorted(value)) or None
        values[str(field.validation_alias)] = None if value is None else str(value)
    return values
