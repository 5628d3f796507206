"""Message entities, measured as Telegram does: in UTF-16 code units."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

# Which of two entities over the same text comes first (the order of TDLib).
_PRIORITY = {
    "expandable_blockquote": 0,
    "blockquote": 0,
    "pre": 10,
    "code": 20,
    "text_link": 49,
    "bold": 90,
    "italic": 91,
    "underline": 92,
    "strikethrough": 93,
    "spoiler": 94,
    "custom_emoji": 99,
}
_DEFAULT_PRIORITY = 50


@dataclass(frozen=True)
class Entity:
    """One MessageEntity; fields that do not apply to its type are None."""

    type: str
    offset: int
    length: int
    url: str | None = None
    language: str | None = None
    custom_emoji_id: str | None = None

    @property
    def end(self) -> int:
        """The offset just behind the entity."""
        return self.offset + self.length

    def to_json(self) -> dict[str, Any]:
        """The entity as the Bot API writes it, without the absent fields."""
        return {key: value for key, value in asdict(self).items() if value is not None}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Entity":
        """Read an entity, leaving out fields this server does not know."""
        return cls(**{key: data[key] for key in cls.__dataclass_fields__ if key in data})


def utf16_length(text: str) -> int:
    """The length Telegram gives a text: an emoji outside the BMP counts two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def in_order(entities: list[Entity]) -> list[Entity]:
    """Sort as Telegram does: outer entities before the ones they contain."""

    def key(entity: Entity) -> tuple[int, int, int]:
        return entity.offset, -entity.length, _PRIORITY.get(entity.type, _DEFAULT_PRIORITY)

    return sorted(entities, key=key)
