"""The pieces of a Unigram vocabulary, mapped from disk and found by their hashes.

Reading all 250,000 pieces as a tokenizer takes .6 s; a question has some hundred of them in it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from vectorstore.weights import Vocabulary

Numbers = npt.NDArray[np.integer[Any]]
_BASE = 0x9E3779B97F4A7C15  # odd; the hash is a polynomial in it, modulo 2^64
_MASK = (1 << 64) - 1


@dataclass(frozen=True, slots=True, eq=False)
class PieceTable:
    """The pieces, their scores, and where each is found by its hash.

    `hashes` are ascending, `ids` in their order; `ends` and `text` (UTF-8) are in that of the ids.
    `lowest` is the piece that is the least likely: what an unknown character costs depends on it.
    """

    hashes: Numbers
    ids: Numbers
    scores: npt.NDArray[np.float32]
    ends: Numbers
    text: npt.NDArray[np.uint8]
    longest: int
    lowest: int
    specials: Mapping[str, int]
    dropped: frozenset[int]
    blanked: frozenset[int]

    def piece(self, number: int) -> str:
        """A piece by its id."""
        start = int(self.ends[number - 1]) if number else 0
        return self.text[start : int(self.ends[number])].tobytes().decode()

    def within(self, text: str) -> list[int]:
        """The ids of all pieces that stand anywhere in a text, ascending."""
        before = _prefixes(text)
        found = {number for size in range(1, self.longest + 1) for number in self._of(before, size)}
        return sorted(number for number in found if self.piece(number) in text)

    def _of(self, before: Numbers, size: int) -> list[int]:
        """The ids of the pieces of a size whose hash a part of the text has."""
        if len(before) <= size:
            return []
        power = np.uint64(pow(_BASE, size, 1 << 64))
        wanted = np.unique(before[size:] - before[:-size] * power)
        places = np.minimum(np.searchsorted(self.hashes, wanted), len(self.hashes) - 1)
        found: list[int] = self.ids[places[self.hashes[places] == wanted]].tolist()
        return found


def written(vocabulary: Vocabulary, folder: Path) -> None:
    """Writes a vocabulary as files from which `opened` maps it."""
    pieces = vocabulary.pieces
    hashes = _hashes(pieces)
    order = np.argsort(hashes, kind="stable")
    if len(np.unique(hashes)) < len(pieces):
        raise ValueError("two pieces have one hash")  # not in the one vocabulary that there is
    encoded = [piece.encode() for piece in pieces]
    np.save(folder / "hashes.npy", hashes[order])
    np.save(folder / "ids.npy", order.astype(np.int32))
    np.save(folder / "scores.npy", np.array(vocabulary.scores, np.float32))
    np.save(folder / "ends.npy", np.cumsum([len(piece) for piece in encoded]).astype(np.int32))
    np.save(folder / "text.npy", np.frombuffer(b"".join(encoded), np.uint8))
    special = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
    about = {
        "longest": max(map(len, pieces)),
        "lowest": min(range(len(pieces)), key=lambda number: vocabulary.scores[number]),
        "specials": {piece: pieces.index(piece) for piece in special},
        "dropped": sorted(vocabulary.dropped),
        "blanked": sorted(vocabulary.blanked),
    }
    (folder / "pieces.json").write_text(json.dumps(about))


def opened(folder: Path) -> PieceTable:
    """The pieces that `written` wrote; only what is looked at is read from the disk."""
    about = json.loads((folder / "pieces.json").read_bytes())
    names = ("hashes", "ids", "scores", "ends", "text")
    hashes, ids, scores, ends, text = (_mapped(folder / f"{name}.npy") for name in names)
    return PieceTable(
        hashes,
        ids,
        scores,
        ends,
        text,
        about["longest"],
        about["lowest"],
        about["specials"],
        frozenset(about["dropped"]),
        frozenset(about["blanked"]),
    )


def _mapped(path: Path) -> npt.NDArray[Any]:
    return np.asarray(np.load(path, mmap_mode="r"))


def _hashes(pieces: Sequence[str]) -> Numbers:
    """The hash of each piece: the last of its `_prefixes`."""
    sizes = np.array([len(piece) for piece in pieces])
    codes = np.array(pieces).view(np.uint32).reshape(len(pieces), -1).astype(np.uint64)
    hashes = np.zeros(len(pieces), np.uint64)
    for place in range(codes.shape[1]):
        longer = hashes * np.uint64(_BASE) + codes[:, place] + np.uint64(1)
        hashes = np.where(place < sizes, longer, hashes)
    return hashes


def _prefixes(text: str) -> Numbers:
    """The hash of what stands before each place of a text."""
    codes = map(ord, text)
    hashes = accumulate(codes, lambda h, code: (h * _BASE + code + 1) & _MASK, initial=0)
    return np.array(list(hashes), np.uint64)
