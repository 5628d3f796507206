"""News to take in, and what processes do with a home until they are killed.

What a process has been told is done it writes down at once, a line each; a kill leaves the lines.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from ingest.pipeline import Pipeline
from tests.support.embedding import HashingEmbedder
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.exact import ExactIndex
from vectorstore.ownership import OwnedIndex

_FIRST = "Bram Dorn Elz Fahl Gries Hollen Itz Kest Lorn Mar Norr Oster Pell Quer Rabs Sand".split()
_THEN = "ach berg brunn dorf eck feld furt grund hausen heim hof leben moor rode see tal".split()


# -- news -----------------------------------------------------------------------------------


def news(number: int, version: int = 1, paragraphs: int = 3) -> str:
    """A report about a place of its own; another version says something else of it."""
    return "\n\n".join(_paragraph(number, version, n) for n in range(paragraphs))


def _paragraph(number: int, version: int, ordinal: int) -> str:
    digest = sha256(f"{number} {version} {ordinal}".encode()).digest()
    names = [_FIRST[a % 16] + _THEN[b % 16] for a, b in zip(digest[::2], digest[1::2], strict=True)]
    amount = int.from_bytes(digest[:3], "big")
    return (
        f"Die Gemeinde {names[0]}{names[1].lower()} gibt {amount} Euro für ihre Schule aus. "
        f"Das hat der Rat von {names[2]} am Montag mit den Stimmen von {names[3]} beschlossen. "
        f"Der Bürgermeister aus {names[4]} nennt den Umbau der Straße nach {names[5]} überfällig; "
        f"die Opposition in {names[6]} hält ihn für zu teuer und will {names[7]} fragen."
    )


def write_lines(path: Path, texts: Mapping[str, str]) -> str:
    """Articles by id as JSONL, a source to take in; returns its name."""
    lines = (json.dumps({"id": i, "text": t, "language": "de"}) for i, t in texts.items())
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return str(path)


# -- what was said to be done ---------------------------------------------------------------


class Notebook:
    """Lines that survive the process that wrote them.

    Only whole ones count: a reader may see the beginning of one, and a kill may leave that.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, line: Any) -> None:
        """Adds a line, at once: a kill after this call doesn't take it back."""
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(handle, b"\n" + json.dumps(line).encode() + b"\n")  # not behind what a kill left
        os.close(handle)

    def read(self) -> list[Any]:
        """The whole lines so far."""
        if not self._path.exists():
            return []
        *ended, _under_way = self._path.read_text().split("\n")
        return [line for text in ended if (line := _whole(text)) is not None]


def _whole(text: str) -> Any | None:
    try:
        return json.loads(text)
    except ValueError:
        return None


# -- a home, as one process has it ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Open:
    """A home opened by this process, with the embedder that needs no model."""

    database: Database
    catalogue: Catalogue
    pipeline: Pipeline
    index: OwnedIndex

    @classmethod
    def at(cls, home: Path) -> "Open":
        database = Database(home / "catalogue.db")
        catalogue = Catalogue(database)
        index = OwnedIndex(home, database, ExactIndex(database))
        return cls(database, catalogue, Pipeline(catalogue, HashingEmbedder()), index)

    def take_in(self, *sources: str, prune: bool = False) -> None:
        """Ingests; AssertionError if anything failed."""
        report = self.pipeline.ingest(sources, prune)
        assert not report.failed, report.failed

    def close(self) -> None:
        self.index.close()
        self.database.close()


def made(home: Path, sources: Sequence[str] = ()) -> None:
    """Makes a home that holds what sources say, with Chroma not yet built."""
    here = Open.at(home)
    try:
        if sources:
            here.take_in(*sources)
    finally:
        here.close()
