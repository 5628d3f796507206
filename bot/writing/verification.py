"""Whether a sentence that a chat model wrote may be shown as fact. Pure but for `meaning`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.writing.denial import flips
from bot.writing.figures import figures, is_written, stands, unread
from bot.writing.moments import Moment, further_days, happened, moments
from bot.writing.naming import misjoined, missing_names
from bot.writing.quotations import altered_quotation
from bot.writing.slots import replaced_fact
from bot.writing.support import Carried, Meaning, carried
from bot.writing.told import Told, language_of, told_by
from vectorstore.models import Hit, Span

NEAR = 0.85
ABROAD = 0.78
WORDS = 0.15


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sentence may be shown, why not, and what of each cited passage supports it."""

    ok: bool
    reason: str | None
    support: tuple[tuple[Hit, Span], ...]


def verify(
    sentence: str, cited: Sequence[Hit], question: str, language: str, meaning: Meaning
) -> Verdict:
    """Checks a sentence against the passages that it cites."""
    if not cited:
        return Verdict(False, "it cites no passage", ())
    passages = [told_by(hit) for hit in cited]
    reason = next(_wrong_facts(sentence, passages, language), None)
    if reason:
        return Verdict(False, reason, ())
    vector = meaning([sentence])[0]
    found = [carried(sentence, vector, hit, language, meaning) for hit in cited]
    near = [c for c in found if _supports(c, language)]
    if not near:
        return Verdict(False, "no cited sentence means nearly that", ())
    sources = [line for c in near for line in told_by(c.hit).lines]
    same = any(_same_language(c.hit, language) for c in near)
    if flips(sentence, sources, language, same):
        return Verdict(False, "it denies what is affirmed, or affirms what is denied", ())
    return Verdict(True, None, tuple((c.hit, c.span) for c in near))


def _supports(found: Carried, language: str) -> bool:
    near = found.cosine + WORDS * found.words
    return near >= (NEAR if _same_language(found.hit, language) else ABROAD)


def _same_language(hit: Hit, language: str) -> bool:
    return language_of(hit) == language


def _wrong_facts(sentence: str, passages: Sequence[Told], language: str) -> Iterator[str]:
    dates = [*moments(sentence), *further_days(sentence)]
    spans = [Span(m.start, m.end) for m in dates]
    said = figures(sentence, language, spans)
    held = [figure for told in passages for figure in told.figures]
    for moment in dates:
        if not _is_told(moment, passages):
            yield f"the date {sentence[moment.start : moment.end]!r} is not in the passages"
    for figure in said:
        if not stands(figure, held):
            yield f"the number {sentence[figure.start : figure.end]!r} is not in the passages"
    for token in unread(sentence, [*spans, *(Span(f.start, f.end) for f in said)]):
        if not any(is_written(token, told.text) for told in passages):
            yield f"{token!r} is not in the passages"
    names = _all_names(passages)
    for name in missing_names(sentence, language, names):
        yield f"the name {name!r} is not in the passages"
    mixed = misjoined(sentence, language, names)
    if mixed:
        yield f"the passages name nobody {mixed!r}"
    quoted = altered_quotation(sentence, [told.text for told in passages])
    if quoted:
        yield f"the passages don't say {quoted!r}"
    swapped = replaced_fact(sentence, language, passages)
    if swapped:
        yield f"the passages have something else in the place of {swapped!r}"


def _all_names(passages: Sequence[Told]):
    from bot.writing.naming import merged

    return merged([told.names for told in passages])


def _is_told(moment: Moment, passages: Sequence[Told]) -> bool:
    return any(happened(moment, told.moments, told.published) for told in passages)
