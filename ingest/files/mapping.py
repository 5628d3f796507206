"""Where the fields of an article lie in records of another shape. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingest.pages.plain import opens_as_html, plain_text
from vectorstore.errors import SettingsError, SourceError

if TYPE_CHECKING:
    from jmespath.parser import ParsedResult

FIELDS = ("id", "url", "title", "text", "published", "updated", "authors", "source", "language")
ITEMS = "items"
USAGE = (
    "Write --field NAME=WHERE, for example --field text=body.html --field authors=authors[].name; "
    f"NAME is one of {', '.join(FIELDS)}, or {ITEMS} for the list that holds the articles. "
    "WHERE is a name or a JMESPath expression."
)

_ALIASES = {  # by field, its own name first; in lower case and without "_", "-" and blanks
    "id": ("id",),
    "url": ("url", "link", "canonicalurl"),
    "title": ("title", "headline"),
    "text": ("text", "body", "content", "articlebody"),
    "published": ("published", "date", "publishedat", "datepublished", "pubdate"),
    "updated": ("updated", "modified", "updatedat", "datemodified", "lastmod"),
    "authors": ("authors", "author", "byline"),
    "source": ("source", "publisher"),
    "language": ("language", "lang"),
}
_COLUMN = re.compile(r"(?!\.)(?!.*\.\.)[\w .:/-]+")  # "Text of article": JMESPath wants it quoted
_SEPARATORS = re.compile(r"[\s_-]+")


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """Expressions by field, as the user wrote them and compiled."""

    fields: tuple[tuple[str, str, "ParsedResult"], ...] = ()
    items: "ParsedResult | None" = None

    @classmethod
    def parse(cls, options: Sequence[str]) -> "FieldMapping":
        """From options such as "text=body.html"; SettingsError, with the usage, if one is wrong."""
        fields: dict[str, tuple[str, str, ParsedResult]] = {}
        items = None
        for option in options:
            name, equals, written = (part.strip() for part in option.partition("="))
            if not equals or not written:
                raise SettingsError(f"{option!r} is no field mapping. {USAGE}")
            if name == ITEMS:
                items = _compiled(written, name)
            elif name in FIELDS:
                fields[name] = (name, written, _compiled(written, name))
            else:
                raise SettingsError(f"An article has no field {name!r}. {USAGE}")
        return cls(tuple(fields.values()), items)

    def record(self, found: Any) -> dict[str, Any]:
        """A record in the input format: fields as mapped, the others by their usual names."""
        if not isinstance(found, Mapping):
            raise SourceError("The record is no object with fields.")
        values = _by_usual_names(found)
        for name, written, expression in self.fields:
            values[name] = found[written] if written in found else _searched(expression, found)
        return {name: _fit(name, value) for name, value in values.items() if value is not None}

    def records_in(self, document: Any) -> list[Any]:
        """The records of a whole JSON file; SourceError if there is no list where one was named."""
        if self.items is None:
            return document if isinstance(document, list) else [document]
        found = _searched(self.items, document)
        if not isinstance(found, list):
            raise SourceError(f"There is no list where {ITEMS}= says.")
        return found


def _compiled(written: str, name: str) -> "ParsedResult":
    import jmespath
    from jmespath.exceptions import JMESPathError

    try:
        return jmespath.compile(written)
    except (JMESPathError, RecursionError, ValueError) as error:
        if _COLUMN.fullmatch(written):
            return jmespath.compile(f'"{written}"')
        raise SettingsError(f"{name}={written} can't be understood. {USAGE}") from error


def _searched(expression: "ParsedResult", document: Any) -> Any:
    from jmespath.exceptions import JMESPathError

    try:
        return expression.search(document)
    except (JMESPathError, TypeError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:120]
        raise SourceError(f"The field mapping doesn't fit the record ({reason}).") from error


def _by_usual_names(record: Mapping[str, Any]) -> dict[str, Any]:
    named: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(key, str) and value not in (None, ""):
            named.setdefault(_SEPARATORS.sub("", key).lower(), value)
    return {
        name: next((named[alias] for alias in aliases if alias in named), None)
        for name, aliases in _ALIASES.items()
    }


def _fit(name: str, value: Any) -> Any:
    """A value in the shape that the input format has for it."""
    if name == "text":
        if isinstance(value, list):
            value = "\n\n".join(part for part in value if isinstance(part, str))
        return plain_text(value) if isinstance(value, str) and opens_as_html(value) else value
    if name == "authors":
        people = value if isinstance(value, list) else [value]
        return [p.get("name") if isinstance(p, Mapping) else p for p in people]
    if isinstance(value, Mapping):  # {"@type": "Organization", "name": ...}
        return value.get("name")
    return value
