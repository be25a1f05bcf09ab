"""What token vectors cost when articles are indexed: passages embedded without them, and with them and packed."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from indexer.embed import BATCH, SentenceTransformerEmbedder
from indexer.late import pack
from kb.settings import load

COUNT, ROUNDS = 64, 3


def main(corpus: Path) -> None:
    embedder = SentenceTransformerEmbedder(load().settings.model, load().settings.cache)
    rows = [json.loads(line) for line in corpus.read_text(encoding="utf-8").splitlines()[:COUNT]]
    texts = [row["text"][:1500] for row in rows]
    prompt = embedder.prompts_of(embedder.model).passage
    embedder.passages(texts[:BATCH])
    without, with_tokens = [], []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        embedder.model.encode(texts, prompt=prompt, batch_size=BATCH, show_progress_bar=False)
        middle = time.perf_counter()
        packed = [pack(tokens) for tokens in embedder.passages(texts).tokens]
        without.append(middle - started)
        with_tokens.append(time.perf_counter() - middle)
    size = sum(codes.nbytes for codes in packed) / len(packed)
    ratio = min(with_tokens) / min(without)
    print(f"{COUNT} passages: {min(without):.2f} s, with token vectors {min(with_tokens):.2f} s, ratio {ratio:.3f}")
    print(f"{size / 1000:.1f} kB a passage")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
