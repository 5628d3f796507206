"""Whether a sentence that a chat model wrote may be shown as fact. Pure but for `meaning`.

Each of its dates, numbers, names and quotations must be in the passages that it cites, none may
stand in the place of another, its meaning must be near some sentence of theirs, and it may deny
only what they deny. What supports it is cut from the article by code.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.writing.actors import unknown_actor
from bot.writing.denial import denies, denies_all, flips, flips_abroad
from bot.writing.facts import facts_of
from bot.writing.figures import is_written, readings, unread
from bot.writing.grounds import added_clause, groundless_figure, shares_words
from bot.writing.misplaced import misplaced_figure
from bot.writing.opposites import opposes
from bot.writing.places import turned
from bot.writing.quotations import altered_quotation
from bot.writing.slots import replaced_fact
from bot.writing.support import Carried, Meaning, carried
from bot.writing.told import Told, language_of, told_by
from bot.writing.vocabulary import merged
from bot.writing.wrong_names import misjoined, missing_names
from vectorstore.models import Hit, Span, Vector

# Measured by benchmarks/verifying.py: of the sentences of other articles 1 % reach NEAR, of
# honest ones .03 % don't; of translations .8 % don't reach ABROAD, and 4 % of others do, most of
# which have names and numbers that the passages lack.
NEAR = 0.85  # cosine and WORDS for the words that both share
ABROAD = 0.78  # the same where the passage is in another language
ALONE = 0.85  # cosine of two sentences in two languages, neither with others around it: on 49 of
# news and their translations 98 % reach it, and 2 % of the sentences of other articles
BARE = 0.88  # cosine of what shares names and numbers with its support, but no other word
WORDS = 0.15
LONGEST = 1_000  # characters of a sentence: whatever a model writes, checking it is quick


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sentence may be shown as fact, why not, and what supports it.

    `support`: for each cited passage that supports it a span of whole sentences of its article.
    """

    ok: bool
    reason: str | None
    support: tuple[tuple[Hit, Span], ...]


def verify(
    sentence: str, cited: Sequence[Hit], question: str, language: str, meaning: Meaning
) -> Verdict:
    """Whether the cited passages say what a sentence says.

    `question` is what it answers: a first name that the question gives may stand before a surname
    of the passages. `language` is the sentence's, two letters. `meaning` gives texts vectors.
    """
    if not cited:
        return _refused("It cites no passage.")
    if len(sentence) > LONGEST:
        return _refused(f"It is longer than {LONGEST} characters.")
    passages = [told_by(hit) for hit in cited]
    reason = next(_wrong_facts(sentence, passages, question, language), None)
    if reason is not None:
        return _refused(reason)
    (vector,) = meaning([sentence])
    found = [carried(sentence, vector, hit, language, meaning) for hit in cited]
    support = _supporting(found, language)
    if not support or (denies(sentence, language) and _is_abroad(support, language)):
        support = _alone(sentence, vector, cited, language, meaning) or support
    if not support:
        return _refused("No cited sentence means nearly that.")
    if _flips(sentence, language, support):
        return _refused("It denies what the passages affirm, or affirms what they deny.")
    reason = _groundless(sentence, language, passages, support)
    if reason is not None:
        return _refused(reason)
    if opposes(sentence, language, [c.text for c in support if language_of(c.hit) == language]):
        return _refused("It says the opposite of what the passages say.")
    return Verdict(True, None, tuple((c.hit, c.span) for c in support))


def _refused(reason: str) -> Verdict:
    return Verdict(False, reason, ())


def _supporting(found: Sequence[Carried], language: str) -> list[Carried]:
    """Those near enough; if some have facts of the sentence, only those."""
    near = [c for c in found if c.cosine + WORDS * c.words >= _threshold(c.hit, language)]
    return [c for c in near if c.facts] or near


def _is_abroad(support: Sequence[Carried], language: str) -> bool:
    return all(language_of(c.hit) != language for c in support)


def _alone(
    sentence: str, vector: Vector, cited: Sequence[Hit], language: str, meaning: Meaning
) -> list[Carried]:
    """Those in another language that are near enough once each sentence is taken by itself."""
    abroad = [hit for hit in cited if language_of(hit) != language]
    found = [carried(sentence, vector, hit, language, meaning, alone=True) for hit in abroad]
    return [c for c in found if c.cosine >= ALONE]


def _flips(sentence: str, language: str, support: Sequence[Carried]) -> bool:
    """Whether it denies something else than its passages, those of its own language if any are."""
    own = [told_by(c.hit) for c in support if language_of(c.hit) == language]
    if own:
        texts = [c.text for c in support if language_of(c.hit) == language]
        lines = [line for told in own for line in told.lines]
        return flips(sentence, language, lines) or denies_all(sentence, texts, language)
    return all(flips_abroad(sentence, language, c.text, language_of(c.hit)) for c in support)


def _groundless(
    sentence: str, language: str, passages: Sequence[Told], support: Sequence[Carried]
) -> str | None:
    """What of a sentence only its names, numbers and dates seem to support, None if nothing."""
    if not any(
        c.cosine >= BARE
        or not c.facts
        or language_of(c.hit) != language
        or shares_words(sentence, language, c.text)
        for c in support
    ):
        return "The cited sentences have its names and numbers, but tell something else."
    carried = frozenset(start for c in support for start in c.facts)
    figure = groundless_figure(sentence, language, passages, carried)
    return figure and f"The passages say {figure!r} of something else."


def _threshold(hit: Hit, language: str) -> float:
    return NEAR if language_of(hit) == language else ABROAD


def _wrong_facts(
    sentence: str, passages: Sequence[Told], question: str, language: str
) -> Iterator[str]:
    """What is wrong with the dates, numbers, names and quotations of a sentence."""
    facts = facts_of(sentence, language)
    for part in facts.moments:
        if not any(told.has_moment(part) for told in passages):
            yield f"The date {sentence[part.start : part.end]!r} isn't in the passages."
    for figure in facts.figures:
        meant = readings(sentence, figure, facts.figures)
        if not any(told.has_figure(reading) for told in passages for reading in meant):
            yield f"The number {sentence[figure.start : figure.end]!r} isn't in the passages."
    for word in unread(sentence, facts.spans):
        if not any(is_written(word, told.text) for told in passages):
            yield f"{word!r} isn't in the passages."
    names = merged([told.names for told in passages])
    for name in missing_names(sentence, language, names, question):
        yield f"The name {name!r} isn't in the passages."
    mixed = misjoined(sentence, language, names)
    if mixed is not None:
        yield f"The passages name nobody {mixed!r}."
    quoted = altered_quotation(sentence, [told.text for told in passages])
    if quoted is not None:
        yield f"The passages don't say {quoted!r} word for word."
    replaced = replaced_fact(sentence, language, passages)
    if replaced is not None:
        yield f"The passages say something else in the place of {replaced!r}."
    lines = [line for told in passages if told.language == language for line in told.lines]
    texts = [told.text for told in passages]
    actor = unknown_actor(sentence, language, texts) if lines else None
    if actor is not None:
        yield f"The passages know of no {actor!r}."
    added = added_clause(sentence, language, texts) if lines else None
    if added is not None:
        yield f"Nothing in the passages is like {added!r}."
    misplaced = misplaced_figure(sentence, language, passages)
    if misplaced is not None:
        yield f"The passages say {misplaced!r} of something else."
    moved = turned(sentence, language, lines)
    if moved is not None:
        yield f"The passages say it in another order: {moved!r}."
