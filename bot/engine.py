"""Questions to answers. Nothing else answers: every channel is handed an Engine."""

import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.answer import Answer, Nearest, Status
from bot.citations import cite
from bot.confidence import judge
from bot.extractive import best_quotes, ranked_quotes
from bot.words import language_of_words, say
from vectorstore import language as languages
from vectorstore.catalogue import Catalogue
from vectorstore.documents import PassageRetriever, hit_of
from vectorstore.errors import QuestionError
from vectorstore.models import NO_FILTERS, Filters, Hit, IndexContract

LONGEST_QUESTION = 2_000  # characters
PASSAGES = 12  # that an answer is drawn from
MOST_QUOTES = 3
NEAREST = 3  # articles shown


@dataclass(slots=True)
class Engine:
    """Answers questions from the catalogue's articles.

    `contract` says what the index must have been made with; it is asked late, because it may load
    the model. `clock` counts seconds.
    """

    catalogue: Catalogue
    retriever: PassageRetriever
    contract: Callable[[], IndexContract]
    clock: Callable[[], float] = time.monotonic
    _wanted: IndexContract | None = field(default=None, init=False)

    def ask(
        self, question: str, filters: Filters = NO_FILTERS, most_quotes: int = MOST_QUOTES
    ) -> Answer:
        """The answer in quoted sentences, or that the articles hold none."""
        started = self.clock()
        text = cleaned(question)
        language = self._language(text)
        hits = self._hits(text, PASSAGES, filters, language)
        quotes = best_quotes(ranked_quotes(text, hits), most_quotes)
        judged = judge(text, language, quotes, hits, self.catalogue.has_one_article())
        citations = cite([(q.article, q.span) for q in quotes]) if judged.enough else ()
        words = language_of_words(language)
        spoken = "\n".join(f"{one_line(c.quote)} [{c.number}]" for c in citations)
        return Answer(
            question=text,
            status=Status.ANSWERED if judged.enough else Status.NO_EVIDENCE,
            text=spoken or say("no_evidence" if hits else self._why_nothing(), words),
            citations=citations,
            nearest=_nearest(hits),
            confidence=round(judged.confidence, 4),
            model=None,
            seconds=round(self.clock() - started, 4),
            language=words,
        )

    def search(self, question: str, k: int, filters: Filters = NO_FILTERS) -> list[Hit]:
        """The k best passages, best first."""
        text = cleaned(question)
        return self._hits(text, k, filters, self._language(text))

    def warm_up(self) -> None:
        """Loads the model, so that the first question doesn't wait for it."""
        self.retriever.retriever.warm_up()

    def _hits(self, text: str, k: int, filters: Filters, language: str) -> list[Hit]:
        if self.catalogue.contract() is None:  # nothing was ever taken in
            return []
        self._wanted = self._wanted or self.contract()
        self.catalogue.require(self._wanted)  # each time: another process may have reindexed
        found = self.retriever.invoke(text, k=k, filters=filters, language=language)
        return [hit_of(document) for document in found]

    def _language(self, text: str) -> str:
        return languages.detect(text, self.catalogue.languages() | {"de", "en"})

    def _why_nothing(self) -> str:
        return "no_evidence" if self.catalogue.counts().articles else "no_articles"


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


def one_line(quote: str) -> str:
    """A quote as it is read in running text; the citation keeps it verbatim."""
    return " ".join(quote.split())


def _nearest(hits: Sequence[Hit]) -> tuple[Nearest, ...]:
    articles: dict[str, Nearest] = {}
    for hit in hits:
        article = hit.article
        near = Nearest(article.id, article.title, article.url, round(hit.score, 4))
        articles.setdefault(article.id, near)
    return tuple(articles.values())[:NEAREST]
