"""Log lines without secrets: every handler of this process formats through here."""

import logging
import os
import re

SHORTEST = 6  # characters of a secret: "none" and the like are words
_SECRETS = ("_KEY", "_TOKEN", "_SECRET", "_PASSWORD")
_TOKEN = re.compile(r"\d+:[\w-]{30,}|(?<=bot)\d+%3A[\w-]{30,}", re.I)


def redacted(text: str) -> str:
    """The text without what looks like a bot token, and without the environment's keys."""
    for name, secret in os.environ.items():
        if len(secret) >= SHORTEST and name.upper().endswith(_SECRETS):
            text = text.replace(secret, "[secret]")
    return _TOKEN.sub("[token]", text)


class RedactingFormatter(logging.Formatter):
    """Formats like any other, tracebacks included, then takes the secrets out."""

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))


def set_up_logging(level: str) -> None:
    """One handler on standard error for everything; libraries that print addresses are quieted."""
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in ("httpx", "httpcore", "urllib3", "chromadb", "openai", "anthropic"):
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))
