"""Short texts to the tokens of the packaged model, without reading its whole tokenizer.

A Unigram tokenizer takes the likeliest split of a text into pieces, so only pieces that stand in
the text can matter, and the least likely one of all, from which the cost of an unknown character
follows. A tokenizer of just these is made for each text: same library, same normaliser, same
tokens, in a hundredth of the time.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram

from vectorstore.piece_table import PieceTable
from vectorstore.wordvectors import TokenSpans

BLANK = "▁"  # stands for one in the pieces
BOS, EOS, UNKNOWN = "<s>", "</s>", "<unk>"


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """The ids of a text's tokens and where each stands in it, shape (tokens, 2)."""

    ids: list[int]
    spans: TokenSpans


class QuestionTokenizer:
    """Makes tokens of short texts, each with a tokenizer of its own."""

    def __init__(self, table: PieceTable) -> None:
        self._table = table
        self._normalizer = normaliser(table.dropped, table.blanked)
        self._special = re.compile("|".join(map(re.escape, table.specials)))
        self._always = sorted({*table.specials.values(), table.lowest})

    def encode(self, text: str, longest: int) -> Tokens:
        """The tokens of a text between the model's marks, at most `longest`."""
        tokenizer, ids = self._tokenizer([text])
        tokenizer.enable_truncation(longest)
        encoding = tokenizer.encode(text)
        spans = np.array(encoding.offsets, np.int64).reshape(-1, 2)
        return Tokens([ids[number] for number in encoding.ids], spans)

    def counts(self, texts: Sequence[str]) -> list[int]:
        """Of how many tokens each text is, without the marks."""
        if not texts:
            return []
        tokenizer, _ = self._tokenizer(texts)
        encoded = tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [len(encoding.ids) for encoding in encoded]

    def _tokenizer(self, texts: Sequence[str]) -> tuple[Tokenizer, list[int]]:
        """A tokenizer that knows what these texts need, and the ids of its pieces."""
        found = self._table.within(self._pieced(texts))
        ids = sorted({*self._always, *found})
        scored = [(self._table.piece(i), float(self._table.scores[i])) for i in ids]
        specials = self._table.specials
        unknown = ids.index(specials[UNKNOWN])
        tokenizer = Tokenizer(Unigram(scored, unk_id=unknown, byte_fallback=False))
        furnish(tokenizer, self._normalizer, {m: ids.index(specials[m]) for m in (BOS, EOS)})
        tokenizer.add_special_tokens(list(specials))
        return tokenizer, ids

    def _pieced(self, texts: Sequence[str]) -> str:
        """All words of the texts as the model's pieces have them, each once."""
        parts = dict.fromkeys(part for text in texts for part in self._special.split(text))
        plain = [self._normalizer.normalize_str(part).replace(" ", BLANK) for part in parts]
        words = dict.fromkeys(word for text in plain for word in text.split(BLANK))
        return "".join(BLANK + word for word in words)


def normaliser(dropped: frozenset[int], blanked: frozenset[int]) -> Any:
    """What is done to a text before it is split."""
    return normalizers.Sequence(
        [
            normalizers.Replace(Regex(_character_class(dropped)), ""),
            normalizers.Replace(Regex(_character_class(blanked)), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )


def furnish(tokenizer: Tokenizer, normalizer: Any, marks: dict[str, int]) -> None:
    """Gives a tokenizer what the model wants around its pieces; `marks`: begin and end."""
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    bos, eos = marks
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=list(marks.items()),
    )


def _character_class(codes: frozenset[int]) -> str:
    return "[" + "".join(f"\\x{{{code:x}}}" for code in sorted(codes)) + "]"
