"""What the lines of an article are: headline, standfirst, captions, credits, prose.

Plain newspaper text says nothing about itself, but newspapers are set alike: a section line,
a headline, a standfirst, a picture's caption that copying doubles (the second time with the
credit glued to it), teasers of other articles between the paragraphs. The text itself is never
touched: the rules only say which spans are evidence.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from vectorstore.models import Span

HEADING = 140  # characters that a headline has at most
_LINE = re.compile(r"[^\n]*[^\s][^\n]*")
_SENTENCE_END = re.compile(r"[.!?…:;,。！？।؟][\"'»«“”„’)\]」』]*$")
_AGENCY = r"Getty Images|dpa|AFP|Reuters|AP Photo|imago|picture alliance|epd|KNA|APA|Keystone"
_CREDIT = re.compile(
    rf"^(?:Foto|Fotos|Bild|Bilder|Photo|Credit|Quelle|©|\(c\))\s*[:©(]|^©|/\s?(?:{_AGENCY})\b", re.I
)
_TEASER = re.compile(
    r"^(?:Lesen Sie (?:auch|dazu|hier|mehr)|(?P<unsure>Mehr (?:zum Thema|dazu)|Auch interessant|"
    r"Zum Thema|Read (?:more|also)|Also read|See also|Related))\b(?P<colon>\s*:)?",
    re.I,
)
_HEADING_MARK = re.compile(r"^#{1,6}\s+")


class Role(StrEnum):
    """What a line of an article is for."""

    SECTION = "section"
    HEADLINE = "headline"
    STANDFIRST = "standfirst"
    CAPTION = "caption"
    CREDIT = "credit"
    CROSSHEAD = "crosshead"
    TEASER = "teaser"
    REPEATED = "repeated"
    PROSE = "prose"


EVIDENCE = frozenset({Role.STANDFIRST, Role.CAPTION, Role.PROSE})


@dataclass(frozen=True, slots=True)
class Line:
    """A line that isn't blank: its span without outer blanks, whether blank lines set it apart."""

    span: Span
    text: str
    apart: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """The roles of an article's lines and the headline that they show, if any."""

    headline: str | None
    lines: tuple[tuple[Line, Role], ...]

    def evidence(self) -> list[Span]:
        """Stretches of neighbouring lines that may be quoted, in order."""
        found: list[Span] = []
        open_stretch = False
        for line, role in self.lines:
            if role not in EVIDENCE:
                open_stretch = False
            elif open_stretch:
                found[-1] = Span(found[-1].start, line.span.end)
            else:
                found.append(line.span)
                open_stretch = True
        if not found and self.lines:
            return [Span(self.lines[0][0].span.start, self.lines[-1][0].span.end)]
        return found


def read_layout(text: str, title: str | None) -> Layout:
    """The layout of a text; a headline is looked for in the text only when no title is given."""
    lines = list(_lines(text))
    roles = _captions_and_repeats(lines)
    headline: str | None = None
    if title is None:
        headline = _opening(lines, roles)
    else:
        _mark_title(lines, roles, title)
    for i, line in enumerate(lines):
        if roles[i] is Role.PROSE and _is_teaser(line.text):
            roles[i] = Role.TEASER
        elif roles[i] is Role.PROSE and _is_crosshead(lines, i):
            roles[i] = Role.CROSSHEAD
    return Layout(headline, tuple(zip(lines, roles, strict=True)))


def _lines(text: str) -> Iterator[Line]:
    before = 0
    matches = list(_LINE.finditer(text))
    for i, match in enumerate(matches):
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        end = match.start() + len(match[0].rstrip())
        after = matches[i + 1].start() if i + 1 < len(matches) else len(text)
        gap_before = before == 0 or text.count("\n", before, start) > 1
        gap_after = i + 1 == len(matches) or text.count("\n", end, after) > 1
        yield Line(Span(start, end), text[start:end], gap_before and gap_after)
        before = end


def _captions_and_repeats(lines: list[Line]) -> list[Role]:
    """Doubled captions, credits and lines that stood before."""
    roles = [Role.PROSE] * len(lines)
    seen: set[str] = set()
    for i, line in enumerate(lines):
        following = lines[i + 1].text if i + 1 < len(lines) else ""
        if line.text in seen and len(line.text) > 20:
            roles[i] = Role.REPEATED
        elif _is_credit(line.text):
            roles[i] = Role.CREDIT
        elif i and roles[i - 1] is Role.CAPTION and line.text.startswith(lines[i - 1].text):
            roles[i] = Role.REPEATED
        elif _is_doubled(line.text, following):
            roles[i] = Role.CAPTION
        seen.add(line.text)
    return roles


def _is_doubled(text: str, following: str) -> bool:
    """Whether the next line says the same, at most with a credit glued to it."""
    rest = following[len(text) :]
    if len(text) < 20 or len(rest) > 80 or not following.startswith(text):
        return False
    if not rest or _is_credit(rest.strip(" ([")):
        return True
    glued = rest[0].isupper() or (rest[0].isalpha() and _SENTENCE_END.search(text) is not None)
    return glued and not _SENTENCE_END.search(rest)


def _is_credit(text: str) -> bool:
    return len(text) <= 80 and bool(_CREDIT.search(text)) and not _SENTENCE_END.search(text)


def _is_teaser(text: str) -> bool:
    """A pointer to another article; „Zum Thema Haushalt sagte er nichts.“ is none."""
    match = _TEASER.match(text)
    if match is None or len(text) > HEADING:
        return False
    return not match["unsure"] or bool(match["colon"]) or not _SENTENCE_END.search(text)


def _opening(lines: list[Line], roles: list[Role]) -> str | None:
    """Marks section line, headline and standfirst at the top; returns the headline."""
    top = 0
    while top < len(lines) and _is_heading(lines[top].text) and top < 3:
        top += 1
    if top == 0 or top == len(lines):
        return None
    at = 1 if top > 1 and _is_section(lines[0].text) else 0
    if not _HEADING_MARK.match(lines[at].text) and all(_is_heading(e.text) for e in lines[top:]):
        return None  # a list
    _mark_top(lines, roles, at)
    return _HEADING_MARK.sub("", lines[at].text)


def _mark_title(lines: list[Line], roles: list[Role], title: str) -> None:
    """A first line that only says the title again, at most below the section, is the headline."""
    for at in range(min(2, len(lines) - 1)):
        if _plain(lines[at].text) == _plain(title):
            _mark_top(lines, roles, at)
            return
        if not _is_section(lines[at].text):
            return


def _mark_top(lines: list[Line], roles: list[Role], at: int) -> None:
    """Marks the headline, the section line before it and the standfirst behind it."""
    roles[:at] = [Role.SECTION] * at
    roles[at] = Role.HEADLINE
    after = at + 1
    if after < len(lines) - 1 and roles[after] is Role.PROSE and len(lines[after].text) <= 400:
        roles[after] = Role.STANDFIRST


def _plain(heading: str) -> str:
    return " ".join(_HEADING_MARK.sub("", heading).split()).casefold()


def _is_section(text: str) -> bool:
    return _is_heading(text) and len(text.split()) <= 3


def _is_heading(text: str) -> bool:
    if _HEADING_MARK.match(text):
        return True
    return len(text) <= HEADING and not _SENTENCE_END.search(text)


def _is_crosshead(lines: list[Line], i: int) -> bool:
    """A short line without a full stop, set apart, between paragraphs of prose."""
    line = lines[i]
    if _HEADING_MARK.match(line.text):
        return True
    if not line.apart or not _is_heading(line.text) or not 0 < i < len(lines) - 1:
        return False
    return all(_is_prose(lines[j].text) for j in (i - 1, i + 1))


def _is_prose(text: str) -> bool:
    return len(text) > 80 and bool(_SENTENCE_END.search(text))
