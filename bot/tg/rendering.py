"""An answer as Telegram messages: cited sentences, then their sources with the quotes. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.answer import Answer, Citation, Nearest, Status
from bot.tg.markup import (
    Piece,
    cleaned,
    folded_quote,
    good_link,
    link,
    messages,
    one_line,
    shortened,
    text,
    units,
    words,
)
from bot.words import day, say
from vectorstore.models import Article

# UTF-16 units; together below a message's limits even if every character has to be escaped.
LONGEST_QUOTE = 3_500
LONGEST_TITLE = 80
LONGEST_NOTE = 40
LONGEST_CORRECTION = 200
SHORTEST_TITLE = 30
TWO_LINES = 72  # of a phone
FEW = 2  # sources; with more of them, each has to do with less

_LABEL = re.compile(r"\[([0-9]{1,4})\]")
_LABELS_OF_QUOTE = re.compile(r"(?:\[[0-9]{1,4}\] ?)+$")  # a "[2]" inside is the article's own


def answer_messages(answer: Answer) -> list[str]:
    """The HTML of the messages that tell an answer, each within Telegram's limits."""
    return messages(_blocks(answer))


def own_words(said: str) -> list[str]:
    """The HTML of one of Beleg's own sentences."""
    return messages([words(said)])


def _blocks(answer: Answer) -> Iterator[list[Piece]]:
    if answer.put_right:
        yield [*words(say("searched", answer.language, question=answer.put_right)), text("\n\n")]
    links = {c.number: good_link(c.link) or good_link(c.url) for c in answer.citations}
    following = 1
    for line in cleaned(answer.text).split("\n"):
        found = list(_LABEL.finditer(line)) if answer.model else _labels_of_quote(line, following)
        following += len(found)
        yield _sentence(line, found, links)
    if answer.note:
        yield [*words(answer.note), text("\n")]
    if answer.citations:
        yield [text("\n")]
        few = len(answer.citations) <= FEW
        for citation in answer.citations:
            yield [_source(citation, links[citation.number], answer.language, few)]
    elif answer.status is Status.NO_EVIDENCE and answer.nearest:
        heading = "read_on" if answer.tells_nearest else "nearest"
        yield [text(f"\n{say(heading, answer.language)}:\n")]
        for near in answer.nearest:
            yield [text("• "), titled(near, good_link(near.url), answer.language), text("\n")]


def _labels_of_quote(line: str, following: int) -> list[re.Match[str]]:
    """The labels behind a quote. They count on from line to line; the article's own don't."""
    end = _LABELS_OF_QUOTE.search(line)
    found = list(_LABEL.finditer(line, end.start())) if end else []
    numbers = [int(label[1]) for label in found]
    for at in range(len(found)):
        if numbers[at:] == list(range(following, following + len(found) - at)):
            return found[at:]
    return []


def _sentence(
    line: str, labels: Sequence[re.Match[str]], links: Mapping[int, str | None]
) -> list[Piece]:
    """A line of the answer; its labels lead to their sources."""
    pieces: list[Piece] = []
    at = 0
    for label in labels:
        pieces += words(line[at : label.start()])
        pieces.append(link(label[0], links.get(int(label[1]))))
        at = label.end()
    return [*pieces, *words(line[at:]), text("\n")]


def _source(citation: Citation, href: str | None, language: str, few: bool) -> Piece:
    """`[1] Title – source, date`, the quote folded below, and what the paper has corrected."""
    label, where = f"[{citation.number}] ", whereabouts(citation, language)
    note = one_line(citation.correction or "", LONGEST_CORRECTION)
    room = LONGEST_TITLE if few else max(SHORTEST_TITLE, TWO_LINES - units(label + where))
    return (
        text(label)
        + titled(citation, href, language, min(room, LONGEST_TITLE))
        + text(f"{where}\n")
        + folded_quote(shortened(citation.quote, LONGEST_QUOTE))
        + text("\n")
        + text(f"{note}\n" if note else "")
    )


def titled(
    of: Citation | Nearest | Article, href: str | None, language: str, most: int = LONGEST_TITLE
) -> Piece:
    """A title, or that there is none, with a link to what `good_link` let pass."""
    return link(one_line(of.title or "", most) or say("untitled", language), href)


def whereabouts(of: Citation | Article, language: str) -> str:
    """` – paper, date` as far as they are known."""
    told = (of.source, day(of.published, language))
    where = ", ".join(one for part in told if (one := one_line(part or "", LONGEST_NOTE)))
    return f" – {where}" if where else ""
