"""Texts to vectors with Sentence Transformers: questions, passages, and the passages' sentences.

A sentence's vector is the mean of its tokens' vectors in the passage's own forward pass, so
sentences cost next to nothing (docs/decisions.md: 4.7 s against 7.7 s for encoding them apart,
gold answer in the first quote .771 against .782 on XQuAD-de).
"""

import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from vectorstore import packaged
from vectorstore.errors import ModelError
from vectorstore.models import Span, Vector, Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BATCH = 16  # passages in a forward pass; 8 to 32 are alike on 2 cores (benchmarks/embedding.py)


@dataclass(frozen=True, slots=True)
class Passage:
    """A text to embed and the spans of its sentences in it."""

    text: str
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """What makes vectors comparable: only equal identities may be mixed in one index."""

    name: str
    weights: str
    query_prompt: str
    document_prompt: str
    dimension: int


class Embedder(Protocol):
    """Whatever turns texts into vectors of length 1; the tests have a second one."""

    def identity(self) -> ModelIdentity: ...

    def encode_query(self, question: str) -> Vector: ...

    def encode_passages(
        self, passages: Sequence[Passage], advance: Callable[[int], None] = ...
    ) -> list[tuple[Vector, Vectors]]: ...


class SentenceEmbedder:
    """An Embedder over a SentenceTransformer, loaded at first use.

    `model` names a Sentence Transformers model or folder; None is the packaged one.
    """

    def __init__(
        self, cache: Path, model: str | None = None, tell: Callable[[str], None] = lambda line: None
    ) -> None:
        self._cache = cache
        self._name = model
        self._tell = tell
        self._lock = threading.RLock()
        self._loaded: SentenceTransformer | None = None

    def identity(self) -> ModelIdentity:
        """The model's identity; loads the model unless it is the packaged one."""
        if self._name is None:
            return ModelIdentity(packaged.NAME, packaged.SHA256, "query: ", "passage: ", 384)
        model = self._model()
        query, document = (_prompt(model, *names) for names in (_QUERY, _DOCUMENT))
        size = model.get_embedding_dimension()
        return ModelIdentity(self._name, _digest(model), query, document, int(size or 0))

    def encode_query(self, question: str) -> Vector:
        """The vector of a question, shape (dimension,)."""
        model = self._model()
        with self._lock, _threads(1):  # two threads spin at barriers on a busy machine
            vector = model.encode_query(
                clean(question), convert_to_tensor=True, show_progress_bar=False
            )
            return _unit(vector.float().cpu().numpy())

    def encode_passages(
        self, passages: Sequence[Passage], advance: Callable[[int], None] = lambda done: None
    ) -> list[tuple[Vector, Vectors]]:
        """For each passage its vector and its sentences' vectors (n, dimension), in order.

        Batches are sorted by length, so that little is padded. `advance` hears how many
        passages each batch has done.
        """
        model = self._model()
        order = sorted(range(len(passages)), key=lambda i: -len(passages[i].text))
        found: list[tuple[Vector, Vectors] | None] = [None] * len(passages)
        for at in range(0, len(order), BATCH):
            batch = order[at : at + BATCH]
            with self._lock, _threads(os.cpu_count() or 1):
                embedded = self._encode_batch(model, [passages[i] for i in batch])
            for i, result in zip(batch, embedded, strict=True):
                found[i] = result
            advance(len(batch))
        return [pair for pair in found if pair is not None]

    def _encode_batch(
        self, model: "SentenceTransformer", batch: list[Passage]
    ) -> list[tuple[Vector, Vectors]]:
        texts = [clean(passage.text) for passage in batch]
        prompt = _prompt(model, *_DOCUMENT)
        outputs: Any = model.encode_document(
            texts,
            prompt=prompt,
            batch_size=len(texts),
            output_value=None,
            show_progress_bar=False,
        )
        vectors = _unit(np.stack([o["sentence_embedding"].float().numpy() for o in outputs]))
        if "token_embeddings" in outputs[0] and getattr(model.tokenizer, "is_fast", False):
            offsets = _token_spans(model, [prompt + text for text in texts], len(prompt))
            sentences = [
                _pool(_tokens(o), spans, passage.sentences, vector)
                for o, spans, passage, vector in zip(outputs, offsets, batch, vectors, strict=True)
            ]
        else:
            sentences = [self._encode_sentences(model, passage) for passage in batch]
        return list(zip(vectors, sentences, strict=True))

    def _encode_sentences(self, model: "SentenceTransformer", passage: Passage) -> Vectors:
        """For models that show no token vectors: every sentence by itself."""
        texts = [clean(passage.text[s.start : s.end]) for s in passage.sentences]
        if not texts:
            return np.zeros((0, int(model.get_embedding_dimension() or 0)), np.float32)
        vectors = model.encode_document(
            texts,
            prompt=_prompt(model, *_DOCUMENT),
            convert_to_tensor=True,
            show_progress_bar=False,
        )
        return _unit(vectors.float().cpu().numpy())

    def _model(self) -> "SentenceTransformer":
        with self._lock:
            if self._loaded is None:
                folder = self._name or str(packaged.expanded_model(self._cache, self._tell))
                self._loaded = _load(folder)
            return self._loaded


_QUERY = ("query",)
_DOCUMENT = ("document", "passage", "corpus")
"""The order in which encode_document looks; but it stops at "document", which is always there,
often empty, so it is told the prompt."""


def clean(text: str) -> str:
    """What the model sees of a text: one code point for each, so that offsets stay.

    NUL and lone surrogates, which tokenizers choke on, become blanks.
    """
    if text.isascii() and "\0" not in text:
        return text
    return "".join(" " if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in text)


def _load(folder: str) -> "SentenceTransformer":
    # Threads that wait by spinning starve each other on a busy machine (2 cores, one of them busy:
    # 69 passages a second instead of 22 to 35). Only a library loaded later listens.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    import torch
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    dtype = torch.bfloat16 if _bfloat16_is_fast() else torch.float32
    try:
        return SentenceTransformer(folder, device="cpu", model_kwargs={"dtype": dtype})
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise ModelError(
            f"The embedding model {folder!r} can't be loaded: "
            f"{str(error).splitlines()[0] if str(error) else type(error).__name__} "
            "Check EMBEDDING_MODEL; left empty, the packaged model is used."
        ) from error


def _bfloat16_is_fast() -> bool:
    """Whether the processor multiplies bfloat16 natively (benchmarks/embedding.py: 2.5 times)."""
    try:
        flags = Path("/proc/cpuinfo").read_text(errors="replace")
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


@contextmanager
def _threads(count: int) -> Iterator[None]:
    import torch

    if torch.get_num_threads() != count:
        torch.set_num_threads(count)
    yield


def _prompt(model: "SentenceTransformer", *names: str) -> str:
    return next((prompt for name in names if (prompt := model.prompts.get(name))), "")


def _digest(model: "SentenceTransformer") -> str:
    """A digest of the model's parameters, whatever file or hub they came from.

    Of their bfloat16 values, so that it is the same whichever precision `_load` chose.
    """
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().bfloat16().float().cpu().numpy().tobytes())
    return digest.hexdigest()


def _token_spans(model: "SentenceTransformer", texts: list[str], shift: int) -> list[Any]:
    """Start and end of each token in the text behind the prompt, shape (tokens, 2)."""
    encoded = model.tokenizer(
        texts,
        return_offsets_mapping=True,
        truncation=True,
        max_length=model.max_seq_length,
        return_attention_mask=False,
    )
    return [np.array(spans, np.int64) - shift for spans in encoded["offset_mapping"]]


def _tokens(output: Any) -> Vectors:
    """The vectors of a passage's own tokens, without padding, whichever side that is on."""
    kept = output["token_embeddings"][output["attention_mask"].bool()]
    vectors: Vectors = kept.float().numpy()
    return vectors


def _pool(tokens: Vectors, spans: Any, sentences: tuple[Span, ...], passage: Vector) -> Vectors:
    """The mean of each sentence's tokens; a sentence without any gets the passage's vector."""
    starts, ends = spans[:, 0], spans[:, 1]
    pooled = np.empty((len(sentences), passage.size), np.float32)
    for row, sentence in enumerate(sentences):
        inside = (ends > starts) & (ends > sentence.start) & (starts < sentence.end)
        chosen = tokens[inside]
        pooled[row] = chosen.mean(axis=0) if len(chosen) else passage
    return _unit(pooled)


def _unit(vectors: Vectors) -> Vectors:
    """The same directions with length 1; a zero vector stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return (vectors / np.where(lengths == 0, 1, lengths)).astype(np.float32)
