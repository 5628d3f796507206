"""How the engine gets its hits: through LangChain's retriever, or from ours itself."""

from dataclasses import dataclass
from typing import Protocol

from vectorstore.models import Filters, Hit
from vectorstore.retriever import Retriever


class Finder(Protocol):
    """Finds passages; documents.PassageRetriever does it so that LangChain's tracers see it."""

    @property
    def retriever(self) -> Retriever: ...

    def hits(self, question: str, k: int, filters: Filters, language: str) -> list[Hit]:
        """The k best passages, best first."""
        ...


@dataclass(frozen=True, slots=True)
class PlainFinder:
    """The same hits, for a process that answers one question and that nobody traces.

    Importing LangChain's retriever takes .6 s of it (langsmith, for the most part).
    """

    retriever: Retriever

    def hits(self, question: str, k: int, filters: Filters, language: str) -> list[Hit]:
        """See Finder."""
        return self.retriever.search(question, k, filters, language)
