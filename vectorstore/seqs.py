"""Numbers of passages: out of SQLite by the thousand, and looked up among others. Pure.

`seq` is a chunk's number in the catalogue: it only grows and is never used again.
"""

import numpy as np
import numpy.typing as npt

Seqs = npt.NDArray[np.int64]


def numbers_in(told: str | None) -> Seqs:
    """Numbers out of SQLite's group_concat.

    That is one step of SQLite's instead of one a row: a fifth of the time, and Python's lock is
    free for other threads meanwhile.
    """
    return np.fromstring(told, np.int64, sep=",") if told else np.empty(0, np.int64)


def places_of(seqs: Seqs, among: Seqs) -> tuple[Seqs, npt.NDArray[np.bool_]]:
    """Where each of `seqs` stands among ascending ones, and whether it does at all."""
    if not len(among):
        return np.zeros(len(seqs), np.int64), np.zeros(len(seqs), np.bool_)
    places = np.minimum(np.searchsorted(among, seqs), len(among) - 1)
    return places, among[places] == seqs
