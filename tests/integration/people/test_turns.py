"""What was asked in a messenger and what was answered is found again for as long as it should."""

import sqlite3

from tests.support.kept import (
    ANNA,
    BERT,
    GROUP,
    ask,
    count,
    questions,
)
from tests.support.store import article, store
from vectorstore import turns
from vectorstore.catalogue import Catalogue
from vectorstore.numbers import numbers
from vectorstore.turns import Asked, Kept


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
        turns.set_focus(connection, place, number, 1.0)
    turns.begin_anew(connection, GROUP)
    ask(connection, "danach")
    assert questions(connection) == ["danach"]
    assert questions(connection, ANNA) == ["davor"]
    assert [turns.focus(connection, place, 0.0) for place in (GROUP, ANNA)] == [None, number]
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
    turns.remove_asked(connection, GROUP, 5)
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
    assert turns.count(connection, "person", BERT, 5.0, 1e12) == 3
    assert turns.count(connection, "place", GROUP, 0.0, 1e12) == 4


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
    assert turns.count(connection, "person", ANNA, 0.0, 1e12) == 1
    assert turns.asked_since(connection, 0.0).questions == 1
    last = turns.last_of(connection, GROUP, ANNA)
    assert last is not None
    assert last.question == "gefragt"
