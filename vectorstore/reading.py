"""Passages read from the catalogue and looked at closely, for what they hold of a question."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vectorstore.evidence import Candidate, Question, best_looks, close_looks
from vectorstore.models import Hit
from vectorstore.passages import Passages, Seqs
from vectorstore.records import checked

CLOSE = 20  # passages of which a closer look is taken, at the whole article too


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """The passages worth a look, ascending, and the `k` best of them to bring.

    Beside each its cosine, and what is added to that because of its language.
    """

    asked: Question
    seqs: Seqs
    cosines: npt.NDArray[np.floating]
    lifts: npt.NDArray[np.floating]
    k: int


def read(passages: Passages, wanted: Wanted) -> list[Hit]:
    """The best passages, best first. Unreadable if an article is not what was stored."""
    numbers = zip(wanted.cosines.tolist(), wanted.lifts.tolist(), strict=True)
    near = dict(zip(wanted.seqs.tolist(), numbers, strict=True))
    candidates = [Candidate(found, *near[found.seq]) for found in passages.load(wanted.seqs)]
    best = best_looks(candidates, wanted.asked, max(CLOSE, wanted.k))
    hits = close_looks(best, wanted.asked, wanted.k)
    for article in {hit.article.id: hit.article for hit in hits}.values():
        checked(article)  # nobody is to be quoted with what the disk made of it
    return hits
