"""What the engine says: an answer with its citations, or that the articles don't say it."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Whether the articles hold an answer; having none is an answer too, not an error."""

    ANSWERED = "answered"
    NO_EVIDENCE = "no_evidence"


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote and where it stands: `article.text[start:end] == quote`, in code points.

    `link` is the article's URL with a text fragment that opens it at the quote; `correction`
    what the paper says of having corrected the article.
    """

    number: int
    article_id: str
    version: int
    title: str | None
    url: str | None
    link: str | None
    published: str | None
    source: str | None
    quote: str
    start: int
    end: int
    correction: str | None = None


@dataclass(frozen=True, slots=True)
class Nearest:
    """An article near to a question, whether or not it answers it."""

    article_id: str
    title: str | None
    url: str | None
    score: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question.

    `confidence` is the probability, 0 to 1, that the quotes answer it; `model` the chat model
    that wrote the text, None for quoted sentences; `language` that of Beleg's own words.
    `tells_nearest`: whether the text itself already says which article comes nearest. `searched`:
    the question without slips of the fingers. `note`: what the reader should know of the answer.
    """

    question: str
    status: Status
    text: str
    citations: tuple[Citation, ...]
    nearest: tuple[Nearest, ...]
    confidence: float
    model: str | None
    seconds: float
    language: str
    tells_nearest: bool = False
    searched: str | None = None
    note: str | None = None

    @property
    def put_right(self) -> str | None:
        """What was searched, if that isn't what was typed: people should know."""
        return self.searched if self.searched != self.question else None
