"""What a Content-Type says, and whether there can be articles in such content. Pure."""

import codecs
import re

_READABLE = frozenset(
    """
    text/html text/plain text/csv text/markdown text/xml application/xml application/json
    application/ndjson application/x-ndjson application/jsonl application/pdf application/zip
    application/gzip application/x-gzip application/octet-stream binary/octet-stream
    application/vnd.openxmlformats-officedocument.wordprocessingml.document
    """.split()
)
_FAMILY = re.compile(r"(?:application|text)/[\w.+-]+\+(?:xml|json)", re.ASCII)  # feeds, XHTML
_PYTHONS_OWN = ("idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape")
_KIND = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:+-]+)", re.ASCII | re.IGNORECASE)


def kind(content_type: str) -> str | None:
    """The media type in lower case, without parameters; None if it names none."""
    found = content_type.partition(";")[0].strip().lower()
    return found if _KIND.fullmatch(found) else None


def readable(kind: str) -> bool:
    """Whether content of a media type is worth the download."""
    return kind in _READABLE or _FAMILY.fullmatch(kind) is not None


def charset(content_type: str) -> str | None:
    """The encoding of text that a Content-Type names, as Python calls it; None if it doesn't."""
    found = _CHARSET.search(content_type)
    try:
        name = codecs.lookup(found[1]).name if found else None
        if name is None or name in _PYTHONS_OWN:
            return None
        b"a".decode(name, "replace")
    except LookupError:  # unknown, or like "hex" not of text
        return None
    return name
