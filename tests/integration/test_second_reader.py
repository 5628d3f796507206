"""A second process reads for those who would wait; without it everything is found all the same."""

import os
import subprocess
import sys
import threading

import pytest

from tests.support.embedding import HashingEmbedder
from tests.support.store import article, eventually, store
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.exact import ExactIndex
from vectorstore.models import NO_FILTERS
from vectorstore.readers import Readers
from vectorstore.reading import Wanted
from vectorstore.retriever import Retriever
from vectorstore.second_reader import SecondReader

QUESTION = "Wie viele Boote liegen im Hafen von Ort 7?"


@pytest.fixture
def database(tmp_path):
    database = Database(tmp_path / "catalogue.db")
    texts = {f"a{n}": f"Im Hafen von Ort {n} liegen {n * 13} Boote." for n in range(30)}
    store(Catalogue(database), *(article(name, text) for name, text in texts.items()))
    yield database
    database.close()


@pytest.fixture
def second(database):
    second = SecondReader(database.path)
    yield second
    second.close()


def retriever(database, second=None):
    readers = Readers(database, second)
    return Retriever(database, Waiting(), ExactIndex(database), readers)


class Waiting(HashingEmbedder):
    """Of which all questions wait for each other, so that they are read for at once."""

    def __init__(self):
        super().__init__()
        self.gate = None

    def encode_question(self, question):
        if self.gate is not None:
            self.gate.wait(20)
        return super().encode_question(question)


def at_once(of, count=6):
    """What so many threads find with the same question."""
    found = []

    def ask():
        with of._database.snapshot():
            found.append(told(of.search(QUESTION, 5, NO_FILTERS, "de")))
        of._database.close()

    of._embedder.gate = threading.Barrier(count)
    threads = [threading.Thread(target=ask) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    of._embedder.gate = None
    assert len(found) == count
    return found


def told(hits):
    """All that hits say, comparable."""
    return [
        (hit.article, hit.chunk, hit.score, hit.words, [(s.start, s.words) for s in hit.sentences])
        for hit in hits
    ]


def wanted_by(of):
    """What a question wants to have read, and the moment that it sees."""
    embedded = of._embedder.encode_question(QUESTION)
    near = of._index.nearest(embedded.vector, 100)
    return Wanted(QUESTION, "de", embedded, near, None, 5), of._database.generation


def started(second):
    ready = threading.Event()
    second.start(ready.set)
    assert ready.wait(20)
    return second


def test_questions_at_once_find_what_one_finds(database, second):
    alone = told(retriever(database).search(QUESTION, 5, NO_FILTERS, "de"))
    of = retriever(database, second)
    while not second.alive:  # it is started once some have met
        assert at_once(of) == [alone] * 6
    assert eventually(lambda: of._readers._second_free)
    assert at_once(of) == [alone] * 6
    assert second.alive


def test_it_brings_the_same_as_is_read_here(database, second):
    of = retriever(database)
    found = started(second).read(*wanted_by(of))
    assert told(found) == told(of.search(QUESTION, 5, NO_FILTERS, "de"))


def test_one_question_after_another_needs_no_second_process(database, second):
    of = retriever(database, second)
    for _ in range(3):
        of.search(QUESTION, 5, NO_FILTERS, "de")
    assert not second.alive


def test_two_that_meet_once_need_no_second_process(database, second):
    assert len(at_once(retriever(database, second), 2)) == 2
    assert not second.alive


def test_where_no_other_process_can_be_started_one_answers(database, second, monkeypatch, caplog):
    alone = told(retriever(database).search(QUESTION, 5, NO_FILTERS, "de"))
    monkeypatch.setattr(subprocess, "Popen", no_room)
    of = retriever(database, second)
    while "Cannot allocate" not in caplog.text:  # until two meet
        assert at_once(of) == [alone] * 6
    for _ in range(3):
        assert at_once(of) == [alone] * 6
    assert caplog.text.count("Cannot allocate") == 1


def no_room(*args, **named):
    raise OSError(12, "Cannot allocate memory")


def test_it_is_not_believed_if_it_sees_another_moment(database, second):
    of = retriever(database)
    wanted, generation = wanted_by(of)
    store(Catalogue(database), article("new", "Im Hafen von Ort 7 liegen nun 99 Boote."))
    assert started(second).read(wanted, generation) is None
    assert second.read(*wanted_by(of)) is not None


def test_questions_are_answered_here_when_it_was_killed(database, second):
    alone = told(retriever(database).search(QUESTION, 5, NO_FILTERS, "de"))
    of = retriever(database, second)
    while not of._readers._second_free:
        assert at_once(of) == [alone] * 6
    second._process.kill()
    while second.alive:  # until two meet
        assert at_once(of) == [alone] * 6
    assert at_once(of) == [alone] * 6
    assert of._readers._here_free


def test_a_question_is_answered_here_while_the_second_one_hangs(database, second):
    alone = told(retriever(database).search(QUESTION, 5, NO_FILTERS, "de"))
    of = retriever(database, second)
    of._readers._second_busy = True  # for ever
    assert told(of.search(QUESTION, 5, NO_FILTERS, "de")) == alone


def test_what_cannot_be_read_there_is_told_by_who_reads_here(database, second):
    of = retriever(database)
    wanted, generation = wanted_by(of)
    assert started(second).read("nonsense", generation) is None
    assert second.read(wanted, generation) is not None


OWNER = """
import sys, threading
from pathlib import Path
from vectorstore.second_reader import SecondReader
second, ready = SecondReader(Path(sys.argv[1])), threading.Event()
second.start(ready.set)
ready.wait(20)
print(second._process.pid, flush=True)
threading.Event().wait(60)
"""


def test_it_ends_with_an_owner_that_is_killed(database):
    command = [sys.executable, "-c", OWNER, str(database.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as owner:
        pid = int(owner.stdout.readline())
        owner.kill()
    assert eventually(lambda: not is_there(pid))


def is_there(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as stat:  # nobody may be there to wait for it
        return stat.read().split()[2] != "Z"


def test_ctrl_c_at_the_terminal_is_its_owners(database, second):
    started(second)
    assert os.getpgid(second._process.pid) != os.getpgid(0)
    assert second._process.poll() is None
    assert second.alive


def test_closing_ends_it(database):
    second = started(SecondReader(database.path))
    pid = second._process.pid
    second.close()
    assert not is_there(pid)
    assert not second.alive
