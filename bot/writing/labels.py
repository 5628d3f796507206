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
_NAMED = r"quellen?|sources?|passagen?|passages?|labels?|siehe|see|vgl\.?|cf\.?|n[ro]\.?"
_SAID = rf"(?:(?:{_NAMED})\s*:?\s*)?"
_INTO, _OUT = r"(?:\*\*|__|\(|\[|<sup>|\\)*", r"(?:\*\*|__|\)|\]|</sup>|\\)*"
_TARGET = r"(?:\(#?[\w-]{1,20}\))?"  # of a link
_NOTED = re.compile(r"\[\^(\d{1,3})\]")
_GOES_ON = ("*", "_", "<", "</", "</s", "</su", "</sup", "\\")
_LED_IN = re.compile(r"^\s*[:–—-]\s+|^\s*:\s*")
_FINAL = re.compile(r"[.!?…][\"'»“”’)]*$")
_CLOSES = re.compile(r"\s*([.!?…]+[\"'»“”’)]*)")
_BULLET = re.compile(r"(?m)^\s*(?:[-*•–]|\d{1,2}[.)])\s+")
_STRESS = re.compile(r"\*\*|__|`")
_OPENS = "[【(〔^"


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
        self._given: list[str] = []
        self._led = False  # by labels in front of it
        self._waiting: list[Written] = []
        self._notes: dict[str, tuple[str, ...]] = {}

    def feed(self, piece: str) -> list[Written]:
        """The sentences that a piece completes."""
        self._held += piece
        return self._ready(self._taken(ended=False))

    def end(self) -> list[Written]:
        """What is left when the reply has ended."""
        found = self._ready(self._taken(ended=True))
        found += self._ready(self._sentences(self._held))
        self._held = ""
        return found + [replace(one, labels=self._noted(one)) for one in self._waiting]

    def _taken(self, ended: bool) -> Iterator[Written]:
        while (mark := self._marks.search(self._held)) is not None:
            rest = self._held[mark.end() :]
            if not ended and _may_go_on(rest):
                return
            before = self._begun + self._held[: mark.start()]
            if self._led and _FINAL.search(before.rstrip()):  # the mark leads the next one
                yield from self._sentences(self._held[: mark.start()])
                self._held = self._held[mark.start() :]
                continue
            if rest.startswith(":") and (note := _NOTED.search(mark[0])):
                line, newline, after = rest.partition("\n")
                if not newline and not ended:
                    return
                yield from self._sentences(self._held[: mark.start()])
                self._notes[f"^{note[1]}"] = tuple(self._known(line))
                self._held = newline + after
                continue
            self._held = rest
            yield from self._marked(before, mark[0])

    def _marked(self, before: str, mark: str) -> Iterator[Written]:
        """What a mark makes of the text before it; what follows is held."""
        self._begun, rest = before, self._held
        first = not self._given and not _BULLET.sub("", f"{before} ").strip()
        self._given += self._known(mark)
        closing = _CLOSES.match(rest)
        line_ends = not rest.strip(" ") or rest.lstrip(" ").startswith("\n")
        if first and closing is None and not line_ends:
            self._led = True
            return
        if closing is not None and not _FINAL.search(self._begun.rstrip()):
            self._begun = self._begun.rstrip() + closing[1]
        self._held = rest[closing.end() if closing else 0 :]
        if closing is not None or line_ends or _FINAL.search(self._begun.rstrip()):
            yield from self._sentences("")

    def _sentences(self, behind: str) -> Iterator[Written]:
        """Closes what has begun: the labels belong to its last sentence, or lead its first."""
        text, given = self._begun + behind, tuple(dict.fromkeys(self._given))
        at = 0 if self._led else -1
        text = _LED_IN.sub("", text) if self._led else text
        self._begun, self._given, self._led = "", [], False
        text = _STRESS.sub("", _BULLET.sub("", text))
        spans = sentences(text, 0, len(text), None)
        said = [Written(" ".join(text[span.start : span.end].split()), ()) for span in spans]
        if said:
            said[at] = replace(said[at], labels=given)
        yield from said

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

    def _known(self, mark: str) -> Iterator[str]:
        yield from (f"^{number}" for number in _NOTED.findall(mark))
        for word in re.findall(r"\w+", mark.lower()):
            if word in self._labels:
                yield word


def _marks(labels: Collection[str]) -> re.Pattern[str]:
    """One or more brackets with labels in a row, with the blanks before them."""
    known = "|".join(sorted(map(re.escape, labels))) or r"(?!)"
    alike = rf"\^?(?:{known}|\d{{1,3}}|(?=[a-z]*\d)[a-z\d]{{4}})(?:†[^\]】〕\n]{{0,60}})?"
    listed = rf"{_SAID}{alike}(?:{_AND}{_SAID}{alike})*"
    square = rf"{_INTO}[\[【〔]\s*{listed}\s*\\?[\]】〕]{_TARGET}{_OUT}"
    round_ = rf"\(\s*{_SAID}\^?(?:{known})(?:{_AND}{alike})*\s*\)"
    raised = rf"\^(?:{known})\b|<sup>\s*(?:{known})(?:{_AND}{alike})*\s*</sup>"
    mark = f"(?:{square}|{round_}|{raised})"
    return re.compile(rf"\s*{mark}(?:[ \t]*{mark})*", re.I)


def _may_go_on(rest: str) -> bool:
    """Whether what follows a label may be another one, or the end of the sentence."""
    behind = rest.lstrip(" ")
    if not behind or behind in _GOES_ON:
        return True
    return behind[0] in _OPENS and len(behind) < LONGEST and not re.search(r"[\]】)〕]", behind)
