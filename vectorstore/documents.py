"""Beleg's retrieval as a LangChain retriever, for the engine and for anybody's chain."""

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from vectorstore.models import NO_FILTERS, Filters, Hit
from vectorstore.retriever import Retriever


class PassageRetriever(BaseRetriever):
    """Passages as Documents: the text verbatim, the offsets and the article in the metadata.

    `invoke(question, k=..., filters=..., language=...)`; every call shows in LangChain's
    callbacks and tracers.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    retriever: Retriever
    k: int = 10
    filters: Filters = NO_FILTERS

    def hits(self, question: str, k: int, filters: Filters, language: str) -> list[Hit]:
        """See Finder."""
        return [hit_of(d) for d in self.invoke(question, k=k, filters=filters, language=language)]

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        k: int | None = None,
        filters: Filters | None = None,
        language: str | None = None,
        **kwargs: Any,
    ) -> list[Document]:
        wanted = self.filters if filters is None else filters
        hits = self.retriever.search(query, k or self.k, wanted, language)
        return [_document(hit) for hit in hits]


def hit_of(document: Document) -> Hit:
    """The Hit that a document of a PassageRetriever was made from."""
    hit = document.metadata["hit"]
    if not isinstance(hit, Hit):
        raise TypeError("the document doesn't come from a PassageRetriever")
    return hit


def _document(hit: Hit) -> Document:
    article, chunk = hit.article, hit.chunk
    return Document(
        id=chunk.id,
        page_content=hit.text,
        metadata={
            "article_id": article.id,
            "version": article.version,
            "title": article.title,
            "url": article.url,
            "source": article.source,
            "published": article.published,
            "language": article.language,
            "start": chunk.start,
            "end": chunk.end,
            "score": hit.score,
            "hit": hit,
        },
    )
