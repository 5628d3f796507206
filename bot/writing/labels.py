"""What a model writes, as it arrives, to sentences with the labels behind them. Pure.

Labels are known beforehand, and half of one is held back until it is whole. Accepted are the shapes
that models write: [ab12], [ab12, cd34], [ab12][cd34], 【ab12】, (ab12), [^ab12], ^ab12, before or
behind the full stop, also on a line of its own. What looks like a citation and is none of the
labels ("[1]") is no text either: a reader would take it for one.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from ingest.sentences import sentences

LONGEST = 120  # characters that brackets with labels may hold; what is longer is text

_AND = r"(?:[\s,;&/|]|\band\b|\bund\b|\bsowie\b)+"
_SAID = r"(?:(?:quellen?|sources?|passagen?|passages?|siehe|see|vgl\.?|cf\.?)\s*:?\s*)?"
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
    """Takes the pieces of one reply in their order; a sentence comes out once it has ended."""

    def __init__(self, labels: Collection[str]) -> None:
        self._labels = {label.lower() for label in labels}
        self._marks = _marks(self._labels)
        self._held = ""
        self._begun = ""
        self._given: list[str] = []

    def feed(self, piece: str) -> list[Written]:
        """The sentences that a piece completes."""
        self._held += piece
        return list(self._taken(ended=False))

    def end(self) -> list[Written]:
        """What is left when the reply has ended."""
        found = list(self._taken(ended=True))
        found += self._sentences(self._held)
        self._held = ""
        return found

    def _taken(self, ended: bool) -> Iterator[Written]:
        while (mark := self._marks.search(self._held)) is not None:
            rest = self._held[mark.end() :]
            if not ended and _may_go_on(rest):
                return
            self._begun += self._held[: mark.start()]
            self._given += self._known(mark[0])
            closing = _CLOSES.match(rest)
            cut = closing.end() if closing else 0
            if closing is not None and not _FINAL.search(self._begun.rstrip()):
                self._begun = self._begun.rstrip() + closing[1]
            self._held = rest[cut:]
            line_ends = not rest.strip(" ") or rest.lstrip(" ").startswith("\n")
            if closing is not None or line_ends or _FINAL.search(self._begun.rstrip()):
                yield from self._sentences("")

    def _sentences(self, behind: str) -> list[Written]:
        """Closes what has begun: the labels belong to its last sentence."""
        text, given = self._begun + behind, tuple(dict.fromkeys(self._given))
        self._begun, self._given = "", []
        text = _STRESS.sub("", _BULLET.sub("", text))
        spans = sentences(text, 0, len(text), None)
        said = [" ".join(text[span.start : span.end].split()) for span in spans]
        last = len(said) - 1
        return [Written(one, given if at == last else ()) for at, one in enumerate(said)]

    def _known(self, mark: str) -> Iterator[str]:
        for word in re.findall(r"\w+", mark.lower()):
            if word in self._labels:
                yield word


def _marks(labels: Collection[str]) -> re.Pattern[str]:
    """One or more brackets with labels in a row, with the blanks before them."""
    known = "|".join(sorted(map(re.escape, labels))) or r"(?!)"
    alike = rf"\^?(?:{known}|\d{{1,3}}|(?=[a-z]*\d)[a-z\d]{{4}})"
    square = rf"[\[【〔]\s*{_SAID}{alike}(?:{_AND}{alike})*\s*[\]】〕]"
    round_ = rf"\(\s*{_SAID}\^?(?:{known})(?:{_AND}{alike})*\s*\)"
    raised = rf"\^(?:{known})\b"
    return re.compile(rf"(?:\s*(?:{square}|{round_}|{raised}))+", re.I)


def _may_go_on(rest: str) -> bool:
    """Whether what follows a label may be another one, or the end of the sentence."""
    behind = rest.lstrip(" ")
    if not behind:
        return True
    return behind[0] in _OPENS and len(behind) < LONGEST and not re.search(r"[\]】)〕]", behind)
