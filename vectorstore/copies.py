"""When one article is a copy of another: cut, reordered, retitled or partly rewritten. Pure.

An article is the set of its runs of GRAM folded words. Two are copies if enough of the shorter
one's runs stand in the other, which is counted exactly. A signature only proposes whom to count:
it is the sample of runs with the lowest hashes (a bottom-k MinHash), so that the runs that two
articles share are in the samples of both or of neither, however much longer one of them is.
"""

import hashlib
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from vectorstore import lexical

Runs: TypeAlias = frozenset[str]
Signature: TypeAlias = npt.NDArray[np.int64]

# Measured by `python benchmarks/copies.py ../shared/eval/wikinews_dev`; see docs/copies.md.
GRAM = 5  # words in a run
COPY = 0.45  # share of the shorter article's runs that stand in the other
SURE = 0.8  # share that makes a copy of a text so short that a footer could be half of it
ENOUGH = 45  # runs in common from which COPY will do: more than a footer or a quotation has
KIN = 0.25  # share that two versions of one report have left of each other, and two reports don't
SHORT = 30  # words below which only the same words make a copy
LONGEST = 20_000  # words of an article that are compared; a newspaper has as many

EVERY = 12  # one run in so many is in the signature,
FEWEST, MOST = 24, 512  # but at least and at most these
REMEMBERED = 12_000  # characters of the longest article whose runs are kept in memory for a while
_BYTES = 6  # of a hash: SQLite keeps integers of 6 bytes as such, and 100,000 articles rarely clash


def runs(text: str) -> Runs:
    """The runs of words by which an article is compared; a short text is a single run."""
    return _remembered(text) if len(text) <= REMEMBERED else _runs(text)


def _runs(text: str) -> Runs:
    words = lexical.words(text)[:LONGEST]
    if len(words) < SHORT:
        return frozenset({"= " + " ".join(words)} if words else ())
    return frozenset(" ".join(words[i : i + GRAM]) for i in range(len(words) - GRAM + 1))


_remembered = lru_cache(maxsize=256)(_runs)  # the articles that many others are compared with


def signature(text: str) -> Signature:
    """The lowest hashes of an article's runs, ascending: (k,), k from 0 to MOST, each 48 bits.

    The same in every process and on every machine, for they are stored. Copies have some of
    them in common; each is a key to look up.
    """
    held = runs(text)
    hashes = np.array([_hash(run) for run in held], np.int64)
    hashes.sort()
    return hashes[: min(MOST, max(FEWEST, len(held) // EVERY))]


def is_copy(one: str, other: str) -> bool:
    """Whether one text is a copy of the other, or of a part of it; never for one without words."""
    return are_copies(runs(one), runs(other))


def are_copies(one: Runs, other: Runs) -> bool:
    """`is_copy` for those who compare one article with many."""
    shorter = min(len(one), len(other))
    needed = max(COPY * shorter, min(SURE * shorter, ENOUGH))
    return shorter > 0 and len(one & other) >= needed


def are_kin(one: Runs, other: Runs) -> bool:
    """Whether two articles may well go back to one, though neither need be a copy of the other."""
    shorter = min(len(one), len(other))
    return shorter > 0 and len(one & other) >= KIN * shorter


def _hash(run: str) -> int:
    return int.from_bytes(hashlib.blake2b(run.encode(), digest_size=_BYTES).digest(), "big")
