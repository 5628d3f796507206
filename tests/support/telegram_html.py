"""Telegram's HTML parse mode, as strict as Telegram itself.

A reimplementation of the grammar of TDLib's ``parse_html``, with its wording and
its byte offsets. It is much smaller than HTML: a few tags, four named character
references, no comments and no void elements.
"""

import re
from dataclasses import dataclass, replace

from tests.support.api_error import ApiError
from tests.support.entity import Entity, in_order, utf16_length
from tests.support.links import checked_link

_ENTITY_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x(?P<hex>[0-9a-fA-F]+)|#(?P<dec>[0-9]+)|(?P<name>[a-zA-Z]+))")
_LONGEST_REFERENCE = 9
_SPACE = " \t\r\n\v"
_NAME_TOKEN = re.compile(r"[A-Za-z0-9.\-]*")
_SURROGATE = re.compile("[\ud800-\udfff]")


class BadHtml(ApiError):
    """The text is not what Telegram calls HTML."""

    def __init__(self, reason: str) -> None:
        super().__init__(400, f"Bad Request: can't parse entities: {reason}")


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Split HTML into the plain text and its entities, or raise BadHtml.

    An ``<a>`` whose address Telegram would refuse loses its entity silently and
    an empty element has none: neither is an error.
    """
    return _Parser(source).parse()


@dataclass(frozen=True)
class _OpenTag:
    name: str
    attributes: dict[str, str]
    offset: int  # where its entity begins, in UTF-16 code units
    index: int  # the same place as an index into the text


class _Parser:
    """One pass over the source: text, entities and the tags still open."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._position = 0
        self._text = ""
        self._offset = 0
        self._open: list[_OpenTag] = []
        self._entities: list[Entity] = []

    def parse(self) -> tuple[str, list[Entity]]:
        while not self._at_end:
            if self._source.startswith("</", self._position):
                self._end_tag()
            elif self._next == "<":
                self._start_tag()
            else:
                self._append(self._take_character())
        if self._open:
            tag = self._open[-1].name
            raise BadHtml(f'Can\'t find end tag corresponding to start tag "{tag}"')
        if _SURROGATE.search(self._text):
            raise BadHtml(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            )
        return self._text, in_order([_without_code_language(e) for e in self._entities])

    # -- the source -----------------------------------------------------------

    @property
    def _at_end(self) -> bool:
        return self._position >= len(self._source)

    @property
    def _next(self) -> str:
        return self._source[self._position : self._position + 1]

    def _take_until(self, stop: str) -> str:
        start = self._position
        while not self._at_end and self._next not in stop:
            self._position += 1
        return self._source[start : self._position]

    def _skip_space(self) -> None:
        while not self._at_end and self._next in _SPACE:
            self._position += 1

    def _take_character(self) -> str:
        """The next character, decoded if it is a character reference."""
        match = _REFERENCE.match(self._source, self._position)
        decoded = _decoded(match) if match else None
        if match is None or decoded is None:
            self._position += 1
            return self._source[self._position - 1]
        self._position = match.end()
        if self._next == ";":
            self._position += 1
        return decoded

    def _at_byte(self, position: int) -> str:
        offset = len(self._source[:position].encode("utf-8", "surrogatepass"))
        return f"at byte offset {offset}"

    # -- the result -----------------------------------------------------------

    def _append(self, character: str) -> None:
        self._text += character
        self._offset += utf16_length(character)

    # -- tags -----------------------------------------------------------------

    def _start_tag(self) -> None:
        where = self._at_byte(self._position)
        self._position += 1
        name = self._take_until(_SPACE + ">").lower()
        if self._at_end:
            raise BadHtml(f"Unclosed start tag {where}")
        if name not in _ENTITY_TYPES:
            raise BadHtml(f'Unsupported start tag "{name}" {where}')
        attributes = self._attributes(name, where)
        self._position += 1
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise BadHtml(f'Tag "span" must have class "tg-spoiler" {where}')
        self._open.append(_OpenTag(name, attributes, self._offset, len(self._text)))

    def _attributes(self, tag: str, where: str) -> dict[str, str]:
        """Read up to the closing ">"; an attribute may stand without a value."""
        attributes: dict[str, str] = {}
        self._skip_space()
        while self._next != ">":
            name = self._take_until(_SPACE + "=>/\"'")
            if not name:
                raise BadHtml(f'Empty attribute name in the tag "{tag}" {where}')
            self._skip_space()
            attributes[name] = self._attribute_value(tag, where) if self._next == "=" else ""
            if self._at_end:
                raise BadHtml(f'Unclosed start tag "{tag}" {where}')
            self._skip_space()
        return attributes

    def _attribute_value(self, tag: str, where: str) -> str:
        self._position += 1
        self._skip_space()
        if self._at_end:
            raise BadHtml(f'Unclosed start tag "{tag}" {where}')
        value = self._quoted_value() if self._next in "\"'" else self._name_token()
        if self._at_end:
            raise BadHtml(f"Unclosed start tag {where}")
        return value

    def _quoted_value(self) -> str:
        quote = self._next
        self._position += 1
        value = ""
        while not self._at_end and self._next != quote:
            value += self._take_character()
        self._position += 1
        return value

    def _name_token(self) -> str:
        start = self._position
        match = _NAME_TOKEN.match(self._source, start)
        token = match[0] if match else ""
        self._position += len(token)
        if self._next not in _SPACE + ">":
            raise BadHtml(f"Unexpected end of name token {self._at_byte(start)}")
        return token.lower()

    def _end_tag(self) -> None:
        where = self._at_byte(self._position)
        if not self._open:
            raise BadHtml(f"Unexpected end tag {where}")
        self._position += 2
        name = self._take_until(_SPACE + ">").lower()
        self._skip_space()
        if self._next != ">":
            raise BadHtml(f"Unclosed end tag {where}")
        self._position += 1
        tag = self._open.pop()
        if name not in ("", tag.name):
            raise BadHtml(f'Unmatched end tag {where}, expected "</{tag.name}>", found "</{name}>"')
        if self._offset > tag.offset:
            self._close(tag)

    def _close(self, tag: _OpenTag) -> None:
        """Add the entity of an element that has text."""
        entity = Entity(_ENTITY_TYPES[tag.name], tag.offset, self._offset - tag.offset)
        if tag.name == "a":
            url = checked_link(tag.attributes.get("href") or self._text[tag.index :])
            if url is not None:
                self._entities.append(replace(entity, url=url))
        elif tag.name in ("pre", "code"):
            self._close_code(tag, entity)
        elif tag.name == "blockquote" and "expandable" in tag.attributes:
            self._entities.append(replace(entity, type="expandable_blockquote"))
        elif tag.name == "tg-emoji":
            emoji_id = tag.attributes.get("emoji-id", "")
            if not emoji_id.isdecimal() or int(emoji_id) == 0:
                raise BadHtml("Invalid custom emoji identifier specified")
            self._entities.append(replace(entity, custom_emoji_id=emoji_id))
        else:
            self._entities.append(entity)

    def _close_code(self, tag: _OpenTag, entity: Entity) -> None:
        """A <pre> and a <code class="language-…"> over the same text are one block."""
        language = _language(tag) if tag.name == "code" else None
        inner = self._entities[-1] if self._entities else None
        if inner and (inner.offset, inner.end) == (entity.offset, entity.end):
            block_language = inner.language if tag.name == "pre" else language
            if {inner.type, entity.type} == {"pre", "code"} and block_language:
                self._entities[-1] = replace(entity, type="pre", language=block_language)
                return
        self._entities.append(replace(entity, language=language))


def _language(tag: _OpenTag) -> str | None:
    css_class = tag.attributes.get("class", "")
    return css_class.removeprefix("language-") if css_class.startswith("language-") else None


def _without_code_language(entity: Entity) -> Entity:
    """Inline code has no language, whatever its class says."""
    return replace(entity, language=None) if entity.type == "code" else entity


def _decoded(match: re.Match[str]) -> str | None:
    """The character a reference stands for; None if Telegram leaves it as it is."""
    if match["name"]:
        return _NAMED.get(match["name"])
    code = int(match["hex"], 16) if match["hex"] else int(match["dec"])
    if code == 0 or code >= 0x10FFFF or len(match[0]) > _LONGEST_REFERENCE:
        return None
    return chr(code)
