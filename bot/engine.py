"""Questions to answers. Nothing else answers: every channel is handed an Engine."""

import time
import unicodedata
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from bot.answer import Answer, Citation, Status
from bot.at_one_moment import both
from bot.conversation import Turn
from bot.events import Done, Event, Found, Searching
from bot.fitted import Fitted, packaged
from bot.follow_up import Carried, Leaning, carried, helps, leaning
from bot.in_turn import InTurn
from bot.listening import Listener
from bot.looking import Looked, Looking
from bot.mere_why import lacks_reason
from bot.narrowing import narrowed
from bot.search import Search
from vectorstore.catalogue import Catalogue
from vectorstore.errors import QuestionError
from vectorstore.finder import Finder
from vectorstore.models import NO_FILTERS, Filters, Hit, IndexContract

if TYPE_CHECKING:
    from bot.writing.chat_writer import ChatWriter

LONGEST_QUESTION = 2_000  # characters
MOST_QUOTES = 3


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
    retriever: Finder
    contract: Callable[[], IndexContract]
    today: Callable[[], date]
    clock: Callable[[], float] = time.monotonic
    fitted: Fitted = field(default_factory=packaged)
    follow: Callable[[IndexContract], bool] = lambda index: False
    writer: "ChatWriter | None" = None
    _search: Search = field(init=False)
    _in_turn: InTurn = field(default_factory=InTurn, init=False)

    def __post_init__(self) -> None:
        self._search = Search(self.catalogue, self.retriever, self.contract, self.follow)

    def ask(
        self,
        question: str,
        filters: Filters = NO_FILTERS,
        most_quotes: int = MOST_QUOTES,
        person: str = "",
        history: Sequence[Turn] = (),
        fresh: bool = False,
    ) -> Answer:
        """The answer in quoted or written sentences, or that the articles hold none."""
        *_, done = self.steps(question, filters, most_quotes, person, history, fresh)
        assert isinstance(done, Done)
        return done.answer

    def quotes(
        self,
        question: str,
        filters: Filters = NO_FILTERS,
        most_quotes: int = MOST_QUOTES,
    ) -> Answer:
        """The answer in quoted sentences, or that the articles hold none; asks no chat model."""
        started, text = self.clock(), cleaned(question)
        with self._at_work():
            told, chosen = self._narrowed(text, filters)
            looked = self._looking().look(told, chosen, most_quotes)
        return self._given(looked.quoted, text, told, started)

    def best(self, question: str, most: int = MOST_QUOTES) -> tuple[Citation, ...]:
        """The sentences that speak most to a question; none if the articles don't answer it.

        Asks no chat model.
        """
        text = cleaned(question)
        with self._at_work():
            told, chosen = self._narrowed(text, NO_FILTERS)
            return self._looking().look(told, chosen, most).best(most)

    def on_topic(self, topic: str, articles: Collection[str]) -> Answer | None:
        """What these articles say about a topic ("Miete in Hannover"), in quoted sentences; None
        if none of them is about it. Asks no chat model."""
        started, text = self.clock(), cleaned(topic)
        with self._at_work():
            answer = self._looking().on_topic(text, articles)
        return answer and self._given(answer, text, text, started)

    def steps(
        self,
        question: str,
        filters: Filters = NO_FILTERS,
        most_quotes: int = MOST_QUOTES,
        person: str = "",
        history: Sequence[Turn] = (),
        fresh: bool = False,
        listener: Listener | None = None,
    ) -> Generator[Event]:
        """What happens on the way to an answer, as it happens; Done comes last.

        `person` is whose budget a chat model's tokens count on; `history` what was asked before;
        `fresh` has a chat model write anew what it has written before. Left once the listener has.
        """
        started, text, heard = self.clock(), cleaned(question), listener or Listener()
        yield Searching(self.catalogue.size())
        heard.check()
        with self.catalogue.database.snapshot():
            told, chosen = self._narrowed(text, filters)
            before = [self._without_sources(turn) for turn in history]
        looked = self._looked(told, chosen, most_quotes, person, before, heard)
        answer = looked.quoted
        enough = answer.status is Status.ANSWERED
        yield Found(looked.nearest, enough)
        heard.check()
        if enough and self.writer is not None:
            answer = yield from self._written(looked, self.writer, person, fresh, heard)
        yield Done(self._given(answer, text, told, started))

    def search(self, question: str, k: int, filters: Filters = NO_FILTERS) -> list[Hit]:
        """The k best passages, best first."""
        text = cleaned(question)
        with self._at_work():
            text, filters = self._narrowed(text, filters)
            language = self._search.language(text)
            return self._search.hits(self._search.put_right(text, language), k, filters, language)

    def warm_up(self) -> None:
        """Loads the model, so that the first question doesn't wait for it."""
        self.retriever.retriever.warm_up()
        if self.writer is not None:
            self.writer.warm_up()

    def _narrowed(self, text: str, filters: Filters) -> tuple[str, Filters]:
        """The question without the words for the source it wants, which the filters have then."""
        found = narrowed(text, self.retriever.retriever.sources)
        if found.sources is None:
            return text, filters
        among = found.sources if filters.sources is None else found.sources & filters.sources
        return found.words, replace(filters, sources=among)

    def _without_sources(self, turn: Turn) -> Turn:
        """A turn with what was asked, but not of whom: that is nothing to carry along."""
        question, standalone = (
            narrowed(text, self.retriever.retriever.sources).words
            for text in (turn.question, turn.standalone)
        )
        return replace(turn, question=question, standalone=standalone)

    def _looked(
        self,
        text: str,
        filters: Filters,
        most_quotes: int,
        person: str,
        history: Sequence[Turn],
        heard: Listener,
    ) -> Looked:
        """What the articles say to a question, or to one that is made whole by those before."""
        leans = leaning(text) if history else Leaning.NO
        whole = self._whole(text, history, person, heard) if leans else None
        heard.check()
        with self._at_work():
            heard.check()
            looking = self._looking()
            if whole is None:
                return looking.look(text, filters, most_quotes)
            looked, other = both(
                self.catalogue.database,
                lambda: looking.look(text, filters, most_quotes),
                lambda: looking.look(cleaned(whole.words), filters, most_quotes, whole.own),
            )
        if not helps(leans, looked.quoted, other.quoted, other.first_article):
            return looked
        if lacks_reason(text, other.quoted):
            return replace(other, quoted=other.refused)
        return other

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        """In turn, and with the articles of one moment."""
        with self._in_turn.let_in(), self.catalogue.database.snapshot():
            yield

    def _looking(self) -> Looking:
        return Looking(self._search, self.fitted, self.today())

    def _whole(
        self, text: str, history: Sequence[Turn], person: str, heard: Listener
    ) -> Carried | None:
        """A question that leans on others as one that stands alone; None if it does already."""
        if self.writer is not None:
            from bot.restating import restated_by

            restated = restated_by(self.writer, text, history, person, heard)
            if restated is not None:
                return Carried(restated) if restated != text else None
        return carried(text, history)

    def _written(
        self, looked: Looked, writer: "ChatWriter", person: str, fresh: bool, heard: Listener
    ) -> Generator[Event, None, Answer]:
        """The answer as a chat model writes it; the quoted sentences if none of that can stand."""
        from bot.writing.finishing import finished_answer
        from bot.writing.numbering import Numbering

        question, numbering = looked.quoted.searched or looked.quoted.question, Numbering()
        writing = writer.write(question, looked.hits, looked.language, person, fresh, heard)
        finished = yield from numbering.said(writing)
        return (yield from finished_answer(looked, numbering, finished))

    def _given(self, answer: Answer, text: str, told: str, started: float) -> Answer:
        """An answer to what was `told` of a text, as one to the text."""
        searched = text if answer.searched == told else answer.searched
        seconds = round(self.clock() - started, 4)
        return replace(answer, question=text, searched=searched, seconds=seconds)


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
