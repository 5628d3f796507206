"""Articles are listed and deleted by those who run the bot; how fresh they are, all are told."""

import asyncio
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.tg.admin import Admin
from bot.tg.buttons import ConfirmDelete, KeepArticle, ListArticles, OpenArticle
from ingest.run import Progress
from ingest.watching.status import RunCounts, SourceStatus, WatchStatus, write_status
from tests.support.admin_desk import ADMIN, GROUP, GUEST, Desk, desk_in, filled
from vectorstore import listing, topics, turns
from vectorstore.turns import Kept


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    with desk_in(tmp_path) as opened:
        yield opened


# -- who may ------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["/ingest a\nb", "/articles", "/delete #1", "/stats"])
@pytest.mark.parametrize(("chat", "user"), [(GUEST, GUEST), (GROUP, ADMIN)])
def test_only_admins_alone_with_the_bot_may(desk: Desk, command: str, chat: int, user: int) -> None:
    filled(desk, 1)
    assert desk.writes(command, chat=chat, user=user).startswith("Das können nur die Betreiber")
    assert desk.library.app.catalogue.size() == 1


def test_a_document_of_somebody_else_is_not_taken_in(desk: Desk) -> None:
    desk.sends("a.txt", b"Ein Satz.", chat=GUEST)
    assert desk.library.app.catalogue.size() == 0


def test_a_button_obeys_admins_only(desk: Desk) -> None:
    filled(desk, 1)
    desk.writes("/delete #1")
    desk.taps(ConfirmDelete(1), user=GUEST)
    assert desk.library.app.catalogue.size() == 1


# -- listing and deleting -----------------------------------------------------------


def test_the_list_has_ten_articles_a_page_with_their_numbers(desk: Desk) -> None:
    filled(desk, 12)
    told = desk.writes("/articles")
    assert told.splitlines()[0] == "12 Artikel, die neuesten zuerst:"
    assert told.splitlines()[2] == "#12 Artikel 12"
    assert len(told.splitlines()) == 12
    assert desk.buttons()[0] == OpenArticle(12)
    assert desk.taps(ListArticles(2)).splitlines()[2:] == ["#2 Artikel 2", "#1 Artikel 1"]
    assert ListArticles(1) in desk.buttons()


def test_the_pages_keep_to_the_words_that_were_asked_for(desk: Desk) -> None:
    filled(desk, 25)
    told = desk.writes("/articles artikel 1")
    assert told.splitlines()[0] == "12 Artikel zu „artikel 1“, die neuesten zuerst:"
    assert desk.taps(ListArticles(2)).splitlines()[2:] == ["#10 Artikel 10", "#1 Artikel 1"]
    assert desk.writes("/articles elefant") == "Dazu gibt es keine Artikel."


@pytest.mark.parametrize("named", ["#2", "2", "a2"])
def test_an_article_is_deleted_once_that_is_confirmed(desk: Desk, named: str) -> None:
    filled(desk, 3)
    asked = desk.writes(f"/delete {named}")
    assert asked.startswith("#2 Artikel 2\n\nSatz 2.")
    assert desk.library.app.catalogue.size() == 3
    assert desk.buttons() == [ConfirmDelete(2), KeepArticle(2)]
    assert desk.taps(ConfirmDelete(2)) == "Gelöscht: „Artikel 2“"
    assert desk.library.app.catalogue.content_hash("a2") is None
    assert desk.buttons() == []


def test_an_article_stays_if_that_is_wanted(desk: Desk) -> None:
    filled(desk, 1)
    desk.writes("/delete 1")
    assert desk.taps(KeepArticle(1)) == "Nicht gelöscht: „Artikel 1“"
    assert desk.library.app.catalogue.size() == 1


@pytest.mark.parametrize("named", ["#9", "9" * 30, "²", "nichts"])
def test_what_is_not_there_can_not_be_deleted(desk: Desk, named: str) -> None:
    filled(desk, 1)
    assert desk.writes(f"/delete {named}").startswith("Einen solchen Artikel gibt es nicht.")


# -- how it stands ------------------------------------------------------------------


def test_everybody_is_told_how_fresh_the_articles_are(desk: Desk, tmp_path: Path) -> None:
    assert desk.writes("/status", chat=GUEST) == "Es sind noch keine Artikel aufgenommen."
    (tmp_path / "a.jsonl").write_text('{"id": "a", "text": "A.", "published": "2026-03-18"}')
    desk.library.take_in([str(tmp_path / "a.jsonl")], Progress())
    told = desk.writes("/status", chat=GUEST)
    assert told.startswith("1 Artikel. Der neueste ist vom 18.03.2026. Zuletzt kam etwas dazu: ")
    assert "hashing" not in told


def test_admins_are_told_all_of_it(desk: Desk) -> None:
    filled(desk, 1)
    told = desk.writes("/status")
    assert "Zum Suchen bereit: 1 Absatz, dazu 1 noch in Arbeit" in told
    assert "Suche: hashing, Chroma in einem anderen Programm oder nicht in Gebrauch" in told
    assert "Antworten: nur Zitate" in told
    assert "python 3." in told


def test_times_are_told_in_the_zone_that_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    then = datetime(2026, 3, 18, 20, tzinfo=UTC)
    bad = SourceStatus("Blatt", "feed", failing_since=then, failures=2, errors=("Weg.",))
    good = SourceStatus("Bote", "feed", last_run=then, counts=RunCounts(added=1))
    with desk_in(tmp_path, "Asia/Tokyo") as desk:
        filled(desk, 1)
        desk.library._taken_in = None
        write_status(tmp_path, WatchStatus("w.toml", then, then, None, (good, bad)))
        told = desk.writes("/status")
    assert "Zuletzt kam etwas dazu: 19.03.2026, 05:00" in told
    assert "Blatt: seit 19.03.2026, 05:00 ohne Erfolg" in told


def test_a_long_search_in_the_list_keeps_nobody_from_the_journal(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(desk, 1)
    searching, free = threading.Event(), threading.Event()
    real = listing.newest

    def slow(*given: Any) -> Any:
        searching.set()
        assert free.wait(5)
        return real(*given)

    monkeypatch.setattr(listing, "newest", slow)

    async def meanwhile(admin: Admin) -> None:
        assert await asyncio.to_thread(searching.wait, 5)
        async with asyncio.timeout(2):
            await desk.journal.read(topics.topics)
        free.set()

    desk.does(lambda: desk.api.user_sends("/articles Artikel", chat=ADMIN), then=meanwhile)
    assert desk.last().text.startswith("1 Artikel zu „Artikel“")


def test_admins_are_told_how_much_is_asked(desk: Desk) -> None:
    def keep(at: float, person: str, answered: bool, good: bool | None) -> None:
        kept = Kept(0, at, "telegram:7", person, 1, "?", "{}", (), None)
        with desk.library.app.database.write(content=False) as connection:
            number = turns.keep(connection, kept, (), answered, 1.25)
            if good is not None:
                turns.rate(connection, number, good)

    keep(time.time(), "telegram:7", True, True)
    keep(time.time() - 3 * 86_400, "telegram:8", False, False)
    keep(time.time() - 30 * 86_400, "telegram:9", False, None)
    assert desk.writes("/stats").splitlines() == [
        "Heute: 1 Frage von 1 Person, 100 % beantwortet, 👍 1 👎 0, im Mittel 1,2 s",
        "7 Tage: 2 Fragen von 2 Personen, 50 % beantwortet, 👍 1 👎 1, im Mittel 1,2 s",
        "Beobachtet: 0 Themen von 0 Personen",
    ]
