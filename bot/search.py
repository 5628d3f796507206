"""Words to passages: the retriever, with the model that the index was made with."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from vectorstore import language as languages
from vectorstore.catalogue import Catalogue
from vectorstore.errors import IndexMismatch
from vectorstore.finder import Finder
from vectorstore.models import Filters, Hit, IndexContract


@dataclass(slots=True)
class Search:
    """Searches the catalogue's passages, as long as index and model agree.

    `contract` says what the index must have been made with; it is asked late, because it may load
    the model. `follow` goes over to the model of an index that was made anew meanwhile, if it can.
    """

    catalogue: Catalogue
    retriever: Finder
    contract: Callable[[], IndexContract]
    follow: Callable[[IndexContract], bool]
    _wanted: IndexContract | None = field(default=None, init=False)
    _agreed_at: int = field(default=-1, init=False)
    _agreeing: threading.Lock = field(default_factory=threading.Lock, init=False)

    def hits(self, text: str, k: int, filters: Filters, language: str) -> list[Hit]:
        """The k best passages, best first."""
        if self.catalogue.contract() is None:  # nothing was ever taken in
            return []
        agreed = self._agree()
        found = self.retriever.hits(text, k, filters, language)
        if self._wanted is not agreed:  # the question's vector may be of another model
            raise IndexMismatch("The index was made anew this moment. Ask again.")
        return found

    def put_right(self, text: str, language: str) -> str:
        """The words without slips of the fingers."""
        return self.retriever.retriever.put_right(text, language)

    def language(self, text: str) -> str:
        """The language of a question."""
        return languages.detect(text, self.retriever.retriever.languages() | {"de", "en"})

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
