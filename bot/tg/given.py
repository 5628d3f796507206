"""What somebody gives the bot to take in: links, a text, a document. Pure."""

import hashlib
import re
from dataclasses import dataclass

from telegram import Document, Message
from telegram.constants import MessageEntityType

from ingest.articles import web_address
from ingest.files.url_list import is_address

FEW = 200  # characters beside a link that are talk about it, and no article of their own

_COMMAND = re.compile(r"/\w+(?:@\w+)?(?:\s|$)")
_AROUND = "<>()[]{}„“”\"'‚‘’«»,;.!"


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses of pages, feeds and the like."""

    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """An article as a message. The id is the same for the same message."""

    id: str
    title: str
    text: str


Given = Links | Words | Document


def given(message: Message) -> Given | None:
    """What a message, or the one that it replies to, holds to take in; None if nothing."""
    if message.document is not None:
        return message.document
    rest = _COMMAND.sub("", message.text or "", count=1).strip()
    if rest:
        links = _links(message, rest)
        return links if links and "\n" not in rest else _links_or_words(message, rest)
    replied = message.reply_to_message
    if replied is None:
        return None
    if replied.document is not None:
        return replied.document
    told = (message.quote.text if message.quote else replied.text or replied.caption) or ""
    links = _links(replied, told)
    beside = len(told) - sum(map(len, links.addresses)) if links else 0
    if links and beside < FEW:
        return links
    return _words(replied, told)


def _links_or_words(message: Message, told: str) -> Given | None:
    """Nothing but links, else an article."""
    links = _links(message, told)
    alone = links is not None and len(links.addresses) == len(told.split())
    return links if alone else _words(message, told)


def _words(message: Message, told: str) -> Words | None:
    """The first line is the title; a single line has none below it, and is no article."""
    title, _, text = told.strip().partition("\n")
    if not any(c.isalnum() for c in text):
        return None
    key = f"{message.chat_id}:{message.message_id}"
    digest = hashlib.sha256(key.encode()).hexdigest()[:12]
    return Words(f"telegram-{digest}", title.strip(), text.strip())


def _links(message: Message, told: str) -> Links | None:
    found = [word.strip(_AROUND) for word in told.split() if is_address(word.strip(_AROUND))]
    kinds: list[str | None] = [MessageEntityType.TEXT_LINK, MessageEntityType.URL]
    entities = {**message.parse_entities(kinds), **message.parse_caption_entities(kinds)}
    for entity, text in entities.items():
        address = entity.url or text.strip(_AROUND)
        found.append(address if is_address(address) else f"https://{address}")
    good = tuple(dict.fromkeys(a for a in found if web_address(a) is not None))
    return Links(good) if good else None
