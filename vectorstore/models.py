"""The values that everything else speaks in: frozen, compared by value, free of I/O.

Offsets are code points in `Article.text`, half open: `text[start:end]`.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from datetime import date

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float32]
"""One embedding, shape (dimension,), of length 1."""
Vectors = npt.NDArray[np.float32]
"""Embeddings as rows, shape (n, dimension), each of length 1."""
WordVectors = npt.NDArray[np.int8]
"""Meanings of words in their context, shape (words, 128), 127 times a vector of length 1."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of an article's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article:
    """One article as its source gave it.

    `text` is never cleaned or normalised, so that quotes are verbatim. `published` and
    `updated` are ISO 8601 as given: a date, or a time with or without offset.
    `version` counts from 1; 0 means not stored yet. `section` is the part of the paper.
    """

    id: str
    url: str | None
    title: str | None
    text: str
    published: str | None
    updated: str | None
    authors: tuple[str, ...]
    source: str | None
    language: str | None
    content_hash: str
    version: int = 0
    section: str | None = None


def content_digest(article: Article) -> str:
    """What `content_hash` must be: it changes with anything that a reader could see.

    A stored article with another one is damaged.
    """
    told = asdict(replace(article, content_hash="", version=0))
    if told["section"] is None:  # so that those stored before there were sections stay the same
        del told["section"]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage: whole sentences of one article. Its text is `article.text[start:end]`."""

    id: str
    article_id: str
    version: int
    ordinal: int
    start: int
    end: int
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True, eq=False)
class EmbeddedChunk:
    """A chunk with its vector, one for each of its sentences, one for each content word.

    `words` has a row for each of `wordvectors.content_words`, or none if the model shows no tokens.
    """

    chunk: Chunk
    vector: Vector
    sentence_vectors: Vectors
    words: WordVectors = field(default_factory=lambda: np.zeros((0, 128), np.int8))


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence of a hit: how near to the question in meaning (cosine) and words (0 to 1).

    `words` is the mean over the question's content words of the best cosine with a word of the
    sentence; `before` and `after` are the cosines of the sentence together with its neighbour in
    the passage, `dense` where there is none. `vector` is the sentence's own.
    """

    start: int
    end: int
    dense: float
    lexical: float
    words: float = 0.0
    before: float = 0.0
    after: float = 0.0
    vector: Vector | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class WordMatch:
    """A content word of the question and what a passage (with its title) has of it.

    `written`: the share of its 4-grams, 0 to 1; `meant`: the best cosine with a word in context;
    `rarity`: the mean idf of its 4-grams; `name`: whether it looks like a name or a number.
    """

    word: str
    rarity: float
    name: bool
    written: float
    meant: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question, with the evidence that ranked it.

    `dense` is a cosine, `lexical` a coverage from 0 to 1, `score` their fusion; `words` says what
    became of each content word of the question, `article_coverage` how much of its words the
    whole article has.
    """

    chunk: Chunk
    article: Article
    score: float
    dense: float
    lexical: float
    sentences: tuple[ScoredSentence, ...] = ()
    words: tuple[WordMatch, ...] = ()
    article_coverage: float = 0.0

    @property
    def text(self) -> str:
        """The passage, verbatim."""
        return self.article.text[self.chunk.start : self.chunk.end]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a question is restricted to: all of it must hold.

    Both dates are inclusive and compared by day. `articles` are ids, `sources` several of which
    any will do; of an empty set there is no article.
    """

    since: date | None = None
    until: date | None = None
    source: str | None = None
    language: str | None = None
    articles: frozenset[str] | None = None
    sources: frozenset[str] | None = None

    def __bool__(self) -> bool:
        return self != NO_FILTERS


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class IndexContract:
    """What the stored vectors and postings were made with; a change of any part needs a reindex."""

    model: str
    weights: str
    query_prompt: str
    document_prompt: str
    dimension: int
    chunker: int
    lexical: int
