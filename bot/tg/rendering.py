"""An answer as Telegram messages: cited sentences, then their sources with the quotes. Pure."""

import re
from collections.abc import Iterator, Mapping

from bot.answer import Answer, Citation, Nearest, Status
from bot.tg.markup import (
    Piece,
    cleaned,
    folded_quote,
    good_link,
    link,
    messages,
    shortened,
    text,
    words,
)
from bot.words import day, say

# UTF-16 units; together below a message's limits even if every character has to be escaped.
LONGEST_QUOTE = 3_500
LONGEST_TITLE = 250
LONGEST_NOTE = 100

_LABEL = re.compile(r"\[([0-9]{1,4})\]")
_LABEL_OF_QUOTE = re.compile(r"\[([0-9]{1,4})\]$")  # a "[2]" inside is the article's own


def answer_messages(answer: Answer) -> list[str]:
    """The HTML of the messages that tell an answer, each within Telegram's limits."""
    return messages(_blocks(answer))


def own_words(said: str) -> list[str]:
    """The HTML of one of Beleg's own sentences."""
    return messages([words(said)])


def _blocks(answer: Answer) -> Iterator[list[Piece]]:
    links = {c.number: good_link(c.link) or good_link(c.url) for c in answer.citations}
    label = _LABEL if answer.model else _LABEL_OF_QUOTE
    for line in cleaned(answer.text).split("\n"):
        yield _sentence(line, label, links)
    if answer.citations:
        yield [text("\n")]
        for citation in answer.citations:
            yield [_source(citation, links[citation.number], answer.language)]
    elif answer.status is Status.NO_EVIDENCE and answer.nearest:
        yield [text(f"\n{say('nearest', answer.language)}:\n")]
        for near in answer.nearest:
            yield [text("• "), _title(near, good_link(near.url), answer.language), text("\n")]


def _sentence(line: str, label: re.Pattern[str], links: Mapping[int, str | None]) -> list[Piece]:
    """A line of the answer; its labels lead to their sources."""
    pieces: list[Piece] = []
    at = 0
    for found in label.finditer(line):
        pieces += words(line[at : found.start()])
        pieces.append(link(found[0], links.get(int(found[1]))))
        at = found.end()
    return [*pieces, *words(line[at:]), text("\n")]


def _source(citation: Citation, href: str | None, language: str) -> Piece:
    """`[1] Title – source, date`, and the quote folded below."""
    told = (citation.source, day(citation.published, language))
    where = ", ".join(_one_line(part, LONGEST_NOTE) for part in told if part)
    return (
        text(f"[{citation.number}] ")
        + _title(citation, href, language)
        + text(f" – {where}\n" if where else "\n")
        + folded_quote(shortened(citation.quote, LONGEST_QUOTE))
        + text("\n")
    )


def _title(of: Citation | Nearest, href: str | None, language: str) -> Piece:
    return link(_one_line(of.title or "", LONGEST_TITLE) or say("untitled", language), href)


def _one_line(shown: str, most: int) -> str:
    return shortened(" ".join(shown.split()), most).strip()
