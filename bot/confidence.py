"""How likely it is that the chosen quotes answer the question: a logistic model. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.asked import Kind, asked_for
from bot.extractive import Quote
from bot.fitted import Fitted, packaged
from bot.matching import matched
from bot.traits import SENTENCE
from vectorstore.models import Hit, WordMatch

CONTEXT = (
    "ahead of other articles' sentences",
    "ahead of its article's sentences",
    "passage ahead of other articles",
    "meaning ahead of other articles",
    "words in meaning ahead of other articles",
    "meaning ahead of the rest",
    "words in article",
    "missing as written",
    "worst missing as written",
    "missing in meaning",
    "worst missing in meaning",
    "missing in both",
    "worst missing in both",
    "worst name as written",
    "worst name in meaning",
    "words in sentence",
    "names in sentence",
    "lacks what is asked for",
    "asks for a figure",
)
FEATURES = SENTENCE + CONTEXT
LEAD_ALONE = 0.07  # of an article without rivals: right answers have .12, wrong ones .03 (medians)
ALONE = 1.7  # log odds: who asks of one article alone asks about it, or about something far away
HELD = 0.6  # share of a word's 4-grams that makes it the same word
MEANT_FROM, MEANT_TO = 0.35, 0.8  # cosines between which a word counts as more and more meant
NEAR = 0.55  # share of the question's weight that a passage has, from which it is about the thing


@dataclass(frozen=True, slots=True)
class Judgement:
    """The probability that the quotes answer the question, and whether that is enough.

    `near`: whether the best passage is about the thing that was asked of, answer or not.
    """

    confidence: float
    enough: bool
    near: bool = False


def judge(
    question: str,
    language: str | None,
    quotes: Sequence[Quote],
    hits: Sequence[Hit],
    only_article: bool = False,
    fitted: Fitted | None = None,
) -> Judgement:
    """What to think of quotes for a question in a language. No quotes are never enough.

    `quotes` are all ranked ones, best first. `only_article` says that there is no other article
    in the whole collection.
    """
    if not quotes:
        return Judgement(0.0, False)
    models = fitted or packaged()
    model = models.same if one_language(language, quotes[0].article.language) else models.other
    seen = features(question, quotes, hits)
    prior = ALONE if only_article else 0.0
    held = model.answerable.probability(FEATURES, seen, prior)
    confidence = model.right.probability(FEATURES, seen, prior)
    enough = held >= model.answerable.threshold and confidence >= model.right.threshold
    near = 1 - _missing(hits[0].words)[4] >= NEAR
    return Judgement(confidence, enough, near)


def one_language(question: str | None, article: str | None) -> bool:
    """Which of the models applies: words mean less where the languages differ."""
    one, other = ((code or "").split("-")[0].lower() for code in (question, article))
    return one == other


def features(question: str, quotes: Sequence[Quote], hits: Sequence[Hit]) -> list[float]:
    """What the models look at, in the order of FEATURES. There must be a quote."""
    first = quotes[0]
    kind = asked_for(question)
    fits = first.traits[SENTENCE.index("holds the figure asked for") :][:4]
    said = matched(question, first.text)
    return [
        *first.traits,
        *_leads(quotes, hits),
        first.hit.article_coverage,
        *_missing(first.hit.words),
        said.words,
        said.names,
        float(kind is not Kind.OTHER and not any(fits)),
        float(kind in (Kind.TIME, Kind.NUMBER, Kind.MONEY, Kind.MEASURE)),
    ]


def _leads(quotes: Sequence[Quote], hits: Sequence[Hit]) -> list[float]:
    """How far the first quote, its passage and its passage's words are ahead."""
    first = quotes[0]
    article = first.article.id
    others = [
        q.score
        for q in quotes
        if q.article.id != article and one_language(q.article.language, first.article.language)
    ]
    own = [q.score for q in quotes[1:] if q.article.id == article]
    rivals = [hit for hit in hits if hit.article.id != article]
    # Cosines are higher within the question's language: only those of one language compare.
    fair = [h for h in rivals if one_language(h.article.language, first.article.language)]
    rest = [h.dense for h in hits[4:] if one_language(h.article.language, first.article.language)]
    meant = mean_meant(first.hit.words)
    return [
        min(3.0, first.score - max(others)) if others else 3.0,
        min(3.0, first.score - max(own)) if own else 3.0,
        first.hit.score - max(hit.score for hit in rivals) if rivals else LEAD_ALONE,
        first.hit.dense - max(hit.dense for hit in fair) if fair else LEAD_ALONE,
        meant - max(mean_meant(hit.words) for hit in fair) if fair else LEAD_ALONE,
        first.hit.dense - sum(rest) / len(rest) if rest else LEAD_ALONE,
    ]


def mean_meant(words: Sequence[WordMatch]) -> float:
    """How near a passage's words come to the question's on average."""
    return sum(word.meant for word in words) / len(words) if words else 0.0


def _missing(words: Sequence[WordMatch]) -> list[float]:
    """What of the question's weight a passage lacks, as written and in meaning; the worst words."""
    if not words:
        return [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]
    total = sum(word.rarity for word in words) or 1.0
    written = [1.0 if word.written >= HELD else word.written for word in words]
    either = [max(w, _meant(word)) for w, word in zip(written, words, strict=True)]
    names = [i for i, word in enumerate(words) if word.name]

    def lacking(shares: Sequence[float]) -> tuple[float, float]:
        parts = [word.rarity * (1 - s) for s, word in zip(shares, words, strict=True)]
        return sum(parts) / total, max(parts) / 10

    return [
        *lacking(written),
        *lacking([word.meant for word in words]),
        *lacking(either),
        min((written[i] for i in names), default=0.7),
        min((words[i].meant for i in names), default=0.7),
    ]


def _meant(word: WordMatch) -> float:
    return min(1.0, max(0.0, (word.meant - MEANT_FROM) / (MEANT_TO - MEANT_FROM)))
