"""Groups of copies in SQLite, as articles come, change and go."""

import random
import sqlite3
from collections.abc import Iterator

import pytest

from tests.unit.test_copies import FOOTER, TOLD, rewritten, sentences, text
from vectorstore import copies, copy_groups

ARTICLES = """
CREATE TABLE articles (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL
);
CREATE TABLE versions (
    article INTEGER NOT NULL REFERENCES articles (seq) ON DELETE CASCADE,
    version INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (article, version)
);
"""
HALF = len(TOLD) // 2
FULL, FIRST, SECOND = text(TOLD), text(TOLD[:HALF]), text(TOLD[HALF:])
VERSION_A = text(TOLD[:HALF] + sentences("a", 7))  # with the next kin, but no copy of it
VERSION_B = text(sentences("b", 6) + TOLD[HALF - 5 : HALF + 5])


class Store:
    """Just enough of a catalogue: articles with versions, and the copies among them."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        self.connection.execute("PRAGMA foreign_keys = ON")
        for statement in (ARTICLES + copy_groups.TABLES).split(";"):
            self.connection.execute(statement)

    def add(self, *texts: str) -> list[int]:
        return [self._add(told) for told in texts]

    def change(self, seq: int, told: str) -> None:
        copy_groups.remove(self.connection, seq)
        self.connection.execute("UPDATE articles SET version = version + 1 WHERE seq = ?", (seq,))
        self._write(seq, told)
        copy_groups.insert(self.connection, seq, told)

    def delete(self, seq: int) -> None:
        copy_groups.remove(self.connection, seq)
        self.connection.execute("DELETE FROM articles WHERE seq = ?", (seq,))

    def groups(self) -> dict[int, int]:
        return copy_groups.groups(self.connection)

    def stored(self, told: str) -> int:
        query = "INSERT INTO articles (id, version) VALUES (hex(randomblob(8)), 1)"
        seq = self.connection.execute(query).lastrowid
        assert seq is not None
        self._write(seq, told)
        return seq

    def _add(self, told: str) -> int:
        seq = self.stored(told)
        copy_groups.insert(self.connection, seq, told, copies.signature(told))
        return seq

    def _write(self, seq: int, told: str) -> None:
        query = "INSERT INTO versions SELECT seq, version, ? FROM articles WHERE seq = ?"
        self.connection.execute(query, (told, seq))


@pytest.fixture
def store() -> Iterator[Store]:
    store = Store()
    yield store
    store.connection.close()


def other(name: object) -> str:
    return text([*sentences(name), FOOTER])


def test_copies_are_a_group_known_by_its_oldest_article(store: Store) -> None:
    first, full, changed, apart = store.add(FIRST, FULL, text(rewritten(TOLD, 0.3)), other("x"))
    assert store.groups() == {first: first, full: first, changed: first}
    assert copy_groups.members(store.connection, changed) == [first, full, changed]
    assert copy_groups.members(store.connection, apart) == [apart]


def test_an_article_without_copies_is_in_no_listed_group(store: Store) -> None:
    store.add(other("a"), other("b"), "–", "")
    assert store.groups() == {}
    assert copy_groups.members(store.connection, 999) == []


def test_insert_names_the_group(store: Store) -> None:
    first = store.stored(FULL)
    second = store.stored(FIRST)
    assert copy_groups.insert(store.connection, first, FULL) == first
    assert copy_groups.insert(store.connection, second, FIRST) == first


def test_an_article_that_changes_leaves_its_group_and_may_come_back(store: Store) -> None:
    one, two, three = store.add(FULL, FIRST, FULL)
    store.change(one, other("x"))
    assert store.groups() == {two: two, three: two}
    store.change(one, FULL)
    assert store.groups() == {one: one, two: one, three: one}


def test_a_group_falls_apart_without_the_report_that_held_it_together(store: Store) -> None:
    full, one, two = store.add(FULL, VERSION_A, VERSION_B)
    assert set(store.groups().values()) == {full}
    store.delete(full)
    assert store.groups() == {}
    assert copy_groups.members(store.connection, two) == [two]
    again = store.add(FULL)[0]
    assert store.groups() == {one: one, two: one, again: one}


def test_the_rest_of_a_group_stays_together_under_the_next_number(store: Store) -> None:
    one, two, three = store.add(FULL, FULL, FIRST)
    store.delete(one)
    assert store.groups() == {two: two, three: two}


def test_a_roundup_does_not_unite_the_reports_that_it_reprints(store: Store) -> None:
    a, b = sentences("a"), sentences("b")
    one, two, roundup, copy = store.add(text(a), text(b), text(a + b), text(b[:15]))
    groups = store.groups()
    assert groups[one] != groups[two]
    assert groups[two] == groups[copy]
    assert groups[roundup] in (groups[one], groups[two])


def test_the_halves_of_a_report_are_not_united_by_it(store: Store) -> None:
    one, two, full = store.add(FIRST, SECOND, FULL)
    assert store.groups() == {one: one, full: one}
    assert copy_groups.members(store.connection, two) == [two]


def test_a_footer_in_every_article_unites_none(store: Store) -> None:
    store.add(*(other(i) for i in range(40)))
    assert store.groups() == {}
    store.add(other(7))
    assert store.groups() == {8: 8, 41: 8}


def test_a_report_in_more_papers_than_are_looked_at_is_one_group(store: Store) -> None:
    many = copy_groups.HOLDERS + copy_groups.SPLIT
    store.add(*(text(TOLD, f"Titel {i} der Zeitung") for i in range(many)))
    assert set(store.groups().values()) == {1}
    store.delete(1)
    assert set(store.groups().values()) == {2}
    assert len(store.groups()) == many - 1


def test_what_is_removed_leaves_nothing_behind(store: Store) -> None:
    for seq in store.add(FULL, FIRST, other("x"), "Kurz."):
        store.delete(seq)
    copy_groups.remove(store.connection, 1)
    for table in ("copies", "copy_keys"):
        assert store.connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_an_article_deleted_without_notice_is_proposed_no_more(store: Store) -> None:
    one, two = store.add(FULL, FIRST)
    store.connection.execute("DELETE FROM articles WHERE seq = ?", (one,))
    three = store.add(FULL)[0]
    assert copy_groups.members(store.connection, three) == [two, three]


def test_articles_from_before_there_were_groups_are_added_once(store: Store) -> None:
    one, two = store.stored(FULL), store.stored(FIRST)
    assert copy_groups.complete(store.connection) == 2
    assert copy_groups.complete(store.connection) == 0
    assert store.groups() == {one: one, two: one}


@pytest.mark.parametrize("seed", range(4))
def test_groups_are_the_same_in_whatever_order_articles_come(store: Store, seed: int) -> None:
    told = {f"{i}{kind}": version for i in range(6) for kind, version in versions(i).items()}
    names = list(told)
    random.Random(seed).shuffle(names)
    name_of = dict(zip(store.add(*(told[name] for name in names)), names, strict=True))
    found: dict[int, set[str]] = {}
    for article, group in store.groups().items():
        found.setdefault(group, set()).add(name_of[article])
    assert sorted(map(sorted, found.values())) == [[f"{i}{k}" for k in "abcd"] for i in range(6)]


def versions(i: int) -> dict[str, str]:
    told = sentences(f"story {i}")
    return {
        "a": text(told),
        "b": text(told[:10], "Ein anderer Titel"),
        "c": text(rewritten(told, 0.3)),
        "d": text([*told[12:], *told[:12], FOOTER]),
    }


def test_inserting_looks_at_no_more_rows_when_the_catalogue_is_larger(store: Store) -> None:
    """Counted in SQLite's steps, since time depends on the machine."""

    def steps(told: str) -> int:
        counted = [0]

        def count() -> int:
            counted[0] += 1
            return 0

        seq, prepared = store.stored(told), copies.signature(told)
        store.connection.set_progress_handler(count, 100)
        copy_groups.insert(store.connection, seq, told, prepared)
        store.connection.set_progress_handler(None, 0)
        return counted[0]

    store.add(*(other(i) for i in range(100)))
    before = steps(other("early"))
    store.add(*(other(i) for i in range(100, 600)))
    assert steps(other("late")) <= before * 1.5
