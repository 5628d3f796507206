"""Words in their context: one small vector for each content word of a passage or question.

A passage's vector says what it is about, not whether each thing that was asked is in it. The
token vectors of the same forward pass do: for every content word of the question, the nearest
word of the passage, in whichever language or inflection. They are centred (all token vectors of
a model share a large common part), laid out in 128 random directions (cosines stay within about
.09) and kept as bytes: 5 KB a passage. docs/decisions.md has what this is worth. Pure.
"""

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from vectorstore import lexical
from vectorstore.models import Span, Vector, Vectors, WordVectors

TokenSpans = npt.NDArray[np.int64]

DIMENSION = 128
CENTRE_TEXT = (
    "The council of the town said on Tuesday that the new bridge will cost 2.4 million euros and "
    "that many people had asked for it. Der Rat der Stadt teilte am Dienstag mit, dass die neue "
    "Brücke 2,4 Millionen Euro kosten wird und viele Menschen danach gefragt hatten."
)
"""What a model's common part is taken from: plain prose in the languages that matter most."""

_WORD = re.compile(r"[^\W_]+")


def content_words(text: str) -> list[Span]:
    """The words of a text that say something, in order: no articles, prepositions, pronouns."""
    return [Span(m.start(), m.end()) for m in _WORD.finditer(text) if not _is_function(m[0])]


def asked_content(question: str) -> list[Span]:
    """The words of a question that an answer should speak of; all if there are no others."""
    asked = lexical.unmeasured(question)
    found = [s for s in content_words(asked) if not _asks(asked[s.start : s.end])]
    return found or [Span(m.start(), m.end()) for m in _WORD.finditer(question)]


def laid_out(words: Vectors, centre: Vector) -> WordVectors:
    """Word vectors, shape (n, model's dimension), as they are stored, shape (n, DIMENSION)."""
    if not len(words):
        return none()
    placed = (words - centre) @ _directions(centre.size)
    lengths = np.linalg.norm(placed, axis=1, keepdims=True)
    scaled = np.rint(placed / np.where(lengths == 0, 1, lengths) * 127)
    return scaled.astype(np.int8)


def none() -> WordVectors:
    """No words."""
    return np.zeros((0, DIMENSION), np.int8)


def cosines(question: WordVectors, passage: WordVectors) -> Vectors:
    """How near each word of a question is to each of a passage, shape (asked, held)."""
    scale = np.float32(1 / 127**2)
    near: Vectors = (question.astype(np.float32) @ passage.astype(np.float32).T) * scale
    return near


def pooled(words: Sequence[Span], tokens: Vectors, spans: TokenSpans) -> Vectors:
    """The mean of each word's token vectors; zeros for a word that the model didn't get to see.

    `spans` are the tokens' start and end in the text, shape (tokens, 2), ascending but for tokens
    that stand for no text.
    """
    real = spans[:, 1] > spans[:, 0]
    tokens, (starts, ends) = tokens[real], spans[real].T
    firsts = np.searchsorted(ends, [word.start for word in words], side="right")
    lasts = np.searchsorted(starts, [word.end for word in words], side="left")
    rows = np.zeros((len(words), tokens.shape[1]), np.float32)
    for row, (first, last) in enumerate(zip(firsts.tolist(), lasts.tolist(), strict=True)):
        if last > first:
            inside = tokens[first:last]
            lengths = np.linalg.norm(inside, axis=1, keepdims=True)
            rows[row] = (inside / np.where(lengths == 0, 1, lengths)).mean(axis=0)
    return rows


@lru_cache(maxsize=50_000)  # a passage has 90 words, most of them in many passages
def _is_function(word: str) -> bool:
    return all(lexical.is_function(part) for part in lexical.words(word))


def _asks(word: str) -> bool:
    return all(lexical.asks(part) for part in lexical.words(word))


@lru_cache(maxsize=8)
def _directions(size: int) -> Vectors:
    """Random signs, shape (size, DIMENSION): the same on every machine and for ever."""
    noise = hashlib.shake_256(b"beleg words").digest(size * DIMENSION // 8)
    bits = np.unpackbits(np.frombuffer(noise, np.uint8)).reshape(size, DIMENSION)
    return bits.astype(np.float32) * 2 - 1
