"""What is known of a source's articles beforehand: their language, the part of the paper. Pure."""

from dataclasses import dataclass, replace

from ingest.articles import supplemented
from ingest.found import Found, FromPage
from vectorstore.models import Article


@dataclass(frozen=True, slots=True)
class Presumed:
    """Holds for every article of a source; None presumes nothing.

    The language wins over the one that an article names or seems to be in, but for one that only
    says more ("de-AT" where "de" is presumed); the section stands where an article names none.
    """

    language: str | None = None
    section: str | None = None

    def of(self, item: Found) -> Found:
        """The same find with its article, if it has one, supplemented."""
        if isinstance(item, FromPage):
            return replace(item, article=self._article(item.article))
        return self._article(item) if isinstance(item, Article) else item

    def _article(self, article: Article) -> Article:
        return supplemented(article, self.language, self.section)
