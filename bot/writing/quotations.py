"""What a sentence puts into quotation marks, and whether its passages say just that. Pure."""

import re
from collections.abc import Iterator, Sequence

from bot.writing.vocabulary import roots, words_of

SHORT = 3  # words of a quotation that may be a name, and inflected

_PAIRS = '„“ „” „" “” “" »« «» ‚‘ ‚’ ‘’'.split()
_QUOTED = re.compile(
    "|".join(
        f"{pair[0]}([^{pair}]+){pair[1]}" + (r"(?!\w)" if pair[1] == "’" else "") for pair in _PAIRS
    )
    + r'|"([^"]+)"'
)
_MARKS = re.compile(r"[\"„“”»«‚‘’'`´]")
_LONE = re.compile(r"[„“”»«\"]")
_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:\.\.\.|…)\s*\]|\(\s*(?:\.\.\.|…)\s*\)|…|\.\.\.)\s*")


def altered_quotation(sentence: str, passages: Sequence[str]) -> str | None:
    """A quotation of the sentence that is in none of the passages, up to blanks and kinds of
    quotation marks; None if each is."""
    held = [plain(passage) for passage in passages]
    for choices in _quotations(sentence):
        if not any(_is_said(choice, held) for choice in choices):
            return choices[0]
    return None


def plain(text: str) -> str:
    """A text as quotations are compared: one kind of quotation mark, blank and dash."""
    return " ".join(_MARKS.sub("'", text).replace("–", "-").replace("\xad", "").split())


def _quotations(sentence: str) -> Iterator[tuple[str, ...]]:
    """The quotations; of one with a single mark, what stands on either side of it."""
    rest = sentence
    for match in _QUOTED.finditer(sentence):
        quoted = next(group for group in match.groups() if group is not None)
        yield (quoted,)
        rest = rest[: match.start()] + " " * len(match[0]) + rest[match.end() :]
    lone = _LONE.search(rest)
    if lone:
        before, behind = sentence[: lone.start()], sentence[lone.end() :]
        sides = {"„": (behind,), "”": (before,)}.get(lone[0], (behind, before))
        yield tuple(side for side in sides if side.strip()) or ("",)


def _is_said(quoted: str, held: Sequence[str]) -> bool:
    parts = [part for part in _ELLIPSIS.split(quoted) if any(c.isalnum() for c in part)]
    return any(_holds_all(parts, passage) for passage in held)


def _holds_all(parts: Sequence[str], passage: str) -> bool:
    at = 0
    for part in parts:
        wanted = plain(part).strip(" .,;:!?-")
        first, rest = re.escape(wanted[:1]), re.escape(wanted[1:])
        found = re.compile(rf"(?<!\w)(?i:{first}){rest}(?!\w)").search(passage, at)
        if found is None:
            return len(parts) == 1 and _is_inflected(wanted, passage)
        at = found.end()
    return True


def _is_inflected(wanted: str, passage: str) -> bool:
    """Whether a passage has a short name otherwise inflected: „Roten Löwen“ of „Rote Löwe“."""
    words = [word.folded for word in words_of(wanted)]
    if not 0 < len(words) <= SHORT:
        return False
    held = [word.folded for word in words_of(passage)]
    return any(
        all(a in roots(b) or b in roots(a) for a, b in zip(words, held[at:], strict=False))
        for at in range(len(held) - len(words) + 1)
    )
