"""Vectors: the only file that imports sentence_transformers.

The default model is made from the bundled weights (`indexer.weights`); any other by its Hugging Face name or path.
E5 and its like read a prompt before each text; it comes from the model's own configuration, else from its family.
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from indexer.weights import default_model
from kb.errors import ModelUnavailable
from kb.ports import Encoded, Vectors

log = logging.getLogger(__name__)

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder, SentenceTransformer

DEFAULT = "default"
BATCH = 8  # texts a forward pass: the fastest on CPUs without many cores (bench/README.md)

_SELF_TEST = {
    "KOREAN": (
        ("환불은 언제까지 받을 수 있나요?", "결제 후 14일 이내에는 전액을 돌려드립니다."),
        ("와이파이에 연결되지 않아요", "공유기를 다시 켜고 무선 네트워크 이름과 암호를 확인해 주세요."),
        ("비밀번호를 잊어버렸어요", "비밀번호 찾기를 누르면 재설정 링크를 메일로 보내 드립니다."),
        ("택배가 어디쯤 왔나요?", "주문 내역에서 배송 조회를 누르면 위치가 나옵니다."),
    ),
    "ENGLISH": (
        ("How do I reset my password?", "Choose “Forgot password” on the sign-in page; we mail you a link."),
        ("Where is my parcel?", "Parcels can be tracked: open the order and choose “Track parcel”."),
        ("How long do refunds take?", "The money is back on your card within five working days."),
        ("The app closes by itself", "If the app crashes, update it to the newest version and restart the phone."),
    ),
}


_lock = threading.Lock()  # a Hugging Face tokenizer breaks when two threads use it


@dataclass(frozen=True)
class Prompts:
    """What is put before a question and before a passage."""

    query: str
    passage: str


def model_folder(name: str, cache: Path) -> Path:
    """The local folder of a model: the default's, a path, or a Hugging Face name (downloaded at first use).

    Raises:
        ModelUnavailable: there is no such path, and no such model can be had.
    """
    resolved = default_model(cache) if name == DEFAULT else name
    if Path(resolved).is_dir():
        return Path(resolved)
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError, RepositoryNotFoundError

    for local_only in (True, False):
        try:
            return Path(snapshot_download(resolved, local_files_only=local_only))
        except LocalEntryNotFoundError as error:
            if not local_only:
                raise ModelUnavailable(f"model {resolved!r}: not on this machine, no network") from error
        except (RepositoryNotFoundError, HFValidationError) as error:
            raise ModelUnavailable(f"model {resolved!r}: no folder and no Hugging Face model") from error
    raise ModelUnavailable(f"model {resolved!r} cannot be found")


def fingerprint(folder: Path) -> str:
    """Names a model folder's content without loading it: every file's size, its head and its tail."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder).as_posix()}:{size}\n".encode())
        with path.open("rb") as file:
            digest.update(file.read(1 << 16))
            file.seek(max(0, size - (1 << 16)))
            digest.update(file.read())
    return f"{folder.name}:{digest.hexdigest()[:16]}"


def family_prompts(name: str) -> Prompts:
    """The prompts that a model's family was trained with, by its name (from the families' model cards)."""
    name = name.lower()
    if "e5" in name and "instruct" in name:
        task = "Given a customer's question, retrieve help articles that answer it"
        return Prompts(f"Instruct: {task}\nQuery: ", "")
    if "e5" in name:
        return Prompts("query: ", "passage: ")
    if "bge" in name and "-en" in name:
        return Prompts("Represent this sentence for searching relevant passages: ", "")
    return Prompts("", "")


class SentenceTransformerEmbedder:
    """`kb.ports.Embedder` over a sentence-transformers model. The model is loaded at first use."""

    def __init__(self, name: str, cache: Path) -> None:
        self.name, self.cache = name, cache

    @cached_property
    def folder(self) -> Path:
        return model_folder(self.name, self.cache)

    @cached_property
    def fingerprint(self) -> str:
        return fingerprint(self.folder)

    @cached_property
    def model(self) -> SentenceTransformer:
        model = _load(self.folder)
        _self_test(model, self.prompts_of(model), self.name)
        return model

    def prompts_of(self, model: SentenceTransformer) -> Prompts:
        own = {key: value for key, value in (model.prompts or {}).items() if value}
        family = family_prompts(self.name if self.name != DEFAULT else "e5")
        passage = own.get("document") or own.get("passage")
        return Prompts(own.get("query") or family.query, passage or family.passage)

    @property
    def dimension(self) -> int:
        return int(self.model.get_embedding_dimension() or 0)

    @cached_property
    def max_tokens(self) -> int:
        prompt = self.prompts_of(self.model).passage
        return int(self.model.max_seq_length or 512) - self.count_tokens([prompt])[0] - 2

    def passages(self, texts: Sequence[str]) -> Encoded:
        return _encode(self.model, texts, self.prompts_of(self.model).passage)

    def queries(self, texts: Sequence[str]) -> Encoded:
        return _encode(self.model, texts, self.prompts_of(self.model).query, spans=True)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        if not texts:
            return []
        model = self.model
        with _lock:
            encoded = model.tokenizer(list(texts), add_special_tokens=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]


class CrossEncoderReranker:
    """`kb.ports.Reranker` over a sentence-transformers CrossEncoder. It is loaded at first use."""

    def __init__(self, name: str) -> None:
        self.name = name

    @cached_property
    def model(self) -> CrossEncoder:
        from sentence_transformers import CrossEncoder

        folder = model_folder(self.name, Path())
        try:
            model: CrossEncoder = CrossEncoder(str(folder), device="cpu", local_files_only=True)
        except (OSError, ValueError, KeyError) as error:
            raise ModelUnavailable(f"reranker {self.name!r}: {error}") from error
        return model

    def scores(self, question: str, passages: Sequence[str]) -> Vectors:
        import torch

        model = self.model
        with _lock:
            found = model.predict(
                [(question, passage) for passage in passages],
                activation_fn=torch.nn.Sigmoid(),
                show_progress_bar=False,
            )
        return np.asarray(found, np.float32).reshape(len(passages))


def _load(folder: Path) -> SentenceTransformer:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    except (OSError, ValueError, KeyError) as error:
        raise ModelUnavailable(f"model {folder}: {error}") from error


def _encode(model: SentenceTransformer, texts: Sequence[str], prompt: str, *, spans: bool = False) -> Encoded:
    """Batches of like length, each under the lock: a question need not wait for a long run of passages."""
    vectors = np.zeros((len(texts), int(model.get_embedding_dimension() or 0)), np.float32)
    tokens = [vectors[:0]] * len(texts)
    order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
    with _lock:
        head = len(model.tokenizer(prompt, add_special_tokens=False)["input_ids"])
    for start in range(0, len(order), BATCH):
        rows = order[start : start + BATCH]
        with _lock:
            found: Any = model.encode(
                [texts[i] for i in rows],
                prompt=prompt,
                batch_size=BATCH,
                output_value=None,  # one forward pass gives both the text's vector and its tokens'
                show_progress_bar=False,
            )
        for row, output in zip(rows, found, strict=True):
            vectors[row] = _unit(output["sentence_embedding"])
            tokens[row] = _own_tokens(model, output, head)
    places = _spans(model, texts, tokens) if spans else ()
    return Encoded(vectors, tuple(tokens), places)


def _unit(found: Any) -> Vectors:
    """A tensor of vectors as float32, L2-normalised along the last axis."""
    values = found.float().numpy()
    return np.asarray(values / np.maximum(np.linalg.norm(values, axis=-1, keepdims=True), 1e-12), np.float32)


def _own_tokens(model: SentenceTransformer, output: Mapping[str, Any], head: int) -> Vectors:
    """Vectors of the text's own tokens: not of the prompt's `head` tokens, the special ones or the padding."""
    special = np.isin(output["input_ids"].numpy(), model.tokenizer.all_special_ids)
    used = np.flatnonzero((output["attention_mask"].numpy() != 0) & ~special)
    return _unit(output["token_embeddings"][used[head:]])


def _spans(
    model: SentenceTransformer, texts: Sequence[str], tokens: Sequence[Vectors]
) -> tuple[NDArray[np.int64], ...]:
    """Where each token stands in its text, for those that the model had room for."""
    with _lock:
        found = model.tokenizer(list(texts), add_special_tokens=False, return_offsets_mapping=True, verbose=False)
    places = (np.array(spans, np.int64).reshape(-1, 2) for spans in found["offset_mapping"])
    return tuple(spans[: len(own)] for spans, own in zip(places, tokens, strict=True))


def _self_test(model: SentenceTransformer, prompts: Prompts, name: str) -> None:
    """Each of eight questions, four Korean and four English, must be closest to its own answer among its language's.

    A model that fails in one language is used, with a loud warning; one that fails in both is not.
    """
    wrong = {language: _mistaken(model, prompts, pairs) for language, pairs in _SELF_TEST.items()}
    for language, questions in wrong.items():
        if questions:
            log.warning("model %r CANNOT TELL %s SENTENCES APART: no right answer for %s", name, language, questions)
    if all(wrong.values()):
        raise ModelUnavailable(f"model {name!r} fails its self-test: no right answer found for {wrong}")


def _mistaken(model: SentenceTransformer, prompts: Prompts, pairs: Sequence[tuple[str, str]]) -> list[str]:
    """The questions whose closest answer is another one's."""
    questions, answers = zip(*pairs, strict=True)
    scores = _encode(model, questions, prompts.query).vectors @ _encode(model, answers, prompts.passage).vectors.T
    return [question for i, question in enumerate(questions) if int(scores[i].argmax()) != i]
