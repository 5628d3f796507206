"""What speaks for a passage: a first look that ranks many, a closer look at the few best. Pure."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from vectorstore import lexical, wordvectors
from vectorstore.embedder import EmbeddedQuestion
from vectorstore.lexical import QuestionTerms, Sought
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

    `sought` is what it holds of the question's terms.
    """

    candidate: Candidate
    sought: tuple[Sought, Sought]
    own: Evidence
    cosines: Sequence[float]
    meant: Vector
    added: float
    most: float


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
        seen = _looked(glance)
        looked.append(seen)
        (heapq.heappush if len(best) < most else heapq.heappushpop)(best, seen.score)
    return sorted(looked, key=lambda seen: (-seen.score, seen.passage.chunk.id))[:most]


def _glances(candidates: Sequence[Candidate], asked: Question) -> list[_Glance]:
    meant = _all_meant([c.passage for c in candidates], asked)
    means = meant.mean(axis=1).tolist() if meant.shape[1] else [0.0] * len(meant)
    rows = zip(candidates, meant, means, strict=True)
    return [_glance(one, words, mean, asked) for one, words, mean in rows]


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


def _glance(one: Candidate, meant: Vector, mean: float, asked: Question) -> _Glance:
    passage = one.passage
    article, chunk = passage.article, passage.chunk
    cosines = (passage.sentence_vectors @ asked.vector).tolist() if chunk.sentences else []
    text = _titled(article, chunk.start, chunk.end)
    prepared = _prepared(text, article.language)
    sought = asked.sought[0].within(prepared[0]), asked.sought[1].within(prepared[1])
    grams, stems = _covered(prepared, len(text), sought)
    own = Evidence(one.cosine, grams[0], stems[0])
    nearest = max(cosines, default=one.cosine)
    reach = fuse(own, [Evidence(nearest, grams[1], stems[1])])
    added = WEIGHTS.words * mean + one.lift
    return _Glance(one, sought, own, cosines, meant, added, reach + added + 1e-6)


def _looked(glance: _Glance) -> Seen:
    passage = glance.candidate.passage
    text, language = passage.article.text, passage.article.language
    sentences = tuple(
        _evidence(text[span.start : span.end], language, near, glance.sought)
        for span, near in zip(passage.chunk.sentences, glance.cosines, strict=True)
    )
    score = fuse(glance.own, sentences) + glance.added
    return Seen(passage, glance.own, sentences, glance.meant, score)


def close_looks(looked: Sequence[Seen], asked: Question, k: int) -> list[Hit]:
    """The k best after a look at their whole articles, with all that speaks for them."""
    covered = [_article_coverage(seen.passage.article, asked) for seen in looked]
    scores = [
        seen.score + WEIGHTS.article * share for seen, share in zip(looked, covered, strict=True)
    ]
    ids = [seen.passage.chunk.id for seen in looked]
    order = sorted(range(len(looked)), key=lambda i: (-scores[i], ids[i]))
    return [_hit(looked[i], scores[i], covered[i], asked) for i in order[:k]]


def _hit(seen: Seen, score: float, covered: float, asked: Question) -> Hit:
    return Hit(
        chunk=seen.passage.chunk,
        article=seen.passage.article,
        score=score,
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


def _titled(article: Article, start: int, end: int) -> str:
    return f"{article.title or ''}\n{article.text[start:end]}"


def _evidence(
    text: str, language: str | None, near: float, sought: tuple[Sought, Sought]
) -> Evidence:
    grams, stems = _covered(_prepared(text, language), len(text), sought)
    return Evidence(near, grams[0], stems[0])


def _article_coverage(article: Article, asked: Question) -> float:
    text = f"{article.title or ''}\n{article.text}"
    grams, stems = _covered(_whole(text, article.language), len(text), asked.sought)
    return (grams[0] + stems[0]) / 2


_Coverage = tuple[float, float]


def _covered(
    prepared: tuple[str, str], length: int, sought: tuple[Sought, Sought]
) -> tuple[_Coverage, _Coverage]:
    """By 4-grams and by stems: what a text covers, and what no part of it can exceed."""
    (folded, stemmed), (grams, stems) = prepared, sought
    return grams.covered(folded, length), stems.covered(stemmed, length)


@lru_cache(maxsize=60_000)
def _prepared(text: str, language: str | None) -> tuple[str, str]:
    """A text's words and its stems, apart: quick, at 1 KB a passage and .2 KB a sentence."""
    tokens = lexical.words(text)
    return lexical.apart(tokens), lexical.apart(lexical.stems(tokens, language))


@lru_cache(maxsize=300)
def _whole(text: str, language: str | None) -> tuple[str, str]:
    """The same of a whole article, which may be long."""
    tokens = lexical.words(text)
    return lexical.apart(tokens), lexical.apart(lexical.stems(tokens, language))
