"""What is said where the articles don't answer: for which days, and what comes nearest. Pure."""

from collections.abc import Sequence

from bot.composition import one_line, readable
from bot.extractive import Quote
from bot.period import Period
from bot.quoting import inside
from bot.words import day, say, stretch
from vectorstore.models import Article

LONGEST = 300  # characters of a sentence that is shown


def refusal(
    period: Period | None,
    about: bool,
    nearest: Article | None,
    ranked: Sequence[Quote],
    words: str,
) -> str:
    """That the articles don't say it, in the language of `words`.

    `period` is what the question insists on; `about` whether articles are about the thing that was
    asked of, all the same; `nearest` one to name: then the best of its `ranked` sentences is shown.
    """
    key = "unclear" if about else "no_evidence"
    if period is None:
        said = say(key, words)
    else:
        said = say(f"{key}_then", words, when=stretch(period.since, period.until, words))
    return f"{said} {_nearest(nearest, ranked, words)}" if nearest else said


def _nearest(article: Article, ranked: Sequence[Quote], words: str) -> str:
    title = one_line(article.title or "") or say("untitled", words)
    told = [part for part in (article.source, day(article.published, words)) if part]
    named = say("titled", words, title=title)
    if told:
        named += f" ({one_line(', '.join(told))})"
    best = next((q for q in ranked if q.article.id == article.id), None)
    if best is None or len(one_line(best.text)) > LONGEST:
        return say("comes_nearest", words, named=named)
    sentence = readable(article, best.span, words)
    return say("comes_nearest_saying", words, named=named, sentence=inside(sentence))
