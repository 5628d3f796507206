"""A question to the passages that speak to it: dense and lexical candidates, scored exactly."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from vectorstore import lexical, postings, spelling
from vectorstore.database import Database
from vectorstore.embedder import Embedder
from vectorstore.evidence import Question, asked_words, close_look, first_look
from vectorstore.exact import DenseIndex
from vectorstore.lexical import Corpus
from vectorstore.models import Filters, Hit
from vectorstore.passages import Passages, Seqs
from vectorstore.ranking import in_order, language_lifts
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
        self._known: _Collection | None = None
        self._sources: tuple[int, frozenset[str]] | None = None

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
        asked = self._understand(question, language, collection.size)
        near = self._candidates(asked, max(CANDIDATES, 2 * k), among, collection.mixed)
        found = self._passages.load(np.array(sorted(near), np.int64))
        looked = [first_look(p, near[p.seq].cosine, near[p.seq].lift, asked) for p in found]
        best = sorted(looked, key=lambda seen: (-seen.score, seen.passage.chunk.id))
        hits = in_order([close_look(seen, asked) for seen in best[: max(CLOSE, k)]], k)
        for article in {hit.article.id: hit.article for hit in hits}.values():
            checked(article)  # nobody is to be quoted with what the disk made of it
        return hits

    def put_right(self, question: str, language: str) -> str:
        """The question without slips of the fingers, as far as the articles can tell."""
        spoken = {name.split("-")[0] for name in self._collection().spoken}
        if language not in spoken:  # English articles know nothing of German spelling
            return question
        held = partial(postings.holding, self._database.read())
        known = spelling.Knowledge(held, self._embedder.pieces)
        return spelling.corrected(question, [language, *sorted(spoken - {language})], known)

    def sources(self) -> frozenset[str]:
        """The sources that articles are from; read once while the catalogue stays the same."""
        generation, known = self._database.generation, self._sources
        if known is None or known[0] != generation:
            known = self._sources = (generation, self._passages.sources())
        return known[1]

    def warm_up(self) -> None:
        """Loads what the first question would load."""
        self._embedder.encode_question("?")

    def _collection(self) -> _Collection:
        generation = self._database.generation
        if self._known is None or self._known.generation != generation:
            size = postings.corpus(self._database.read())
            self._known = _Collection(generation, size, self._passages.spoken())
        return self._known

    def _understand(self, question: str, language: str | None, size: Corpus) -> Question:
        connection = self._database.read()
        tokens = lexical.asked_words(question)
        grams = postings.weigh(connection, "grams", lexical.grams(tokens), size)
        return Question(
            self._embedder.encode_question(question),
            grams,
            postings.weigh(connection, "stems", lexical.stems(tokens, language), size),
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
            lifts = language_lifts(cosines, self._passages.languages(seqs))
        nearest = seqs[np.argsort(-(cosines + lifts), kind="stable")[:limit]]
        kept = np.isin(seqs, np.union1d(nearest, worded))
        rows = zip(seqs[kept].tolist(), cosines[kept].tolist(), lifts[kept].tolist(), strict=True)
        return {seq: _Nearness(cosine, lift) for seq, cosine, lift in rows}
