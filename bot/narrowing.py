"""A question that says which paper it wants: "nur im Spiegel", "only from Reuters". Pure.

The words stand at its beginning or its end. They count only if there is a source of that name, for
"nur in Berlin" and "only children" begin alike.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from vectorstore import lexical

LONGEST = 6  # words of a source's name

_THE = "der|die|das|dem|den|the"
_ONLY = (
    r"(?<!\w)(?:nur|only)\s+"
    r"(?:(?P<the>im|vom|beim|zum|(?:in|aus|von|bei|laut|from|in|by|at|on|of)\s+"
    rf"(?:{_THE})|{_THE})\s+|(?P<place>in|aus|von|bei|laut|from|by|at|on|of)\s+)?"
)
_AT_END = re.compile(rf"{_ONLY}(?P<name>[^,;:!?]+?)[\s.!?)\]]*$", re.I)
_AT_START = re.compile(rf"^\W*{_ONLY}(?P<name>\S.*)$", re.I | re.S)
_PARTED = re.compile(r"[,;:.!?(\[–—-]\s*$")
_NOT_ONLY = re.compile(r"(?<!\w)(?:nicht|not)\s*$", re.I)
_LINKED = re.compile(r"(?<!\w)(?:und|oder|and|or)(?!\w)|&", re.I)
_WORD = re.compile(r"\S+")
_ARTICLES = frozenset(_THE.split("|"))
_ENDINGS = frozenset(("de", "com", "net", "org", "at", "ch", "uk", "eu", "online"))
"""Words at the end of a source's name that people leave out."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A question without the words for sources, and which they are; None if it names none."""

    words: str
    sources: frozenset[str] | None = None


def narrowed(question: str, known: Callable[[], Collection[str]]) -> Narrowed:
    """What is to be searched of a question, and in which of the known sources.

    `known` is asked only for questions with such words.
    """
    for found in _AT_END.finditer(question):
        before = question[: found.start()]
        parted = bool(_PARTED.search(before))
        sources = _sources(found["name"], found, parted, known)
        if sources and not _NOT_ONLY.search(before):
            return _without(question, _ended(before, question), sources)
    if first := _AT_START.search(question):
        for name, rest, parted in _beginnings(first["name"]):
            if sources := _sources(name, first, parted, known):
                return _without(question, rest, sources)
    return Narrowed(question)


def _without(question: str, rest: str, sources: frozenset[str]) -> Narrowed:
    told = [w for w in lexical.words(rest) if not lexical.asks(w) and not lexical.is_function(w)]
    return Narrowed(rest, sources) if told else Narrowed(question)


def _ended(before: str, question: str) -> str:
    """What comes before the words for a source, with the question mark that came after."""
    rest = before.rstrip(" \t,;:([–—-")
    asks = question.rstrip(")] ").endswith("?") and not rest.endswith(("?", ".", "!"))
    return f"{rest}?" if asks else rest


def _beginnings(text: str) -> Iterator[tuple[str, str, bool]]:
    """What may be a name at the beginning, the longest first; whether a sign parts it."""
    for word in reversed(list(_WORD.finditer(text))[:LONGEST]):
        name, rest = text[: word.end()], text[word.end() :].lstrip(" \t,;:)]–—-")
        parted = name[-1] in ",;:)]" or text[word.end() :].lstrip()[:1] in tuple(":–—-")
        if rest:
            yield name, rest, parted


def _sources(
    name: str, found: "re.Match[str]", parted: bool, known: Callable[[], Collection[str]]
) -> frozenset[str]:
    """The sources that a name means; a name that joins several means them all.

    Where the words might as well name a place or a thing ("nur in Berlin", "nur Berliner"), the
    source's whole name is needed.
    """
    whole = found["place"] is not None or (found["the"] is None and not parted)
    names = [lexical.words(part) for part in (name, *_LINKED.split(name))]
    if not names[0] or len(names[0]) > 3 * LONGEST:
        return frozenset()
    listed = [(source, _named(source)) for source in known()]
    means = [frozenset(s for s, told in listed if _is(_plain(n), told, whole)) for n in names]
    return means[0] or (frozenset().union(*means[1:]) if all(means[1:]) else frozenset())


def _is(name: Sequence[str], told: Sequence[str], whole: bool) -> bool:
    """Whether a name is a source's, or the beginning of one; "FAZ" is "F.A.Z." too."""
    joined = "".join(name)
    if not joined:
        return False
    sizes = [n for n in range(1, len(told) + 1) if "".join(told[:n]) == joined]
    return any(not whole or all(word in _ENDINGS for word in told[n:]) for n in sizes)


def _named(source: str) -> Sequence[str]:
    return _plain(lexical.words(source))


def _plain(name: Sequence[str]) -> Sequence[str]:
    return name[1:] if len(name) > 1 and name[0] in _ARTICLES else name
