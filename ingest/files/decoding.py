"""The bytes of a file to text: whatever encoding a newsroom's files are in, but not junk."""

import codecs

from vectorstore.errors import SourceError

_MARKS = (  # the longer mark first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BLANKS = frozenset("\t\n\r\f\v\x85")
JUNK = 0.01  # the share of control characters above which a text is none


def decode(data: bytes) -> str:
    """The text of a file; SourceError if it is empty or no text."""
    if not data.strip():
        raise SourceError("The file is empty.")
    text = _decoded(data)
    control = sum(1 for c in text if (c < " " or "\x7f" <= c <= "\x9f") and c not in _BLANKS)
    if control > JUNK * len(text):
        raise SourceError("The file holds binary data, not text.")
    return text


def _decoded(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    guess = _utf16_without_mark(data)
    if guess:
        return data.decode(guess, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _damaged_utf8(data) or _legacy(data)


def _utf16_without_mark(data: bytes) -> str | None:
    """European text in UTF-16 has a NUL in nearly every second place."""
    sample = data[:4_000]
    half = len(sample) // 2
    if half < 4 or len(data) % 2:
        return None
    if sample[1::2].count(0) > 0.6 * half and sample[0::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if sample[0::2].count(0) > 0.6 * half and sample[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return None


def _damaged_utf8(data: bytes) -> str | None:
    """UTF-8 that was cut off or hurt in places; text in 8 bits hardly ever looks like it."""
    text = data.decode("utf-8", errors="replace")
    foreign = sum(c > "\x7f" for c in text)
    return text if 2 * text.count("\ufffd") < foreign else None


def _legacy(data: bytes) -> str:
    """Text in an 8-bit encoding. Windows-1252 unless the bytes clearly are something else."""
    import charset_normalizer

    western = data.decode("cp1252", errors="replace")
    found = charset_normalizer.from_bytes(data[:200_000]).best()
    if found is None or _looks_western(western):
        return western
    return data.decode(found.encoding, errors="replace")


def _looks_western(text: str) -> bool:
    """Whether what isn't ASCII is mostly letters and marks of German and its neighbours."""
    usual = "äöüßÄÖÜéèêàáâçñíóôúæøåëïî„“”‚‘’»«–—…€§°·\u00a0"
    foreign = [c for c in text if c > "\x7f"]
    return sum(c in usual for c in foreign) > 0.8 * len(foreign)
