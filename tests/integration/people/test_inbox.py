"""What a messenger has delivered is known, and kept until it is dealt with."""

import sqlite3

from tests.support.kept import ANNA, BOT, delivered
from vectorstore import inbox
from vectorstore.inbox import Left


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
    assert inbox.accept(connection, BOT, [delivered(1, body="Wann?")], 1.0) == []
    assert inbox.take_up(connection, BOT) == []
    query = "SELECT person, body FROM inbox"
    assert connection.execute(query).fetchall() == [("", None)]


def test_a_server_that_counts_anew_is_heard(connection: sqlite3.Connection) -> None:
    inbox.accept(connection, BOT, [delivered(1, body="Wann?")], 0.0)
    inbox.note_sending(connection, BOT, 1)
    assert inbox.accept(connection, BOT, [delivered(1, body="Wo?")], 0.5) == [], "not done yet"
    inbox.done(connection, BOT, 1)
    assert inbox.accept(connection, BOT, [delivered(1, body="Wo?")], 1.0) == [1]
    assert inbox.take_up(connection, BOT) == [Left(1, 1.0, "Wo?", 1, False, None)]
    inbox.done(connection, BOT, 1)
    inbox.done(connection, BOT, 1)
    assert inbox.accept(connection, BOT, [delivered(1, body="Wo?")], 2.0) == []


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


def test_what_was_forgotten_is_still_told_from_another_with_its_number(
    connection: sqlite3.Connection,
) -> None:
    inbox.accept(connection, BOT, [delivered(1, ANNA, "Vergiss mich.")], 0.0)
    inbox.forget(connection, ANNA)
    inbox.done(connection, BOT, 1)
    assert inbox.accept(connection, BOT, [delivered(1, ANNA, "Vergiss mich.")], 1.0) == []
    assert inbox.accept(connection, BOT, [delivered(1, ANNA, "Wo?")], 2.0) == [1]
