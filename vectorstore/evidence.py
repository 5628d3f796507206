"""What speaks for a passage: a first look that ranks many, a closer look at the few best. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from vectorstore import lexical, wordvectors
from vectorstore.embedder import EmbeddedQuestion
from vectorstore.lexical import QuestionTerms
from vectorstore.models import Article, Hit, ScoredSentence, Span, Vector, Vectors, WordMatch
from vectorstore.passages import Passage
from vectorstore.ranking import WEIGHTS, Evidence, fuse


@dataclass(frozen=True, slots=True)
class AskedWord:
    """A content word of a question with its 4-grams and how rare they are on average (idf)."""

    text: str
    name: bool
    grams: tuple[str, ...]
    rarity: float


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A question in all the forms that passages are compared with."""

    embedded: EmbeddedQuestion
    grams: QuestionTerms
    stems: QuestionTerms
    words: tuple[AskedWord, ...]

    @property
    def vector(self) -> Vector:
        """The question's own vector."""
        return self.embedded.vector


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A passage after the first look. `meant` has the best cosine for each asked word."""

    passage: Passage
    own: Evidence
    sentences: tuple[Evidence, ...]
    meant: Vector
    score: float


def asked_words(question: str, grams: QuestionTerms) -> tuple[AskedWord, ...]:
    """A question's content words, in order; one that begins it may be no name."""
    found = []
    for span in wordvectors.asked_content(question):
        text = question[span.start : span.end]
        parts = tuple(lexical.grams(lexical.words(text)))
        rarities = [grams.weights.get(part, 0.0) for part in parts]
        name = text[0].isdigit() or (text[0].isupper() and span.start > 0)
        found.append(AskedWord(text, name, parts, sum(rarities) / max(1, len(rarities))))
    return tuple(found)


def first_look(passage: Passage, cosine: float, lift: float, asked: Question) -> Seen:
    """The evidence in a passage under its title, and its score, raised by `lift`."""
    article, chunk = passage.article, passage.chunk
    own = _evidence(_titled(article, chunk.start, chunk.end), article.language, cosine, asked)
    cosines = passage.sentence_vectors @ asked.vector if chunk.sentences else np.zeros(0)
    sentences = tuple(
        _evidence(article.text[span.start : span.end], article.language, near, asked)
        for span, near in zip(chunk.sentences, cosines.tolist(), strict=True)
    )
    meant = _best(wordvectors.cosines(asked.embedded.words, passage.words))
    words = WEIGHTS.words * float(meant.mean()) if len(meant) else 0.0
    return Seen(passage, own, sentences, meant, fuse(own, sentences) + words + lift)


def close_look(seen: Seen, asked: Question) -> Hit:
    """The Hit of a passage: what its whole article, its sentences and their words say."""
    article, chunk = seen.passage.article, seen.passage.chunk
    covered = _article_coverage(article, asked)
    return Hit(
        chunk=chunk,
        article=article,
        score=seen.score + WEIGHTS.article * covered,
        dense=seen.own.dense,
        lexical=seen.own.coverage,
        sentences=_scored(seen, asked),
        words=_matches(seen, asked),
        article_coverage=covered,
    )


def _scored(seen: Seen, asked: Question) -> tuple[ScoredSentence, ...]:
    spans, vectors = seen.passage.chunk.sentences, seen.passage.sentence_vectors
    pairs = _pair_cosines(spans, vectors, asked.vector)
    meant = _meant_by_sentence(seen.passage, asked)
    last = len(spans) - 1
    return tuple(
        ScoredSentence(
            span.start,
            span.end,
            evidence.dense,
            evidence.coverage,
            words=meant[i] if meant else _guessed(evidence.coverage),
            before=pairs[i - 1] if i > 0 else evidence.dense,
            after=pairs[i] if i < last else evidence.dense,
            vector=vectors[i],
        )
        for i, (span, evidence) in enumerate(zip(spans, seen.sentences, strict=True))
    )


def _pair_cosines(spans: Sequence[Span], vectors: Vectors, question: Vector) -> list[float]:
    """How near each two neighbouring sentences are together."""
    lengths = np.array([span.end - span.start for span in spans], np.float32)[:, None]
    weighed = vectors * lengths if len(spans) else np.zeros((0, question.size), np.float32)
    pairs = weighed[:-1] + weighed[1:]
    sizes = np.linalg.norm(pairs, axis=1)
    cosines: list[float] = ((pairs @ question) / np.where(sizes == 0, 1, sizes)).tolist()
    return cosines


def _meant_by_sentence(passage: Passage, asked: Question) -> list[float]:
    """For each sentence, how near its words come to the question's on average; [] if unknown."""
    chunk = passage.chunk
    text = passage.article.text[chunk.start : chunk.end]
    spans = wordvectors.content_words(text)
    if len(spans) != len(passage.words) or not len(asked.embedded.words):
        return []
    near = wordvectors.cosines(asked.embedded.words, passage.words)
    starts = np.array([chunk.start + span.start for span in spans])
    inside = [(starts >= s.start) & (starts < s.end) for s in chunk.sentences]
    return [float(near[:, chosen].max(axis=1).mean()) if chosen.any() else 0.0 for chosen in inside]


def _matches(seen: Seen, asked: Question) -> tuple[WordMatch, ...]:
    article, chunk = seen.passage.article, seen.passage.chunk
    folded, _ = _prepared(_titled(article, chunk.start, chunk.end), article.language)
    shares = [_share(word.grams, folded) for word in asked.words]
    known = len(seen.meant) == len(shares) and len(seen.passage.words) > 0
    meant = seen.meant.tolist() if known else [_guessed(share) for share in shares]
    return tuple(
        WordMatch(word.text, word.rarity, word.name, share, near)
        for word, share, near in zip(asked.words, shares, meant, strict=True)
    )


def _guessed(written: float) -> float:
    """How near a word's meaning probably is, where the model shows no tokens."""
    return 0.3 + 0.5 * written


def _share(grams: Sequence[str], folded: str) -> float:
    held = sum(lexical.occurrences(gram, folded) > 0 for gram in grams)
    return held / len(grams) if grams else 0.0


def _best(cosines: Vectors) -> Vector:
    """The best of each row; 0 where nothing is to be compared."""
    return cosines.max(axis=1) if cosines.shape[1] else np.zeros(len(cosines), np.float32)


def _titled(article: Article, start: int, end: int) -> str:
    return f"{article.title or ''}\n{article.text[start:end]}"


def _evidence(text: str, language: str | None, near: float, asked: Question) -> Evidence:
    return Evidence(near, *_coverages(_prepared(text, language), len(text), asked))


def _article_coverage(article: Article, asked: Question) -> float:
    text = f"{article.title or ''}\n{article.text}"
    grams, stems = _coverages(_whole(text, article.language), len(text), asked)
    return (grams + stems) / 2


def _coverages(prepared: tuple[str, str], length: int, asked: Question) -> tuple[float, float]:
    folded, stemmed = prepared
    grams = {term: lexical.occurrences(term, folded) for term in asked.grams.weights}
    stems = {term: stemmed.count(f" {term} ") for term in asked.stems.weights}
    return asked.grams.coverage(grams, length), asked.stems.coverage(stems, length)


@lru_cache(maxsize=20_000)
def _prepared(text: str, language: str | None) -> tuple[str, str]:
    """A text's words and its stems, apart: so questions are quick, at 1 KB a passage."""
    tokens = lexical.words(text)
    return lexical.apart(tokens), lexical.apart(lexical.stems(tokens, language))


@lru_cache(maxsize=300)
def _whole(text: str, language: str | None) -> tuple[str, str]:
    """The same of a whole article, which may be long."""
    tokens = lexical.words(text)
    return lexical.apart(tokens), lexical.apart(lexical.stems(tokens, language))
