"""What speaks for a passage: a first look that ranks many, a closer look at the few best. Pure."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from vectorstore import lexical, wordvectors
from vectorstore.coverage import Coverage, Words, covered, prepared, prepared_whole
from vectorstore.embedder import EmbeddedQuestion
from vectorstore.lexical import QuestionTerms, Sought
from vectorstore.models import Article, Chunk, Hit, ScoredSentence, Span, Vector, Vectors, WordMatch
from vectorstore.passages import Passage
from vectorstore.ranking import WEIGHTS, Evidence, fuse

Held = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class AskedWord:
    """A content word of a question with its 4-grams and how rare they are on average (idf)."""

    text: str
    name: bool
    grams: tuple[str, ...]
    rarity: float


@dataclass(frozen=True, eq=False)
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

    @cached_property
    def sought(self) -> tuple[Sought, Sought]:
        """Its 4-grams and stems, as they are looked for among words set apart."""
        return self.grams.sought(lexical.gram_apart), self.stems.sought(lexical.word_apart)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with its cosine and what is added to that because of its language."""

    passage: Passage
    cosine: float
    lift: float


@dataclass(frozen=True, slots=True, eq=False)
class _Glance:
    """What is known of a candidate before its sentences are read; no score is above `most`.

    `held` are the question's 4-grams and stems that it has.
    """

    candidate: Candidate
    held: tuple[Held, Held]
    own: Evidence
    meant: Vector
    added: float
    most: float


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A passage after the first look. `meant` has the best cosine for each asked word."""

    passage: Passage
    chunk: Chunk
    sentence_vectors: Vectors
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


def best_looks(candidates: Sequence[Candidate], asked: Question, most: int) -> list[Seen]:
    """The first look at passages under their titles: the best ones, best first.

    Sentences are read only as long as they can make a passage one of the best.
    """
    glances = sorted(_glances(candidates, asked), key=lambda glance: -glance.most)
    best: list[float] = []
    looked: list[Seen] = []
    for glance in glances:
        if len(best) == most and glance.most < best[0]:
            break
        seen = _looked(glance, asked)
        looked.append(seen)
        (heapq.heappush if len(best) < most else heapq.heappushpop)(best, seen.score)
    return sorted(looked, key=lambda seen: (-seen.score, seen.chunk.id))[:most]


def _glances(candidates: Sequence[Candidate], asked: Question) -> list[_Glance]:
    passages = [one.passage for one in candidates]
    meant = _all_meant(passages, asked)
    means = meant.mean(axis=1) if meant.shape[1] else np.zeros(len(meant))
    texts = [_titled(p.article, p.start, p.end) for p in passages]
    words = [prepared(text, p.article.language) for text, p in zip(texts, passages, strict=True)]
    grams, stems = _covered(asked, texts, words)
    rows = zip(candidates, _nearest(candidates, asked.vector), meant, means.tolist(), strict=True)
    glances = []
    for i, (one, nearest, near, mean) in enumerate(rows):
        own = Evidence(one.cosine, float(grams.reached[i]), float(stems.reached[i]))
        most = Evidence(nearest, float(grams.most[i]), float(stems.most[i]))
        added = WEIGHTS.words * mean + one.lift
        held = grams.held[i], stems.held[i]
        glances.append(_Glance(one, held, own, near, added, fuse(own, [most]) + added + 1e-6))
    return glances


def _covered(
    asked: Question, texts: Sequence[str], words: Sequence[Words]
) -> tuple[Coverage, Coverage]:
    """What texts cover of a question's 4-grams and of its stems; `words` are theirs."""
    lengths = [len(text) for text in texts]
    grams, stems = asked.sought
    return (
        covered(grams, [folded for folded, _ in words], lengths),
        covered(stems, [stemmed for _, stemmed in words], lengths),
    )


def _nearest(candidates: Sequence[Candidate], question: Vector) -> list[float]:
    """The cosine of each passage's nearest sentence; its own if it has none."""
    nearest = np.array([one.cosine for one in candidates], np.float32)
    sizes = np.array([len(one.passage.halves) for one in candidates])
    held = np.flatnonzero(sizes)
    if len(held):
        halves = np.concatenate(
            [one.passage.halves for one in candidates if len(one.passage.halves)]
        )
        starts = np.cumsum(sizes) - sizes
        nearest[held] = np.maximum.reduceat(halves.astype(np.float32) @ question, starts[held])
    cosines: list[float] = nearest.tolist()
    return cosines


def _all_meant(passages: Sequence[Passage], asked: Question) -> Vectors:
    """The best cosine of each passage (row) with each asked word; 0 where there are no words."""
    asked_for = len(asked.embedded.words)
    sizes = np.array([len(passage.words) for passage in passages])
    best = np.zeros((len(passages), asked_for), np.float32)
    held = np.flatnonzero(sizes)
    if asked_for and len(held):
        words = np.concatenate([passage.words for passage in passages])
        near = wordvectors.cosines(words, asked.embedded.words)
        starts = np.cumsum(sizes) - sizes
        best[held] = np.maximum.reduceat(near, starts[held], axis=0)
    return best


def _looked(glance: _Glance, asked: Question) -> Seen:
    passage = glance.candidate.passage
    text, language = passage.article.text, passage.article.language
    chunk, vectors = passage.chunk, passage.sentence_vectors
    cosines = (vectors @ asked.vector).tolist() if chunk.sentences else []
    grams, stems = (
        s.only(held.tolist()) for s, held in zip(asked.sought, glance.held, strict=True)
    )
    sentences = tuple(
        _evidence(text[span.start : span.end], language, near, grams, stems)
        for span, near in zip(chunk.sentences, cosines, strict=True)
    )
    score = fuse(glance.own, sentences) + glance.added
    return Seen(passage, chunk, vectors, glance.own, sentences, glance.meant, score)


def close_looks(looked: Sequence[Seen], asked: Question, k: int) -> list[Hit]:
    """The k best after a look at their whole articles, with all that speaks for them."""
    shares = _article_coverages(looked, asked)
    scores = [s.score + WEIGHTS.article * share for s, share in zip(looked, shares, strict=True)]
    order = sorted(range(len(looked)), key=lambda i: (-scores[i], looked[i].chunk.id))
    return [_hit(looked[i], scores[i], shares[i], asked) for i in order[:k]]


def _hit(seen: Seen, score: float, share: float, asked: Question) -> Hit:
    return Hit(
        chunk=seen.chunk,
        article=seen.passage.article,
        score=score,
        dense=seen.own.dense,
        lexical=seen.own.coverage,
        sentences=_scored(seen, asked),
        words=_matches(seen, asked),
        article_coverage=share,
    )


def _scored(seen: Seen, asked: Question) -> tuple[ScoredSentence, ...]:
    spans, vectors = seen.chunk.sentences, seen.sentence_vectors
    pairs = _pair_cosines(spans, vectors, asked.vector)
    meant = _meant_by_sentence(seen, asked)
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


def _meant_by_sentence(seen: Seen, asked: Question) -> list[float]:
    """For each sentence, how near its words come to the question's on average; [] if unknown."""
    passage, chunk = seen.passage, seen.chunk
    text = passage.article.text[chunk.start : chunk.end]
    spans = wordvectors.content_words(text)
    if len(spans) != len(passage.words) or not len(asked.embedded.words):
        return []
    near = wordvectors.cosines(asked.embedded.words, passage.words)
    starts = np.array([chunk.start + span.start for span in spans])
    inside = [(starts >= s.start) & (starts < s.end) for s in chunk.sentences]
    return [float(near[:, chosen].max(axis=1).mean()) if chosen.any() else 0.0 for chosen in inside]


def _matches(seen: Seen, asked: Question) -> tuple[WordMatch, ...]:
    article, chunk = seen.passage.article, seen.chunk
    folded, _ = prepared(_titled(article, chunk.start, chunk.end), article.language)
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


def _titled(article: Article, start: int, end: int) -> str:
    return f"{article.title or ''}\n{article.text[start:end]}"


def _evidence(
    text: str, language: str | None, near: float, grams: Sought, stems: Sought
) -> Evidence:
    folded, stemmed = prepared(text, language)
    length = len(text)
    return Evidence(near, grams.covered(folded, length), stems.covered(stemmed, length))


def _article_coverages(looked: Sequence[Seen], asked: Question) -> list[float]:
    """What the whole article of each passage covers."""
    articles = {seen.passage.article.id: seen.passage.article for seen in looked}
    texts = [_titled(article, 0, len(article.text)) for article in articles.values()]
    languages = [article.language for article in articles.values()]
    words = [prepared_whole(*both) for both in zip(texts, languages, strict=True)]
    grams, stems = _covered(asked, texts, words)
    shares = dict(zip(articles, ((grams.reached + stems.reached) / 2).tolist(), strict=True))
    return [shares[seen.passage.article.id] for seen in looked]
