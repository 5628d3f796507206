"""A mere "Why?", which names nothing that its answer could be known by. Pure."""

import re

from bot.answer import Answer
from bot.asked import Kind, asked_for, holds
from bot.follow_up import content

_CLOCK = re.compile(r"\b[Uu]m \d[\d.:]*")  # no "um ... zu"


def lacks_reason(question: str, answer: Answer) -> bool:
    """Whether it is a mere "Why?", and nothing in the answer's quotes gives a reason.

    They were found by what was carried to it alone.
    """
    if content(question) or asked_for(question) is not Kind.REASON:
        return False
    quotes = [_CLOCK.sub("", cited.quote) for cited in answer.citations]
    return bool(quotes) and not any(holds(quote, Kind.REASON) for quote in quotes)
