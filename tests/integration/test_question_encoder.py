"""Questions are encoded without Sentence Transformers, and come out as from it."""

import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
from functools import cache

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.store import cache_folder, lay_out_in_another_process, real_embedder
from vectorstore import packaged
from vectorstore.embedder import SentenceEmbedder, clean
from vectorstore.pooling import token_counts, token_spans
from vectorstore.question_encoder import QuestionEncoder

SPAWN = multiprocessing.get_context("spawn")
NEAR = 1 - 1e-3
STRANGE = [
    *("", " ", "\0", "\ud800", "?", "<s>", "a<unk>b</s> <mask>", "＜s＞", "▁", "▁▁a ▁", "\u200b"),
    *(
        "\ufdfa" * 50,
        "😀👩‍👩‍👧",
        "x" * 2_000,
        "日本語" * 400,
        "e\u0301" * 300,
        "\U0010ffff",
        "\u0085\u2028",
    ),
]
MADE_OF = [
    *(
        "Haus ",
        "der",
        "Straßen\u00adname",
        "1.234,5 ",
        "<s>",
        "<pad>",
        "<unk>",
        "▁",
        " ",
        "\n",
        "ß",
    ),
    *("ﷺ", "\u0308", "日本", "שלום", "न", "😀", "ﬁ", "Ｈ", "’", "?"),
]


def any_text():
    """Texts of any Unicode, and of parts that tokenizers trip over."""
    parts = st.lists(st.sampled_from(MADE_OF), max_size=40).map("".join)
    return st.one_of(st.text(st.characters(codec=None), max_size=80), parts)


def random_texts(count):
    """Texts of a script each, or of all of Unicode; up to 2,000 characters."""
    chance = random.Random(8)
    for _ in range(count):
        first, width = chance.choice([(0, 0x110000), (0x20, 0x60), (chance.randrange(0x3000), 99)])
        codes = [first + chance.randrange(width) for _ in range(chance.choice([3, 20, 60, 2_000]))]
        yield "".join(map(chr, codes))


@cache
def quick():
    folder = packaged.question_layout(cache_folder())
    return QuestionEncoder(packaged.model_folder(cache_folder()), folder)


@cache
def slow():
    """An embedder that has no quick way."""
    embedder = SentenceEmbedder(cache_folder())
    embedder._slow, embedder._loaded = True, real_embedder()._model()
    return embedder


def assert_alike(question):
    text = clean(question)
    vector, words = quick().encode(text)
    expected = slow().encode_question(question)
    assert vector @ expected.vector >= NEAR
    assert words.shape == expected.words.shape
    apart = words.astype(int) - expected.words.astype(int)
    assert np.abs(apart).max(initial=0) <= 6  # of 127; half precision is what moves them


def assert_same_tokens(text):
    model, text = slow()._model(), clean(text)
    tokens = quick()._tokenizer.encode("query: " + text, 512)
    (spans,) = token_spans(model, ["query: " + text], 0)
    encoded = model.tokenizer(["query: " + text], truncation=True, max_length=512)
    assert tokens.ids == encoded["input_ids"][0]
    assert tokens.spans.tolist() == spans.tolist()


# -- the same as from Sentence Transformers ------------------------------------------------


@pytest.mark.parametrize("text", STRANGE)
def test_strange_texts_are_encoded_alike(text):
    assert_same_tokens(text)
    assert_alike(text)


@settings(max_examples=300)
@given(any_text())
@example("Wer leitet den Fonds für Stadtentwicklung?")
def test_any_text_has_the_whole_tokenizers_tokens_in_the_same_places(text):
    assert_same_tokens(text)


def test_random_texts_have_the_whole_tokenizers_tokens():
    for text in random_texts(200):
        assert_same_tokens(text)


@settings(max_examples=100)
@given(any_text())
def test_a_question_in_any_script_has_the_vectors_of_sentence_transformers(question):
    assert_alike(question)


@pytest.mark.slow
@pytest.mark.timeout(1_200)
@settings(max_examples=500)
@given(any_text())
def test_a_thousand_questions_have_the_vectors_of_sentence_transformers_1(question):
    assert_alike(question)


@pytest.mark.slow
@pytest.mark.timeout(1_200)
def test_a_thousand_questions_have_the_vectors_of_sentence_transformers_2():
    for text in random_texts(500):
        assert_alike(text)


@settings(max_examples=50)
@given(st.lists(any_text(), max_size=12))
def test_words_are_of_as_many_pieces_as_for_the_whole_tokenizer(words):
    cleaned = [clean(word) for word in words]
    assert quick().pieces(cleaned) == token_counts(slow()._model(), cleaned)


def test_the_models_common_part_is_what_sentence_transformers_says():
    expected = slow()._centre(slow()._model())
    centre = quick().centre()
    assert centre @ expected / np.linalg.norm(centre) / np.linalg.norm(expected) > NEAR


# -- without it ----------------------------------------------------------------------------


def test_asking_loads_no_model():
    code = (
        "import sys; from tests.support.store import real_embedder; e = real_embedder();"
        "e.encode_question('Wer?'); e.pieces(['Wer']);"
        "print([m for m in ('torch', 'transformers', 'sentence_transformers') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_question_has_the_same_vector_once_the_model_is_loaded():
    embedder = SentenceEmbedder(cache_folder())
    before = embedder.encode_question("Wer leitet den Fonds?")
    embedder._loaded = real_embedder()._model()
    after = embedder.encode_question("Wer leitet den Fonds?")
    assert before.vector.tolist() == after.vector.tolist()
    assert before.words.tolist() == after.words.tolist()


# -- folders of earlier versions, and what can go wrong ------------------------------------


@pytest.fixture
def old(tmp_path):
    """A cache with the model as earlier versions left it, without the part for questions."""
    model = packaged.expanded_model(cache_folder())
    folder = packaged.model_folder(tmp_path)
    shutil.copytree(
        model,
        folder,
        copy_function=os.link if os.stat(model).st_dev == os.stat(tmp_path).st_dev else shutil.copy,
        ignore=shutil.ignore_patterns(packaged.LAYOUT),
    )
    return tmp_path


def test_processes_at_once_leave_one_whole_layout_in_an_old_folder(old):
    gate, done = SPAWN.Event(), SPAWN.Queue()
    workers = [
        SPAWN.Process(target=lay_out_in_another_process, args=(old, gate, done)) for _ in range(2)
    ]
    for worker in workers:
        worker.start()
    gate.set()
    found = [done.get(timeout=100) for _ in workers]
    for worker in workers:
        worker.join()
    expected = quick().encode("Wer?")[0].tolist()
    assert found == [expected, expected]
    assert [path.name for path in (old / "models").iterdir()] == [packaged.model_folder(old).name]


def test_the_layout_of_an_earlier_version_is_removed(old):
    earlier = packaged.model_folder(old) / "questions-1"
    earlier.mkdir(exist_ok=True)
    (earlier / "layers.npy").write_bytes(b"x")
    packaged.question_layout(old)
    assert [path.name for path in packaged.model_folder(old).glob("questions-*")] == [
        packaged.LAYOUT
    ]


def test_a_kill_half_way_leaves_an_old_folder_as_it_was(old):
    gate, done = SPAWN.Event(), SPAWN.Queue()
    worker = SPAWN.Process(target=lay_out_in_another_process, args=(old, gate, done))
    worker.start()
    gate.set()
    models = old / "models"
    while not any(path.stat().st_size > 1e6 for path in models.glob(".draft-*/encoder.onnx")):
        assert worker.is_alive()
    os.kill(worker.pid, signal.SIGKILL)
    worker.join()
    assert not (packaged.model_folder(old) / packaged.LAYOUT).exists()
    assert SentenceEmbedder(old).encode_question("Wer?").vector.shape == (384,)
    assert (packaged.model_folder(old) / packaged.LAYOUT).is_dir()


def test_without_room_for_the_layout_the_whole_model_is_asked(old, monkeypatch, caplog):
    def full(weights, model, folder):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(packaged, "_write_layout", full)
    embedder = SentenceEmbedder(old)
    expected = quick().encode("Wer?")[0]
    assert embedder.encode_question("Wer?").vector @ expected > NEAR
    assert embedder.pieces(["Wer"]) == [1]
    assert caplog.text.count("No space left") == 1


@pytest.mark.parametrize("name", ["encoder.onnx", "places.npy", "text.npy", "pieces.json"])
def test_a_layout_that_is_cut_off_is_not_used(old, caplog, name):
    path = packaged.question_layout(old) / name
    path.write_bytes(path.read_bytes()[:-100])
    embedder = SentenceEmbedder(old)
    assert embedder._quick() is None
    assert "starts slowly" in caplog.text
