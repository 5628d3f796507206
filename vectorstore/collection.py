"""What is known of all passages together, kept while the catalogue's generation lasts."""

from dataclasses import dataclass, field

from vectorstore.lexical import Corpus
from vectorstore.postings import KnownTerms


@dataclass(frozen=True, slots=True)
class Collection:
    """Their number and length, the languages they are in, and which hold a term."""

    generation: int
    size: Corpus
    spoken: frozenset[str]
    terms: KnownTerms = field(default_factory=KnownTerms)

    @property
    def mixed(self) -> bool:
        """Whether several languages compete."""
        return len(self.spoken) > 1
