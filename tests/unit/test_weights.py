"""The weights file: a small one, written here, is read as it was meant."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from vectorstore.weights import BLOCK, MAGIC, WeightsFile

PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁Hallo", "ß", "日本"]
SCORES = [0.0, 0.0, 0.0, 0.0, -1.5, -2.25, -8.0]
NORMALISER = {0x00AD: [], 0x200B: [], 0x00A0: [0x20], 0x3000: [0x20], 0xFB01: [0x66, 0x69]}


def quantised(scale, nibbles):
    """A block of 32 values: the first 16 in the low halves of the bytes."""
    low, high = np.array(nibbles, np.uint8).reshape(2, 16)
    return struct.pack("<e", scale) + (low | high << 4).astype(np.uint8).tobytes()


def weights_file(tensors=None, block=BLOCK, magic=MAGIC):
    """A file of two layers of width 8; `tensors` maps names to (type, values, bytes)."""
    blob = "".join(PIECES).encode()
    lengths = [len(piece.encode()) for piece in PIECES]
    data = magic + struct.pack("<I7if", 1, 8, 2, 2, 16, len(PIECES), 32, 1, 1e-12)
    data += struct.pack("<i5iQ", block, len(PIECES), 0, 2, 1, 3, len(blob))
    data += np.cumsum([0, *lengths]).astype("<u4").tobytes()
    data += np.array(SCORES, "<f4").tobytes() + blob
    body = b"".join(
        struct.pack(f"<IB{len(target)}I", code, len(target), *target)
        for code, target in NORMALISER.items()
    )
    data += struct.pack("<iI", len(NORMALISER), len(body)) + body
    tensors = tensors or {}
    index_size = sum(2 + len(name.encode()) + 21 for name in tensors)
    offset = len(data) + 4 + index_size
    data += struct.pack("<i", len(tensors))
    for name, (kind, count, raw) in tensors.items():
        key = name.encode()
        data += struct.pack("<H", len(key)) + key
        data += struct.pack("<BIQQ", kind, count, offset, len(raw))
        offset += len(raw)
    return data + b"".join(raw for _, _, raw in tensors.values())


def test_the_header_gives_the_shape():
    shape = WeightsFile(weights_file()).shape
    assert (shape.hidden, shape.layers, shape.heads, shape.feed_forward) == (8, 2, 2, 16)
    assert (shape.vocabulary, shape.positions, shape.types) == (len(PIECES), 32, 1)
    assert shape.epsilon == pytest.approx(1e-12)


def test_the_vocabulary_has_its_pieces_scores_and_specials():
    vocabulary = WeightsFile(weights_file()).vocabulary
    assert list(vocabulary.pieces) == PIECES
    assert list(vocabulary.scores) == SCORES
    assert (vocabulary.bos, vocabulary.eos) == (0, 2)
    assert (vocabulary.pad, vocabulary.unk) == (1, 3)


def test_the_normaliser_drops_and_blanks():
    vocabulary = WeightsFile(weights_file()).vocabulary
    assert vocabulary.dropped == {0x00AD, 0x200B}
    assert vocabulary.blanked == {0x00A0, 0x3000}


def test_a_plain_tensor_is_read_as_it_is():
    values = np.array([1.5, -2.0, 0.0], "<f4")
    found = WeightsFile(weights_file({"emb.ln.w": (0, 3, values.tobytes())}))
    assert found.tensor("emb.ln.w").tolist() == [1.5, -2.0, 0.0]


def test_a_quantised_tensor_has_low_nibbles_first_around_eight():
    nibbles = [*range(16), *range(15, -1, -1)]
    found = WeightsFile(weights_file({"l0.q.w": (1, 32, quantised(0.5, nibbles))}))
    assert found.tensor("l0.q.w").tolist() == [(n - 8) * 0.5 for n in nibbles]


def test_what_pads_the_last_block_is_cut_off():
    raw = quantised(1.0, [9] * 32) + quantised(2.0, [7] * 32)
    found = WeightsFile(weights_file({"x": (1, 40, raw)})).tensor("x")
    assert found.tolist() == [1.0] * 32 + [-2.0] * 8


def test_tensors_are_found_by_name_wherever_they_lie():
    one, two = np.float32(1).tobytes(), quantised(1.0, [10] * 32)
    found = WeightsFile(weights_file({"ä": (0, 1, one), "b": (1, 32, two), "c": (0, 1, one)}))
    assert list(found.tensors) == ["ä", "b", "c"]
    assert found.tensor("c").tolist() == [1.0]
    assert found.tensor("b").tolist() == [2.0] * 32
    with pytest.raises(KeyError):
        found.tensor("d")


@given(
    arrays.arrays(np.uint8, 64, elements=st.integers(0, 15)),
    st.floats(0.0009765625, 100, width=16),
)
def test_any_blocks_are_read_back(nibbles, scale):
    raw = quantised(scale, nibbles[:32]) + quantised(-scale, nibbles[32:])
    found = WeightsFile(weights_file({"x": (1, 64, raw)})).tensor("x")
    signs = np.repeat([1.0, -1.0], 32)
    assert found == pytest.approx((nibbles.astype(float) - 8) * scale * signs, abs=1e-6)


def test_another_kind_of_file_is_refused():
    with pytest.raises(ValueError, match="not an E5S1"):
        WeightsFile(weights_file(magic=b"GGUF"))
    with pytest.raises(ValueError, match="not an E5S1"):
        WeightsFile(b"")


def test_blocks_of_another_size_are_refused():
    with pytest.raises(ValueError, match="64"):
        WeightsFile(weights_file(block=64))
