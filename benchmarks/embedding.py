"""Passages a second: Beleg's bulk embedding against SentenceTransformer.encode in its defaults.

    python benchmarks/embedding.py [--json]

Both run on the same expanded weights and the same made-up German passages of about 100 to 600
characters; the baseline in fp32 without sentence vectors, Beleg as `ingest` does it, with them.
The cost in quality is the cosine between both vectors of the same passage.
"""

import os
import random
import time

import numpy as np
from reporting import show

from bot.settings import Settings
from ingest.sentences import sentences
from vectorstore import packaged
from vectorstore.embedder import Passage, SentenceEmbedder

PASSAGES = 200
WORDS = (
    "der die das und in von mit auf für ist wird nach über Stadt Rat Bürger Jahr Euro Brücke Hafen "
    "Straße Schule Bericht Entscheidung Kosten Ausschuss Bürgermeisterin Wasserversorgung "
    "Genehmigung gestern künftig mehrere zwischen gegen ohne seit beschlossen geplant gebaut"
).split()


def passages() -> list[Passage]:
    """Texts of varied length, the same in every run."""
    chance = random.Random(7)
    made = []
    for _ in range(PASSAGES):
        said = [
            " ".join(chance.choices(WORDS, k=chance.randint(6, 22))).capitalize() + "."
            for _ in range(chance.randint(1, 5))
        ]
        text = " ".join(said)
        made.append(Passage(text, tuple(sentences(text, 0, len(text), "de"))))
    return made


def main() -> None:
    import torch
    from sentence_transformers import SentenceTransformer

    texts = passages()
    embedder = SentenceEmbedder(Settings().cache)
    embedder.encode_passages(texts[:16])
    folder = str(packaged.expanded_model(Settings().cache))
    plain = SentenceTransformer(folder, device="cpu", model_kwargs={"dtype": torch.float32})
    plain.encode([t.text for t in texts[:16]])

    started = time.perf_counter()
    ours = np.stack([e.vector for e in embedder.encode_passages(texts)])
    beleg = PASSAGES / (time.perf_counter() - started)
    torch.set_num_threads(os.cpu_count() or 1)  # the default
    started = time.perf_counter()
    theirs = plain.encode(["passage: " + t.text for t in texts])
    baseline = PASSAGES / (time.perf_counter() - started)
    cosines = (ours * theirs).sum(axis=1)
    result = {
        "benchmark": "bulk embedding",
        "passages": PASSAGES,
        "beleg passages/s": round(beleg, 1),
        "baseline": "SentenceTransformer.encode, defaults, fp32",
        "baseline passages/s": round(baseline, 1),
        "ratio": round(beleg / baseline, 2),
        "cosine to baseline, mean": round(float(cosines.mean()), 5),
        "cosine to baseline, least": round(float(cosines.min()), 5),
    }
    show(result)


if __name__ == "__main__":
    main()
