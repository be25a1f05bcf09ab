"""The real model: weights, self-test, prompts, and rankings of the starter articles against a golden file."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from indexer import embed, weights
from indexer.embed import SentenceTransformerEmbedder, family_prompts, fingerprint
from kb.errors import ModelUnavailable

pytestmark = pytest.mark.model


def test_the_model_finds_korean_answers_and_english_ones(real_embedder: SentenceTransformerEmbedder) -> None:
    questions = real_embedder.queries(["환불은 언제까지 되나요?", "how do I reset my password"]).vectors
    answers = real_embedder.passages(
        ["결제 후 14일 이내 전액 환불", "Choose a new password on the sign-in page"]
    ).vectors
    assert (questions @ answers.T).argmax(axis=1).tolist() == [0, 1]
    np.testing.assert_allclose(np.linalg.norm(questions, axis=1), 1, rtol=1e-5)


def test_prompts_are_never_forgotten(real_embedder: SentenceTransformerEmbedder) -> None:
    query, passage = real_embedder.queries(["refund"]).vectors[0], real_embedder.passages(["refund"]).vectors[0]
    assert query @ passage < 0.99
    assert real_embedder.prompts_of(real_embedder.model).query == "query: "
    assert family_prompts("intfloat/multilingual-e5-base").passage == "passage: "


def test_order_does_not_matter(real_embedder: SentenceTransformerEmbedder) -> None:
    texts = [f"text number {n} " * (n + 1) for n in range(20)]
    forth, back = real_embedder.passages(texts).vectors, real_embedder.passages(texts[::-1]).vectors
    np.testing.assert_allclose(forth, back[::-1], atol=1e-5)


def test_token_vectors_are_the_texts_own(real_embedder: SentenceTransformerEmbedder) -> None:
    """As many as the tokens of the text: not the prompt's, nor the special ones; each with its place in the text."""
    texts = ["환불은 언제까지 되나요?", "reset my password"]
    found = real_embedder.queries(texts)
    assert [len(tokens) for tokens in found.tokens] == real_embedder.count_tokens(texts)
    assert [texts[1][start:end].strip() for start, end in found.spans[1]] == ["reset", "my", "password"]
    for tokens in found.tokens:
        np.testing.assert_allclose(np.linalg.norm(tokens, axis=1), 1, rtol=1e-5)


def test_tokens_are_counted_as_the_model_counts_them(real_embedder: SentenceTransformerEmbedder) -> None:
    texts = ["hello world", "환불은 언제까지 되나요?", ""]
    read = [len(ids) - 2 for ids in real_embedder.model.tokenizer(texts)["input_ids"]]  # without <s> and </s>
    assert real_embedder.count_tokens(texts) == read
    assert real_embedder.max_tokens < 512


def test_another_file_in_the_place_of_the_weights_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = tmp_path / weights.FILE
    wrong.write_bytes(b"E5S1 but not really")
    monkeypatch.setattr(weights, "bundled_file", lambda: wrong)
    with pytest.raises(ModelUnavailable, match="sha256 is"):
        weights.default_model(tmp_path / "cache")


def test_an_unknown_model_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelUnavailable, match="no-such/model"):
        SentenceTransformerEmbedder("no-such/model", tmp_path).fingerprint  # noqa: B018 - resolving it raises


def test_a_models_fingerprint_is_its_content(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    before = fingerprint(tmp_path)
    (tmp_path / "config.json").write_text("{ }")
    assert fingerprint(tmp_path) != before


class Blind:
    """A model that maps every Korean text to the same vector."""

    def __init__(self, real: object) -> None:
        self.real, self.tokenizer = real, real.tokenizer  # type: ignore[attr-defined]

    def get_embedding_dimension(self) -> int:
        return int(self.real.get_embedding_dimension())  # type: ignore[attr-defined]

    def encode(self, texts: list[str], **options: object) -> object:
        same = ["가" if re.search("[가-힣]", text) else text for text in texts]
        return self.real.encode(same, **options)  # type: ignore[attr-defined]


def test_a_model_that_reads_no_korean_is_used_with_a_loud_warning(
    real_embedder: SentenceTransformerEmbedder, caplog: pytest.LogCaptureFixture
) -> None:
    prompts = real_embedder.prompts_of(real_embedder.model)
    embed._self_test(real_embedder.model, prompts, "m")
    assert caplog.text == ""
    embed._self_test(Blind(real_embedder.model), prompts, "m")  # type: ignore[arg-type]
    assert "CANNOT TELL KOREAN SENTENCES APART" in caplog.text
    assert "ENGLISH" not in caplog.text


def test_any_cross_encoder_can_rerank(tmp_path: Path) -> None:
    """A real one, made here with random weights: what it says is not asked, only that it is asked rightly."""
    from sentence_transformers import CrossEncoder
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "refund", "late"]
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    names = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=32, **names).save_pretrained(tmp_path)
    size = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    BertForSequenceClassification(BertConfig(vocab_size=6, num_labels=1, **size)).save_pretrained(tmp_path)
    scores = embed.CrossEncoderReranker(str(tmp_path)).scores("refund", ["late refund", "late", "refund refund"])
    assert scores.shape == (3,)
    assert ((scores > 0) & (scores < 1)).all()
    again = CrossEncoder(str(tmp_path), device="cpu").predict([("refund", "late")])
    assert scores[1] == pytest.approx(1 / (1 + np.exp(-again[0])) if not 0 < again[0] < 1 else again[0], abs=1e-4)
