"""A question's best passages, read from the catalogue: with what is near to it, and its words."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from vectorstore import lexical
from vectorstore.collection import Collection
from vectorstore.database import Database
from vectorstore.embedder import EmbeddedQuestion
from vectorstore.evidence import Candidate, Question, asked_words, best_looks, close_looks
from vectorstore.live import live_of
from vectorstore.models import Hit
from vectorstore.passages import Passages, Seqs
from vectorstore.ranking import language_lifts
from vectorstore.records import checked

CANDIDATES = 100  # from each of: vectors, 4-grams, stems
CLOSE = 20  # passages of which a closer look is taken, at the whole article too


def candidates(k: int) -> int:
    """How many passages of each kind are looked at, if `k` are to be found."""
    return max(CANDIDATES, 2 * k)


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """A question to be read for: the `k` best passages, `among` some if given (ascending).

    `near` are the nearest in meaning, in any order; `language` is the question's, if known.
    """

    question: str
    language: str | None
    embedded: EmbeddedQuestion
    near: Seqs
    among: Seqs | None
    k: int


class Reader:
    """Reads from a catalogue; threads may share it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._passages = Passages(database)
        self._live = live_of(database)

    def warm_up(self) -> None:
        """Reads what the first question would read."""
        self._live.collection()

    def read(self, wanted: Wanted) -> list[Hit]:
        """The best passages, best first. Unreadable if an article is not what was stored."""
        collection = self._live.collection()
        asked = self._understood(wanted, collection)
        best = best_looks(self._candidates(wanted, asked, collection), asked, max(CLOSE, wanted.k))
        hits = close_looks(best, asked, wanted.k)
        for article in {hit.article.id: hit.article for hit in hits}.values():
            checked(article)  # nobody is to be quoted with what the disk made of it
        return hits

    def _understood(self, wanted: Wanted, collection: Collection) -> Question:
        weigh, size = partial(collection.terms.weigh, self._database.read()), collection.size
        tokens = lexical.asked_words(wanted.question)
        grams = weigh("grams", lexical.grams(tokens), size)
        stems = weigh("stems", lexical.stems(tokens, wanted.language), size)
        return Question(wanted.embedded, grams, stems, asked_words(wanted.question, grams))

    def _candidates(
        self, wanted: Wanted, asked: Question, collection: Collection
    ) -> list[Candidate]:
        """The passages worth a look: the nearest in meaning, and those with rare words."""
        limit = candidates(wanted.k)
        propose = partial(collection.terms.propose, self._database.read())
        worded = np.union1d(
            propose("grams", asked.grams, limit, wanted.among),
            propose("stems", asked.stems, limit, wanted.among),
        )
        seqs, vectors = self._passages.vectors(np.union1d(wanted.near, worded))
        cosines = vectors @ asked.vector if len(seqs) else np.empty(0, np.float32)
        lifts = np.zeros(len(seqs))
        if collection.mixed:
            lifts = language_lifts(cosines, self._live.languages(seqs))
        nearest = seqs[np.argsort(-(cosines + lifts), kind="stable")[:limit]]
        kept = np.isin(seqs, np.union1d(nearest, worded))
        numbers = zip(cosines[kept].tolist(), lifts[kept].tolist(), strict=True)
        known = dict(zip(seqs[kept].tolist(), numbers, strict=True))
        return [Candidate(found, *known[found.seq]) for found in self._passages.load(seqs[kept])]
