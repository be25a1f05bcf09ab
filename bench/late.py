"""MaxSim of one question against 30 full passages on one core, beside embedding that question."""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import time
from statistics import median

import numpy as np

from indexer.embed import SentenceTransformerEmbedder
from indexer.late import BUDGET, QueryTokens, max_sim, pack
from kb.settings import load

PASSAGES, ROUNDS = 30, 100
QUESTIONS = ("환불은 언제까지 되나요?", "how do I reset my password if I lost the phone that gets the codes")


def main() -> None:
    embedder = SentenceTransformerEmbedder(load().settings.model, load().settings.cache)
    random = np.random.default_rng(0)
    tokens = random.standard_normal((PASSAGES, BUDGET, embedder.dimension)).astype(np.float32)
    passages = [pack(own / np.linalg.norm(own, axis=1, keepdims=True)) for own in tokens]
    for question in QUESTIONS:
        found = embedder.queries([question]).tokens[0]
        query = QueryTokens(found, np.ones(len(found), np.float32))
        embed, score = [], []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            embedder.queries([question])
            embedded = time.perf_counter()
            max_sim(query, passages)
            embed.append(embedded - started)
            score.append(time.perf_counter() - embedded)
        alone, late = median(embed) * 1000, median(score) * 1000
        print(f"{len(found)} tokens: embed p50 {alone:.1f} ms, MaxSim p50 {late:.1f} ms, ratio {late / alone:.2f}")


if __name__ == "__main__":
    main()
