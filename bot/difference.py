"""What changed between two versions of an article: its fields, and its text line by line. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from vectorstore.models import Article

FIELDS = ("title", "url", "published", "updated", "authors", "source", "section", "language")


@dataclass(frozen=True, slots=True)
class Change:
    """Lines that stood there and lines that stand there now; one of them may be empty."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Difference:
    """`fields`: name, value before, value now, of those that changed; `text`: in its order."""

    fields: tuple[tuple[str, str, str], ...]
    text: tuple[Change, ...]


def difference(old: Article, new: Article) -> Difference:
    """What makes one version another; blank lines don't count."""
    fields = ((name, _shown(old, name), _shown(new, name)) for name in FIELDS)
    return Difference(
        tuple(field for field in fields if field[1] != field[2]), tuple(_changes(old, new))
    )


def _changes(old: Article, new: Article) -> Iterator[Change]:
    before, now = (_lines(article.text) for article in (old, new))
    matcher = SequenceMatcher(None, before, now, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            yield Change("\n".join(before[a:b]), "\n".join(now[c:d]))


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def _shown(article: Article, name: str) -> str:
    value = getattr(article, name)
    return ", ".join(value) if isinstance(value, tuple) else value or ""
