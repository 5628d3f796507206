"""How many slips of the fingers are put right, and how many right words are made wrong.

    python benchmarks/spelling.py EVAL_FOLDER

Slips: one in the longest word of each question of xquad_de, among its articles; the baseline
leaves every question as it was typed. Right words that the articles don't have: every second
article of wikinews_dev is the collection, the words of the others are asked for; names apart,
which are words with a capital that aren't known without one (and German nouns among them).
"""

import argparse
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from bot.settings import load_settings
from vectorstore import lexical
from vectorstore.embedder import SentenceEmbedder
from vectorstore.lexical import Kind
from vectorstore.spelling import Knowledge, corrected

LANGUAGE = "de"
SLIPS: Mapping[str, Callable[[str, int, str], str]] = {
    "swapped": lambda w, i, _: w[:i] + w[i + 1] + w[i] + w[i + 2 :],
    "lost": lambda w, i, _: w[:i] + w[i + 1 :],
    "replaced": lambda w, i, other: w[:i] + other + w[i + 1 :],
    "added": lambda w, i, other: w[:i] + other + w[i:],
}


def rows(path: Path) -> list[dict[str, str]]:
    """The lines of a JSONL file."""
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def knowledge(texts: Iterable[str], embedder: SentenceEmbedder) -> Knowledge:
    """What articles and the model know, without a catalogue."""
    counts: Mapping[Kind, Counter[str]] = {"grams": Counter(), "stems": Counter()}
    for text in texts:
        tokens = lexical.words(text)
        counts["grams"].update(set(lexical.grams(tokens)))
        counts["stems"].update(set(lexical.stems(tokens, LANGUAGE)))

    def held(kind: Kind, terms: Sequence[str]) -> dict[str, int]:
        return {term: counts[kind][term] for term in terms}

    return Knowledge(held, embedder.pieces)


def stem(word: str) -> list[str]:
    """A word in any inflection."""
    return lexical.stems(lexical.words(word), LANGUAGE)


def slips(folder: Path, embedder: SentenceEmbedder) -> None:
    """Prints, for each kind of slip, what became of it."""
    known = knowledge((row["text"] for row in rows(folder / "articles.jsonl")), embedder)
    questions = [row["question"] for row in rows(folder / "questions.jsonl")]
    for kind, slip in SLIPS.items():
        became: Counter[str] = Counter()
        began = time.perf_counter()
        for question in questions:
            dice = random.Random(question)
            word = max(re.findall(r"\w+", question), key=len)
            at = dice.randrange(1, max(2, len(word) - 2))
            typed = slip(word, at, dice.choice("abcdefghijklmnopqrstuvwxyz"))
            if stem(typed) == stem(word):
                continue
            said = corrected(typed, [LANGUAGE], known)
            right = stem(said) == stem(word)
            became["right" if right else "as typed" if said == typed else "another word"] += 1
        spent = (time.perf_counter() - began) / sum(became.values())
        shares = ", ".join(f"{name} {n / sum(became.values()):.3f}" for name, n in became.items())
        print(f"{kind} (baseline: right 0): {shares}; {spent * 1000:.0f} ms a word")


def right_words(folder: Path, embedder: SentenceEmbedder) -> None:
    """Prints how many words that the articles don't have are taken for slips."""
    texts = [row["text"] for row in rows(folder / "articles.jsonl")]
    known = knowledge(texts[::2], embedder)
    tokens = Counter(word for text in texts[1::2] for word in re.findall(r"(?<=[a-zß,] )\w+", text))
    capital = {w for w in tokens if w[0].isupper() and w.lower() not in tokens}
    for name, words in (("with a capital", capital), ("without", set(tokens) - capital)):
        absent = sorted(w for w in words if not any(known.held("stems", stem(w)).values()))
        changed = {w: said for w in absent if (said := corrected(w, [LANGUAGE], known)) != w}
        other = {w: said for w, said in changed.items() if stem(w) != stem(said)}
        print(f"right words {name}: {len(absent):,} absent, {len(other):,} changed: {other}")


def main() -> None:
    """Prints both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    embedder = SentenceEmbedder(load_settings().cache)
    slips(folder / "xquad_de", embedder)
    right_words(folder / "wikinews_dev", embedder)


if __name__ == "__main__":
    main()
