"""How well copies of articles are recognised: precision, recall and time.

    python benchmarks/copies.py [--json] [--scale N] [FOLDER]

30 invented events are reported by five articles each, German and English by turns, that share
names, figures and a quotation of two sentences, and nothing else but phrases and their paper's
footer. Each is edited in the ways of EDITS; a rewritten sentence has its words shuffled, which
leaves no run of them. Not copies: articles of one event, articles of different events, briefs
that quote one sentence of an article, and teasers with one footer of 36 words.

FOLDER holds an articles.jsonl: its articles are edited and quoted in the same ways, and what is
found among them unedited is listed. --scale inserts so many unrelated articles and gives the time
of the first and the last thousand. "proposed" is the share of pairs that a signature lets the exact
check see, next to what a usual MinHash of 126 permutations in 42 bands of 3 would.
"""

import argparse
import hashlib
import json
import random
import re
import sqlite3
import textwrap
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
from invented_news import FOOTERS, Piece, invented, report, sentence

from vectorstore import copies, copy_groups

TEASERS = 40
BASE_TABLES = """
CREATE TABLE articles (seq INTEGER PRIMARY KEY AUTOINCREMENT, version INTEGER NOT NULL);
CREATE TABLE versions (article INTEGER, version INTEGER, text TEXT,
    PRIMARY KEY (article, version));
"""


# -- edits ---------------------------------------------------------------------------------

Edit = Callable[[Piece, random.Random], Piece]
WORDS_OF_TITLE = "Neues vom Tage aus aller Welt und was es heute bedeutet".split()


def cut(share: float) -> Edit:
    """Keeps the beginning, as an editor would."""

    def edited(piece: Piece, _: random.Random) -> Piece:
        left = share * sum(len(s.split()) for p in piece.paragraphs for s in p)
        kept: list[tuple[str, ...]] = []
        for paragraph in piece.paragraphs:
            inside = []
            for told in paragraph:
                if left > 0:
                    inside.append(told)
                    left -= len(told.split())
            if inside:
                kept.append(tuple(inside))
        return replace(piece, paragraphs=tuple(kept), footer="")

    return edited


def rewritten(share: float) -> Edit:
    """The share of sentences, chosen at random, loses its order of words."""

    def edited(piece: Piece, dice: random.Random) -> Piece:
        places = [(p, s) for p, told in enumerate(piece.paragraphs) for s in range(len(told))]
        chosen = set(dice.sample(places, round(share * len(places))))
        return replace(
            piece,
            paragraphs=tuple(
                tuple(shuffled(t, dice) if (p, s) in chosen else t for s, t in enumerate(told))
                for p, told in enumerate(piece.paragraphs)
            ),
        )

    return edited


def shuffled(told: str, dice: random.Random) -> str:
    words = told.split()
    return " ".join(dice.sample(words, len(words)))


def reordered(piece: Piece, dice: random.Random) -> Piece:
    order = dice.sample(piece.paragraphs, len(piece.paragraphs))
    return replace(piece, paragraphs=tuple(order))


def retitled(piece: Piece, dice: random.Random) -> Piece:
    title = " ".join(dice.sample(WORDS_OF_TITLE, 7))
    return replace(piece, headline=title, dateline="Von unserer Redaktion – ")


def in_turn(*edits: Edit) -> Edit:
    def edited(piece: Piece, dice: random.Random) -> Piece:
        for edit in edits:
            piece = edit(piece, dice)
        return piece

    return edited


def plain(piece: Piece) -> str:
    return piece.text()


def amp(piece: Piece) -> str:
    """The mobile page: other lines, no caption, no footer."""
    return "\n".join(textwrap.wrap(replace(piece, caption="", footer="").text(), 60))


def printed(piece: Piece) -> str:
    """A wire's letters in narrow columns."""
    letters = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "„": '"', "“": '"'})
    text = replace(piece, headline=piece.headline.upper()).text().translate(letters)
    return "\n".join(textwrap.wrap(text, 38))


EDITS: dict[str, tuple[Edit, Callable[[Piece], str]]] = {
    "cut to 80 %": (cut(0.8), plain),
    "cut to 60 %": (cut(0.6), plain),
    "cut to 40 %": (cut(0.4), plain),
    "paragraphs reordered": (reordered, plain),
    "retitled, other dateline": (retitled, plain),
    "30 % rewritten": (rewritten(0.3), plain),
    "AMP": (in_turn(), amp),
    "print": (in_turn(), printed),
    "retitled, cut 60 %, 15 %": (in_turn(retitled, cut(0.6), rewritten(0.15)), plain),
}


def edited(name: str, piece: Piece, key: object) -> str:
    edit, setting = EDITS[name]
    return setting(edit(piece, random.Random(f"{name} {key}")))


# -- measuring -----------------------------------------------------------------------------


def database() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(BASE_TABLES + copy_groups.TABLES)
    return connection


def add(connection: sqlite3.Connection, text: str) -> tuple[int, float, float]:
    """The article's number, and the milliseconds of its signature and of its insertion."""
    began = time.perf_counter()
    prepared = copies.signature(text)
    signed = time.perf_counter()
    seq = connection.execute("INSERT INTO articles (version) VALUES (1)").lastrowid
    assert seq is not None
    connection.execute("INSERT INTO versions VALUES (?, 1, ?)", (seq, text))
    copy_groups.insert(connection, seq, text, prepared)
    return seq, 1e3 * (signed - began), 1e3 * (time.perf_counter() - signed)


def edits_found(pieces: Sequence[Piece]) -> dict[str, tuple[int, int]]:
    """For each edit how many pairs there are and how many are copies by the exact check."""
    found = {}
    for name in EDITS:
        hits = [copies.is_copy(p.text(), edited(name, p, i)) for i, p in enumerate(pieces)]
        found[name] = (len(hits), sum(hits))
    return found


def proposed(pieces: Sequence[Piece]) -> dict[str, tuple[int, int]]:
    """For each edit the pairs with a key in common, and those a MinHash of 42 bands of 3 finds."""
    found = {}
    for name in EDITS:
        keys = bands = 0
        for i, piece in enumerate(pieces):
            texts = piece.text(), edited(name, piece, i)
            one, other = (set(copies.signature(text).tolist()) for text in texts)
            keys += bool(one & other)
            a, b = (minhash_bands(text) for text in texts)
            bands += bool((a == b).all(axis=1).any())
        found[name] = (keys, bands)
    return found


def minhash_bands(text: str) -> np.ndarray:
    """The common alternative: 126 permutations of all runs, in (42, 3)."""
    dice = np.random.default_rng(1)
    a = dice.integers(0, 2**31, 126, np.uint64) * np.uint64(2) + np.uint64(1)
    b = dice.integers(0, 2**63, 126, np.uint64)
    digests = b"".join(hashlib.sha1(run.encode()).digest()[:8] for run in copies.runs(text))
    hashes = np.frombuffer(digests, "<u8")
    return ((hashes[:, None] * a + b) >> np.uint64(16)).min(axis=0).reshape(42, 3)


def briefs(pieces: Sequence[tuple[str, Piece]]) -> list[tuple[str, str]]:
    """Articles, given with their language, and a brief that quotes a sentence of each."""
    pairs = []
    for i, (lang, piece) in enumerate(pieces):
        dice = random.Random(f"brief {i}")
        told = dice.choice([s for p in piece.paragraphs for s in p if len(s.split()) > 5])
        own = [sentence(lang, dice) for _ in range(2 + i % 2)]
        pairs.append((piece.text(), " ".join([own[0], f"„{told}“", *own[1:]])))
    return pairs


def teasers() -> list[str]:
    """Short items of one paper, each with its footer."""
    found = []
    for i in range(TEASERS):
        dice = random.Random(f"teaser {i}")
        own = [sentence("de", dice) for _ in range(1 + i % 4)]
        found.append(" ".join([*own, *FOOTERS["de"][3].split()]))
    return found


def false_pairs(events: dict[int, list[Piece]]) -> dict[str, tuple[int, int]]:
    """For each kind of pair that are no copies how many there are and how many are taken for it."""
    held = [(e, copies.runs(p.text())) for e, pieces in events.items() for p in pieces]
    kinds = {
        "one event": [(a, b) for (e, a), (f, b) in combinations(held, 2) if e == f],
        "other events": [(a, b) for (e, a), (f, b) in combinations(held, 2) if e != f],
        "teasers with a footer": list(combinations(map(copies.runs, teasers()), 2)),
    }
    return {
        name: (len(pairs), sum(copies.are_copies(a, b) for a, b in pairs))
        for name, pairs in kinds.items()
    }


def grouped(sources: Sequence[tuple[int, str]]) -> dict[str, object]:
    """Inserts texts in a random order and compares the groups with what they were made from."""
    connection = database()
    order = random.Random(7).sample(sources, len(sources))
    labels, milliseconds = {}, []
    for label, text in order:
        seq, signed, inserted = add(connection, text)
        labels[seq] = label
        milliseconds.append((signed, inserted))
    group = copy_groups.groups(connection)
    both = Counter((group.get(seq, -seq), label) for seq, label in labels.items())
    right = _pairs(both.values())
    said = _pairs(Counter(group.get(seq, -seq) for seq in labels).values())
    true = _pairs(Counter(labels.values()).values())
    signed, inserted = np.mean(milliseconds, axis=0)
    return {
        "articles": len(labels),
        "pairs": true,
        "precision": round(right / max(1, said), 4),
        "recall": round(right / max(1, true), 4),
        "ms signature": round(float(signed), 2),
        "ms insert": round(float(inserted), 2),
    }


def _pairs(sizes: Iterable[int]) -> int:
    return sum(n * (n - 1) // 2 for n in sizes)


def scaled(count: int) -> dict[str, float]:
    """Milliseconds to insert an article into none and into `count` unrelated ones."""
    connection = database()
    spent = []
    for i in range(count):
        dice = random.Random(f"scale {i}")
        text = report(("de", "en")[i % 2], dice, dice, dice.randint(200, 600)).text()
        spent.append(add(connection, text)[2])
    return {
        "first 1,000, ms": round(float(np.mean(spent[:1000])), 2),
        "last 1,000, ms": round(float(np.mean(spent[-1000:])), 2),
        "grouped": len(copy_groups.groups(connection)),
        "keys an article": round(
            connection.execute("SELECT count(*) FROM copy_keys").fetchone()[0] / count, 1
        ),
    }


# -- real articles -------------------------------------------------------------------------


def real(folder: Path) -> list[tuple[str, Piece]]:
    """Ids and articles of at least 100 words and six sentences."""
    found = []
    for line in (folder / "articles.jsonl").read_text("utf-8").split("\n"):
        if not line:
            continue
        row = json.loads(line)
        told = tuple(
            tuple(re.split(r"(?<=[.!?])\s+", part.strip()))
            for part in re.split(r"\n+", row["text"])
            if part.strip()
        )
        if len(row["text"].split()) >= 100 and sum(map(len, told)) >= 6:
            found.append((row["id"], Piece(row.get("title") or "", "", told)))
    return found


def found_among(articles: Sequence[tuple[str, Piece]]) -> list[list[str]]:
    """The groups among unedited articles, as ids."""
    connection = database()
    ids = {add(connection, piece.text())[0]: name for name, piece in articles}
    found: dict[int, list[str]] = {}
    for seq, group in copy_groups.groups(connection).items():
        found.setdefault(group, []).append(ids[seq])
    return list(found.values())


# -- showing -------------------------------------------------------------------------------


def measured(arguments: argparse.Namespace) -> dict[str, object]:
    events = invented()
    pieces = [(("de", "en")[e % 2], piece) for e, told in events.items() for piece in told]
    result: dict[str, object] = {"no copies: pairs, taken for copies": false_pairs(events)}
    result |= of_kind("invented", pieces, teasers())
    if arguments.folder:
        articles = real(arguments.folder)
        result |= of_kind("real", [("de", piece) for _, piece in articles], [])
        result["real: groups of the unedited"] = found_among(articles)
    if arguments.scale:
        result[f"{arguments.scale:,} unrelated articles"] = scaled(arguments.scale)
    return result


def of_kind(
    kind: str, articles: Sequence[tuple[str, Piece]], others: Sequence[str]
) -> dict[str, object]:
    """What is found of edits and briefs, pair by pair, and when all are in one catalogue."""
    pieces = [piece for _, piece in articles]
    exact, candidates = edits_found(pieces), proposed(pieces)
    result: dict[str, object] = {
        f"{kind}: {name}": {
            "pairs": pairs,
            "recall": round(hits / pairs, 4),
            "proposed": round(candidates[name][0] / pairs, 4),
            "by 42 bands of 3": round(candidates[name][1] / pairs, 4),
        }
        for name, (pairs, hits) in exact.items()
    }
    quoting = briefs(articles)
    wrong = sum(copies.is_copy(*pair) for pair in quoting)
    result[f"{kind}: briefs with a quotation"] = {"pairs": len(quoting), "taken for copies": wrong}
    sources = [(i, p.text()) for i, p in enumerate(pieces)]
    sources += [(i, edited(name, p, i)) for i, p in enumerate(pieces) for name in EDITS]
    extra = [*(text for _, text in quoting), *others]
    sources += [(-1 - i, text) for i, text in enumerate(extra)]
    result[f"{kind}: groups of all"] = grouped(sources)
    return result


def main() -> None:
    """Prints a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--scale", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    result = measured(arguments)
    if arguments.json:
        print(json.dumps(result, ensure_ascii=False))
        return
    for name, value in result.items():
        figures = value.items() if isinstance(value, dict) else ((name, value),)
        print(f"{name:<40} {', '.join(f'{key} {figure}' for key, figure in figures)}")


if __name__ == "__main__":
    main()
