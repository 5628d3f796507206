"""How the articles and the questions stand, in words. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.library import Condition
from bot.tg.taken_view import reason
from bot.words import day, language_of_words, number, say
from vectorstore.turns import Asked


@dataclass(frozen=True, slots=True)
class Asking:
    """What was asked today and in the last seven days; how many topics are watched, by how many."""

    today: Asked
    week: Asked
    topics: int
    watchers: int


def freshness_words(condition: Condition, language: str) -> str:
    """How many articles there are and how fresh: for everybody."""
    if not condition.articles:
        return say("no_articles", language)
    told = [f"{_counted('article', condition.articles, language)}."]
    if condition.newest is not None:
        told.append(say("status_newest", language, day=day(condition.newest, language)))
    if condition.taken_in is not None:
        when = _moment(condition.taken_in, language)
        told.append(say("status_taken_in", language, when=when))
    return " ".join(told)


def condition_words(condition: Condition, language: str) -> str:
    """What whoever runs the bot has to know."""
    return "\n".join(_condition(condition, language))


def asking_words(asking: Asking, language: str) -> str:
    """How much is asked, and how it goes."""
    spans = (("stats_today", asking.today), ("stats_week", asking.week))
    lines = [f"{say(key, language)}: {_asked(asked, language)}" for key, asked in spans]
    topics = _counted("topic", asking.topics, language)
    people = _counted("person", asking.watchers, language)
    return "\n".join([*lines, say("stats_topics", language, topics=topics, people=people)])


def _condition(condition: Condition, language: str) -> Iterator[str]:
    counted = _counted("paragraph", condition.passages, language)
    waiting = number(condition.waiting, language)
    yield say("status_passages", language, counted=counted, waiting=waiting)
    if condition.trouble is not None:
        where = say("chroma_trouble", language, trouble=condition.trouble)
    else:
        where = say("chroma_here" if condition.owner else "chroma_elsewhere", language)
    yield say("status_model", language, model=condition.model or "–", where=where)
    if condition.chat_models:
        yield say("status_writes", language, models=", ".join(condition.chat_models))
    else:
        yield say("status_quotes", language)
    if condition.watching is not None:
        state = say("watch_runs" if condition.watching else "watch_rests", language)
        yield say("status_watch", language, count=len(condition.sources), state=state)
    for source in condition.failing:
        since = source.failing_since or source.last_run
        when = _moment(since.astimezone(condition.zone), language) if since else "?"
        why = reason(source.errors[0], language) if source.errors else ""
        yield say("status_failing", language, name=source.name, when=when, why=why).rstrip()
    yield ", ".join(f"{name} {version}" for name, version in condition.versions)


def _asked(asked: Asked, language: str) -> str:
    if not asked.questions:
        return say("stats_nothing", language)
    return say(
        "stats_asked",
        language,
        questions=_counted("question", asked.questions, language),
        people=_counted("person", asked.people, language),
        share=round(100 * asked.answered / asked.questions),
        good=asked.good,
        bad=asked.bad,
        median=_decimal(asked.median, language),
    )


def _counted(name: str, count: int, language: str) -> str:
    key = f"one_{name}" if count == 1 else f"many_{name}s"
    return say(key, language, count=number(count, language))


def _decimal(value: float, language: str) -> str:
    shown = f"{value:.1f}"
    return shown.replace(".", ",") if language_of_words(language) == "de" else shown


def _moment(at: datetime, language: str) -> str:
    return f"{day(at.date().isoformat(), language)}, {at:%H:%M}"
