"""The packaged model's forward pass for one short text, in NumPy: no torch, no loading.

The same weights as Sentence Transformers runs, in fp32, laid out once for matrix products from the
left and mapped from disk, so that processes share them. docs/performance.md has what it saves.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from vectorstore.models import Vectors
from vectorstore.weights import Shape, WeightsFile

Half = npt.NDArray[np.float16]


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One layer's weights, each (from, to), with the biases and norms that follow them."""

    attend: Vectors  # queries (scaled), keys and values side by side
    attend_bias: Vectors
    gather: Vectors
    gather_bias: Vectors
    gather_norm: Vectors  # weights, then biases
    widen: Vectors
    widen_bias: Vectors
    narrow: Vectors
    narrow_bias: Vectors
    narrow_norm: Vectors


@dataclass(frozen=True, slots=True, eq=False)
class Bert:
    """A BERT encoder. `words` is the embedding of each piece, `places` that of each position."""

    words: Half
    places: Vectors
    norm: Vectors
    layers: tuple[Layer, ...]
    heads: int
    epsilon: float

    def encode(self, ids: list[int]) -> Vectors:
        """The token vectors of a text, shape (tokens, hidden)."""
        found = self.words[np.array(ids)].astype(np.float32) + self.places[: len(ids)]
        found = self._normed(found, self.norm)
        for layer in self.layers:
            gathered = self._attended(found, layer) @ layer.gather
            gathered += layer.gather_bias
            gathered += found
            found = self._normed(gathered, layer.gather_norm)
            wide = found @ layer.widen
            wide += layer.widen_bias
            narrow = gelu(wide) @ layer.narrow
            narrow += layer.narrow_bias
            narrow += found
            found = self._normed(narrow, layer.narrow_norm)
        return found

    def _attended(self, found: Vectors, layer: Layer) -> Vectors:
        """For each token the values of those it attends to."""
        count, hidden = found.shape
        together = found @ layer.attend
        together += layer.attend_bias
        parts = together.reshape(count, 3, self.heads, hidden // self.heads)
        queries, keys, values = parts.transpose(1, 2, 0, 3)
        scores = queries @ keys.transpose(0, 2, 1)
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=-1, keepdims=True)
        attended: Vectors = (scores @ values).transpose(1, 0, 2).reshape(count, hidden)
        return attended

    def _normed(self, found: Vectors, norm: Vectors) -> Vectors:
        """Each token's numbers with mean 0 and variance 1, then as the norm says; in place."""
        found -= found.mean(axis=-1, keepdims=True)
        found *= 1 / np.sqrt((found * found).mean(axis=-1, keepdims=True) + self.epsilon)
        found *= norm[0]
        found += norm[1]
        return found


def gelu(x: Vectors) -> Vectors:
    """x times the probability that a normal number is below it (Abramowitz, Stegun 7.1.26)."""
    size = np.abs(x)
    t: Vectors = np.reciprocal(np.float32(0.3275911 / 2**0.5) * size + np.float32(1))
    tail = np.full_like(t, 1.061405429)
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        tail *= t
        tail += np.float32(factor)
    tail *= t
    tail *= np.exp(np.float32(-0.5) * size * size)
    tail *= np.float32(0.5) * size  # what is missing to max(x, 0)
    found: Vectors = np.maximum(x, 0) - tail
    return found


def write_layers(weights: WeightsFile, folder: Path) -> None:
    """Writes all but the words' embeddings as files from which `opened` maps them."""
    shape = weights.shape
    np.save(folder / "layers.npy", np.concatenate(list(_flat(weights))))
    about = {
        "hidden": shape.hidden,
        "layers": shape.layers,
        "heads": shape.heads,
        "wide": shape.feed_forward,
        "positions": shape.positions,
        "epsilon": shape.epsilon,
    }
    (folder / "shape.json").write_text(json.dumps(about))


def opened(folder: Path, words: Half) -> Bert:
    """The encoder that `write_layers` wrote."""
    about = json.loads((folder / "shape.json").read_bytes())
    hidden, wide = about["hidden"], about["wide"]
    flat = np.asarray(np.load(folder / "layers.npy", mmap_mode="r"))
    at = 0

    def take(*size: int) -> Vectors:
        nonlocal at
        count = int(np.prod(size))
        at += count
        taken: Vectors = flat[at - count : at].reshape(size)
        return taken

    def layer() -> Layer:
        return Layer(
            take(hidden, 3 * hidden),
            take(3 * hidden),
            take(hidden, hidden),
            take(hidden),
            take(2, hidden),
            take(hidden, wide),
            take(wide),
            take(wide, hidden),
            take(hidden),
            take(2, hidden),
        )

    places, norm = take(about["positions"], hidden), take(2, hidden)
    layers = tuple(layer() for _ in range(about["layers"]))
    return Bert(words, places, norm, layers, about["heads"], about["epsilon"])


def _flat(weights: WeightsFile) -> Iterator[Vectors]:
    """All weights in the order of `opened`, rounded as the model folder has them."""
    shape = weights.shape

    def take(name: str) -> Vectors:
        return weights.tensor(name).astype(np.float16).astype(np.float32)

    yield (take("emb.pos").reshape(-1, shape.hidden) + take("emb.type")[: shape.hidden]).ravel()
    yield from (take("emb.ln.w"), take("emb.ln.b"))
    for i in range(shape.layers):
        yield from _layer(shape, {part: take(f"l{i}.{part}") for part in _PARTS})


_PARTS = [f"{p}.{k}" for p in ("q", "k", "v", "ao", "aln", "fi", "fo", "oln") for k in "wb"]


def _layer(shape: Shape, of: dict[str, Vectors]) -> Iterator[Vectors]:
    scale = np.float32((shape.hidden // shape.heads) ** -0.5)
    scales = {"q": scale, "k": np.float32(1), "v": np.float32(1)}

    def turned(name: str) -> Vectors:
        return of[f"{name}.w"].reshape(of[f"{name}.b"].size, -1).T

    yield np.concatenate([turned(p) * scales[p] for p in "qkv"], axis=1).ravel()
    yield np.concatenate([of[f"{p}.b"] * scales[p] for p in "qkv"])
    yield from (turned("ao").ravel(), of["ao.b"], of["aln.w"], of["aln.b"])
    yield from (turned("fi").ravel(), of["fi.b"])
    yield from (turned("fo").ravel(), of["fo.b"], of["oln.w"], of["oln.b"])
