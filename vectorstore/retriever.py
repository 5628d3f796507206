"""A question to the passages that speak to it: dense and lexical candidates, scored exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from vectorstore import lexical, postings
from vectorstore.embedder import Embedder
from vectorstore.exact import DenseIndex
from vectorstore.lexical import Corpus, QuestionTerms
from vectorstore.models import Filters, Hit, ScoredSentence, Span, Vector
from vectorstore.passages import Passage, Passages, Seqs
from vectorstore.ranking import Evidence, fuse, in_order, language_lifts
from vectorstore.schema import Database

CANDIDATES = 100  # from each of: vectors, 4-grams, stems
MIXED_POOL = 4  # times as many by vectors, where several languages compete


@dataclass(frozen=True, slots=True, eq=False)
class _Question:
    """A question in all the forms that passages are compared with."""

    vector: Vector
    grams: QuestionTerms
    stems: QuestionTerms


@dataclass(frozen=True, slots=True)
class _Nearness:
    """A candidate's cosine and what is added to it because of its language."""

    cosine: float
    lift: float


@dataclass(frozen=True, slots=True)
class _Collection:
    """What is known of all passages together while the catalogue's generation lasts."""

    generation: int
    size: Corpus
    mixed: bool


class Retriever:
    """Searches the live passages of a catalogue."""

    def __init__(self, database: Database, embedder: Embedder, index: DenseIndex) -> None:
        self._database = database
        self._passages = Passages(database)
        self._embedder = embedder
        self._index = index
        self._known: _Collection | None = None

    def search(
        self, question: str, k: int, filters: Filters, language: str | None = None
    ) -> list[Hit]:
        """The k best passages, best first. `language` is the question's, if known."""
        among = self._passages.allowed(filters) if filters else None
        if among is not None and not len(among):
            return []
        collection = self._collection()
        asked = self._understand(question, language, collection.size)
        near = self._candidates(asked, max(CANDIDATES, 2 * k), among, collection.mixed)
        found = self._passages.load(np.array(sorted(near), np.int64))
        return in_order([_hit(p, near[p.seq], asked) for p in found], k)

    def warm_up(self) -> None:
        """Loads what the first question would load."""
        self._embedder.encode_query("?")

    def _collection(self) -> _Collection:
        generation = self._database.generation
        if self._known is None or self._known.generation != generation:
            size = postings.corpus(self._database.read())
            mixed = self._passages.language_count() > 1
            self._known = _Collection(generation, size, mixed)
        return self._known

    def _understand(self, question: str, language: str | None, size: Corpus) -> _Question:
        connection = self._database.read()
        tokens = lexical.asked_words(question)
        return _Question(
            self._embedder.encode_query(question),
            postings.weigh(connection, "grams", lexical.grams(tokens), size),
            postings.weigh(connection, "stems", lexical.stems(tokens, language), size),
        )

    def _candidates(
        self, asked: _Question, limit: int, among: Seqs | None, mixed: bool
    ) -> dict[int, _Nearness]:
        """The passages worth a close look: the nearest in meaning, and those with rare words."""
        pool = self._index.nearest(asked.vector, limit * MIXED_POOL if mixed else limit, among)
        connection = self._database.read()
        worded = np.union1d(
            postings.propose(connection, "grams", asked.grams, limit, among),
            postings.propose(connection, "stems", asked.stems, limit, among),
        )
        seqs, vectors = self._passages.vectors(np.union1d(pool, worded))
        if not len(seqs):
            return {}
        cosines = vectors @ asked.vector
        lifts = np.zeros(len(seqs))
        if mixed:
            lifts = language_lifts(cosines, self._passages.languages(seqs))
        nearest = seqs[np.argsort(-(cosines + lifts), kind="stable")[:limit]]
        kept = np.isin(seqs, np.union1d(nearest, worded))
        rows = zip(seqs[kept].tolist(), cosines[kept].tolist(), lifts[kept].tolist(), strict=True)
        return {seq: _Nearness(cosine, lift) for seq, cosine, lift in rows}


def _hit(passage: Passage, near: _Nearness, asked: _Question) -> Hit:
    article, chunk = passage.article, passage.chunk
    own = _evidence(article.text[chunk.start : chunk.end], article.language, near.cosine, asked)
    cosines = (passage.sentence_vectors @ asked.vector).tolist() if chunk.sentences else []
    sentences = [
        _evidence(article.text[span.start : span.end], article.language, cosine, asked)
        for span, cosine in zip(chunk.sentences, cosines, strict=True)
    ]
    return Hit(
        chunk=chunk,
        article=article,
        score=fuse(own, sentences) + near.lift,
        dense=own.dense,
        lexical=own.coverage,
        sentences=_scored(chunk.sentences, sentences),
    )


def _scored(spans: Sequence[Span], evidence: Sequence[Evidence]) -> tuple[ScoredSentence, ...]:
    return tuple(
        ScoredSentence(span.start, span.end, e.dense, e.coverage)
        for span, e in zip(spans, evidence, strict=True)
    )


def _evidence(text: str, language: str | None, near: float, asked: _Question) -> Evidence:
    folded, stemmed = _prepared(text, language)
    grams = {term: lexical.occurrences(term, folded) for term in asked.grams.weights}
    stems = {term: stemmed.count(f" {term} ") for term in asked.stems.weights}
    length = len(text)
    return Evidence(near, asked.grams.coverage(grams, length), asked.stems.coverage(stems, length))


@lru_cache(maxsize=20_000)
def _prepared(text: str, language: str | None) -> tuple[str, str]:
    """A text's words and its stems, apart: so questions are quick, at 1 KB a passage."""
    tokens = lexical.words(text)
    return lexical.apart(tokens), lexical.apart(lexical.stems(tokens, language))
