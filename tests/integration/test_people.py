"""What is kept of people who ask in a messenger: what it is good for, and that it can be forgotten.

That nothing is left is seen by searching the bytes of the files.
"""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.earlier import made_by
from tests.support.store import article, store
from tests.support.traces import traces
from vectorstore import inbox, people, replies, topics, turns
from vectorstore.backup import verify, write_backup
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.inbox import Delivered, Left
from vectorstore.numbers import numbers
from vectorstore.turns import Asked, Kept

BOT, ANNA, BERT = 42, "telegram:77184659", "telegram:1001"
GROUP = "telegram:-100"
WORDS = ("Zwqxvarkel", "Jyqzwumpf", "Kvxqaddrel", "Pfqxzwolm", "77184659")
"""In a question that waits, an answered one, an answer, a topic; and who wrote all that."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def database(home: Path) -> Iterator[Database]:
    opened = Database(home / "catalogue.db")
    yield opened
    opened.close()


@pytest.fixture
def connection(database: Database) -> sqlite3.Connection:
    """One that writes with every statement, and leaves no more traces than the bot's does."""
    held = database.read()
    held.execute("PRAGMA secure_delete = ON")
    return held


@pytest.fixture
def catalogue(database: Database) -> Catalogue:
    return Catalogue(database)


def delivered(number: int, person: str = ANNA, body: str = "{}") -> Delivered:
    return Delivered(number, person, body)


def ask(
    connection: sqlite3.Connection,
    question: str = "Wann?",
    at: float = 0.0,
    place: str = GROUP,
    person: str = ANNA,
    answer: str | None = "Um acht.",
    asked: int = 1,
    articles: tuple[str, ...] = (),
    answered: bool = True,
    seconds: float = 1.0,
) -> int:
    kept = Kept(0, at, place, person, asked, question, answer, (), None)
    return turns.keep(connection, kept, articles, answered, seconds)


def questions(connection: sqlite3.Connection, place: str = GROUP, since: float = 0.0) -> list[str]:
    return [one.question for one in turns.conversation(connection, place, since, 10)]


def count(connection: sqlite3.Connection, table: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


# -- updates ---------------------------------------------------------------------------------


def test_an_update_is_new_once(connection: sqlite3.Connection) -> None:
    assert inbox.accept(connection, BOT, [delivered(1), delivered(2)], 0.0) == [1, 2]
    assert inbox.accept(connection, BOT, [delivered(2), delivered(3)], 1.0) == [3]
    assert inbox.accept(connection, BOT + 1, [delivered(2)], 1.0) == [2], "another bot's numbers"


def test_an_update_that_is_done_is_known_but_its_body_is_forgotten(
    connection: sqlite3.Connection,
) -> None:
    inbox.accept(connection, BOT, [delivered(1, body="Wann?")], 0.0)
    inbox.note_status(connection, BOT, 1, 5)
    inbox.done(connection, BOT, 1)
    assert inbox.accept(connection, BOT, [delivered(1)], 1.0) == []
    assert inbox.take_up(connection, BOT) == []
    query = "SELECT person, body, status FROM inbox"
    assert connection.execute(query).fetchall() == [("", None, None)]


def test_what_a_process_left_is_taken_up_in_order_with_all_that_is_known(
    connection: sqlite3.Connection,
) -> None:
    inbox.accept(connection, BOT, [delivered(n, body=f"{n}") for n in (3, 1, 2)], 7.0)
    inbox.accept(connection, BOT + 1, [delivered(9)], 7.0)
    inbox.done(connection, BOT, 2)
    inbox.note_status(connection, BOT, 1, 11)
    inbox.note_sending(connection, BOT, 3)
    assert inbox.take_up(connection, BOT) == [
        Left(1, 7.0, "1", 1, False, 11),
        Left(3, 7.0, "3", 1, True, None),
    ]
    assert [left.attempts for left in inbox.take_up(connection, BOT)] == [2, 2]


def test_only_the_numbers_of_what_is_done_expire(connection: sqlite3.Connection) -> None:
    inbox.accept(connection, BOT, [delivered(1), delivered(2)], 0.0)
    inbox.accept(connection, BOT, [delivered(3)], 5.0)
    for number in (1, 3):
        inbox.done(connection, BOT, number)
    inbox.expire(connection, 5.0)
    assert inbox.accept(connection, BOT, [delivered(n) for n in (1, 2, 3)], 6.0) == [1]


# -- turns -----------------------------------------------------------------------------------


def test_a_conversation_is_the_last_turns_of_a_place_since_a_time(
    connection: sqlite3.Connection,
) -> None:
    for number in range(5):
        ask(connection, f"{number}", at=float(number))
    ask(connection, "anderswo", at=9.0, place=f"{GROUP}:3")
    assert questions(connection, since=2.0) == ["2", "3", "4"]
    found = turns.conversation(connection, GROUP, 0.0, 2)
    assert [one.question for one in found] == ["3", "4"]


def test_anew_ends_the_conversation_and_the_focus_of_one_place(
    connection: sqlite3.Connection, catalogue: Catalogue
) -> None:
    store(catalogue, article("a"))
    number = numbers(connection, ["a"])["a"]
    for place in (GROUP, ANNA):
        ask(connection, "davor", place=place)
        turns.set_focus(connection, place, number)
    turns.begin_anew(connection, GROUP)
    ask(connection, "danach")
    assert questions(connection) == ["danach"]
    assert questions(connection, ANNA) == ["davor"]
    assert [turns.focus(connection, place) for place in (GROUP, ANNA)] == [None, "a"]
    last = turns.last_of(connection, GROUP, ANNA)
    assert last is not None
    assert last.question == "danach"


def test_a_turn_is_found_again_with_its_messages_and_what_it_was_worth(
    connection: sqlite3.Connection,
) -> None:
    ask(connection, "früher", asked=5)
    number = ask(connection, asked=5)
    turns.note_messages(connection, number, [6, 7])
    turns.rate(connection, number, True)
    found = turns.turn_at(connection, GROUP, 5)
    assert found == Kept(number, 0.0, GROUP, ANNA, 5, "Wann?", "Um acht.", (6, 7), True)
    assert turns.turn(connection, number) == found
    assert turns.turn_at(connection, ANNA, 5) is None
    turns.remove(connection, number)
    assert turns.turn(connection, number) is None


def test_how_questions_went_is_counted(connection: sqlite3.Connection) -> None:
    assert turns.asked_since(connection, 0.0) == Asked(0, 0, 0, 0, 0, 0.0)
    ask(connection, at=1.0, seconds=99.0)
    for number, seconds in enumerate((3.0, 1.0, 2.0)):
        turn = ask(
            connection, at=5.0, person=BERT, answered=number > 0, seconds=seconds, asked=number + 1
        )
        turns.rate(connection, turn, number == 1)
    assert turns.asked_since(connection, 5.0) == Asked(3, 1, 2, 1, 2, 2.0)
    assert turns.count_since(connection, "person", BERT, 5.0) == 3
    assert turns.count_since(connection, "place", GROUP, 0.0) == 4


def test_what_is_older_expires(connection: sqlite3.Connection, catalogue: Catalogue) -> None:
    store(catalogue, article("a"))
    ask(connection, "alt", at=1.0, articles=("a",))
    ask(connection, "neu", at=2.0, articles=("a", "unbekannt"))
    turns.expire(connection, 2.0)
    assert questions(connection) == ["neu"]
    assert count(connection, "turn_articles") == 1


def test_what_nobody_asked_belongs_to_the_conversation_but_is_not_counted(
    connection: sqlite3.Connection,
) -> None:
    ask(connection, "gefragt")
    ask(connection, "gemeldet", asked=0)
    assert questions(connection) == ["gefragt", "gemeldet"]
    assert turns.count_since(connection, "person", ANNA, 0.0) == 1
    assert turns.asked_since(connection, 0.0).questions == 1
    last = turns.last_of(connection, GROUP, ANNA)
    assert last is not None
    assert last.question == "gefragt"


# -- topics ----------------------------------------------------------------------------------


def watched(
    connection: sqlite3.Connection, topic: str = "Fähre", person: str = ANNA, place: str = GROUP
) -> topics.Topic:
    assert topics.add(connection, person, place, topic, "de")
    return topics.topics(connection)[-1]


def fresh(connection: sqlite3.Connection, topic: topics.Topic, most: int = 99) -> list[str]:
    return [n.article_id for n in topics.news(connection, topic, most) if not n.told]


def test_a_place_is_told_of_a_topic_once(connection: sqlite3.Connection) -> None:
    watched(connection)
    assert not topics.add(connection, ANNA, GROUP, "Fähre", "de")
    assert not topics.add(connection, BERT, GROUP, "Fähre", "de")
    assert topics.add(connection, ANNA, ANNA, "Fähre", "en")
    assert topics.add(connection, BERT, GROUP, "Brücke", "de")
    found = topics.topics(connection, ANNA)
    assert [(one.place, one.topic, one.language) for one in found] == [
        (GROUP, "Fähre", "de"),
        (ANNA, "Fähre", "en"),
    ]
    assert [one.person for one in topics.topics(connection, place=GROUP)] == [ANNA, BERT]
    assert len(topics.topics(connection)) == 3


def test_only_its_owner_ends_a_topic_and_a_left_place_hears_of_none(
    connection: sqlite3.Connection,
) -> None:
    topic = watched(connection)
    assert not topics.end(connection, topic.id, BERT)
    assert topics.end(connection, topic.id, ANNA)
    assert not topics.end(connection, topic.id, ANNA)
    watched(connection)
    watched(connection, place=ANNA)
    topics.leave(connection, GROUP)
    assert [one.place for one in topics.topics(connection)] == [ANNA]


def test_messages_are_counted_by_day(connection: sqlite3.Connection) -> None:
    topic = watched(connection)
    for day, expected in (("2026-11-25", 1), ("2026-11-25", 2), ("2026-11-26", 1)):
        assert topics.note_told(connection, topic.id, [1, 2], day)
        (found,) = topics.topics(connection)
        assert found.told_on(day) == expected
    assert found.told_on("2026-11-27") == 0
    topics.end(connection, topic.id, ANNA)
    assert not topics.note_told(connection, topic.id, [1], "2026-11-26")
    assert count(connection, "told") == 0


def test_news_is_noted_only_while_somebody_watches(
    connection: sqlite3.Connection, catalogue: Catalogue
) -> None:
    store(catalogue, article("a"))
    assert count(connection, "news") == 0
    topic = watched(connection)
    store(catalogue, article("b"), article("a", "Etwas ganz anderes."), article("b"))
    assert fresh(connection, topic) == ["b", "a"]
    assert fresh(connection, topic, 1) == ["b"]
    topics.end(connection, topic.id, ANNA)
    assert count(connection, "news") == 0
    assert fresh(connection, watched(connection)) == []


def test_each_topic_has_the_news_since_it_was_made_until_it_has_seen_it(
    connection: sqlite3.Connection, catalogue: Catalogue
) -> None:
    first = watched(connection)
    store(catalogue, article("a"))
    second = watched(connection, "Brücke")
    assert fresh(connection, second) == []
    store(catalogue, article("b", "Etwas ganz anderes."))
    assert (fresh(connection, first), fresh(connection, second)) == (["a", "b"], ["b"])
    topics.note_seen(connection, second.id, topics.last_news(connection))
    assert count(connection, "news") == 2, "the first topic has not seen it"
    topics.note_seen(connection, first.id, first.seen + 1)
    first, second = topics.topics(connection)
    assert (fresh(connection, first), fresh(connection, second)) == (["b"], [])
    topics.note_seen(connection, first.id, topics.last_news(connection))
    assert count(connection, "news") == 0
    assert fresh(connection, watched(connection, "Markt")) == []


def test_who_has_heard_of_an_article_has_heard_of_its_copies(
    connection: sqlite3.Connection, catalogue: Catalogue
) -> None:
    topic, other = watched(connection), watched(connection, "Brücke")
    text = " ".join(f"Am Tag {n} fuhr die Fähre {n + 7} Gäste nach Brunsby." for n in range(30))
    store(catalogue, article("a", text), article("b", "Etwas ganz anderes."))
    topics.note_told(connection, topic.id, [numbers(connection, ["a"])["a"]], "2026-11-25")
    store(catalogue, article("c", text), article("a", f"{text} Und mehr."))
    assert fresh(connection, topic) == ["b"]
    assert fresh(connection, other) == ["a", "b", "c", "a"]


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
        turns.set_focus(connection, place, 1)
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
        turns.set_focus(connection, place, 1)
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
    turns.set_focus(connection, GROUP, known["a"])
    topics.note_told(connection, topic.id, known.values(), "2026-11-25")
    assert catalogue.delete(["a"]) == 1
    assert [(turns.turn(connection, n) or _none()).answer for n in (gone, kept)] == [
        None,
        "Um acht.",
    ]
    assert questions(connection) == ["weg", "bleibt"], "what was asked is not the article's"
    assert turns.focus(connection, GROUP) is None
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
            turns.set_focus(connection, place, 1)
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
    assert all(0 < now < then for now, then in zip(after[1:], before[1:], strict=True))
    assert connection.execute("SELECT * FROM turns").fetchall() == theirs
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


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
