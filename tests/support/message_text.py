"""The text of a message: parse mode, limits and what Telegram makes of it."""

import re
from dataclasses import dataclass, replace
from typing import Any

from tests.support.api_error import ApiError, bad_request
from tests.support.entity import Entity, in_order, utf16_length
from tests.support.params import Params
from tests.support.telegram_html import parse_html

MAX_LENGTH = 4096
MAX_CAPTION = 1024
_MAX_SOURCE_BYTES = 1 << 15
_MAX_ENTITIES = 100
_BLANK = " \t\r\n\v\f"
_DETECTED = {
    "bot_command": re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,32}(?:@\w+)?"),
    "mention": re.compile(r"(?<![\w/])@\w{4,32}"),
    "url": re.compile(r"https?://[^\s<>]+"),
}


@dataclass(frozen=True)
class MessageText:
    """A text ready to be shown."""

    text: str
    entities: tuple[Entity, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The fields of a message that carry the text."""
        if not self.entities:
            return {"text": self.text}
        return {"text": self.text, "entities": [entity.to_json() for entity in self.entities]}

    def to_caption_json(self) -> dict[str, Any]:
        """The fields of a message that carry the text under a file."""
        names = {"text": "caption", "entities": "caption_entities"}
        return {names[key]: value for key, value in self.to_json().items()} if self.text else {}


def read_text(params: Params, *, too_long: str) -> MessageText:
    """The text a request asks for; `too_long` is the wording of that refusal."""
    source = params.text("text")
    if not source:
        raise bad_request("message text is empty")
    shown = _shown(source, params, "entities")
    if not shown.text:
        raise bad_request("text must be non-empty")
    if len(shown.text) > MAX_LENGTH:
        raise bad_request(too_long)
    return shown


def read_caption(params: Params) -> MessageText:
    """The text under a file, which may be empty."""
    shown = _shown(params.text("caption"), params, "caption_entities")
    if len(shown.text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return shown


def user_text(text: str) -> MessageText:
    """What a person typed, with the commands, mentions and links Telegram finds."""
    found = [
        Entity(kind, utf16_length(text[: match.start()]), utf16_length(match[0]))
        for kind, pattern in _DETECTED.items()
        for match in pattern.finditer(text)
    ]
    return MessageText(text, tuple(in_order(found)))


def _shown(source: str, params: Params, entities: str) -> MessageText:
    """The text as it appears; `entities` names the parameter that may carry them."""
    if len(source.encode("utf-8", "surrogatepass")) > _MAX_SOURCE_BYTES:
        raise bad_request("text is too long")
    text, found = _parsed(source, params, entities)
    return _trimmed(text, _outside_code(in_order(found)))


def _parsed(source: str, params: Params, entities: str) -> tuple[str, list[Entity]]:
    mode = params.text("parse_mode").lower()
    if mode == "html":
        return parse_html(source)
    if mode in ("markdown", "markdownv2"):
        raise ApiError(501, "Not Implemented: this test server speaks HTML only")
    if mode not in ("", "none"):
        raise bad_request("unsupported parse_mode")
    return source, [_given(item, source) for item in params.array(entities)]


def _given(item: dict[str, Any], text: str) -> Entity:
    """An entity the bot measured itself; it has to lie within the text."""
    try:
        entity = Entity.from_json(item)
        inside = 0 <= entity.offset < entity.end <= utf16_length(text)
    except TypeError:
        raise bad_request("can't parse MessageEntity") from None
    if not inside:
        raise bad_request(
            f"entity beginning at UTF-16 offset {entity.offset} ends after the end of the text"
        )
    return entity


def _outside_code(entities: list[Entity]) -> list[Entity]:
    """Code holds no other entities: Telegram drops the ones inside it.

    It also cuts bold and the like around the code they contain; here they stay whole.
    """
    kept: list[Entity] = []
    code_end = 0
    for entity in entities:
        if entity.offset < code_end:
            continue
        if entity.type in ("code", "pre"):
            code_end = entity.end
        kept.append(entity)
    return kept[:_MAX_ENTITIES]


def _trimmed(text: str, entities: list[Entity]) -> MessageText:
    """Cut blanks at the end, and at the beginning up to the first entity."""
    text = text.rstrip(_BLANK)
    lead = len(text) - len(text.lstrip(_BLANK))
    if entities:
        lead = min(lead, entities[0].offset)  # blanks are one code unit each
    end = utf16_length(text)
    cut = [
        replace(entity, offset=entity.offset - lead, length=min(entity.end, end) - entity.offset)
        for entity in entities
        if entity.offset < end
    ]
    return MessageText(text[lead:], tuple(cut))
