"""A question to the passages that speak to it: dense and lexical candidates, scored exactly."""

from functools import partial

from vectorstore import spelling
from vectorstore.database import Database
from vectorstore.embedder import Embedder
from vectorstore.exact import DenseIndex
from vectorstore.live import live_of
from vectorstore.models import Filters, Hit
from vectorstore.passages import Passages
from vectorstore.readers import Readers
from vectorstore.reading import Wanted, candidates

MIXED_POOL = 4  # times as many by vectors, where several languages compete


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

    def search(
        self, question: str, k: int, filters: Filters, language: str | None = None
    ) -> list[Hit]:
        """The k best passages, best first. `language` is the question's, if known.

        Unreadable if an article among them is not what was stored.
        """
        among = self._passages.allowed(filters) if filters else None
        if among is not None and not len(among):
            return []
        embedded, pool = self._embedder.encode_question(question), candidates(k)
        if self._live.collection().mixed:
            pool *= MIXED_POOL
        near = self._index.nearest(embedded.vector, pool, among)
        return self._readers.read(Wanted(question, language, embedded, near, among, k))

    def put_right(self, question: str, language: str) -> str:
        """The question without slips of the fingers, as far as the articles can tell."""
        collection = self._live.collection()
        spoken = {name.split("-")[0] for name in collection.spoken}
        if language not in spoken:  # English articles know nothing of German spelling
            return question
        held = partial(collection.terms.of, self._database.read())
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
