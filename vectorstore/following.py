"""An embedder that goes over to another model when the index does, in a process that stays."""

import logging
from collections.abc import Callable, Sequence

from vectorstore.embedder import Embedded, EmbeddedQuestion, Embedder, ModelIdentity, Passage
from vectorstore.errors import ModelError
from vectorstore.models import IndexContract

log = logging.getLogger(__name__)


class FollowingEmbedder:
    """An Embedder that passes everything on to one which `make` makes by the model's name.

    It begins with the model that is set, None being the packaged one.
    """

    def __init__(self, make: Callable[[str | None], Embedder], name: str | None) -> None:
        self._make = make
        self._now = make(name)

    def follow(self, index: IndexContract) -> bool:
        """Goes over to the model that an index was made with; False if it isn't to be had."""
        try:
            found = self._make(index.model)
            identity = found.identity()
        except ModelError as error:
            log.warning("The index is made anew with %s, but: %s", index.model, error)
            return False
        told = (identity.name, identity.weights, identity.query_prompt, identity.document_prompt)
        if told != (index.model, index.weights, index.query_prompt, index.document_prompt):
            return False
        log.warning("The index is made anew with %s, which is used from now on.", index.model)
        self._now = found
        return True

    def identity(self) -> ModelIdentity:
        """See Embedder."""
        return self._now.identity()

    def encode_question(self, question: str) -> EmbeddedQuestion:
        """See Embedder."""
        return self._now.encode_question(question)

    def pieces(self, words: Sequence[str]) -> list[int]:
        """See Embedder."""
        return self._now.pieces(words)

    def encode_passages(
        self, passages: Sequence[Passage], advance: Callable[[int], None] = lambda done: None
    ) -> list[Embedded]:
        """See Embedder."""
        return self._now.encode_passages(passages, advance)
