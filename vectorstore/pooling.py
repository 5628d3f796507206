"""What a model says of texts: token vectors, where they stand, means of them, token counts."""

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorstore.models import Span, Vector, Vectors
from vectorstore.wordvectors import TokenSpans

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


QUERY = ("query",)
DOCUMENT = ("document", "passage", "corpus")
"""The order in which encode_document looks; but it stops at "document", which is always there,
often empty, so it is told the prompt."""


def prompt_of(model: "SentenceTransformer", *names: str) -> str:
    return next((prompt for name in names if (prompt := model.prompts.get(name))), "")


def token_spans(model: "SentenceTransformer", texts: list[str], shift: int) -> list[TokenSpans]:
    """Start and end of each token in the text behind the prompt, shape (tokens, 2)."""
    encoded = _tokenized(model, texts, return_offsets_mapping=True)
    rows = zip(encoded["offset_mapping"], encoded["attention_mask"], strict=True)
    return [np.array(spans, np.int64)[np.array(real, np.bool_)] - shift for spans, real in rows]


def _tokenized(model: "SentenceTransformer", texts: Sequence[str], **asked: bool) -> Any:
    """Texts as tokens, always padded and cut off as for the model itself.

    The tokenizer keeps these settings from call to call, and threads share it: with others here, a
    batch of another thread came out unpadded, or too long for the model.
    """
    longest = model.max_seq_length
    return model.tokenizer(list(texts), padding=True, truncation=True, max_length=longest, **asked)


def tokens(output: Any) -> Vectors:
    """The vectors of a passage's own tokens, without padding, whichever side that is on."""
    kept = output["token_embeddings"][output["attention_mask"].bool()]
    vectors: Vectors = kept.float().numpy()
    return vectors


def mean_of_spans(
    seen: Vectors, spans: TokenSpans, sentences: tuple[Span, ...], passage: Vector
) -> Vectors:
    """The mean of each sentence's tokens; a sentence without any gets the passage's vector."""
    starts, ends = spans[:, 0], spans[:, 1]
    pooled = np.empty((len(sentences), passage.size), np.float32)
    for row, sentence in enumerate(sentences):
        inside = (ends > starts) & (ends > sentence.start) & (starts < sentence.end)
        chosen = seen[inside]
        pooled[row] = chosen.mean(axis=0) if len(chosen) else passage
    return unit(pooled)


def unit(vectors: Vectors) -> Vectors:
    """The same directions with length 1; a zero vector stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return (vectors / np.where(lengths == 0, 1, lengths)).astype(np.float32)


def token_counts(model: "SentenceTransformer", texts: Sequence[str]) -> list[int]:
    """Of how many tokens the model makes each text; 1 where it has no tokenizer of text."""
    tokenizer: Any = getattr(model, "tokenizer", None)
    if texts and hasattr(tokenizer, "encode_batch"):  # a static model's, of the tokenizers package
        encodings = tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [len(encoding.ids) for encoding in encodings]
    if not texts or not callable(tokenizer):
        return [1] * len(texts)
    encoded = _tokenized(model, texts, add_special_tokens=False)
    return [sum(real) for real in encoded["attention_mask"]]


def digest(model: "SentenceTransformer") -> str:
    """A digest of the model's parameters, whatever file or hub they came from.

    Of their bfloat16 values, so that it is the same whichever precision `_load` chose.
    """
    found = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        found.update(name.encode())
        found.update(tensor.detach().bfloat16().float().cpu().numpy().tobytes())
    return found.hexdigest()


def documents(model: "SentenceTransformer", texts: list[str]) -> Any:
    return model.encode_document(
        texts,
        prompt=prompt_of(model, *DOCUMENT),
        batch_size=len(texts),
        output_value=None,
        show_progress_bar=False,
    )


def shows_tokens(model: "SentenceTransformer", output: Any) -> bool:
    return "token_embeddings" in output and bool(getattr(model.tokenizer, "is_fast", False))
