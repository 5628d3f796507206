"""Questions to vectors without Sentence Transformers, whose import alone takes seconds.

The packaged model's own weights and pieces, laid out once in its folder (bert.py,
question_tokens.py). It says the same as SentenceTransformer.encode_query: the tests
compare them on any Unicode.
"""

import json
import logging
import struct
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from vectorstore import numpy_threads, packaged, piece_table, wordvectors
from vectorstore.bert import Bert, Half, write_graph
from vectorstore.errors import ModelError
from vectorstore.models import Span, Vector, Vectors, WordVectors
from vectorstore.pooling import unit
from vectorstore.question_tokens import QuestionTokenizer
from vectorstore.weights import WeightsFile
from vectorstore.wordvectors import TokenSpans

log = logging.getLogger(__name__)

REMEMBERED = 64  # questions: a follow-up is asked several times over, also of single articles
QUERY, PASSAGE = "query: ", "passage: "
WORDS = "embeddings.word_embeddings.weight"


class QuestionEncoder:
    """Encodes one question at a time; threads may share it."""

    def __init__(self, model: Path, folder: Path) -> None:
        self._bert = Bert(folder, _word_embeddings(model / "model.safetensors"))
        self._tokenizer = QuestionTokenizer(piece_table.opened(folder))
        self._encoded = lru_cache(REMEMBERED)(self._encode)
        self._centre: Vector | None = None
        if (folder / "centre.npy").exists():
            self._centre = np.load(folder / "centre.npy")

    def encode(self, question: str) -> tuple[Vector, WordVectors]:
        """The vector of a question, of length 1, and those of its words; not to be written to."""
        return self._encoded(question)

    def _encode(self, question: str) -> tuple[Vector, WordVectors]:
        seen, spans = self._read(QUERY, question)
        words = wordvectors.pooled(wordvectors.asked_content(question), seen, spans)
        found = unit(seen.mean(axis=0)), wordvectors.laid_out(words, self.centre())
        for vectors in found:
            vectors.setflags(write=False)
        return found

    def pieces(self, words: Sequence[str]) -> list[int]:
        """Of how many tokens the model makes each word."""
        return self._tokenizer.counts(words)

    def centre(self) -> Vector:
        """What all token vectors of the model have in common."""
        if self._centre is None:
            text = wordvectors.CENTRE_TEXT
            words: list[Span] = wordvectors.content_words(text)
            self._centre = wordvectors.pooled(words, *self._read(PASSAGE, text)).mean(axis=0)
        return self._centre

    def _read(self, prompt: str, text: str) -> tuple[Vectors, TokenSpans]:
        """The token vectors of a text, and where in it each token stands."""
        tokens = self._tokenizer.encode(prompt + text, self._bert.longest)
        return self._bert.encode(tokens.ids), tokens.spans - len(prompt)


def opened(cache: Path, tell: Callable[[str], None]) -> QuestionEncoder | None:
    """The packaged model's encoder, made if it is missing; None where that can't be done."""
    model = packaged.expanded_model(cache, tell)
    numpy_threads.keep_to_one()
    try:
        return QuestionEncoder(model, packaged.question_layout(cache, tell))
    except (ModelError, OSError, ValueError, KeyError) as error:
        log.warning("Questions are encoded by the whole model, which starts slowly: %s", error)
        return None


def write_layout(weights: WeightsFile, model: Path, folder: Path) -> None:
    """Writes into a folder what a QuestionEncoder over a model's folder needs besides."""
    write_graph(weights, folder)
    piece_table.written(weights.vocabulary, folder)
    np.save(folder / "centre.npy", QuestionEncoder(model, folder).centre())


def _word_embeddings(path: Path) -> Half:
    """The embeddings of all pieces where they lie in the model's file; few rows are ever read."""
    with path.open("rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        about = json.loads(file.read(size))[WORDS]
    at = 8 + size + about["data_offsets"][0]
    return np.asarray(np.memmap(path, np.float16, "r", at, tuple(about["shape"])))
