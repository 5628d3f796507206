"""What is new on a topic, as Telegram messages: an answer under a heading, and how to end that."""

from collections.abc import Sequence

from bot.answer import Answer
from bot.tg.markup import (
    HEAVIEST,
    LONGEST,
    MOST_ENTITIES,
    bold,
    messages,
    one_line,
    plain,
    units,
)
from bot.tg.rendering import answer_messages, own_words
from bot.words import say

SHOWN = 100  # of a topic's characters


def news_messages(topic: str, answer: Answer, language: str, is_last: bool = False) -> list[str]:
    """The HTML of the messages; `is_last`: whether no more come today."""
    told = say("topic_news", language, topic=one_line(topic, SHOWN))
    keys = ("topic_last", "topic_end") if is_last else ("topic_end",)
    heading = messages([[bold(told)]])
    footer = own_words(" ".join(say(key, language) for key in keys))
    return _joined(_joined(heading, answer_messages(answer)), footer)


def _joined(some: Sequence[str], others: Sequence[str]) -> list[str]:
    """Pages after pages, one less if where they meet both fit on one."""
    met = f"{some[-1]}\n\n{others[0]}"
    fits = units(plain(met)) <= LONGEST and len(met.encode()) <= HEAVIEST
    if fits and met.count("</") <= MOST_ENTITIES:
        return [*some[:-1], met, *others[1:]]
    return [*some, *others]
