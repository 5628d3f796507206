"""The bytes of a feed or sitemap to text that a parser can do no harm with. Pure."""

import re
from contextlib import suppress
from html.entities import html5

from ingest.files.decoding import decode

SNIFFED = 65_536  # bytes at the start of a file in which its root element is looked for

_ROOT = re.compile(r"<(?:[\w.-]+:)?(html|rss|rdf|feed|urlset|sitemapindex)(?=[\s/>])", re.I)
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{2,40})["']""")
_TEXT_ENCODING = re.compile(
    r"(utf-?8|iso[-_]|latin|windows-|cp\d|koi8|euc[-_]|gbk?|gb18030|big5|shift|sjis|mac|tis-)", re.I
)
_WESTERN = re.compile(r"(iso[-_]?8859[-_]1|latin-?1|us-ascii|ascii)$", re.I)
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31};)")
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r")) + b"\x7f"  # in 8 bits; a NUL may be UTF-16
_NO_CHARACTER = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def root_of(data: bytes) -> str | None:
    """The name of the root element in lower case, if it is one that Beleg has a reader for."""
    head = data[:SNIFFED].replace(b"\0", b"").decode("latin-1")
    found = _ROOT.search(head)
    return found[1].lower() if found else None


def xml_text(data: bytes) -> str:
    """The document from its root on; SourceError if it is empty or no text.

    What stands before the root is dropped: the encoding, which is known by now, a server's
    warnings, and the DOCTYPE, so that no entity can be declared. HTML's own are spelt out.
    """
    clean = data if b"\0" in data else data.translate(None, _CONTROLS)
    text = _NO_CHARACTER.sub("", _decoded(clean))
    root = _ROOT.search(text)
    return _ENTITY.sub(_spelt_out, text[root.start() :] if root else "")


def _decoded(data: bytes) -> str:
    """Real UTF-8 whatever is declared, else as declared, else what it looks like."""
    declared = _DECLARED.search(data[:1_000])
    if b"\0" not in data and (declared is None or not data.isascii()):
        with suppress(UnicodeDecodeError):
            return data.decode("utf-8-sig")
    if declared is None:
        return decode(data)
    encoding = declared[1].decode("ascii")
    if _WESTERN.match(encoding):
        encoding = "cp1252"  # what it means on the web
    if not _TEXT_ENCODING.match(encoding):
        return decode(data)
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return decode(data)


def _spelt_out(found: re.Match[str]) -> str:
    characters = html5.get(found[1])
    return found[0] if characters is None or set(characters) & set("<>&\"'") else characters
