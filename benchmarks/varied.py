"""Many different articles, German and English, the same in every run, and homes filled with them.

Sentences are templates over names, places, firms, compounds, sums and days. Names are made of
syllables, and which comes next is drawn from a long tail, so that the vocabulary grows as it does
in newspapers: half of all names stand in one article only. An article has 5 to 12 passages.

To embed 250,000 passages takes over an hour here, so only the first REAL articles are embedded. The
others are cut, indexed and stored as ever, but their vectors are those of embedded passages of
their language, moved by a third of the difference of two others: so neighbourhoods, means and
spreads are those of real vectors, only what these vectors mean isn't what the text says. Questions
are asked of the first ones. Word vectors are real ones: those of the same word where it was
embedded, those of others elsewhere.

    python benchmarks/varied.py HOME PASSAGES
"""

import json
import random
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from varied_words import COMPOUND, FIRMS, NAMES, SENTENCES, SYLLABLES, TITLES

from bot.settings import Settings
from ingest import articles, chunking
from ingest.embedding import contract, embedded
from ingest.layout import read_layout
from vectorstore import lexical, wordvectors
from vectorstore.catalogue import Catalogue
from vectorstore.database import CATALOGUE, Database
from vectorstore.embedder import Embedder, SentenceEmbedder
from vectorstore.models import Article, Chunk, EmbeddedChunk

REAL = 320  # articles that are embedded: about 2,700 passages
KNOWN = 5  # sentences that every article has: what questions are asked of
BATCH = 64  # articles a transaction, as in an ingest
MOVED = 0.33  # of the difference of two vectors
FIRST_DAY = date(2016, 1, 1)
DAYS = 3_650
SOURCES = (
    "Brunsbyer Bote|Harrowmere Post|Der Spiegelsaal|Küstenkurier|Evening Ledger|Lutzetal-Kurier|"
    "Nordlicht|The Tindlewick Times|Pressedienst Wulfsdorf|Marrowgate Mail|Tagwerk|Radio Raunau"
).split("|")

Cut = tuple[Article, list[Chunk]]


@dataclass(frozen=True, slots=True)
class Facts:
    """What an article is about."""

    language: str
    slots: dict[str, str]
    day: date
    source: str


def facts(number: int) -> Facts:
    """What the article of a number is about; the same in every run."""
    dice = random.Random(f"facts {number}")
    language = "en" if number % 5 in (1, 3) else "de"
    day = FIRST_DAY + timedelta(dice.randrange(DAYS))
    one, two = dice.choice(COMPOUND[language][0]), dice.choice(COMPOUND[language][1])
    slots = {
        "place": _rare(dice, "place", language),
        "place2": _rare(dice, "place", language),
        "person": _person(dice, language),
        "person2": _person(dice, language),
        "person3": _person(dice, language),
        "firm": f"{_rare(dice, 'firm', language)} {dice.choice(FIRMS[language])}",
        "project": one + (two.lower() if language == "de" else f" {two}"),
        "sum": f"{dice.randint(11, 990) / 10:.1f}".replace(".", "," if language == "de" else "."),
        "count": str(dice.randint(23, 9_800)),
        "year": str(day.year + dice.randint(1, 6)),
    }
    return Facts(language, slots, day, dice.choice(SOURCES))


def article(number: int) -> Article:
    """The article of a number."""
    about, dice = facts(number), random.Random(f"text {number}")
    length = dice.randint(2_700, 6_700)
    known, others = SENTENCES[about.language][:KNOWN], SENTENCES[about.language][KNOWN:]
    told = [*known, *(s for s in others if dice.random() < 0.5)]
    dice.shuffle(told)
    parts: list[str] = []
    size = 0
    while size < length:
        template = told.pop() if told else dice.choice(others)
        parts.append(_filled(template, about, dice))
        size += len(parts[-1]) + 1
    paragraphs, rest = [], parts
    while rest:
        many = dice.randint(3, 6)
        paragraphs.append(" ".join(rest[:many]))
        rest = rest[many:]
    return articles.article(
        text="\n\n".join(paragraphs),
        given_id=f"varied-{number}",
        title=_filled(dice.choice(TITLES[about.language]), about, dice),
        published=about.day.isoformat(),
        source=about.source,
        language=about.language,
    )


def cut(number: int) -> Cut:
    """An article with its passages."""
    one = article(number)
    return one, chunking.chunk_article(one, read_layout(one.text, one.title))


def _filled(template: str, about: Facts, dice: random.Random) -> str:
    """A sentence. What isn't the article's own is new each time."""
    day = about.day - timedelta(dice.randint(0, 900))
    language = about.language
    slots = dict(about.slots)
    if dice.random() < 0.5:
        slots |= {"person2": _person(dice, language), "place2": _rare(dice, "place", language)}
    months = NAMES[language]["months"]
    on = (
        f"{day.day}. {months[day.month - 1]}"
        if language == "de"
        else (f"{months[day.month - 1]} {day.day}")
    )
    return template.format(
        **slots,
        day=on,
        n=dice.randint(3, 98_000),
        m=dice.randint(2, 99),
        thing=dice.choice(COMPOUND[language][0])
        + ("" if language == "de" else " ")
        + dice.choice(COMPOUND[language][1]).lower(),
        noun=dice.choice(COMPOUND[language][2]),
        verb=dice.choice(NAMES[language]["verbs"]),
        open=dice.choice(NAMES[language]["open"]),
        street=_rare(dice, "street", language),
    )


def _person(dice: random.Random, language: str) -> str:
    return f"{dice.choice(NAMES[language]['first'])} {_rare(dice, 'person', language)}"


def _rare(dice: random.Random, kind: str, language: str) -> str:
    """A name from a long tail: the n-th is made of the syllables that its number picks."""
    number = min(int(20 * (dice.paretovariate(0.7) - 1)), 10**7)
    made = random.Random(f"{kind} {language} {number}")
    starts, middles, ends = SYLLABLES[language]
    body = made.choice(starts) + (made.choice(middles) if made.random() < 0.7 else "")
    return body + made.choice(ends[kind])


# -- vectors -------------------------------------------------------------------------------


class Moved:
    """Makes vectors for passages out of those that were embedded."""

    def __init__(self, real: Sequence[tuple[Article, Sequence[EmbeddedChunk]]]) -> None:
        self._chunks: dict[str, list[EmbeddedChunk]] = {}
        self._words: dict[str, np.ndarray] = {}
        for one, chunks in real:
            self._chunks.setdefault(one.language or "", []).extend(chunks)
            for chunk in chunks:
                text = one.text[chunk.chunk.start : chunk.chunk.end]
                for span, row in zip(wordvectors.content_words(text), chunk.words, strict=True):
                    self._words.setdefault(lexical.words(text[span.start : span.end])[0], row)
        self._rows = list(self._words.values())

    def embedded(self, one: Article, chunks: Sequence[Chunk]) -> list[EmbeddedChunk]:
        """An article's passages with vectors."""
        chance = np.random.default_rng(_seed(one.id))
        return [self._one(one, chunk, chance) for chunk in chunks]

    def _one(self, one: Article, chunk: Chunk, chance: np.random.Generator) -> EmbeddedChunk:
        among = self._chunks[one.language or ""]
        base, here, there = (among[i] for i in chance.integers(len(among), size=3))
        shift = MOVED * (here.vector - there.vector)
        rows = base.sentence_vectors[np.arange(len(chunk.sentences)) % len(base.sentence_vectors)]
        text = one.text[chunk.start : chunk.end]
        spans = wordvectors.content_words(text)
        rest = chance.integers(len(self._rows), size=len(spans)).tolist()
        words = [
            self._words.get(text[s.start : s.end].casefold(), self._rows[other])
            for s, other in zip(spans, rest, strict=True)
        ]
        held = np.array(words, np.int8) if words else wordvectors.none()
        return EmbeddedChunk(chunk, _unit(base.vector + shift), _unit(rows + shift), held)


def _seed(name: str) -> int:
    return random.Random(name).randrange(2**32)


def _unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


# -- homes ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filled:
    """What filling took: passages, seconds of storing on the clock and of the processor."""

    passages: int
    seconds: float
    cpu: float


class Filler:
    """Fills a home, step by step; goes on where it was left."""

    def __init__(self, catalogue: Catalogue, embedder: Embedder) -> None:
        self._catalogue = catalogue
        real = list(map(cut, range(REAL)))
        catalogue.require(contract(embedder))
        self._real = self._known(real) or embedded(embedder, real)
        self._moved = Moved(self._real)
        self._contract = contract(embedder)

    def grow(self, passages: int) -> Filled:
        """Stores articles until there are so many passages. Making them up isn't counted."""
        before = count = self._catalogue.counts().chunks
        seconds = cpu = 0.0
        for batch in self._batches(self._catalogue.size()):
            if count >= passages:
                break
            started, used = time.perf_counter(), time.process_time()
            self._catalogue.store(batch, "varied", self._contract)
            seconds += time.perf_counter() - started
            cpu += time.process_time() - used
            count += sum(len(chunks) for _, chunks in batch)
        return Filled(count - before, seconds, cpu)

    def prepared(self, one: Article) -> tuple[Article, list[EmbeddedChunk]]:
        """Any article, ready to be stored."""
        chunks = chunking.chunk_article(one, read_layout(one.text, one.title))
        return one, self._moved.embedded(one, chunks)

    def _batches(self, start: int) -> Iterator[list[tuple[Article, list[EmbeddedChunk]]]]:
        while True:
            numbers = range(start, start + BATCH)
            yield [self._real[n] if n < REAL else self.prepared(article(n)) for n in numbers]
            start += BATCH

    def _known(self, real: Sequence[Cut]) -> list[tuple[Article, list[EmbeddedChunk]]] | None:
        """The embedded articles out of the home, if they are there already."""
        from vectorstore.passages import Passages

        if self._catalogue.size() < REAL:
            return None
        passages = Passages(self._catalogue.database)
        seqs = passages.seqs()[: sum(len(chunks) for _, chunks in real)]
        _, vectors = passages.vectors(seqs)
        found = iter(zip(passages.load(seqs), vectors, strict=True))
        return [(one, [self._stored(c, *next(found)) for c in chunks]) for one, chunks in real]

    @staticmethod
    def _stored(chunk: Chunk, passage: object, vector: np.ndarray) -> EmbeddedChunk:
        return EmbeddedChunk(chunk, vector, passage.sentence_vectors, passage.words)


def peak() -> float:
    """The most memory that this process has had, in MB."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def main() -> None:
    home, passages = Path(sys.argv[1]), int(sys.argv[2])
    database = Database(home / CATALOGUE)
    filled = Filler(Catalogue(database), SentenceEmbedder(Settings().cache)).grow(passages)
    database.close()
    figures = {"stored": filled.passages, "fill peak MB": peak()}
    if filled.passages:
        figures["fill passages/s"] = round(filled.passages / filled.seconds)
        figures["fill cpu ms/passage"] = round(1e3 * filled.cpu / filled.passages, 2)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
