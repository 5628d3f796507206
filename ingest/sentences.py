"""Sentence spans: sentencex, corrected where it errs on German news.

A span holds no surrounding blanks and lies within one paragraph. Line breaks end a sentence
unless the text is wrapped by hand.
"""

import re
from collections.abc import Iterator

from vectorstore.models import Span

LONGEST = 900  # characters; what is longer is cut between words, so that every quote can be read
AT_ONCE = 20_000  # characters of a paragraph given to sentencex

_LINE = re.compile(r"[^\n]+")
_FINAL = re.compile(r"[.!?…:;][\"'»«“”„’)\]]*\s*$")
_WORD_BEFORE_NUMBER = (
    "der die das den dem des im am zum zur vom beim ins ans seit bis ab ein eine einen einem eines "
    "einer sein seine seinen seinem seiner ihr ihre ihren ihrem ihrer jeder jede jedes und"
)
_ORDINAL = re.compile(
    rf"(?:^|\W)(?:{'|'.join(_WORD_BEFORE_NUMBER.split())})\s+(?:\d{{1,3}}|[IVX]{{1,5}})\.\s*$", re.I
)
_NUMBER = re.compile(r"(?:^|\s)\d{1,3}\.\s*$")
_AFTER_ORDINAL = re.compile(
    r"(?:Jan|Feb|März|Apr|Mai|Juni|Juli|Aug|Sep|Okt|Nov|Dez|Jahrhundert|Jh|Jahrestag|Mal\b|Platz|"
    r"Minute|Lebensjahr|Geburtstag|Weltkrieg|Spieltag|Runde|Klasse|Etage|Stock|Bundes)"
)
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:[zZ]\.\s?[BT]|d\.\s?h|[uU]\.\s?a|i\.\s?d\.\s?R|o\.\s?[äÄ]|s\.\s?o|v\.\s?a|"
    r"[Dd]r|[Pp]rof|[Mm]io|[Mm]rd|[Tt]sd|[Cc]a|[Bb]zw|[Nn]r|[Ss]t|[Ss]tr|[Vv]gl|[Ee]vtl|[Gg]gf|"
    r"[Ii]nkl|[Ee]xkl|[Ss]og|max|min|[Tt]el|[Hh]rsg|[Gg]eb|[Gg]est|[Hh]l|[Mm]r|[Mm]rs|[Mm]s|"
    r"[Ii]ng|[Dd]ipl|[Aa]pprox|[Ss]ect|[Hh]ausnr|[Mm]ed|[Jj]ur|[Pp]hil|[Aa]bs|[Zz]zgl|[Rr]d|[A-ZÄÖÜ])\.\s*$"
)

_BEFORE_NUMBER = re.compile(
    r"(?<=[a-zäöüß]{3}[.!?])[\"'»“”’)]*\s+(?=\d[\d.,]*\s+[^\W\d_]|[£$€]\s?\d)"
)
"""Where a sentence may begin with a number; sentencex sees no boundary there."""
_SHORTENED = re.compile(
    r"(?:[Ss]ept|[Aa]nm|[Kk]ap|[Aa]rt|[Ff]ig|[Cc]hap|[Pp]ara|[Vv]ol|[Jj]an|[Ff]eb|[Aa]pr|[Aa]ug|"
    r"[Oo]kt|[Nn]ov|[Dd]ez|[Oo]ct|[Dd]ec)\.$"
)
_BEFORE_FIGURE = re.compile(r"(?:^|[\s(])(?:Max|Min|[Aa]rt)\.\s*$")  # else a word


def sentences(text: str, start: int, end: int, language: str | None) -> list[Span]:
    """The sentences of `text[start:end]`, in order."""
    found: list[Span] = []
    for block in _blocks(text, start, end):
        for span in _joined(text, _boundaries(text, block, language)):
            found.extend(_readable(text, span))
    return found


def _blocks(text: str, start: int, end: int) -> Iterator[Span]:
    """Lines, with those joined that a hand has wrapped."""
    lines = [Span(m.start(), m.end()) for m in _LINE.finditer(text, start, end)]
    lines = [line for line in lines if text[line.start : line.end].strip()]
    wrapped = _wrapped_by_hand(lines)
    current: Span | None = None
    for line in lines:
        if current is not None and _continues(text, current, line, wrapped):
            current = Span(current.start, line.end)
            continue
        if current is not None:
            yield current
        current = line
    if current is not None:
        yield current


def _wrapped_by_hand(lines: list[Span]) -> bool:
    """Lines of nearly one length, as in mails and old text files."""
    lengths = sorted(line.end - line.start for line in lines)
    return len(lengths) >= 3 and lengths[len(lengths) // 2] >= 50 and lengths[-1] <= 100


def _continues(text: str, before: Span, line: Span, wrapped: bool) -> bool:
    if text.count("\n", before.end, line.start) != 1:
        return False
    if _FINAL.search(text[max(before.start, before.end - 20) : before.end]):
        return wrapped
    return wrapped or text[line.start : line.end].lstrip()[:1].islower()


def _boundaries(text: str, block: Span, language: str | None) -> Iterator[Span]:
    import sentencex

    code = (language or "en").split("-")[0].lower()
    at = block.start
    while at < block.end:
        for piece in sentencex.segment(code, text[at : _reach(text, at, block.end)]):
            yield from _at_numbers(text, Span(at, at + len(piece)))
            at += len(piece)


def _at_numbers(text: str, piece: Span) -> Iterator[Span]:
    """A piece cut where a new sentence begins with a number: „… höher aus. 9,1 Millionen …“."""
    start = piece.start
    for match in _BEFORE_NUMBER.finditer(text, piece.start, piece.end):
        before = text[max(start, match.start() - 40) : match.start()]
        if not _SHORTENED.search(before) and not _ABBREVIATION.search(before):
            yield Span(start, match.end())
            start = match.end()
    yield Span(start, piece.end)


def _reach(text: str, start: int, end: int) -> int:
    """Where to stop: sentencex takes time by the square of the length on unbalanced quotes."""
    if end - start <= AT_ONCE:
        return end
    blank = text.rfind(" ", start + AT_ONCE // 2, start + AT_ONCE)
    return blank + 1 if blank > 0 else start + AT_ONCE


def _joined(text: str, pieces: Iterator[Span]) -> Iterator[Span]:
    """The pieces, trimmed, with those joined that belong together."""
    current: Span | None = None
    for piece in pieces:
        span = _trimmed(text, piece)
        if span.start == span.end:
            continue
        if current is not None and _belongs(
            text[max(current.start, current.end - 40) : current.end],
            text[span.start : span.start + 30],
        ):
            current = Span(current.start, span.end)
            continue
        if current is not None:
            yield current
        current = span
    if current is not None:
        yield current


def _belongs(before: str, after: str) -> bool:
    """Whether what sentencex took for two sentences is one."""
    if after[:1].islower() or _ABBREVIATION.search(before) or _ORDINAL.search(before):
        return True
    if _BEFORE_FIGURE.search(before):
        return after[:1].isdigit()
    return bool(_NUMBER.search(before) and _AFTER_ORDINAL.match(after))


def _trimmed(text: str, span: Span) -> Span:
    piece = text[span.start : span.end]
    left = len(piece) - len(piece.lstrip())
    return Span(span.start + left, max(span.start + left, span.start + len(piece.rstrip())))


def _readable(text: str, span: Span) -> Iterator[Span]:
    """A sentence in parts of at most LONGEST characters, cut behind a blank where there is one."""
    start = span.start
    while span.end - start > LONGEST:
        cut = _cut(text, start)
        yield _trimmed(text, Span(start, cut))
        start = _trimmed(text, Span(cut, span.end)).start
    if start < span.end:
        yield Span(start, span.end)


def _cut(text: str, start: int) -> int:
    for marks in (" \t\n", ";,"):
        found = max(text.rfind(mark, start + LONGEST // 2, start + LONGEST) for mark in marks)
        if found > 0:
            return found + 1
    return start + LONGEST
