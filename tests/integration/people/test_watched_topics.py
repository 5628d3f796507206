"""Topics that people watch have the news since they were begun, each piece once."""

import sqlite3

from tests.support.kept import (
    ANNA,
    BERT,
    GROUP,
    count,
    fresh,
    watched,
)
from tests.support.store import article, store
from vectorstore import topics
from vectorstore.catalogue import Catalogue
from vectorstore.numbers import numbers


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
