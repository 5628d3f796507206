"""A Chroma that takes the process down: at a store that is cursed, some call ends in a segfault."""

import os
import signal
from pathlib import Path
from typing import Any

from tests.support.embedding import HashingEmbedder
from tests.support.kill_work import Open
from vectorstore import chroma
from vectorstore.models import NO_FILTERS
from vectorstore.retriever import Retriever

ANY = "any"  # every store is cursed


class Cursed:
    """A collection one of whose methods takes the process down."""

    def __init__(self, collection: Any, method: str) -> None:
        self._collection = collection
        self._method = method

    def __getattr__(self, name: str) -> Any:
        if name == self._method:
            return fall
        return getattr(self._collection, name)


def fall(*args: Any, **more: Any) -> None:
    """What a segfault in Chroma's Rust core does."""
    os.kill(os.getpid(), signal.SIGSEGV)


def start(home: Path, cursed: str, method: str, question: str, source: str) -> list[str]:
    """Starts as the owner, takes in a source, asks; returns the articles found.

    The store in the folder `cursed` takes the process down when it is opened, or at a method.
    """
    really = chroma.open_collection

    def opened(folder: Path) -> Any:
        if folder.name != cursed and cursed != ANY:
            return really(folder)
        if method == "open":
            fall()
        client, collection = really(folder)
        return client, Cursed(collection, method)

    chroma.open_collection = opened
    here = Open.at(home)
    try:
        here.take_in(source)
        if here.index.own():
            here.index.catch_up()
        retriever = Retriever(here.database, HashingEmbedder(), here.index)
        return [hit.article.id for hit in retriever.search(question, 10, NO_FILTERS)]
    finally:
        here.close()


def build_again(home: Path) -> None:
    """Builds a store that others have fallen over, because somebody asks for it."""
    here = Open.at(home)
    try:
        assert here.index.own()
        assert here.index.catch_up(again=True)
    finally:
        here.close()


def folder_of(home: Path) -> str:
    """The folder of Chroma's store, by its name."""
    (found,) = (path.name for path in (home / "chroma").iterdir() if path.is_dir())
    return found
