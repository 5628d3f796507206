"""What a source may bring instead of an article, and how an address is followed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from vectorstore.models import Article


@dataclass(frozen=True, slots=True)
class Failure:
    """What could not be taken in, and why, in words for the user."""

    source: str
    error: str


Found = Article | Failure
Follow = Callable[[str], Iterator[Found]]  # what the page, feed or site at an address brings
