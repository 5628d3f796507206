"""A document that somebody sends: whether it can be read, and its bytes in a file of our own."""

import asyncio
import logging
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from pathlib import Path
from typing import TypeVar

import httpx
from telegram import Bot, Document
from telegram.error import BadRequest, NetworkError, RetryAfter

from bot.tg.sending import seconds
from ingest.files.formats import GZIP, SUFFIXES, kind_of

T = TypeVar("T")

LARGEST = 20 * 2**20  # bytes; Telegram hands no larger file to a bot
LONGEST_NAME = 60  # characters: 240 bytes at most
ATTEMPTS = 3
PATIENCE = 20.0  # seconds without a byte
_PIECE = 2**16

_TYPES = {
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/html": ".html",
    "application/xhtml+xml": ".xhtml",
    "application/json": ".json",
    "application/feed+json": ".json",
    "application/x-ndjson": ".jsonl",
    "application/jsonl": ".jsonl",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/xml": ".xml",
    "text/xml": ".xml",
    "application/rss+xml": ".rss",
    "application/atom+xml": ".atom",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/zip": ".zip",
    "application/x-zip-compressed": ".zip",
}
_MEDIA = ("image/", "video/", "audio/")
_UNUSUAL = re.compile(r"[^\w .,()+-]+")

log = logging.getLogger(__name__)


class Refused(Exception):
    """A document can't be taken; `key` is that of the words that say why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def checked_name(document: Document) -> str:
    """The name to keep a document under, after a look at its size and kind; Refused."""
    if document.file_size is not None and document.file_size > LARGEST:
        raise Refused("file_large")
    if document.file_size == 0:
        raise Refused("file_empty")
    mime = (document.mime_type or "").lower()
    name = _cleaned(document.file_name or "")
    if kind_of(name)[0] is None:
        if mime not in _TYPES:
            raise Refused("file_kind")
        name = f"{name or 'telegram'}{_TYPES[mime]}"
    elif mime.startswith(_MEDIA):  # whatever it calls itself
        raise Refused("file_kind")
    return _short(name)


async def download(bot: Bot, document: Document, to: Path) -> None:
    """Writes a document's bytes, no more than may be, into a file; Refused if they can't be had."""
    try:
        place = (await _insistently(lambda: bot.get_file(document.file_id))).file_path
        if not place:
            raise Refused("file_lost")
        await _insistently(lambda: _write(place, to))
    except BadRequest as error:
        raise Refused("file_large" if "too big" in error.message else "file_lost") from error
    except NetworkError as error:
        raise Refused("file_lost") from error


async def _write(place: str, to: Path) -> None:
    size = 0
    with to.open("wb") as file:
        async with aclosing(_pieces(place)) as pieces:
            async for piece in pieces:
                size += len(piece)
                if size > LARGEST:
                    raise Refused("file_large")
                file.write(piece)
    if not size:
        raise Refused("file_empty")


async def _pieces(place: str) -> AsyncGenerator[bytes]:
    """The bytes at an address; a Bot API server of one's own may name a file on this machine."""
    if not place.startswith(("http://", "https://")):
        with Path(place).open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece
        return
    try:
        async with (
            httpx.AsyncClient(timeout=PATIENCE) as client,
            client.stream("GET", place) as answer,
        ):
            if answer.status_code == 404:
                raise Refused("file_lost")
            if answer.status_code != 200:
                raise NetworkError(f"the file's address answered {answer.status_code}")
            async for piece in answer.aiter_bytes(_PIECE):
                yield piece
    except httpx.HTTPError as error:  # its text may hold the address, and that the token
        raise NetworkError(f"the file could not be fetched ({type(error).__name__})") from None


async def _insistently(call: Callable[[], Awaitable[T]]) -> T:
    """Calls again over a bad network, and when told to wait."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return await call()
        except RetryAfter as error:
            await asyncio.sleep(seconds(error))
        except BadRequest:  # a NetworkError in this library
            raise
        except NetworkError as error:
            if attempt == ATTEMPTS:
                raise
            log.info("a file could not be fetched (%s); trying again", error)
            await asyncio.sleep(attempt)
    raise NetworkError("the server wants to be left alone")


def _cleaned(name: str) -> str:
    """The last part of a name without what means something to a file system."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return " ".join(_UNUSUAL.sub(" ", last).split()).lstrip(" .-")


def _short(name: str) -> str:
    """A name that every file system takes, its suffix kept."""
    packed = GZIP if name.lower().endswith(GZIP) else ""
    stem = name[: len(name) - len(packed)]
    suffix = Path(stem).suffix
    assert suffix.lower() in SUFFIXES
    kept = stem[: len(stem) - len(suffix)][:LONGEST_NAME].strip(" .")
    return f"{kept or 'telegram'}{suffix}{packed}"
