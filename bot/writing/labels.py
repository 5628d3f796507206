"""What a model writes, as it arrives, to sentences with the labels behind them. Pure.

Labels are known beforehand, and half of one is held back until it is whole. Accepted are the shapes
that models write: [ab12], [ab12, cd34], [ab12][cd34], 【ab12】, (ab12), [^ab12], ^ab12, also in
other brackets, in bold, raised, as links, before or behind the full stop, on a line of its own, in
front of the sentence, or in footnotes whose notes stand at the end. What looks like a citation and
is none of the labels ("[1]") is no text either: a reader would take it for one.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from ingest.sentences import sentences

LONGEST = 120  # characters that brackets with labels may hold; what is longer is text

_AND = r"(?:[\s,;&/|]|\band\b|\bund\b|\bsowie\b)+"
_GAP = r"[ \t]*(?:[,;&/|]|\b(?:and|und|sowie)\b)?[ \t]*"  # between two marks of a row
_NAMED = r"quellen?|sources?|passagen?|passages?|labels?|siehe|see|vgl\.?|cf\.?|n[ro]\.?"
_SAID = rf"(?:(?:{_NAMED})\s*:?\s*)?"
_INTO, _OUT = r"(?:\*|_|\\|<sup>){0,6}", r"(?:\*|_|\\|</sup>){0,6}"
_TARGET = r"(?:\([^\s()]{1,200}\))?"  # of a link
_OPENS, _CLOSERS = "[【〔(", "]】〕)"
_ENCLOSED = re.compile(rf"[{re.escape(_OPENS)}]\s*{_SAID}{_INTO}$", re.I)
_GOES_ON = re.compile(rf"{_GAP}(?:a|an|u|un|s|so|sow|sowi)?{_INTO}(?:</?s?u?p?|\^\w{{0,4}})?", re.I)
_NEXT = re.compile(rf"{_GAP}{_INTO}(?=[{re.escape(_OPENS)}])", re.I)
_HALF = re.compile(
    rf"\s*(?:\(\s*{_SAID})?{_INTO}(?:[\[【〔][^\[\]【】〔〕.!?\n]{{0,60}}|\(\^?\w{{0,4}}|</?s?u?p?|"
    r"<sup>\w{0,4}|\^[a-z]\d[a-z]?)$",
    re.I,
)
_NOTED = re.compile(r"\[\^(\w{1,4})\]")
_LED_IN = re.compile(r"^\s*[:–—-]\s+|^\s*:\s*")
_FINAL = re.compile(r"[.!?…][\"'»“”’)]*$")
_CLOSES = re.compile(r"\s*([.!?…]+[\"'»“”’)]*)")
_BULLET = re.compile(r"(?m)^\s*(?:[-*•–]|\d{1,2}[.)])\s+")
_STRESS = re.compile(r"\*\*|__|`|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)")


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence that a model wrote, on one line, and the labels that it gave for it."""

    text: str
    labels: tuple[str, ...]


class SentenceParser:
    """Takes the pieces of one reply in their order; a sentence comes out once it has ended.

    With footnotes, sentences wait for the notes at the end.
    """

    def __init__(self, labels: Collection[str]) -> None:
        self._labels = {label.lower() for label in labels}
        self._marks = _marks(self._labels)
        self._held = ""
        self._begun = ""
        self._given: list[tuple[int, str]] = []  # where in what has begun, and which label
        self._led = False  # by labels in front of it
        self._seen: set[str] = set()
        self._waiting: list[Written] = []
        self._notes: dict[str, tuple[str, ...]] = {}

    def feed(self, piece: str) -> list[Written]:
        """The sentences that a piece completes."""
        self._held += piece
        return self._ready(self._taken(ended=False))

    def end(self) -> list[Written]:
        """What is left when the reply has ended."""
        found = self._ready(self._taken(ended=True))
        self._begun += _HALF.sub("", self._held)
        self._held = ""
        found += self._ready(self._closed())
        return found + [replace(one, labels=self._noted(one)) for one in self._waiting]

    def _taken(self, ended: bool) -> Iterator[Written]:
        while (mark := self._marks.search(self._held)) is not None:
            if not ended and _may_go_on(self._held, mark):
                return
            before = self._begun + self._held[: mark.start()]
            blanks = mark[0][: len(mark[0]) - len(mark[0].lstrip())]
            line = (before + blanks).rpartition("\n")[2]
            rest = self._held[mark.end() :]
            if not line.strip() and rest.startswith(":") and self._is_note(mark[0]):
                note, newline, after = rest.partition("\n")
                if not newline and not ended:
                    return
                self._begun = before
                yield from self._closed()
                self._notes.update({f"^{n}": tuple(self._known(note)) for n in _noted_in(mark[0])})
                self._held = newline + after
                continue
            self._held = rest
            goes_on = not (_CLOSES.match(rest) or _line_ends(rest))
            next_to_led = self._led and _FINAL.search(before.rstrip())
            if goes_on and (next_to_led or not _BULLET.sub("", f"{line} ").strip()):
                yield from self._led_by(mark[0], before + blanks)
            else:
                yield from self._followed_by(mark[0], before)

    def _led_by(self, mark: str, before: str) -> Iterator[Written]:
        """Labels of the sentence that comes."""
        if _BULLET.sub("", before).strip():
            self._begun = before
            yield from self._closed()
        self._begun, self._led = "", True
        self._give(mark)

    def _followed_by(self, mark: str, before: str) -> Iterator[Written]:
        """Labels of the sentence before them, which may have ended."""
        self._begun = before
        self._give(mark)
        closing, line_ends = _CLOSES.match(self._held), _line_ends(self._held)
        if closing is not None:
            self._held = self._held[closing.end() :]
            if not _FINAL.search(before.rstrip()):
                self._begun = before.rstrip() + closing[1]
        if closing is not None or line_ends or _FINAL.search(before.rstrip()):
            yield from self._closed()

    def _give(self, mark: str) -> None:
        known = list(self._known(mark))
        self._given += [(len(self._begun), label) for label in known]
        self._seen.update(known)

    def _closed(self) -> Iterator[Written]:
        """The sentences of what has begun: each has the labels that stand in it or behind it."""
        text, given, led = self._begun, self._given, self._led
        self._begun, self._given, self._led = "", [], False
        plain = _plain(text, led)
        spans = sentences(plain, 0, len(plain), None)
        labels: list[list[str]] = [[] for _ in spans]
        for place, label in given if spans else ():
            end = len(_plain(text[:place], led).rstrip())
            labels[max(sum(span.start < end for span in spans) - 1, 0)].append(label)
        for span, own in zip(spans, labels, strict=True):
            yield Written(" ".join(plain[span.start : span.end].split()), tuple(dict.fromkeys(own)))

    def _ready(self, found: Iterable[Written]) -> list[Written]:
        """Those that wait for no note, nor for a sentence before them that does."""
        ready = []
        for one in found:
            if self._waiting or any(label.startswith("^") for label in one.labels):
                self._waiting.append(one)
            else:
                ready.append(one)
        return ready

    def _noted(self, written: Written) -> tuple[str, ...]:
        found = (self._notes.get(x, ()) if x.startswith("^") else (x,) for x in written.labels)
        return tuple(dict.fromkeys(label for labels in found for label in labels))

    def _is_note(self, mark: str) -> bool:
        """Whether a mark before a colon begins a footnote; the first [^ab12] leads a sentence."""
        return bool(_noted_in(mark)) or any(
            name.lower() in self._seen for name in _NOTED.findall(mark)
        )

    def _known(self, mark: str) -> Iterator[str]:
        yield from (f"^{number}" for number in _noted_in(mark))
        for word in re.findall(r"\w+", mark.lower()):
            if word in self._labels:
                yield word


def _noted_in(mark: str) -> list[str]:
    """The numbers of the footnotes in a mark."""
    return [name for name in _NOTED.findall(mark) if name.isdigit()]


def _plain(text: str, led: bool) -> str:
    """Text without bullets and stress, nor the colon behind labels in front of it."""
    text = _LED_IN.sub("", text) if led else text
    return _STRESS.sub("", _BULLET.sub("", text))


def _marks(labels: Collection[str]) -> re.Pattern[str]:
    """One or more brackets with labels in a row, with the blanks before them."""
    known = "|".join(sorted(map(re.escape, labels))) or r"(?!)"
    locator = r"(?:†[^\[\]【】〔〕()\n]{0,60})?"
    alike = rf"\^?(?:{known}|\d{{1,3}}|(?=[a-z]*\d)[a-z\d]{{4}}){locator}"
    listed = rf"{_SAID}{alike}(?:{_AND}{_SAID}{alike})*"
    square = rf"[\[【〔]\s*{listed}\s*\\?[\]】〕]{_TARGET}"
    inner = rf"{_SAID}{_INTO}{square}{_OUT}"
    nested = rf"[\[(]\s*{inner}(?:{_AND}?{inner})*\s*[\])]{_TARGET}"
    round_ = rf"\(\s*{_SAID}\^?(?:{known}){locator}(?:{_AND}{_SAID}{alike})*\s*\\?\)"
    raised = rf"\^(?:{known})\b|<sup>\s*(?:{known})(?:{_AND}{alike})*\s*</sup>"
    mark = f"{_INTO}(?:{nested}|{square}|{round_}|{raised}){_OUT}"
    return re.compile(rf"\s*{mark}(?:{_GAP}{mark})*", re.I)


def _line_ends(rest: str) -> bool:
    return not rest.strip(" ") or rest.lstrip(" ").startswith("\n")


def _may_go_on(held: str, mark: re.Match[str]) -> bool:
    """Whether a mark, or the end of its sentence, may still be incomplete."""
    rest = held[mark.end() :]
    if _GOES_ON.fullmatch(rest) or _CLOSES.fullmatch(rest):
        return True
    enclosed = _ENCLOSED.search(held[: mark.start()])
    if enclosed is not None and _is_open(held[enclosed.start() :]):
        return True
    following = _NEXT.match(rest)
    return following is not None and _is_open(rest[following.end() :])


def _is_open(text: str) -> bool:
    """Whether the bracket at the start of a text has not been closed, and may yet be."""
    depth = 0
    for at, letter in enumerate(text):
        depth += (letter in _OPENS) - (letter in _CLOSERS)
        if depth == 0 or at == LONGEST:
            return False
    return True
