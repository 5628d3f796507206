"""Processes that take in, ask and keep Chroma in step over one home at the same time."""

import random
import time
from collections.abc import Mapping
from multiprocessing.synchronize import Event
from pathlib import Path

from tests.support.embedding import HashingEmbedder
from tests.support.kill_inspection import State, own_words
from tests.support.kill_work import Notebook, Open, news, write_lines
from vectorstore import ownership
from vectorstore.exact import DenseIndex, ExactIndex
from vectorstore.models import NO_FILTERS
from vectorstore.retriever import Retriever

CHANGING = 6  # ids of an ingester that come, change and go; all others of it stay


def ingest_at(gate: Event, home: Path, source: str) -> None:
    """Takes in a source as soon as the gate opens."""
    here = Open.at(home)
    gate.wait()
    here.take_in(source)
    here.close()


# -- taking in without end ------------------------------------------------------------------------


def ingest_on(home: Path, folder: Path, name: str, end: float) -> None:
    """Takes in, changes and deletes articles of its own, and writes down before and after.

    A line before says what is meant to come, one after that it is done; `name` is its own.
    """
    notebook = Notebook(folder / f"{name}.notes")
    done = len(notebook.read())
    here = Open.at(home)
    for round_ in range(done, 1_000_000):
        if time.time() > end:
            break
        dice = random.Random(f"{name} {round_}")
        number = dice.randrange(1_000_000_000)
        wanted: dict[str, State] = {f"{name}-{round_}": news(number, paragraphs=2)}
        changing = f"{name}-changing{dice.randrange(CHANGING)}"
        wanted[changing] = dice.choice((None, news(number, version=2, paragraphs=2)))
        notebook.write(["begun", wanted])
        texts = {i: text for i, text in wanted.items() if text is not None}
        here.take_in(write_lines(folder / f"{name}.jsonl", texts))
        here.catalogue.delete([i for i, text in wanted.items() if text is None])
        notebook.write(["done", wanted])
    here.close()


def told(folder: Path, name: str) -> tuple[dict[str, State], dict[str, set[State]]]:
    """What an ingester was told is done, and what it had begun since, by its notes.

    An article begun more than once since may be in any of those states.
    """
    acknowledged: dict[str, State] = {}
    under_way: dict[str, set[State]] = {}
    for word, wanted in Notebook(folder / f"{name}.notes").read():
        for article_id, state in wanted.items():
            if word == "done":
                acknowledged[article_id] = state
                under_way.pop(article_id, None)
            else:
                before = acknowledged.get(article_id)
                under_way.setdefault(article_id, {before}).add(state)
    return acknowledged, under_way


# -- asking without end ---------------------------------------------------------------------------


def ask_on(home: Path, folder: Path, names: list[str], own: str, end: float) -> None:
    """Asks for articles that stay, of those said to be done; notes what it doesn't find."""
    here = Open.at(home)
    _ask(here, ExactIndex(here.database), folder, names, own, end)
    here.close()


def own_on(home: Path, folder: Path, names: list[str], own: str, end: float) -> None:
    """As the bot does: keeps Chroma in step in a thread and asks meanwhile."""
    ownership.PAUSE = 0.05
    here = Open.at(home)
    here.index.keep_in_step()
    _ask(here, here.index, folder, names, own, end)
    here.close()


def _ask(
    here: Open, index: DenseIndex, folder: Path, names: list[str], own: str, end: float
) -> None:
    notebook = Notebook(folder / f"{own}.notes")
    retriever = Retriever(here.database, HashingEmbedder(), index)
    dice = random.Random(own)
    asked = 0
    while time.time() < end:
        done = [told(folder, name)[0] for name in names]
        staying = {i: t for texts in done for i, t in texts.items() if "changing" not in i}
        for article_id, text in _some(staying, dice).items():
            question = own_words(here.database, article_id, text)
            hits = retriever.search(question, 10, NO_FILTERS)
            asked += 1
            if article_id not in {hit.article.id for hit in hits}:
                notebook.write(f"{article_id!r} was not found")
            if any(hit.article.version != hit.chunk.version for hit in hits):
                notebook.write(f"{article_id!r} brought a passage of another version")
        time.sleep(0.01)
    notebook.write(asked)


def _some(texts: Mapping[str, State], dice: random.Random) -> dict[str, str]:
    chosen = dice.sample(sorted(texts), min(3, len(texts)))
    return {i: text for i in chosen if (text := texts[i]) is not None}
