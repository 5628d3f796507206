"""A Chroma server that is killed and comes back, while processes ingest, sync and ask."""

import json
import os
import random
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from tests.support.chroma_server import RunningChroma
from tests.support.embedding import HashingEmbedder
from tests.support.fault_command import beleg
from tests.support.kill_inspection import State, inspect_catalogue
from tests.support.kill_ledger import Ledger
from tests.support.kill_processes import FORKED, PATIENCE, ended, forked
from tests.support.kill_work import Notebook, Open, news, write_lines
from tests.support.store import eventually
from vectorstore import chroma_server, ownership
from vectorstore.database import Database
from vectorstore.exact import ExactIndex
from vectorstore.models import NO_FILTERS
from vectorstore.ownership import OwnedIndex
from vectorstore.retriever import Retriever
from vectorstore.server_address import ServerAddress

TOGETHER = 8  # articles that are taken in at a time


def text_of(article_id: str) -> str:
    return news(int(article_id.removeprefix("n")), paragraphs=1)


class Place:
    """A folder with a home, what has been done in it, and whether it is to end."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.source = folder / "news.jsonl"
        self.done = Notebook(folder / "done")
        self.amiss = Notebook(folder / "amiss")
        self.asked = Notebook(folder / "asked")
        self._end = folder / "end"

    def end(self) -> None:
        self._end.touch()

    @property
    def ends(self) -> bool:
        return self._end.exists()

    def acknowledged(self) -> dict[str, State]:
        """What was told to be done; of what is just being deleted nothing is told."""
        found: dict[str, State] = {}
        for what, article_id in self.done.read():
            if what == "added":
                found[article_id] = text_of(article_id)
            elif what == "goes":
                found.pop(article_id, None)
            else:
                found[article_id] = None
        return found


# -- what processes do ------------------------------------------------------------------------


def indexed(home: Path, url: str) -> tuple[Database, OwnedIndex]:
    """A home whose Chroma is on a server, with little patience."""
    ownership.PAUSE, ownership.LONGEST_PAUSE = 0.05, 0.2
    chroma_server.REST = chroma_server.LOOK = 0.1
    database = Database(home / "catalogue.db")
    address = ServerAddress.parse(url)
    return database, OwnedIndex(home, database, ExactIndex(database), address)


def keep(folder: Path, url: str, wire: Connection) -> None:
    """Keeps the server in step, and says when it is asked what is amiss."""
    database, index = indexed(Place(folder).home, url)
    index.keep_in_step()
    while wire.recv() != "end":
        wire.send([*_out_of_step(database, index)])
    index.close()
    database.close()


def _out_of_step(database: Database, index: OwnedIndex) -> Iterator[str]:
    pending = database.read().execute("SELECT count(*) FROM pending").fetchone()[0]
    if pending or not index.store.ready:
        yield f"{pending} pending, {index.trouble}"
        return
    held = index.store.ids()
    live = {row[0] for row in database.read().execute("SELECT id FROM chunks")}
    if held != live:
        yield f"it lacks {len(live - held)}, has {len(held - live)} too many"


def take_in(folder: Path) -> None:
    """Takes in articles, a few at a time, and deletes one now and then."""
    place, number = Place(folder), 0
    here = Open.at(place.home)
    while not place.ends:
        ids = [f"n{n}" for n in range(number, number + TOGETHER)]
        here.take_in(write_lines(place.source, {i: text_of(i) for i in ids}))
        for article_id in ids:
            place.done.write(["added", article_id])
        place.done.write(["goes", ids[0]])
        here.catalogue.delete([ids[0]])
        place.done.write(["gone", ids[0]])
        number += TOGETHER
        time.sleep(0.1)
    here.close()


def ask(folder: Path, url: str) -> None:
    """Asks for articles that are there by their own words, and notes what is amiss."""
    place, dice = Place(folder), random.Random(1)
    database, index = indexed(place.home, url)
    retriever = Retriever(database, HashingEmbedder(), index)
    while not place.ends:
        before = place.acknowledged()
        there = {i for i, text in before.items() if text is not None}
        if not there:
            continue
        wanted = dice.choice(sorted(there))
        hits = retriever.search(text_of(wanted), 10, NO_FILTERS)
        found = {hit.article.id for hit in hits}
        if wanted not in found and place.acknowledged().get(wanted):
            place.amiss.write(f"{wanted} is not found")
        if len({hit.chunk.id for hit in hits}) != len(hits):
            place.amiss.write(f"a passage is found twice by the words of {wanted}")
        if back := [i for i in found - there if i in before]:
            place.amiss.write(f"{back} are found although they are gone")
        place.asked.write(index.store.ready)
    index.close()
    database.close()


# -- tests ------------------------------------------------------------------------------------


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningChroma]:
    found = RunningChroma(tmp_path / "server").start()
    yield found
    found.kill()


def kill_again_and_again(server: RunningChroma, folder: Path, kills: int, ledger: Ledger) -> None:
    place, dice = Place(folder), random.Random(kills)
    Open.at(place.home).close()
    ours, theirs = FORKED.Pipe()
    url = server.address.url

    def amiss() -> list[str]:
        ours.send("?")
        assert ours.poll(PATIENCE)
        found: list[str] = ours.recv()
        return found

    with (
        ledger("Chroma server killed while processes ingest, sync and ask") as fault,
        forked(keep, folder, url, theirs) as keeper,
        forked(take_in, folder) as writer,
        forked(ask, folder, url) as asker,
    ):
        for _ in range(kills):
            before = len(place.asked.read())
            assert eventually(lambda: any(place.asked.read()[before:]), 60)  # noqa: B023
            time.sleep(dice.uniform(0, 0.4))
            server.kill()
            before = len(place.asked.read())
            assert eventually(lambda: len(place.asked.read()) > before + 5)  # noqa: B023
            server.start()
            fault.tried([str(line) for line in place.amiss.read()])
        place.end()
        found = [f"a process ended with {code}" for p in (writer, asker) if (code := ended(p))]
        if not eventually(lambda: not amiss(), 60):
            found += amiss()
        ours.send("end")
        found += [f"the keeper ended with {code}" for code in [ended(keeper)] if code]
        if len(collections := server.collections()) != 1:
            found.append(f"the server has collections left over: {collections}")
        found += inspect_catalogue(place.home, place.acknowledged())
        fault.tried(found, "at the end")
        answered = place.asked.read()
        fault.remark = f"{len(answered)} questions, {sum(answered)} with the server"
        assert 0 < sum(answered) < len(answered)


def test_a_server_that_is_killed_costs_no_answer_and_is_caught_up_with(
    server: RunningChroma, tmp_path: Path, ledger: Ledger
) -> None:
    kill_again_and_again(server, tmp_path, 2, ledger)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_server_that_is_killed_twelve_times_costs_no_answer(
    server: RunningChroma, tmp_path: Path, ledger: Ledger
) -> None:
    kill_again_and_again(server, tmp_path, 12, ledger)


def set_variable(name: str, value: str) -> None:
    os.environ[name] = value


@pytest.mark.parametrize("gone", [False, True], ids=["there", "away"])
def test_commands_go_on_whether_or_not_the_server_is_there(
    server: RunningChroma, gone: bool, tmp_path: Path, ledger: Ledger
) -> None:
    home, faults = tmp_path / "home", [(set_variable, "CHROMA_URL", server.address.url)]
    texts = {f"n{n}": text_of(f"n{n}") for n in range(6)}
    if gone:
        server.kill()
    with ledger("Chroma server away: commands") as fault:
        said = beleg(home, "ingest", write_lines(tmp_path / "n.jsonl", texts), faults=faults)
        found = [str(said)] if said.code or "Traceback" in said.err else []
        asked = beleg(home, "search", texts["n3"][:200], "--json", faults=faults)
        if asked.code or asked.records[0]["hits"][0]["article_id"] != "n3":
            found.append(str(asked))
        doctor = beleg(home, "doctor", "--json", faults=faults)
        chroma = {check["name"]: check for check in doctor.records[0]["checks"]}["chroma"]
        if chroma["ok"] is gone or (gone and "CHROMA_URL" not in json.dumps(chroma)):
            found.append(f"doctor: {chroma}")
        fault.tried([*found, *inspect_catalogue(home, texts)], f"away: {gone}")
