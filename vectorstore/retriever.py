"""A question to the passages that speak to it: dense and lexical candidates, scored exactly."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from vectorstore import lexical, postings, spelling
from vectorstore.database import Database
from vectorstore.embedder import Embedder
from vectorstore.evidence import Question, asked_words
from vectorstore.exact import DenseIndex
from vectorstore.lexical import Corpus
from vectorstore.live import live_of
from vectorstore.models import Filters, Hit
from vectorstore.passages import Passages, Seqs
from vectorstore.ranking import language_lifts
from vectorstore.readers import Readers
from vectorstore.reading import Wanted

CANDIDATES = 100  # from each of: vectors, 4-grams, stems
MIXED_POOL = 4  # times as many by vectors, where several languages compete


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

    def __init__(
        self,
        database: Database,
        embedder: Embedder,
        index: DenseIndex,
        readers: Readers | None = None,
    ) -> None:
        self._database = database
        self._readers = readers or Readers(database)
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
        return self._readers.read(self._wanted(asked, k, among, collection.mixed))

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

    def _wanted(self, asked: Question, k: int, among: Seqs | None, mixed: bool) -> Wanted:
        """The passages worth a close look: the nearest in meaning, and those with rare words."""
        limit = max(CANDIDATES, 2 * k)
        pool = self._index.nearest(asked.vector, limit * MIXED_POOL if mixed else limit, among)
        connection = self._database.read()
        worded = np.union1d(
            postings.propose(connection, "grams", asked.grams, limit, among),
            postings.propose(connection, "stems", asked.stems, limit, among),
        )
        seqs, vectors = self._passages.vectors(np.union1d(pool, worded))
        cosines = vectors @ asked.vector if len(seqs) else np.empty(0, np.float32)
        lifts = np.zeros(len(seqs))
        if mixed:
            lifts = language_lifts(cosines, self._live.languages(seqs))
        nearest = seqs[np.argsort(-(cosines + lifts), kind="stable")[:limit]]
        kept = np.isin(seqs, np.union1d(nearest, worded))
        return Wanted(asked, seqs[kept], cosines[kept], lifts[kept], k)
