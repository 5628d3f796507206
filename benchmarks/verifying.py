"""How many lies about passages are caught, how many honest sentences dropped, and how fast.

    python benchmarks/verifying.py [--json] [--half 0|1] [--lies N] [--show KIND] [FOLDER]

FOLDER (../shared/eval) holds sets of articles. Sentences of the articles are altered by the rules
of lies.py and honest.py, one rule each, and cite their passage; three in ten cite another one too.
Articles fall into two halves by their id: bot/writing was made by looking at half 0, so half 1 is
shown. Where two sets are translations of each other (by the ids of their questions) their known
sentences are checked against the passages of the other language, and against wrong ones.
--show prints the sentences of a kind that went wrong.
"""

import argparse
import hashlib
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from honest import HONEST
from lies import ALTERED, LIES
from reporting import show
from told_sentences import Change, Dice, Source, capitalised, is_usable, pool_of

from bot.settings import Settings
from bot.writing.verification import verify
from ingest import chunking
from ingest.embedding import embedded
from ingest.layout import read_layout
from vectorstore.embedder import Passage, SentenceEmbedder
from vectorstore.models import Article, Hit, ScoredSentence, Span, Vector, Vectors

SETS = "xquad_de xquad_en omos_de_dev omos_en_dev wikinews_dev".split()
TRANSLATED = (("xquad_de", "xquad_en"), ("omos_de_dev", "omos_en_dev"))


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence and the passages that it cites."""

    kind: str
    honest: bool
    sentence: str
    original: str
    language: str
    cited: tuple[Hit, ...]


def main() -> None:
    arguments = _arguments()
    embedder = SentenceEmbedder(Settings().cache)
    hits = {name: _hits(arguments.folder / name, embedder) for name in SETS}
    pairs = [p for p in _pairs(hits, arguments.lies) if _half(p.cited[0]) == arguments.half]
    pairs += _translations(arguments.folder, hits, random.Random(7))
    vectors = _encoded(embedder, {pair.sentence for pair in pairs})

    def meaning(texts: Sequence[str]) -> Vectors:
        fresh = {text for text in texts if text not in vectors}
        if fresh:  # sentences of passages, taken by themselves
            vectors.update(_encoded(embedder, fresh))
        return np.stack([vectors[text] for text in texts])

    verify("Der Rat sagte nichts.", pairs[0].cited, "", "de", lambda t: np.ones((len(t), 384)))
    verify("The council said nothing.", pairs[0].cited, "", "en", lambda t: np.ones((len(t), 384)))
    counts, wrong = defaultdict(Counter), defaultdict(list)
    started = time.perf_counter()
    for pair in pairs:
        verdict = verify(pair.sentence, pair.cited, "", pair.language, meaning)
        good = verdict.ok == pair.honest
        counts[pair.kind][good] += 1
        if not good:
            wrong[pair.kind].append((verdict.reason, pair.sentence, pair.original))
    seconds = time.perf_counter() - started
    for kind in arguments.show:
        for reason, sentence, original in wrong[kind]:
            print(f"{reason}\n  {sentence}\n  {original}")
    show(_figures(counts, 1000 * seconds / len(pairs)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path, default=Path("../shared/eval"))
    parser.add_argument("--half", type=int, default=1)
    parser.add_argument("--lies", type=int, default=24_000, help="wanted of both halves, at most")
    parser.add_argument("--show", nargs="*", default=[])
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _figures(counts: dict[str, Counter[bool]], milliseconds: float) -> dict[str, object]:
    def line(kinds: Sequence[str], word: str) -> str:
        wrong = sum(counts[kind][False] for kind in kinds)
        total = sum(counts[kind].total() for kind in kinds)
        return f"{wrong:>4} of {total:>5} {word}, {100 * wrong / max(1, total):.2f} %"

    figures: dict[str, object] = {kind: line([kind], "dropped") for kind in HONEST}
    figures["HONEST"] = line(list(HONEST), "dropped")
    figures |= {kind: line([kind], "missed") for kind in LIES}
    figures["NUMBERS AND NAMES ALTERED"] = line([k for k in LIES if k in ALTERED], "missed")
    figures["LIES"] = line(list(LIES), "missed")
    figures["translated"] = line(["translated"], "dropped")
    figures["translated, other article"] = line(["translated, other article"], "missed")
    return figures | {"milliseconds a sentence": round(milliseconds, 2)}


# -- passages ------------------------------------------------------------------------------


def _hits(folder: Path, embedder: SentenceEmbedder) -> list[Hit]:
    articles = []
    for line in (folder / "articles.jsonl").read_text().splitlines():
        row = json.loads(line)
        article = Article(
            id=row["id"],
            url=row.get("url"),
            title=row.get("title"),
            text=row["text"].strip(),
            published=row.get("published"),
            updated=None,
            authors=(),
            source=None,
            language=row["language"],
            content_hash=row["id"],
            version=1,
        )
        layout = read_layout(article.text, article.title)
        articles.append((article, chunking.chunk_article(article, layout)))
    found = []
    for article, chunks in embedded(embedder, articles):
        for made in chunks:
            scored = tuple(
                ScoredSentence(span.start, span.end, 0.0, 0.0, vector=vector)
                for span, vector in zip(made.chunk.sentences, made.sentence_vectors, strict=True)
            )
            found.append(Hit(made.chunk, article, 0.0, 0.0, 0.0, scored))
    return found


def _half(hit: Hit) -> int:
    return hashlib.sha256(hit.article.id.encode()).digest()[0] % 2


def _encoded(embedder: SentenceEmbedder, texts: set[str]) -> dict[str, Vector]:
    ordered = sorted(texts)
    passages = [Passage(text, (Span(0, len(text)),)) for text in ordered]
    found = embedder.encode_passages(passages)
    return {text: made.sentences[0] for text, made in zip(ordered, found, strict=True)}


# -- pairs ---------------------------------------------------------------------------------


def _pairs(hits: dict[str, list[Hit]], lies: int) -> Iterator[Pair]:
    dice = random.Random(6)
    english = capitalised(hits["xquad_en"])
    for name, held in hits.items():
        pool = pool_of(held, english if name.startswith("xquad") else [])
        sources = [
            (text, hit)
            for hit in held
            for span in hit.sentences
            if is_usable(text := hit.article.text[span.start : span.end])
        ]
        for table, wanted, honest in ((HONEST, lies // 2, True), (LIES, lies, False)):
            each = wanted // len(SETS) // len(table)
            for kind, change in table.items():
                made = _of_a_kind(change, sources, held, pool, each, dice)
                for source, sentence in made:
                    yield Pair(kind, honest, sentence, source.text, source.language, source.cited)


def _of_a_kind(
    change: Change,
    sources: Sequence[tuple[str, Hit]],
    held: Sequence[Hit],
    pool: object,
    wanted: int,
    dice: Dice,
) -> Iterator[tuple[Source, str]]:
    left = wanted
    for text, hit in dice.sample(sources, len(sources)):
        cited: tuple[Hit, ...] = (hit,)
        if dice.random() < 0.3:
            cited = (hit, _another(hit, held, dice))
        source = Source(text, hit.article.language or "de", hit, cited, pool)
        sentence = change(source, dice)
        if sentence is None or (sentence == text and change is not HONEST["word for word"]):
            continue
        yield source, sentence
        left -= 1
        if not left:
            return


def _another(hit: Hit, held: Sequence[Hit], dice: Dice) -> Hit:
    """A passage of the same article, or any."""
    same = [h for h in held if h.article.id == hit.article.id and h is not hit]
    return dice.choice(same) if same and dice.random() < 0.5 else dice.choice(held)


def _translations(folder: Path, hits: dict[str, list[Hit]], dice: Dice) -> list[Pair]:
    found: list[Pair] = []
    for one, other in TRANSLATED:
        mine, theirs = _known(folder / one), _known(folder / other)
        for identity in mine.keys() & theirs.keys():
            for sentence, original, name, language in (
                (mine[identity], theirs[identity], other, "de"),
                (theirs[identity], mine[identity], one, "en"),
            ):
                hit = _holding(hits[name], original)
                if hit:
                    found.append(Pair("translated", True, sentence, original, language, (hit,)))
    wrong = []
    for pair in found:
        rival = dice.choice(found)
        if (
            rival.language == pair.language
            and rival.cited[0].article.id[-4:] != (pair.cited[0].article.id[-4:])
        ):
            kind = "translated, other article"
            wrong.append(
                Pair(kind, False, rival.sentence, pair.original, pair.language, pair.cited)
            )
    return found + wrong


def _known(folder: Path) -> dict[str, str]:
    """The first known sentence of each question; each sentence once."""
    found: dict[str, str] = {}
    for line in (folder / "questions.jsonl").read_text().splitlines():
        row = json.loads(line)
        identity = row["id"].replace("-de-", "-").replace("-en-", "-")
        if row["sentences"] and 40 < len(row["sentences"][0]) < 320:
            sentence = row["sentences"][0].strip()
            if sentence not in found.values():
                found[identity] = sentence
    return found


def _holding(held: Sequence[Hit], sentence: str) -> Hit | None:
    return next((hit for hit in held if sentence in hit.text), None)


if __name__ == "__main__":
    main()
