"""What a source brings: articles, failures, news of pages; and how an address is followed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from vectorstore.models import Article
from vectorstore.pages import Page


@dataclass(frozen=True, slots=True)
class Failure:
    """What could not be taken in, and why, in words for the user."""

    source: str
    error: str


@dataclass(frozen=True, slots=True)
class FromPage:
    """An article and the page that it was read from."""

    article: Article
    page: Page


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A page that says itself that it still is what it was when it brought its article."""

    page: Page


@dataclass(frozen=True, slots=True)
class Again:
    """An article that this run has brought already, from an address that is named once more."""

    article_id: str


@dataclass(frozen=True, slots=True)
class Missing:
    """An article that is stored and whose page is gone; `address` is fit to be shown."""

    article_id: str
    address: str


Found = Article | FromPage | Unchanged | Again | Missing | Failure
Follow = Callable[[str], Iterator[Found]]  # what the page, feed or site at an address brings
