"""A chat model's answers, as the engine asks for them: within a budget, and kept for the next time.

What is kept is what was shown: sentences and the spans that support them, never a model's reply.
"""

import hashlib
import json
import logging
import random
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from bot.listening import Listener
from bot.writing import lexicon, prompt, writer
from bot.writing.model import ChatModels, Metered
from bot.writing.verification import verify
from bot.writing.writer import Check, Ending, Finished, Supported
from vectorstore import replies
from vectorstore.database import Database
from vectorstore.embedder import Embedder, Passage
from vectorstore.errors import StoreError
from vectorstore.models import Article, Hit, Span, Vectors

PASSAGES = 8  # that a model is shown
RULES = 4  # part of every key: counts on when less of what a model writes is shown

_KEPT = (Ending.WRITTEN, Ending.REFUSED)

log = logging.getLogger(__name__)


@dataclass(slots=True)
class ChatWriter:
    """Writes answers with the models that are set; `daily` tokens a person and day, 0 for any."""

    models: ChatModels
    embedder: Embedder
    database: Database
    today: Callable[[], date]
    daily: int = 0
    chance: random.Random = field(default_factory=random.SystemRandom)

    def warm_up(self) -> None:
        """Loads what the first answer would be verified with."""
        lexicon.knows("Beleg", "de")

    def write(
        self,
        question: str,
        hits: Sequence[Hit],
        language: str,
        person: str,
        fresh: bool = False,
        listener: Listener | None = None,
    ) -> Generator[Supported, None, Finished]:
        """Sentences as they prove to be supported; returns how it ended.

        What was kept is said again, unless `fresh` asks for other words and there are tokens left.
        """
        shown, day = hits[:PASSAGES], self.today().isoformat()
        key = self._key(question, shown, language)
        known = replies.kept(self.database.read(), key)
        if known is not None and not (fresh and self._affords(day, person)):
            return (yield from _again(known, shown))
        if not self._affords(day, person):
            log.info("the budget of tokens for today is spent")
            return Finished(Ending.SPENT)
        metered, finished = Metered(self.models, listener), None
        check = self._check(question, language)
        try:
            finished = yield from writer.write(
                metered, question, shown, language, check, self.chance
            )
            return finished
        finally:  # also if nobody reads on
            self._note(key, day, person, metered.tokens, finished, shown)

    def _affords(self, day: str, person: str) -> bool:
        spent = replies.spent(self.database.read(), day, person) if self.daily else 0
        return not self.daily or spent < self.daily

    def _check(self, question: str, language: str) -> Check:
        return lambda sentence, cited: verify(sentence, cited, question, language, self._meaning)

    def _meaning(self, texts: Sequence[str]) -> Vectors:
        passages = [Passage(text, (Span(0, len(text)),)) for text in texts]
        return np.stack([found.vector for found in self.embedder.encode_passages(passages)])

    def _key(self, question: str, hits: Sequence[Hit], language: str) -> str:
        seen = [[hit.chunk.id, hit.text, *_about(hit.article)] for hit in hits]
        models = (self.models.names, self.models.base_url)
        of = (prompt.VERSION, RULES, models, question, language, seen)
        return hashlib.sha256(json.dumps(of).encode()).hexdigest()

    def _note(
        self,
        key: str,
        day: str,
        person: str,
        tokens: int,
        finished: Finished | None,
        hits: Sequence[Hit],
    ) -> None:
        """Counts what was spent, and keeps an answer that is whole."""
        try:
            with self.database.write(content=False) as connection:
                replies.spend(connection, day, person, tokens)
                if finished is not None and finished.whole and finished.ending in _KEPT:
                    reply = json.dumps(_record(finished), ensure_ascii=False)
                    replies.keep(connection, key, reply, (hit.article.id for hit in hits))
        except StoreError as error:  # a home that can't be written to can be asked all the same
            log.warning("what was written is not kept: %s", error)


def _about(article: Article) -> tuple[str | None, ...]:
    """What a model is told of an article besides its text."""
    return article.title, article.source, article.published


def _record(finished: Finished) -> dict[str, object]:
    said = [
        [one.text, [[hit.chunk.id, span.start, span.end] for hit, span in one.support]]
        for one in finished.said
    ]
    dropped = finished.dropped
    return {"ending": finished.ending, "model": finished.model, "said": said, "dropped": dropped}


def _again(known: str, hits: Sequence[Hit]) -> Generator[Supported, None, Finished]:
    """What was said before, of the same passages."""
    stored, passages = json.loads(known), {hit.chunk.id: hit for hit in hits}
    said = tuple(
        Supported(text, tuple((passages[one], Span(start, end)) for one, start, end in support))
        for text, support in stored["said"]
    )
    yield from said
    ending, dropped = Ending(stored["ending"]), bool(stored["dropped"])
    return Finished(ending, said, stored["model"], dropped=dropped)
