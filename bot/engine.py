"""Questions to answers. Nothing else answers: every channel is handed an Engine."""

import threading
import time
import unicodedata
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from bot.answer import Answer, Nearest, Status
from bot.asking import Asked, counts, telling, understood, whenever
from bot.composition import Composed, compose
from bot.confidence import Judgement, judge
from bot.conversation import Turn
from bot.events import Done, Event, Found, Searching
from bot.extractive import Quote, best_quotes, ranked_quotes
from bot.fitted import Fitted, packaged
from bot.follow_up import Carried, Leaning, carried, helps, leaning
from bot.fusing import beside, fused
from bot.refusal import refusal
from bot.words import language_of_words, say
from vectorstore import language as languages
from vectorstore.catalogue import Catalogue
from vectorstore.documents import PassageRetriever, hit_of
from vectorstore.errors import IndexMismatch, QuestionError
from vectorstore.models import NO_FILTERS, Article, Filters, Hit, IndexContract

if TYPE_CHECKING:
    from bot.writing.chat_writer import ChatWriter

LONGEST_QUESTION = 2_000  # characters
PASSAGES = 12  # that an answer is drawn from
MOST_QUOTES = 3
NEAREST = 3  # articles shown


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
class _Looked:
    """What a question has found: an answer in quoted sentences, and the words for having none."""

    hits: Sequence[Hit]
    language: str
    quoted: Answer
    refusal: str


@dataclass(slots=True)
class Engine:
    """Answers questions from the catalogue's articles.

    `contract` says what the index must have been made with; it is asked late, because it may load
    the model. `fitted` chooses sentences and refuses. `today` is the day that "gestern" is
    reckoned from; `clock` counts seconds. `follow` goes over to the model of an index that was
    made anew meanwhile, if it can; `writer` writes what the articles say, if a chat model is set. A
    question sees the articles of one moment.
    """

    catalogue: Catalogue
    retriever: PassageRetriever
    contract: Callable[[], IndexContract]
    today: Callable[[], date]
    clock: Callable[[], float] = time.monotonic
    fitted: Fitted = field(default_factory=packaged)
    follow: Callable[[IndexContract], bool] = lambda index: False
    writer: "ChatWriter | None" = None
    _wanted: IndexContract | None = field(default=None, init=False)
    _agreed_at: int = field(default=-1, init=False)
    _agreeing: threading.Lock = field(default_factory=threading.Lock, init=False)

    def ask(
        self,
        question: str,
        filters: Filters = NO_FILTERS,
        most_quotes: int = MOST_QUOTES,
        person: str = "",
        history: Sequence[Turn] = (),
    ) -> Answer:
        """The answer in quoted or written sentences, or that the articles hold none."""
        *_, done = self.steps(question, filters, most_quotes, person, history)
        assert isinstance(done, Done)
        return done.answer

    def steps(
        self,
        question: str,
        filters: Filters = NO_FILTERS,
        most_quotes: int = MOST_QUOTES,
        person: str = "",
        history: Sequence[Turn] = (),
    ) -> Generator[Event]:
        """What happens on the way to an answer, as it happens; Done comes last.

        `person` is whose budget a chat model's tokens count on; `history` what was asked before.
        """
        started, text = self.clock(), cleaned(question)
        yield Searching(self.catalogue.size())
        leans = leaning(text) if history else Leaning.NO
        whole = self._whole(text, history, person) if leans else None
        with self.catalogue.database.snapshot():
            looked = self._look(text, filters, most_quotes)
            if whole is not None:
                other = self._look(cleaned(whole.words), filters, most_quotes, whole.own)
                if helps(leans, looked.quoted, other.quoted, _first_article(other.hits)):
                    quoted = replace(other.quoted, question=text)
                    looked = replace(other, quoted=quoted)
        answer = looked.quoted
        enough = answer.status is Status.ANSWERED
        yield Found(_nearest(looked.hits), enough)
        if enough and self.writer is not None:
            answer = yield from self._written(looked, self.writer, person)
        yield Done(replace(answer, seconds=round(self.clock() - started, 4)))

    def _whole(self, text: str, history: Sequence[Turn], person: str) -> Carried | None:
        """A question that leans on others as one that stands alone; None if it does already."""
        if self.writer is not None:
            from bot.restating import restated_by

            restated = restated_by(self.writer, text, history, person)
            if restated is not None:
                return Carried(restated) if restated != text else None
        return carried(text, history)

    def _look(
        self, text: str, filters: Filters, most_quotes: int, own: str | None = None
    ) -> _Looked:
        """What the articles say, in their own sentences; no chat model is asked.

        `own` are the words that were asked, if `text` has been added to them.
        """
        language = self._language(text)
        searched = self.retriever.retriever.put_right(text, language)
        asked = understood(searched, filters, self.today())
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
        return _Looked(found.hits, language, quoted, refused.text)

    def _written(
        self, looked: _Looked, writer: "ChatWriter", person: str
    ) -> Generator[Event, None, Answer]:
        """The answer as a chat model writes it; the quoted sentences if none of that can stand."""
        from bot.writing.numbering import Numbering
        from bot.writing.writer import Ending

        quoted, numbering = looked.quoted, Numbering()
        question = quoted.searched or quoted.question
        writing = writer.write(question, looked.hits, looked.language, person)
        finished = yield from numbering.said(writing)
        if finished.ending is Ending.WRITTEN:
            text, cited = "\n".join(numbering.texts), numbering.citations
            return replace(quoted, text=text, citations=cited, model=finished.model)
        if finished.ending is Ending.REFUSED:
            no = Status.NO_EVIDENCE
            said = replace(quoted, status=no, text=looked.refusal, citations=())
            return replace(said, model=finished.model)
        return replace(quoted, note=say("quoted_instead", quoted.language))

    def search(self, question: str, k: int, filters: Filters = NO_FILTERS) -> list[Hit]:
        """The k best passages, best first."""
        text = cleaned(question)
        with self.catalogue.database.snapshot():
            language = self._language(text)
            searched = self.retriever.retriever.put_right(text, language)
            return self._hits(searched, k, filters, language)

    def warm_up(self) -> None:
        """Loads the model, so that the first question doesn't wait for it."""
        self.retriever.retriever.warm_up()
        if self.writer is not None:
            self.writer.warm_up()

    def _find(self, asked: Asked, language: str, most: int, own: str | None = None) -> _Found:
        """The sentences that tell of the question's time, and what to think of them."""
        searched = 2 * PASSAGES if asked.period else PASSAGES
        hits = self._hits(asked.words, searched, asked.filters, language)
        hits = [hit for hit in hits if telling(hit, asked.period)][:PASSAGES]
        ranked = ranked_quotes(asked.words, hits, self.fitted.sentence)
        if own and hits:
            ranked = fused(ranked, self._inside(hits[0].article, own, asked.filters, language))
        ranked = [q for q in ranked if counts(asked.period, q.article, q.span)]
        quotes = best_quotes(ranked, most)
        only = self.catalogue.has_one_article()
        judged = judge(asked.words, language, ranked, hits, only, self.fitted)
        return _Found(hits, ranked, quotes, judged)

    def _inside(
        self, article: Article, own: str, filters: Filters, language: str
    ) -> Sequence[Quote]:
        """An article's sentences, ranked for a question that doesn't name it."""
        hits = self._hits(own, PASSAGES, beside(article, filters), language)
        within = [hit for hit in hits if hit.article.id == article.id]
        return ranked_quotes(own, within, self.fitted.sentence)

    def _refusal(self, asked: Asked, found: _Found, nearest: _Found, words: str) -> str:
        if not nearest.hits and not self.catalogue.counts().articles:
            return say("no_articles", words)
        period = asked.period if asked.firm else None
        article = nearest.hits[0].article if nearest.about else None
        return refusal(period, found.about, article, nearest.ranked, words)

    def _hits(self, text: str, k: int, filters: Filters, language: str) -> list[Hit]:
        if self.catalogue.contract() is None:  # nothing was ever taken in
            return []
        agreed = self._agree()
        found = self.retriever.invoke(text, k=k, filters=filters, language=language)
        if self._wanted is not agreed:  # the question's vector may be of another model
            raise IndexMismatch("The index was made anew this moment. Ask again.")
        return [hit_of(document) for document in found]

    def _agree(self) -> IndexContract:
        """What the index and the model agree on; each time, for another process may reindex."""
        with self._agreeing:
            agreed, index = self._wanted or self.contract(), self.catalogue.contract()
            generation = self.catalogue.database.generation
            if self._wanted is not None and index is not None and index != agreed:
                if generation < self._agreed_at:  # a snapshot of before the others went over
                    raise IndexMismatch("The index was made anew this moment. Ask again.")
                self._wanted = index  # first: who is at work with the old model is to notice
                agreed = index if self.follow(index) else agreed
            self._wanted = agreed
            self.catalogue.require(agreed)
            self._agreed_at = generation
            return agreed

    def _language(self, text: str) -> str:
        return languages.detect(text, self.catalogue.languages() | {"de", "en"})


def cleaned(question: str) -> str:
    """The question on one line, composed, without control characters; QuestionError if unfit."""
    kept = (" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in question)
    text = " ".join(unicodedata.normalize("NFC", "".join(kept)).split())
    if not any(c.isalnum() for c in text):
        raise QuestionError("The question is empty. Ask something, for example: Wer sagte das?")
    if len(text) > LONGEST_QUESTION:
        raise QuestionError(
            f"The question has {len(text):,} characters; {LONGEST_QUESTION:,} are the most. "
            "Ask a shorter one."
        )
    return text


def _first_article(hits: Sequence[Hit]) -> str:
    """What the nearest article says, with its title."""
    return f"{hits[0].article.title or ''}\n{hits[0].article.text}" if hits else ""


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
