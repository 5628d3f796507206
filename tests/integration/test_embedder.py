"""Texts to vectors: with the packaged model, and with models that a user names."""

import os
import shutil
import threading
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.support.store import real_embedder
from vectorstore import embedder as embedding
from vectorstore import packaged, pooling
from vectorstore.embedder import ModelIdentity, Passage, SentenceEmbedder, clean
from vectorstore.errors import ModelError
from vectorstore.models import Span

FITTING = "Den Fonds leitet Anna Berger seit 2021."
UNRELATED = "Am Meer weht heute ein kalter Wind aus Norden."
STRANGE = ["", " ", "\n\n", "\0", "a\0b", "\ufdfa" * 50, "\ud800", "😀👩‍👩‍👧", "\u200b", "x " * 900]


def pairs(found):
    """The vectors of passages and of their sentences."""
    return [(one.vector, one.sentences) for one in found]


@pytest.fixture(autouse=True)
def one_thread(monkeypatch):
    """Two threads spin at barriers on a busy machine (facts.md), and here every core is busy."""
    monkeypatch.setattr(os, "cpu_count", lambda: 1)


@pytest.fixture
def real():
    return real_embedder()


def whole(text):
    return Passage(text, (Span(0, len(text)),))


def vector(embedder, text):
    return pairs(embedder.encode_passages([whole(text)]))[0][0]


# -- cleaning ------------------------------------------------------------------------------


@given(st.text(st.characters(codec=None)))
@example("a\0b\ud800c")
def test_cleaning_keeps_every_place(text):
    cleaned = clean(text)
    assert len(cleaned) == len(text)
    cleaned.encode()
    for before, after in zip(text, cleaned, strict=True):
        assert after == (" " if before == "\0" or "\ud800" <= before <= "\udfff" else before)


# -- the packaged model --------------------------------------------------------------------


def test_the_packaged_model_is_known_without_loading_it(tmp_path):
    identity = SentenceEmbedder(tmp_path).identity()
    assert identity == ModelIdentity(
        "multilingual-e5-small", packaged.SHA256, "query: ", "passage: ", 384
    )
    assert not any(tmp_path.iterdir())


def test_the_loaded_model_is_the_one_it_is_said_to_be(real):
    model = real._model()
    identity = real.identity()
    assert model.prompts["query"] == identity.query_prompt
    assert model.prompts["document"] == identity.document_prompt
    assert model.get_embedding_dimension() == identity.dimension


@pytest.mark.parametrize("question", ["Wer leitet den Fonds?", *STRANGE])
def test_a_question_has_a_vector_of_length_1(real, question):
    found = real.encode_question(question).vector
    assert found.shape == (384,)
    assert found.dtype == np.float32
    assert np.linalg.norm(found) == pytest.approx(1, abs=1e-5)


def test_a_word_that_is_often_written_is_one_piece_and_with_a_slip_several(real):
    well_known, slipped, none = *real.pieces(["Regierung", "Regeirung"]), real.pieces([])
    assert (well_known, none) == (1, [])
    assert slipped > 1


def test_any_passage_and_its_sentences_have_vectors_of_length_1(real):
    passages = [Passage(text, (Span(0, len(text) // 2), Span(0, len(text)))) for text in STRANGE]
    for own, sentences in pairs(real.encode_passages(passages)):
        assert np.linalg.norm(own) == pytest.approx(1, abs=1e-5)
        assert np.linalg.norm(sentences, axis=1) == pytest.approx([1, 1], abs=1e-5)


@pytest.mark.parametrize(
    ("question", "fitting", "unrelated"),
    [
        ("Wer leitet den Fonds?", FITTING, UNRELATED),
        ("Wer leitet den Fonds?", "The fund is headed by Anna Berger.", "It is windy today."),
        ("Who runs the fund?", FITTING, UNRELATED),
    ],
)
def test_a_question_is_nearer_to_what_answers_it_in_any_language(
    real, question, fitting, unrelated
):
    asked = real.encode_question(question).vector
    assert asked @ vector(real, fitting) > asked @ vector(real, unrelated) + 0.03


def test_a_passage_of_one_sentence_has_that_sentences_vector(real):
    own, sentences = pairs(real.encode_passages([whole(FITTING)]))[0]
    assert sentences.shape == (1, 384)
    assert own @ sentences[0] > 0.95


def test_each_sentence_of_a_passage_answers_its_own_question(real):
    text = f"{FITTING} {UNRELATED}"
    cut = len(FITTING)
    passage = Passage(text, (Span(0, cut), Span(cut + 1, len(text))))
    _, (fund, wind) = pairs(real.encode_passages([passage]))[0]
    about_fund = real.encode_question("Wer leitet den Fonds?").vector
    about_wind = real.encode_question("Woher weht der Wind?").vector
    assert about_fund @ fund > about_fund @ wind
    assert about_wind @ wind > about_wind @ fund


def test_nul_and_lone_surrogates_are_blanks_to_the_model(real):
    assert vector(real, "Hallo\0Welt\ud800!") @ vector(real, "Hallo Welt !") > 0.999


def test_passages_come_back_in_their_order_whatever_their_lengths(real):
    texts = ["Kurz.", FITTING * 3, "Der Wind.", UNRELATED, "x", FITTING]
    together = pairs(real.encode_passages([whole(text) for text in texts]))
    for text, (own, _) in zip(texts, together, strict=True):
        assert own @ vector(real, text) > 0.99  # padding moves the last bits of bfloat16


# -- a model that a user names ---------------------------------------------------------------


@pytest.fixture(scope="module")
def bert(tmp_path_factory):
    """A folder of a small random BERT with prompts of its own."""
    return bert_folder(tmp_path_factory.mktemp("bert"))


@pytest.fixture(scope="module")
def static(tmp_path_factory):
    """A folder of a model that shows no token vectors."""
    return static_folder(tmp_path_factory.mktemp("static"))


def named(folder):
    return SentenceEmbedder(Path("/nonexistent"), str(folder))


def plainly(folder, text):
    """The vector of a text as it is, without any prompt."""
    found = named(folder)._model().encode([text], prompt="", convert_to_tensor=True)
    values = found.float().numpy()[0]
    return values / np.linalg.norm(values)


def test_a_named_model_is_asked_with_its_own_prompts(bert):
    own = named(bert)
    identity = own.identity()
    assert (identity.query_prompt, identity.document_prompt) == ("Q: ", "D: ")
    assert identity.dimension == 32
    assert identity.name == str(bert)
    assert own.encode_question("hello").vector @ plainly(bert, "Q: hello") > 0.9999
    assert vector(own, "hello") @ plainly(bert, "D: hello") > 0.9999
    assert own.encode_question("hello").vector @ plainly(bert, "hello") < 0.9999


def test_the_prompts_are_part_of_the_identity(bert, tmp_path):
    other = bert_folder(tmp_path, prompts={"query": "Q: ", "passage": "P: "})
    one, two = named(bert).identity(), named(other).identity()
    assert two.document_prompt == "P: "
    assert one.weights == two.weights
    assert vector(named(other), "hello") @ plainly(bert, "P: hello") > 0.9999
    assert vector(named(other), "hello") @ vector(named(bert), "hello") < 0.9999


def test_a_model_without_prompts_is_asked_without(tmp_path):
    folder = bert_folder(tmp_path, prompts=None)
    identity = named(folder).identity()
    assert (identity.query_prompt, identity.document_prompt) == ("", "")
    assert vector(named(folder), "hello") @ plainly(folder, "hello") > 0.9999


def test_the_identity_changes_when_one_weight_changes(bert, tmp_path):
    before = named(bert).identity()
    changed = nudge_a_weight(bert, tmp_path / "changed")
    after = named(changed).identity()
    assert after.weights != before.weights


def test_the_identity_is_the_same_after_loading_again(bert):
    assert named(bert).identity() == named(bert).identity()


def test_the_identity_is_the_same_on_processors_of_either_precision(bert, monkeypatch):
    found = []
    for fast in (False, True):
        monkeypatch.setattr(embedding, "_bfloat16_is_fast", lambda fast=fast: fast)
        found.append(named(bert).identity())
    assert found[0] == found[1]


def test_a_model_without_token_vectors_encodes_sentences_by_themselves(static):
    own = named(static)
    assert own.identity().dimension == 16
    text = "hello world. good bye."
    passage = Passage(text, (Span(0, 12), Span(13, 22)))
    _, (first, second) = pairs(own.encode_passages([passage]))[0]
    assert first @ vector(own, "hello world.") > 0.9999
    assert second @ vector(own, "good bye.") > 0.9999
    assert pairs(own.encode_passages([Passage("hello", ())]))[0][1].shape == (0, 16)
    assert own.pieces(["hello", "you"]) == [5, 3]  # it knows letters only
    for text in STRANGE:
        ((own_vector, sentences),) = pairs(own.encode_passages([whole(text)]))
        assert own_vector.shape == (16,)
        assert sentences.shape == (1, 16)


# -- sentences in their passage --------------------------------------------------------------


@pytest.fixture(scope="module")
def context_free(tmp_path_factory):
    """A model that gives a token one vector wherever it stands, in full precision."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedding, "_bfloat16_is_fast", lambda: False)
        own = named(bert_folder(tmp_path_factory.mktemp("free"), layers=0))
        own.identity()
        return own


SENTENCES = st.lists(
    st.text("abcXYZäöüßé 😀\0\u200b\u2028\n.,!?12\ud800日", max_size=12).map(lambda s: f"a{s}."),
    min_size=1,
    max_size=4,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SENTENCES, st.sampled_from(["", " ", "\n\n", "\0", "😀 "]))
def test_a_sentences_vector_is_that_of_its_own_tokens_wherever_it_stands(
    context_free, sentences, before
):
    text, spans = before, []
    for sentence in sentences:
        spans.append(Span(len(text), len(text) + len(sentence)))
        text += sentence + " "
    _, together = pairs(context_free.encode_passages([Passage(text, tuple(spans))]))[0]
    apart = pairs(context_free.encode_passages([whole(sentence) for sentence in sentences]))
    for found, (_, (alone,)) in zip(together, apart, strict=True):
        assert found @ alone > 0.9999


def test_a_sentence_behind_the_models_reach_gets_the_passages_vector(context_free):
    text = "ab " * 400
    passage = Passage(text, (Span(0, 2), Span(len(text) - 3, len(text) - 1)))
    own, (first, last) = pairs(context_free.encode_passages([passage]))[0]
    assert last @ own > 0.9999
    assert first @ own < 0.9999


def test_a_passage_without_sentences_has_none(context_free):
    own, sentences = pairs(context_free.encode_passages([Passage("ab", ())]))[0]
    assert own.shape == (32,)
    assert sentences.shape == (0, 32)


def test_no_passages_are_no_vectors(context_free):
    assert pairs(context_free.encode_passages([])) == []


def test_progress_counts_every_passage_once(context_free):
    heard = []
    context_free.encode_passages([whole("ab")] * (2 * embedding.BATCH + 1), heard.append)
    assert heard == [embedding.BATCH, embedding.BATCH, 1]


def test_threads_may_embed_at_once(context_free):
    expected = context_free.encode_question("hello").vector.tolist()
    found = []

    def work():
        for _ in range(5):
            found.append(context_free.encode_question("hello").vector.tolist())
            context_free.encode_passages([whole("hello world.")] * 3)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [pytest.approx(expected, abs=1e-5)] * 20


# -- what can go wrong -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["missing", "empty", "config", "weights", "modules"])
def test_a_model_that_cannot_be_loaded_is_a_sentence(bert, tmp_path, kind):
    with pytest.raises(ModelError, match="EMBEDDING_MODEL"):
        named(damage(bert, tmp_path / "damaged", kind)).encode_question("hello")


def test_a_model_that_could_not_be_loaded_is_tried_again(bert, tmp_path):
    folder = tmp_path / "model"
    own = named(folder)
    with pytest.raises(ModelError):
        own.encode_question("hello")
    folder.symlink_to(bert)
    assert own.encode_question("hello").vector.shape == (32,)


# -- small models with random weights, in folders as users have them ------------------------

PROMPTS = {"query": "Q: ", "document": "D: "}
LETTERS = [chr(code) for code in range(33, 127)]
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]


def bert_folder(folder: Path, prompts: dict[str, str] | None = PROMPTS, layers: int = 2) -> Path:
    """A BERT of width 32; without layers it gives a token one vector wherever it stands."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    torch.manual_seed(0)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=_tokenizer(),
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
    )
    shape = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=layers,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=128,
        initializer_range=0.5,
    )
    bert = BertModel(shape)
    if not layers:
        bert.embeddings.position_embeddings.weight.data.zero_()
    bert.save_pretrained(folder / "bert")
    tokenizer.save_pretrained(folder / "bert")
    model = SentenceTransformer(
        modules=[Transformer(str(folder / "bert"), max_seq_length=64), Pooling(32)],
        prompts=prompts,
        device="cpu",
    )
    model.save(str(folder / "model"))
    return folder / "model"


def static_folder(folder: Path) -> Path:
    """A model of one vector a token, which gives the vectors of whole texts only."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    torch.manual_seed(0)
    model = SentenceTransformer(
        modules=[StaticEmbedding(_tokenizer(), embedding_dim=16)], device="cpu"
    )
    model.save(str(folder / "model"))
    return folder / "model"


def nudge_a_weight(folder: Path, copy: Path) -> Path:
    """A copy of a model folder in which one number is another."""
    from safetensors.numpy import load_file, save_file

    shutil.copytree(folder, copy)
    tensors = load_file(copy / "model.safetensors")
    tensors["encoder.layer.0.output.dense.weight"][3, 4] += 0.125
    save_file(tensors, copy / "model.safetensors", {"format": "pt"})
    return copy


def damage(folder: Path, copy: Path, kind: str) -> Path:
    """A copy of a model folder that can't be loaded, for one reason."""
    if kind == "missing":
        return copy
    if kind == "empty":
        copy.mkdir()
        return copy
    shutil.copytree(folder, copy)
    name = {"config": "config.json", "modules": "modules.json", "weights": "model.safetensors"}
    path = copy / name[kind]
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return copy


def _tokenizer():
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    pieces = [*SPECIAL, *LETTERS, *(f"##{letter}" for letter in LETTERS)]
    vocabulary = {piece: number for number, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        special_tokens=[(t, vocabulary[t]) for t in ("[CLS]", "[SEP]")],
    )
    return tokenizer


def test_the_tokenizer_that_threads_share_keeps_its_settings():
    model = real_embedder()._model()
    pooling.documents(model, ["Ein Satz.", "Noch ein längerer Satz."])
    settings = model.tokenizer._tokenizer.padding, model.tokenizer._tokenizer.truncation
    assert None not in settings
    pooling.token_counts(model, ["Brücke", "Haus"])
    pooling.token_spans(model, ["Ein Satz.", "Kurz."], 0)
    assert settings == (model.tokenizer._tokenizer.padding, model.tokenizer._tokenizer.truncation)


def test_a_text_among_longer_ones_has_as_many_tokens_as_alone():
    model = real_embedder()._model()
    texts = ["Haus", "Die Talsperre versorgt die Stadt mit Trinkwasser.", "", "Wort " * 900]
    counts = pooling.token_counts(model, texts)
    assert counts == [pooling.token_counts(model, [text])[0] for text in texts]
    assert counts[0] < counts[1] < counts[3]
    spans = pooling.token_spans(model, texts, 0)
    assert [len(each) for each in spans[:3]] == [count + 2 for count in counts[:3]]  # <s> and </s>
    assert len(spans[3]) == model.max_seq_length


def test_a_model_whose_tokenizer_takes_no_texts_has_a_token_a_text():
    model = SimpleNamespace(tokenizer=object())
    assert pooling.token_counts(model, ["Brücke", "Haus"]) == [1, 1]
