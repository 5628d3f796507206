"""What the articles say to a question, in their own sentences; no chat model is asked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.answer import Answer, Citation, Nearest, Status
from bot.asking import Asked, counts, telling, understood, whenever
from bot.citations import cite
from bot.composition import Composed, compose
from bot.confidence import Judgement, judge
from bot.extractive import Quote, best_quotes, distinct, ranked_quotes
from bot.fitted import Fitted
from bot.fusing import beside, fused
from bot.refusal import refusal
from bot.search import Search
from bot.topics import about
from bot.words import language_of_words, say
from vectorstore.models import Article, Filters, Hit

PASSAGES = 12  # that an answer is drawn from
NEAREST = 3  # articles shown
TOPICAL = 24  # passages among which those about a topic are
MOST_TOPICAL = 2  # quotes for a topic


@dataclass(frozen=True, slots=True)
class Looked:
    """What a question has found: an answer in quoted sentences, and the words for having none."""

    hits: Sequence[Hit]
    language: str
    quoted: Answer
    refusal: str
    ranked: Sequence[Quote] = ()

    def best(self, most: int) -> tuple[Citation, ...]:
        """The sentences that speak most to the question, of which no two say the same; none if
        the articles don't answer it."""
        if self.quoted.status is not Status.ANSWERED:
            return ()
        return cite([(quote.article, quote.span) for quote in distinct(self.ranked, most)])

    @property
    def first_article(self) -> str:
        """What the nearest article says, with its title."""
        hits = self.hits
        return f"{hits[0].article.title or ''}\n{hits[0].article.text}" if hits else ""

    @property
    def refused(self) -> Answer:
        """That the articles don't say it, where they seemed to: the best quote comes nearest."""
        answer, best = self.quoted, self.quoted.citations[0].article_id
        nearest = tuple(sorted(answer.nearest, key=lambda near: near.article_id != best))
        said = replace(answer, status=Status.NO_EVIDENCE, text=self.refusal, citations=())
        return replace(said, nearest=nearest, tells_nearest=True)

    @property
    def nearest(self) -> tuple[Nearest, ...]:
        """The articles that speak to the question, the nearest first."""
        return _nearest(self.hits)


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found for a question: passages and their sentences, best first, those chosen."""

    hits: Sequence[Hit]
    ranked: Sequence[Quote]
    quotes: Sequence[Quote]
    judged: Judgement

    @property
    def about(self) -> bool:
        """Whether the nearest article is about the thing that was asked of."""
        return self.judged.near or self.judged.enough


@dataclass(frozen=True, slots=True)
class Looking:
    """Looks on a day; `fitted` chooses sentences and refuses."""

    search: Search
    fitted: Fitted
    today: date

    def look(self, text: str, filters: Filters, most_quotes: int, own: str | None = None) -> Looked:
        """What the articles say. `own` are the words that were asked, if more were added."""
        language = self.search.language(text)
        searched = self.search.put_right(text, language)
        asked = understood(searched, filters, self.today)
        found = anytime = self._find(asked, language, most_quotes, own)
        if asked.period and not found.judged.enough:
            anytime = self._find(whenever(asked), language, most_quotes, own)
            found = found if asked.firm else anytime
        words = language_of_words(language)
        enough = found.judged.enough
        nearest = found if enough or found.about else _nearer(found, anytime)
        refused = Composed(self._refusal(asked, found, nearest, words), ())
        said = refused
        if enough:
            said = compose(asked.words, found.quotes, found.ranked, words, most_quotes)
        quoted = Answer(
            question=text,
            status=Status.ANSWERED if enough else Status.NO_EVIDENCE,
            text=said.text,
            citations=said.citations,
            nearest=_nearest(nearest.hits),
            confidence=round(found.judged.confidence, 4),
            model=None,
            seconds=0.0,
            language=words,
            tells_nearest=not enough and nearest.about,
            searched=searched,
        )
        return Looked(found.hits, language, quoted, refused.text, found.ranked)

    def on_topic(self, topic: str, articles: Collection[str]) -> Answer | None:
        """What some articles say about a topic, the best of each; None if none is about it."""
        language = self.search.language(topic)
        among = Filters(articles=frozenset(articles))
        hits = self.search.hits(topic, TOPICAL, among, language) if articles else []
        hits = [hit for hit in hits if about(language, hit)]
        ranked = ranked_quotes(topic, hits, self.fitted.sentence)
        if not ranked:
            return None
        best = {quote.article.id: quote for quote in reversed(ranked)}
        each = [quote for quote in ranked if best[quote.article.id] is quote]
        quotes = each[:MOST_TOPICAL] if len(each) > 1 else best_quotes(ranked, MOST_TOPICAL)
        # Two words are often of no language, or of any: the article's is surer.
        words = language_of_words(ranked[0].article.language or language)
        said = compose(topic, quotes, (), words, MOST_TOPICAL)
        judged = judge(topic, language, ranked, hits, fitted=self.fitted)
        return Answer(
            question=topic,
            status=Status.ANSWERED,
            text=said.text,
            citations=said.citations,
            nearest=_nearest(hits),
            confidence=round(judged.confidence, 4),
            model=None,
            seconds=0.0,
            language=words,
            searched=topic,
        )

    def _find(self, asked: Asked, language: str, most: int, own: str | None = None) -> _Found:
        """The sentences that tell of the question's time, and what to think of them."""
        searched = 2 * PASSAGES if asked.period else PASSAGES
        hits = self.search.hits(asked.words, searched, asked.filters, language)
        hits = [hit for hit in hits if telling(hit, asked.period)][:PASSAGES]
        ranked = ranked_quotes(asked.words, hits, self.fitted.sentence)
        if own and hits:
            ranked = fused(ranked, self._inside(hits[0].article, own, asked.filters, language))
        ranked = [q for q in ranked if counts(asked.period, q.article, q.span)]
        quotes = best_quotes(ranked, most)
        only = self.search.catalogue.has_one_article()
        judged = judge(asked.words, language, ranked, hits, only, self.fitted)
        return _Found(hits, ranked, quotes, judged)

    def _inside(
        self, article: Article, own: str, filters: Filters, language: str
    ) -> Sequence[Quote]:
        """An article's sentences, ranked for a question that doesn't name it."""
        hits = self.search.hits(own, PASSAGES, beside(article, filters), language)
        within = [hit for hit in hits if hit.article.id == article.id]
        return ranked_quotes(own, within, self.fitted.sentence)

    def _refusal(self, asked: Asked, found: _Found, nearest: _Found, words: str) -> str:
        if not nearest.hits and not self.search.catalogue.counts().articles:
            return say("no_articles", words)
        period = asked.period if asked.firm else None
        article = nearest.hits[0].article if nearest.about else None
        if found.judged.enough:  # it may be refused all the same; then that comes nearest
            article = found.quotes[0].article
        return refusal(period, found.about, article, nearest.ranked, words)


def _nearer(then: _Found, anytime: _Found) -> _Found:
    """Where to show what is nearest; if that is far anyway, what there is of the time asked for."""
    return anytime if anytime.about or not then.hits else then


def _nearest(hits: Sequence[Hit]) -> tuple[Nearest, ...]:
    articles: dict[str, Nearest] = {}
    for hit in hits:
        article = hit.article
        near = Nearest(article.id, article.title, article.url, round(hit.score, 4))
        articles.setdefault(article.id, near)
    return tuple(articles.values())[:NEAREST]
