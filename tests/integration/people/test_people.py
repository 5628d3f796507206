"""What is kept of people who ask in a messenger can be forgotten, and goes where they go.

That nothing is left is seen by searching the bytes of the files.
"""

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.earlier import made_by
from tests.support.kept import (
    ANNA,
    BERT,
    BOT,
    GROUP,
    ask,
    count,
    delivered,
    fresh,
    questions,
    watched,
)
from tests.support.store import article, store
from tests.support.traces import traces
from vectorstore import inbox, people, replies, topics, turns
from vectorstore.backup import verify, write_backup
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.numbers import numbers
from vectorstore.turns import Kept

WORDS = ("Zwqxvarkel", "Jyqzwumpf", "Kvxqaddrel", "Pfqxzwolm", "77184659")
"""In a question that waits, an answered one, an answer, a topic; and who wrote all that."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


# -- chats that move -------------------------------------------------------------------------


def test_a_chat_takes_along_what_is_kept_of_it_and_of_its_topics(
    connection: sqlite3.Connection, catalogue: Catalogue
) -> None:
    store(catalogue, article("a"))
    new = "telegram:-200"
    others = (f"{GROUP}1", "telegram:-1", "telegram:%", "telegram:-10_", f"x{GROUP}:3")
    places = (GROUP, f"{GROUP}:3", *others)
    for place in places:
        ask(connection, place=place)
        turns.set_focus(connection, place, 1, 1.0)
        watched(connection, place=place)
    for old, to in ((GROUP, new), ("telegram:%", "telegram:-300"), ("telegram:-10_", "t")):
        people.move(connection, old, to)
    expected = {new, f"{new}:3", f"{GROUP}1", "telegram:-1", "telegram:-300", "t", others[-1]}
    for table in ("turns", "places", "topics"):
        found = [row[0] for row in connection.execute(f"SELECT place FROM {table}")]
        assert (set(found), len(found)) == (expected, len(places))
    assert people.moved(connection)[GROUP] == new


def test_a_chat_that_moved_and_was_used_already_keeps_one_of_each(
    connection: sqlite3.Connection, catalogue: Catalogue
) -> None:
    store(catalogue, article("a"))
    for place in (GROUP, "telegram:-200"):
        turns.set_focus(connection, place, 1, 1.0)
        watched(connection, place=place)
    for _ in range(2):
        people.move(connection, GROUP, "telegram:-200")
    assert [one.place for one in topics.topics(connection)] == ["telegram:-200"]
    assert count(connection, "places") == 1


# -- articles that are deleted ---------------------------------------------------------------


def test_a_deleted_article_takes_its_words_out_of_all_that_is_kept(
    connection: sqlite3.Connection, catalogue: Catalogue
) -> None:
    topic = watched(connection)
    store(catalogue, article("a"), article("b", "Etwas ganz anderes."))
    known = numbers(connection, ["a", "b", "c"])
    assert known.keys() == {"a", "b"}
    gone = ask(connection, "weg", articles=("a", "b"))
    kept = ask(connection, "bleibt", articles=("b",))
    turns.set_focus(connection, GROUP, known["a"], 1.0)
    topics.note_told(connection, topic.id, known.values(), "2026-11-25")
    assert catalogue.delete(["a"]) == 1
    assert [(turns.turn(connection, n) or _none()).answer for n in (gone, kept)] == [
        None,
        "Um acht.",
    ]
    assert questions(connection) == ["weg", "bleibt"], "what was asked is not the article's"
    assert turns.focus(connection, GROUP, 0.0) is None
    assert [one.article_id for one in topics.news(connection, topic, 9)] == ["b"]
    assert connection.execute("SELECT article FROM told").fetchall() == [(known["b"],)]


def _none() -> Kept:
    raise AssertionError("a turn is gone")


# -- people who are forgotten ----------------------------------------------------------------


def live(connection: sqlite3.Connection, person: str, words: tuple[str, ...], first: int) -> None:
    """All that a messenger has to do with somebody; a part of it is forgotten as time goes by."""
    chance, waiting, answered, answer, topic = random.Random(first), *words[:4]
    for number in range(first, first + 120):
        place = chance.choice((person, f"{person}:7", GROUP, f"{GROUP}:3"))
        body = f"{person} {waiting} " * chance.choice((1, 20, 300))
        inbox.accept(connection, BOT, [delivered(number, person, body)], float(number))
        said = f"{answer} " * chance.choice((5, 900))
        ask(connection, f"{answered} " * 9, float(number - first), place, person, said)
        if chance.random() < 0.7:
            inbox.done(connection, BOT, number - chance.randrange(3))
        if chance.random() < 0.2:
            turns.begin_anew(connection, place)
            turns.set_focus(connection, place, 1, 1.0)
        replies.spend(connection, "2026-11-25", person, number)
        if number % 9 == 0:
            topics.add(connection, person, place, f"{topic} {number}", "de")
    turns.expire(connection, 9.0)


@pytest.mark.parametrize("seed", range(4))
def test_who_is_forgotten_leaves_no_byte_and_others_stay(
    home: Path, connection: sqlite3.Connection, catalogue: Catalogue, seed: int
) -> None:
    store(catalogue, article("a"))
    others = ("Vqxbrumsel", "Wxqdattlik", "Gqvxomprel", "Tqxwubbern")
    for first in (0, 1000, 2000):
        live(connection, ANNA, WORDS, first + seed * 200)
        live(connection, BERT, others, first + seed * 200 + 500)
    before = [count(connection, t) for t in ("inbox", "turns", "topics", "spent")]
    theirs = connection.execute("SELECT * FROM turns WHERE person = ?", (BERT,)).fetchall()
    assert len(traces(home, WORDS)) >= len(WORDS)
    connection.execute("BEGIN IMMEDIATE")
    people.forget(connection, ANNA)
    connection.execute("COMMIT")
    assert people.cut_off_log(connection)
    assert traces(home, WORDS) == []
    assert len({trace.split()[0] for trace in traces(home, others)}) == len(others)
    after = [count(connection, t) for t in ("inbox", "turns", "topics", "spent")]
    assert after[0] == before[0], "an update that comes again is still known"
    assert all(0 < now < then for now, then in zip(after[1:3], before[1:3], strict=True))
    assert after[3] == before[3], "what was spent is spent, though not known by whom"
    assert connection.execute("SELECT * FROM turns").fetchall() == theirs
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_to_be_forgotten_buys_no_new_tokens(connection: sqlite3.Connection) -> None:
    day = "2026-11-25"
    for person, tokens in ((ANNA, 70), (BERT, 5), (ANNA, 30)):
        replies.spend(connection, day, person, tokens)
    connection.execute("BEGIN IMMEDIATE")
    people.forget(connection, ANNA)
    connection.execute("COMMIT")
    assert [replies.spent(connection, day, one) for one in (ANNA, BERT)] == [100, 5]
    held = {row[0] for row in connection.execute("SELECT person FROM spent")}
    replies.spend(connection, "2026-11-26", ANNA, 1)
    later = {row[0] for row in connection.execute("SELECT person FROM spent")} - held
    assert len(later) == 1, "nobody can be followed from one day to the next"
    assert not any(ANNA in name for name in held | later)


def test_after_somebody_is_forgotten_no_number_is_given_twice(
    connection: sqlite3.Connection, catalogue: Catalogue
) -> None:
    topic, turn = watched(connection), ask(connection)
    store(catalogue, article("a"))
    seen = topics.last_news(connection)
    for _ in range(2):
        connection.execute("BEGIN IMMEDIATE")
        people.forget(connection, ANNA)
        connection.execute("COMMIT")
    later = watched(connection, person=BERT)
    assert (later.id > topic.id, ask(connection, person=BERT) > turn) == (True, True)
    assert later.seen == seen
    store(catalogue, article("b"))
    assert fresh(connection, later) == ["b"]


def test_tables_written_anew_are_what_they_were(connection: sqlite3.Connection) -> None:
    query = "SELECT type, name, sql FROM sqlite_master ORDER BY name"
    before = connection.execute(query).fetchall()
    connection.execute("BEGIN IMMEDIATE")
    people.forget(connection, ANNA)
    connection.execute("COMMIT")
    assert connection.execute(query).fetchall() == before
    ask(connection, articles=())
    topic = watched(connection)
    topics.note_told(connection, topic.id, [1], "2026-11-25")
    topics.end(connection, topic.id, ANNA)
    assert count(connection, "told") == 0, "what refers to others still goes with them"


def test_a_log_that_somebody_reads_is_not_cut_off(
    connection: sqlite3.Connection, database: Database
) -> None:
    ask(connection)
    with closing(sqlite3.connect(database.path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM turns").fetchone()
        ask(connection)
        assert not people.cut_off_log(connection)
    assert people.cut_off_log(connection)


# -- copies ----------------------------------------------------------------------------------


def test_a_backup_holds_nothing_of_people(
    tmp_path: Path, connection: sqlite3.Connection, database: Database, catalogue: Catalogue
) -> None:
    store(catalogue, article("a"))
    live(connection, ANNA, WORDS, 0)
    people.move(connection, "telegram:-9", ANNA)
    copies = tmp_path / "copies"
    copies.mkdir()
    assert write_backup(database.path, copies / "mine.db").articles == 1
    assert traces(copies, WORDS) == []
    assert verify(copies / "mine.db").articles == 1
    with closing(sqlite3.connect(copies / "mine.db")) as copy:
        held = "inbox turns turn_articles places topics told news moved spent".split()
        assert [count(copy, name) for name in held] == [0] * len(held)
    assert count(connection, "turns") > 0


@pytest.mark.parametrize("schema", [1, 5])
def test_a_catalogue_of_before_there_were_people_is_backed_up_and_migrated(
    home: Path, tmp_path: Path, schema: int
) -> None:
    home.mkdir()
    made_by(schema, home / "catalogue.db")
    assert write_backup(home / "catalogue.db", tmp_path / "before.db").schema == schema
    with closing(Database(home / "catalogue.db")) as database:
        connection = database.read()
        topic = watched(connection)
        with database.write():
            topics.note_news(connection, 1)
            ask(connection, articles=("a",))
        assert fresh(connection, topic) == ["a"]
        assert inbox.accept(connection, BOT, [delivered(1)], 0.0) == [1]
        assert Catalogue(database).delete(["a"]) == 1
        assert turns.conversation(connection, GROUP, 0.0, 1)[0].answer is None
        assert fresh(connection, topic) == []
