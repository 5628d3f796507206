"""What is deleted is in no file of the home any more: seen by searching the bytes."""

import multiprocessing
import os
import platform
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.bootstrap import App, app
from bot.deletion import delete_articles, keep_purged, purge_home
from bot.settings import Settings
from ingest.watching.status import SourceStatus, WatchStatus, read_status, write_status
from tests.support.store import CONTRACT, article, embedded, eventually, numbered, store
from tests.support.traces import traces
from vectorstore import lexical, purge, removals
from vectorstore.backup import write_backup
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.errors import StoreError
from vectorstore.pages import Page
from vectorstore.register import Kept, Kind, Register
from vectorstore.reindexing import side_index

ID = "https://blatt.example/zwqxvarkel-meldung"
WORDS = ("Zwqxvarkel", "Jyqzwumpf", "Kvxqaddrel", "Pfqxzwolm", "Xwqjarnok")
"""In the id and the address, in the title, in the text now, in the text before, in a page."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def parts(home: Path) -> Iterator[App]:
    """A home in which an article with strange words has two versions, among others."""
    with app(Settings(BELEG_HOME=str(home)), owner=True) as opened:
        catalogue = opened.catalogue
        store(catalogue, article("früher", "Davor war etwas anderes."), told(WORDS[3]))
        store(catalogue, told(WORDS[2]), article("später", "Danach kommt etwas anderes."))
        catalogue.note_pages([Page(f"https://blatt.example/{WORDS[4]}", ID, "etag")])
        yield opened


def told(word: str) -> Any:
    text = f"Der Ort heißt {word}. Dort steht ein Turm.\n\nMehr über {word} weiß keiner."
    return article(ID, text, url=ID, title=f"Alles über {WORDS[1]}")


def said(parts: App) -> list[str]:
    lines: list[str] = []
    assert purge_home(parts, lines.append)
    return lines


# -- the bytes ---------------------------------------------------------------------------


def test_words_that_were_only_deleted_are_still_in_the_files(parts: App, home: Path) -> None:
    delete_articles(parts, [ID])
    assert len(traces(home, WORDS)) == len(WORDS)


def test_nor_is_it_enough_to_write_the_file_anew(parts: App, home: Path) -> None:
    delete_articles(parts, [ID])
    with closing(sqlite3.connect(parts.database.path)) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert any("catalogue.db " in trace for trace in traces(home, WORDS)), "postings keep words"


def test_a_deleted_article_leaves_no_byte(parts: App, home: Path) -> None:
    assert delete_articles(parts, [ID]) == 1
    said(parts)
    assert traces(home, WORDS) == []
    assert [one.article.id for one in parts.catalogue.articles()] == ["später", "früher"]
    assert removals.noted(parts.database.read()) == {}


def test_nor_does_it_among_many_others_with_chroma_in_use(parts: App, home: Path) -> None:
    store(parts.catalogue, *(numbered(f"n{n}", 4) for n in range(50)))
    assert parts.index is not None
    assert parts.index.own()
    assert parts.index.catch_up()
    delete_articles(parts, [ID])
    said(parts)
    assert traces(home, WORDS) == []
    assert parts.index.catch_up()
    assert len(parts.index.store.ids()) == parts.catalogue.counts().chunks == 202


@pytest.mark.parametrize("finished", [True, False], ids=["old", "new"])
def test_nor_does_it_in_an_index_beside_the_live_one(
    parts: App, home: Path, finished: bool
) -> None:
    made_with = replace(CONTRACT, dimension=8, lexical=lexical.VERSION)
    with side_index(parts.database, made_with) as side:
        side.add([(one, embedded(one)) for _, one in side.next_missing(0, 10)])
        if finished:
            assert side.switch()
    delete_articles(parts, [ID])
    said(parts)
    assert traces(home, WORDS) == []


def test_what_prune_removes_is_due_as_well(parts: App, home: Path) -> None:
    assert parts.catalogue.prune("source", frozenset([ID])) == 1
    assert removals.noted(parts.database.read()).keys() == {removals.digest(ID)}
    said(parts)
    assert traces(home, WORDS) == []


def test_nothing_is_written_anew_when_nothing_is_due(parts: App) -> None:
    before = parts.database.path.stat().st_mtime_ns
    assert not purge.purge(parts.database)
    assert said(parts) == []
    assert parts.database.path.stat().st_mtime_ns == before


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc hands out clean memory")
def test_chroma_writes_none_of_the_memory_that_it_got_and_did_not_fill(
    parts: App, home: Path
) -> None:
    assert parts.index is not None
    assert parts.index.own()
    secret = b"Zwqxvarkel" * 100
    for _ in range(3):  # the threads that Chroma works in have memory of their own, used again
        held = [bytearray(secret) for _ in range(10_000)]
        del held
        parts.index.store.distrust()
        assert parts.index.catch_up()
        for graph in (home / "chroma").rglob("data_level0.bin"):
            spare = graph.read_bytes()[parts.catalogue.counts().chunks * (32 * 4 + 300) :]
            assert set(spare) <= {0, 0x5A}, "neither fresh nor filled memory"


# -- others at work ----------------------------------------------------------------------


def hold_open(path: Path, wire: Any) -> None:
    """Reads and writes a catalogue until it is told to end."""
    database = Database(path)
    catalogue = Catalogue(database)
    wire.send("open")
    count = 0
    while not wire.poll():
        with database.snapshot():
            list(catalogue.texts())
        store(catalogue, numbered("beside", 3, first=count))
        count += 1
    database.close()


def test_it_is_gone_while_another_process_reads_and_writes(parts: App, home: Path) -> None:
    ours, theirs = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    other = context.Process(target=hold_open, args=(parts.database.path, theirs))
    other.start()
    try:
        assert ours.recv() == "open"
        delete_articles(parts, [ID])
        said(parts)
        assert traces(home, WORDS) == []
    finally:
        ours.send("end")
        other.join(20)
    assert other.exitcode == 0
    assert parts.database.read().execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_reader_who_stays_is_told_of_and_the_rest_is_done_later(parts: App, home: Path) -> None:
    with closing(sqlite3.connect(parts.database.path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM versions").fetchone()
        delete_articles(parts, [ID])
        with pytest.raises(StoreError, match=r"still in the catalogue's files.*doctor --repair"):
            purge.purge(parts.database, patience=0.2)
        assert removals.noted(parts.database.read())
    said(parts)
    assert traces(home, WORDS) == []


def test_what_is_deleted_during_a_purge_stays_due(parts: App) -> None:
    delete_articles(parts, [ID])
    seen = removals.noted(parts.database.read())
    store(parts.catalogue, told(WORDS[2]))
    delete_articles(parts, [ID])
    with parts.database.write(content=False) as connection:
        removals.settle(connection, seen)
    assert removals.noted(parts.database.read()).keys() == {removals.digest(ID)}


def delete_and_die(home: Path) -> None:
    with app(Settings(BELEG_HOME=str(home)), owner=True) as parts:
        delete_articles(parts, [ID])
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_kill_between_removal_and_purge_is_caught_up_with(parts: App, home: Path) -> None:
    killed = multiprocessing.get_context("spawn").Process(target=delete_and_die, args=(home,))
    killed.start()
    killed.join(30)
    assert killed.exitcode == -signal.SIGKILL
    assert traces(home, WORDS)
    thread = keep_purged(parts)
    assert eventually(lambda: not removals.noted(parts.database.read()))
    parts.stop.request()
    thread.join(10)
    assert traces(home, WORDS) == []


# -- copies ------------------------------------------------------------------------------


def test_backups_of_the_users_that_hold_it_are_named_and_left(parts: App, tmp_path: Path) -> None:
    mine = backed_up(parts, tmp_path / "mine.db", Kind.BACKUP)
    delete_articles(parts, [ID])
    between = backed_up(parts, tmp_path / "between.db", Kind.BACKUP)  # its postings have the words
    assert sorted(said(parts)) == [
        f"The backup {path} of 2026-11-25 still holds what was deleted." for path in (between, mine)
    ]
    assert mine.exists()
    assert between.exists()
    mine.unlink()
    between.unlink()
    backed_up(parts, tmp_path / "after.db", Kind.BACKUP)
    delete_articles(parts, ["später"])
    assert [line for line in said(parts) if "after.db" not in line] == []
    assert traces(tmp_path, WORDS) == []


def test_a_copy_that_beleg_made_by_itself_is_removed_and_told(parts: App, home: Path) -> None:
    (home / "backups").mkdir()
    kept = backed_up(parts, home / "backups" / "schema-3.db", Kind.AUTOMATIC)
    aside = home / "damaged" / "20261124T120000"
    aside.mkdir(parents=True)
    (aside / "catalogue.db").write_bytes(b"broken " + WORDS[2].encode())
    noted = Kept(aside / "catalogue.db", "2026-11-24T12:00:00+00:00", Kind.DAMAGED, 0)
    Register(home).note(noted)
    delete_articles(parts, [ID])
    lines = said(parts)
    assert any(str(kept) in line and "is removed" in line for line in lines)
    assert any("damaged catalogue" in line and "2026-11-24" in line for line in lines)
    assert Register(home).kept() == []
    assert traces(home, WORDS) == []


def test_a_copy_that_beleg_was_killed_before_noting_is_removed(parts: App, home: Path) -> None:
    (home / "backups").mkdir()
    write_backup(parts.database.path, home / "backups" / "schema-3.db")
    delete_articles(parts, [ID])
    said(parts)
    assert traces(home, WORDS) == []


def test_what_an_unfinished_backup_left_is_removed(parts: App, home: Path) -> None:
    (home / ".beleg-0123.draft").write_bytes(WORDS[2].encode())
    delete_articles(parts, [ID])
    said(parts)
    assert traces(home, WORDS) == []


def backed_up(parts: App, target: Path, kind: Kind) -> Path:
    found = write_backup(parts.database.path, target)
    note = Kept(target, "2026-11-25T12:00:00+00:00", kind, found.articles)
    Register(parts.settings.home).note(note)
    return target


# -- what a watch tells ------------------------------------------------------------------


def test_an_error_of_a_watch_that_names_it_is_forgotten(parts: App, home: Path) -> None:
    now = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    errors = (f"{ID}: The page answered 403 (forbidden).", "https://x.example/: It is empty.")
    status = SourceStatus("Blatt", "feed", now, now, errors=errors)
    write_status(home, WatchStatus("sources.toml", now, now, None, (status,)))
    delete_articles(parts, [ID])
    said(parts)
    left = read_status(home)
    assert left is not None
    assert left.sources[0].errors == errors[1:]
    assert traces(home, WORDS) == []


def test_a_chroma_that_can_not_be_emptied_now_is_told_as_it_is(
    parts: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert parts.index is not None
    monkeypatch.setattr(parts.index.store, "discard", lambda: False)
    delete_articles(parts, [ID])
    (told,) = said(parts)
    assert "can't be removed" in told
    assert "The process that uses Chroma" not in told
