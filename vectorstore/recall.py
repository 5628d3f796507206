"""Whether Chroma finds what is nearest: asked beside exact search, by what it holds itself.

A graph may miss whole neighbourhoods, of near copies above all, and says nothing of it: of 250,000
passages whose vectors are those of 2,700 moved at random it found .69 of the 400 nearest; of 25,000
.999 (homes of benchmarks/varied.py).
"""

from collections.abc import Callable

import numpy as np

from vectorstore.exact import DenseIndex
from vectorstore.models import Vector
from vectorstore.passages import Passages
from vectorstore.seqs import Seqs

FEW = 20_000  # passages; among fewer little is missed, and exact search takes 5 ms
MOST = 400_000  # passages that are to be held in memory for exact search, 1.5 KB each
ENOUGH = 0.995
PROBES, NEAREST = 40, 400  # questions; how many of the nearest each is to bring


def recall(
    query: Callable[[Vector, int], Seqs], exact: DenseIndex, passages: Passages, live: Seqs
) -> float:
    """The share of the nearest passages that a query brings.

    Questions are the middle between two passages drawn at random: near some, but none themselves.
    """
    pairs = np.random.default_rng(len(live)).choice(live, (PROBES, 2))
    found = wanted = 0
    for pair in pairs:
        _, vectors = passages.vectors(np.unique(pair))
        middle = vectors.sum(axis=0)
        middle /= np.linalg.norm(middle)
        nearest = exact.nearest(middle, NEAREST)
        found += len(np.intersect1d(query(middle, NEAREST), nearest))
        wanted += len(nearest)
    return found / wanted
