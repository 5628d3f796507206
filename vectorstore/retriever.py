"""A question to the passages that speak to it: dense and lexical candidates, scored exactly."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from vectorstore import lexical, postings, spelling
from vectorstore.database import Database
from vectorstore.embedder import Embedder
from vectorstore.evidence import Candidate, Question, asked_words, best_looks, close_looks
from vectorstore.exact import DenseIndex
from vectorstore.lexical import Corpus
from vectorstore.live import live_of
from vectorstore.models import Filters, Hit
from vectorstore.passages import Passages, Seqs
from vectorstore.ranking import language_lifts
from vectorstore.records import checked

CANDIDATES = 100  # from each of: vectors, 4-grams, stems
CLOSE = 20  # of which a closer look is taken, at the whole article too
MIXED_POOL = 4  # times as many by vectors, where several languages compete


@dataclass(frozen=True, slots=True)
class _Nearness:
    """A candidate's cosine and what is added to it because of its language."""

    cosine: float
    lift: float


@dataclass(frozen=True, slots=True)
class _Collection:
    """What is known of all passages together while the catalogue's generation lasts."""

    generation: int
    size: Corpus
    spoken: frozenset[str]
    held: postings.Frequencies

    @property
    def mixed(self) -> bool:
        """Whether several languages compete."""
        return len(self.spoken) > 1


class Retriever:
    """Searches the live passages of a catalogue."""

    def __init__(self, database: Database, embedder: Embedder, index: DenseIndex) -> None:
        self._database = database
        self._passages = Passages(database)
        self._embedder = embedder
        self._index = index
        self._live = live_of(database)
        self._known: _Collection | None = None

    def search(
        self, question: str, k: int, filters: Filters, language: str | None = None
    ) -> list[Hit]:
        """The k best passages, best first. `language` is the question's, if known.

        Unreadable if an article among them is not what was stored.
        """
        among = self._passages.allowed(filters) if filters else None
        if among is not None and not len(among):
            return []
        collection = self._collection()
        asked = self._understand(question, language, collection)
        near = self._candidates(asked, max(CANDIDATES, 2 * k), among, collection.mixed)
        found = self._passages.load(np.array(sorted(near), np.int64))
        candidates = [Candidate(p, near[p.seq].cosine, near[p.seq].lift) for p in found]
        best = best_looks(candidates, asked, max(CLOSE, k))
        hits = close_looks(best, asked, k)
        for article in {hit.article.id: hit.article for hit in hits}.values():
            checked(article)  # nobody is to be quoted with what the disk made of it
        return hits

    def put_right(self, question: str, language: str) -> str:
        """The question without slips of the fingers, as far as the articles can tell."""
        collection = self._collection()
        spoken = {name.split("-")[0] for name in collection.spoken}
        if language not in spoken:  # English articles know nothing of German spelling
            return question
        held = partial(collection.held.of, self._database.read())
        known = spelling.Knowledge(held, self._embedder.pieces)
        return spelling.corrected(question, [language, *sorted(spoken - {language})], known)

    def sources(self) -> frozenset[str]:
        """The sources that articles are from, as they name themselves."""
        return self._live.names("source")

    def languages(self) -> frozenset[str]:
        """The primary subtags of the languages that articles are in."""
        return frozenset(name.split("-")[0].lower() for name in self._live.names("language"))

    def warm_up(self) -> None:
        """Loads what the first question would load."""
        self._embedder.encode_question("?")

    def _collection(self) -> _Collection:
        generation = self._database.generation
        known = self._known
        if known is None or known.generation != generation:
            size, spoken = self._live.corpus(), self._live.names("language")
            known = self._known = _Collection(generation, size, spoken, postings.Frequencies())
        return known

    def _understand(self, question: str, language: str | None, collection: _Collection) -> Question:
        weigh, size = partial(collection.held.weigh, self._database.read()), collection.size
        tokens = lexical.asked_words(question)
        grams = weigh("grams", lexical.grams(tokens), size)
        return Question(
            self._embedder.encode_question(question),
            grams,
            weigh("stems", lexical.stems(tokens, language), size),
            asked_words(question, grams),
        )

    def _candidates(
        self, asked: Question, limit: int, among: Seqs | None, mixed: bool
    ) -> dict[int, _Nearness]:
        """The passages worth a close look: the nearest in meaning, and those with rare words."""
        pool = self._index.nearest(asked.vector, limit * MIXED_POOL if mixed else limit, among)
        connection = self._database.read()
        worded = np.union1d(
            postings.propose(connection, "grams", asked.grams, limit, among),
            postings.propose(connection, "stems", asked.stems, limit, among),
        )
        seqs, vectors = self._passages.vectors(np.union1d(pool, worded))
        if not len(seqs):
            return {}
        cosines = vectors @ asked.vector
        lifts = np.zeros(len(seqs))
        if mixed:
            lifts = language_lifts(cosines, self._live.languages(seqs))
        nearest = seqs[np.argsort(-(cosines + lifts), kind="stable")[:limit]]
        kept = np.isin(seqs, np.union1d(nearest, worded))
        rows = zip(seqs[kept].tolist(), cosines[kept].tolist(), lifts[kept].tolist(), strict=True)
        return {seq: _Nearness(cosine, lift) for seq, cosine, lift in rows}
