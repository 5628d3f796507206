"""Where a received file is to lie so that its article keeps its id from one time to the next."""

import hashlib
from pathlib import Path

from ingest.articles import identity
from vectorstore.copies import are_kin, runs


def own_id(file: Path) -> str:
    """The id of the article in a file that names none itself."""
    return identity(None, None, file)


def stable_folder(name: str, number: int) -> str:
    """The name of a folder, the same for the same file name; `number` tells namesakes apart."""
    return f"{hashlib.sha256(name.casefold().encode()).hexdigest()[:12]}-{number}"


def same_article(one: str, other: str) -> bool:
    """Whether two texts are versions of one article, and not two of the name "scan.pdf"."""
    return one == other or are_kin(runs(one), runs(other))
