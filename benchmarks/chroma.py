"""Chroma's recall and speed as Beleg sets it up, against exact search over the same vectors.

    python benchmarks/chroma.py [--json]

Random vectors are the hardest case for its graph; text lies in clusters and does better.
"""

import tempfile
import time
from pathlib import Path

import numpy as np
from reporting import show

from vectorstore.chroma import open_collection
from vectorstore.chroma_server import EF_SEARCH

COUNT, DIMENSION, QUESTIONS, K = 6_000, 384, 200, 100


def main() -> None:
    chance = np.random.default_rng(7)
    vectors = chance.normal(size=(COUNT, DIMENSION)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    questions = vectors[:QUESTIONS] + 0.02 * chance.normal(size=(QUESTIONS, DIMENSION))
    with tempfile.TemporaryDirectory() as folder:
        client, collection = open_collection(Path(folder))
        started = time.perf_counter()
        for at in range(0, COUNT, 2_000):
            ids = [str(i) for i in range(at, at + 2_000)]
            collection.upsert(ids=ids, embeddings=vectors[at : at + 2_000])
        upserts = COUNT / (time.perf_counter() - started)
        found, chroma_seconds, exact_seconds = 0, 0.0, 0.0
        for question in questions.astype(np.float32):
            started = time.perf_counter()
            near = collection.query(query_embeddings=question[None], n_results=K, include=[])
            chroma_seconds += time.perf_counter() - started
            started = time.perf_counter()
            best = np.argpartition(-(vectors @ question), K)[:K]
            exact_seconds += time.perf_counter() - started
            found += len(set(near["ids"][0]) & {str(i) for i in best})
        client.close()
    result = {
        "benchmark": "Chroma against exact search",
        "vectors": COUNT,
        "ef_search": EF_SEARCH,
        f"recall@{K}": round(found / (QUESTIONS * K), 4),
        "upserts/s": round(upserts),
        "query ms": round(1e3 * chroma_seconds / QUESTIONS, 2),
        "baseline": "exact search with numpy",
        "baseline query ms": round(1e3 * exact_seconds / QUESTIONS, 2),
    }
    show(result)


if __name__ == "__main__":
    main()
