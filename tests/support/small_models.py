"""Small Sentence Transformers models with random weights, written to folders as users have them."""

import shutil
from pathlib import Path

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
