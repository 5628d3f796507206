"""An embedder without a model: texts that share words are near each other."""

import hashlib
import re
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from vectorstore import wordvectors
from vectorstore.embedder import Embedded, EmbeddedQuestion, ModelIdentity, Passage
from vectorstore.models import Vector, Vectors

DIMENSION = 32


class HashingEmbedder:
    """An Embedder whose vectors are sums of one fixed random direction a word.

    `passages` and `questions` remember what it was asked to encode, in order.
    """

    def __init__(self, name: str = "hashing", weights: str = "none") -> None:
        self._identity = ModelIdentity(name, weights, "query: ", "passage: ", DIMENSION)
        self.passages: list[str] = []
        self.questions: list[str] = []

    def identity(self) -> ModelIdentity:
        return self._identity

    def encode_question(self, question: str) -> EmbeddedQuestion:
        self.questions.append(question)
        return EmbeddedQuestion(embed(question), wordvectors.none())

    def pieces(self, words: Sequence[str]) -> list[int]:
        return [1 for _ in words]  # it finds every word well known

    def encode_passages(
        self, passages: Sequence[Passage], advance: Callable[[int], None] = lambda done: None
    ) -> list[Embedded]:
        self.passages.extend(passage.text for passage in passages)
        advance(len(passages))
        nothing = wordvectors.none()
        return [Embedded(embed(p.text), _embed_sentences(p), nothing) for p in passages]


def embed(text: str) -> Vector:
    """The vector of a text, of length 1: the same in every process."""
    words = re.findall(r"\w+", text.casefold()) or [text]
    total = np.sum([_direction(word) for word in words], axis=0)
    length = float(np.linalg.norm(total))
    return (total / length if length else _direction("")).astype(np.float32)


def _embed_sentences(passage: Passage) -> Vectors:
    rows = [embed(passage.text[s.start : s.end]) for s in passage.sentences]
    return np.stack(rows) if rows else np.zeros((0, DIMENSION), np.float32)


@lru_cache(maxsize=10_000)
def _direction(word: str) -> Vector:
    digest = hashlib.sha256(word.encode(errors="replace")).digest()
    raw = np.frombuffer(digest, np.uint8).astype(np.float32) - 127.5
    direction: Vector = raw / np.linalg.norm(raw)
    return direction
