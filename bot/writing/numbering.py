"""Numbers for the sources of sentences, as they come: one for each span of an article. Pure."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field

from bot.answer import Citation
from bot.citations import cite
from bot.events import Said
from bot.writing.writer import Finished, Supported
from vectorstore.models import Article, Hit, Span


@dataclass(slots=True)
class Numbering:
    """The sources so far; `texts` are the sentences with their numbers."""

    texts: list[str] = field(default_factory=list)
    sources: list[tuple[Article, Span]] = field(default_factory=list)

    def said(
        self, writing: Generator[Supported, None, Finished]
    ) -> Generator[Said, None, Finished]:
        """Numbers sentences as they are written; returns how that ended."""
        while True:
            try:
                sentence = next(writing)
            except StopIteration as ended:
                finished: Finished = ended.value
                return finished
            text, fresh = self.add(sentence.text, sentence.support)
            yield Said(text, self.citations[len(self.sources) - fresh :])

    def add(self, text: str, support: Sequence[tuple[Hit, Span]]) -> tuple[str, int]:
        """The sentence with its numbers behind it, and how many sources are new."""
        before, numbers = len(self.sources), []
        for hit, span in support:
            number = self._number(hit.article, span)
            if number not in numbers:
                numbers.append(number)
        self.texts.append(" ".join([text, *(f"[{number}]" for number in numbers)]))
        return self.texts[-1], len(self.sources) - before

    def cites(self, article: Article, span: Span) -> bool:
        """Whether a source has some of a stretch of an article."""
        return any(
            known.id == article.id and where.start < span.end and span.start < where.end
            for known, where in self.sources
        )

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All sources, quoted."""
        return cite(self.sources)

    def _number(self, article: Article, span: Span) -> int:
        for number, (known, where) in enumerate(self.sources, 1):
            if (known.id, known.version, where) == (article.id, article.version, span):
                return number
        self.sources.append((article, span))
        return len(self.sources)
