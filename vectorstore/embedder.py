"""Texts to vectors with Sentence Transformers: questions, passages, their sentences and words.

A sentence's vector is the mean of its tokens' vectors in the passage's own forward pass, so
sentences cost next to nothing (docs/decisions.md: 4.7 s against 7.7 s for encoding them apart,
gold answer in the first quote .771 against .782 on XQuAD-de), and so do words (wordvectors.py).
"""

import logging
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from vectorstore import numpy_threads, packaged, pooling, wordvectors
from vectorstore.errors import ModelError
from vectorstore.models import Span, Vector, Vectors, WordVectors
from vectorstore.pooling import DOCUMENT, QUERY, prompt_of, token_spans, tokens, unit
from vectorstore.wordvectors import TokenSpans

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from vectorstore.question_encoder import QuestionEncoder

log = logging.getLogger(__name__)

LONGEST_TITLE = 160  # characters of a title that the model reads before each passage
BATCH = 16  # passages in a forward pass; 8 to 32 are alike on 2 cores (benchmarks/embedding.py)


@dataclass(frozen=True, slots=True)
class Passage:
    """A text to embed, the spans of its sentences in it, and the title that it stands under.

    The model reads the title before the text, so that every part of an article knows what the
    article is about; only the text's own tokens make its sentences' and words' vectors.
    """

    text: str
    sentences: tuple[Span, ...]
    title: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Embedded:
    """The vectors of a passage, of its sentences (n, dimension), of its content words."""

    vector: Vector
    sentences: Vectors
    words: WordVectors


@dataclass(frozen=True, slots=True, eq=False)
class EmbeddedQuestion:
    """The vector of a question and those of its `wordvectors.asked_content`, if any."""

    vector: Vector
    words: WordVectors


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

    def encode_question(self, question: str) -> EmbeddedQuestion: ...

    def pieces(self, words: Sequence[str]) -> list[int]: ...

    def encode_passages(
        self, passages: Sequence[Passage], advance: Callable[[int], None] = ...
    ) -> list[Embedded]: ...


class SentenceEmbedder:
    """An Embedder over a SentenceTransformer, loaded at first use.

    `model` names a Sentence Transformers model or folder; None is the packaged one. `jobs` is how
    many batches of passages are embedded at once, as many as there are processors by default.
    """

    def __init__(
        self,
        cache: Path,
        model: str | None = None,
        tell: Callable[[str], None] = lambda line: None,
        jobs: int | None = None,
    ) -> None:
        self._cache = cache
        self._name = model
        self._tell = tell
        self._jobs = jobs or os.cpu_count() or 1
        self._lock = threading.RLock()
        self._loaded: SentenceTransformer | None = None
        self._common: Vector | None = None
        self._questions: QuestionEncoder | None = None
        self._slow = model is not None

    def identity(self) -> ModelIdentity:
        """The model's identity; loads the model unless it is the packaged one."""
        if self._name is None:
            return ModelIdentity(packaged.NAME, packaged.SHA256, "query: ", "passage: ", 384)
        model = self._model()
        query, document = (prompt_of(model, *names) for names in (QUERY, DOCUMENT))
        size = model.get_embedding_dimension()
        return ModelIdentity(self._name, pooling.digest(model), query, document, int(size or 0))

    def encode_question(self, question: str) -> EmbeddedQuestion:
        """A question's vector, shape (dimension,), and its words' vectors."""
        quick, text = self._quick(), clean(question)
        if quick is not None:
            return EmbeddedQuestion(*quick.encode(text))
        model = self._model()
        outputs: Any = model.encode_query([text], output_value=None, show_progress_bar=False)
        output = outputs[0]
        vector = unit(output["sentence_embedding"].float().numpy())
        if not pooling.shows_tokens(model, output):
            return EmbeddedQuestion(vector, wordvectors.none())
        prompt = prompt_of(model, *QUERY)
        (spans,) = token_spans(model, [prompt + text], len(prompt))
        words = wordvectors.pooled(wordvectors.asked_content(text), tokens(output), spans)
        return EmbeddedQuestion(vector, wordvectors.laid_out(words, self._centre(model)))

    def pieces(self, words: Sequence[str]) -> list[int]:
        """Of how many tokens the model makes each word: few for words that are often written."""
        quick = self._quick()
        if quick is not None:
            return quick.pieces(words)
        with self._lock:
            return pooling.token_counts(self._model(), words)

    def encode_passages(
        self, passages: Sequence[Passage], advance: Callable[[int], None] = lambda done: None
    ) -> list[Embedded]:
        """For each passage its vector, its sentences' and its words' vectors, in order.

        Batches are sorted by tokens, so that little is padded: 4 of 100 tokens, and 9 if they are
        sorted by characters (256 passages of benchmarks/against_peers.py). `advance` hears how many
        passages each batch has done.
        """
        model = self._model()
        sizes = pooling.token_counts(model, [_head(p.title) + clean(p.text) for p in passages])
        order = sorted(range(len(passages)), key=lambda i: (-sizes[i], -len(passages[i].text)))
        batches = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
        found: list[Embedded | None] = [None] * len(passages)

        def embedded(batch: list[int]) -> list[Embedded]:
            return self._encode_batch(model, [passages[i] for i in batch])

        with ThreadPoolExecutor(self._jobs, "embedding") as pool:
            try:
                for batch, results in zip(batches, pool.map(embedded, batches), strict=True):
                    for i, result in zip(batch, results, strict=True):
                        found[i] = result
                    advance(len(batch))
            finally:
                pool.shutdown(cancel_futures=True)
        return [result for result in found if result is not None]

    def _encode_batch(self, model: "SentenceTransformer", batch: list[Passage]) -> list[Embedded]:
        heads = [_head(passage.title) for passage in batch]
        texts = [head + clean(passage.text) for head, passage in zip(heads, batch, strict=True)]
        outputs = pooling.documents(model, texts)
        vectors = unit(np.stack([o["sentence_embedding"].float().numpy() for o in outputs]))
        if not pooling.shows_tokens(model, outputs[0]):
            apart = [self._encode_sentences(model, passage) for passage in batch]
            nothing = wordvectors.none()
            return [Embedded(v, s, nothing) for v, s in zip(vectors, apart, strict=True)]
        prompt = prompt_of(model, *DOCUMENT)
        spans = token_spans(model, [prompt + text for text in texts], len(prompt))
        return [
            self._embedded(model, passage, vector, tokens(output), where - len(head))
            for passage, vector, output, where, head in zip(
                batch, vectors, outputs, spans, heads, strict=True
            )
        ]

    def _embedded(
        self,
        model: "SentenceTransformer",
        passage: Passage,
        vector: Vector,
        seen: Vectors,
        spans: TokenSpans,
    ) -> Embedded:
        words = wordvectors.content_words(passage.text)
        return Embedded(
            vector,
            pooling.mean_of_spans(seen, spans, passage.sentences, vector),
            wordvectors.laid_out(wordvectors.pooled(words, seen, spans), self._centre(model)),
        )

    def _encode_sentences(self, model: "SentenceTransformer", passage: Passage) -> Vectors:
        """For models that show no token vectors: every sentence by itself."""
        texts = [clean(passage.text[s.start : s.end]) for s in passage.sentences]
        if not texts:
            return np.zeros((0, int(model.get_embedding_dimension() or 0)), np.float32)
        outputs = pooling.documents(model, texts)
        return unit(np.stack([o["sentence_embedding"].float().numpy() for o in outputs]))

    def _centre(self, model: "SentenceTransformer") -> Vector:
        """What all token vectors of the model have in common."""
        if self._common is None:
            text = wordvectors.CENTRE_TEXT
            (output,) = pooling.documents(model, [text])
            prompt = prompt_of(model, *DOCUMENT)
            (spans,) = token_spans(model, [prompt + text], len(prompt))
            words = wordvectors.content_words(text)
            self._common = wordvectors.pooled(words, tokens(output), spans).mean(axis=0)
        return self._common

    def _quick(self) -> "QuestionEncoder | None":
        """What encodes the packaged model's questions without loading it; None for other models.

        Once the model is loaded too: threads needn't wait for each other, nor for passages, and a
        question's vector doesn't depend on what else a process did.
        """
        with self._lock:
            if self._questions is None and not self._slow:
                from vectorstore.question_encoder import opened

                self._questions = opened(self._cache, self._tell)
                self._slow = self._questions is None
            return self._questions

    def _model(self) -> "SentenceTransformer":
        with self._lock:
            if self._loaded is None:
                folder = self._name or str(packaged.expanded_model(self._cache, self._tell))
                if self._name is not None:
                    log.info("%s is loaded whole: only the packaged model has a quick way.", folder)
                self._loaded = _load(folder)
            return self._loaded


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
    numpy_threads.keep_to_one()
    import torch
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    # Two threads on one batch wait for each other at every product: 73 passages a second, and 80
    # where each has a batch of its own (benchmarks/embedding.py).
    torch.set_num_threads(1)
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


def _head(title: str | None) -> str:
    """What the model reads before a passage; a title that is a whole text would crowd it out."""
    return f"{clean(title[:LONGEST_TITLE])}\n" if title else ""
