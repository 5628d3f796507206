"""What an admin sends becomes an article, or it is said why not; nothing of it stays behind."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.library import RECEIVED, Library
from bot.tg import downloads
from bot.tg.admin import Admin
from bot.tg.buttons import Ask, OpenArticle
from tests.support.admin_desk import ADMIN, GUEST, Desk, desk_in

TEXT = "Brücke eröffnet\nDie Brücke über die Spree ist offen. Sie ist schmal."


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    with desk_in(tmp_path) as opened:
        yield opened


def test_a_text_is_taken_in_and_shown_with_a_sample_question(desk: Desk) -> None:
    told = desk.writes(f"/ingest {TEXT}")
    assert told == (
        "Neu aufgenommen: 1 Artikel.\n\nBrücke eröffnet\n"
        "Fragen Sie zum Beispiel: Worum geht es bei „Brücke eröffnet“?"
    )
    assert desk.buttons() == [Ask(1), OpenArticle(1)]
    (article,) = desk.library.app.catalogue.texts()
    assert article.title == "Brücke eröffnet"
    assert article.text == "Die Brücke über die Spree ist offen. Sie ist schmal."


def test_an_update_that_comes_again_makes_no_second_article(desk: Desk) -> None:
    first = desk.api.user_sends(TEXT, chat=ADMIN)
    for _ in range(2):
        told = desk.writes("/ingest", reply_to=first)
    assert told.startswith("Schon da und unverändert: 1 Artikel.")
    assert desk.library.app.catalogue.size() == 1


def test_the_command_alone_says_how(desk: Desk) -> None:
    for text in ("/ingest", "/ingest Spree"):
        assert desk.writes(text).startswith("So kommt ein Artikel dazu:")


def test_links_are_taken_in_and_what_fails_is_told(desk: Desk) -> None:
    told = desk.writes("/ingest https://a.example/1, https://a.example/2")
    assert told == (
        "Nicht aufgenommen: 2 Artikel.\n"
        "• https://a.example/1: Pages can't be fetched here.\n"
        "• https://a.example/2: Pages can't be fetched here."
    )


def test_a_document_is_taken_in_under_a_name_of_our_own(desk: Desk) -> None:
    told = desk.sends("../../etc/Brücke: neu?.txt", b"Die Spree ist breit.\n\nSie ist tief.")
    assert "Neu aufgenommen: 1 Artikel." in told
    assert list((desk.library.app.settings.home / RECEIVED).iterdir()) == []
    again = desk.sends("Brücke: neu?.txt", b"Die Spree ist breit.\n\nSie ist tief.")
    assert again.startswith("Schon da und unverändert")


def test_a_document_is_taken_in_by_a_reply_to_it(desk: Desk) -> None:
    sent: list[int] = []
    desk.does(
        lambda: sent.append(desk.api.user_sends_document("a.txt", b"Ein Satz.", chat=ADMIN)),
    )
    assert "unverändert" in desk.writes("/ingest", reply_to=sent[0])


@pytest.mark.parametrize(
    ("name", "mime", "size", "said"),
    [
        ("a.exe", None, None, "Solche Dateien kann ich nicht lesen"),
        ("a.txt", "video/mp4", None, "Solche Dateien kann ich nicht lesen"),
        ("a.txt", None, 20 * 2**20 + 1, "Diese Datei ist zu groß: höchstens 20 MB, bitte."),
        ("a.txt", None, 0, "Diese Datei ist leer."),
    ],
)
def test_a_document_is_refused_before_it_is_fetched(
    desk: Desk, name: str, mime: str | None, size: int | None, said: str
) -> None:
    assert desk.sends(name, b"Ein Satz.", mime=mime, size=size).startswith(said)
    with pytest.raises(AssertionError):
        desk.api.wait_for_call("getFile", timeout=0.1)


def test_a_type_will_do_where_a_name_says_nothing(desk: Desk) -> None:
    assert "Neu aufgenommen" in desk.sends("Notiz", b"Ein Satz.", mime="text/plain")


def test_no_more_is_fetched_than_may_be(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "LARGEST", 1_000)
    told = desk.sends("a.txt", b"Wort. " * 1_000, size=10)
    assert told.startswith("Diese Datei ist zu groß")
    assert list((desk.library.app.settings.home / RECEIVED).iterdir()) == []


def test_a_bad_line_costs_no_file(desk: Desk) -> None:
    desk.api.fault("download", drop="response")
    assert "Neu aufgenommen" in desk.sends("a.txt", b"Ein Satz.")


def test_a_file_that_is_away_is_asked_for_again(desk: Desk) -> None:
    desk.api.fault("getFile", error_code=400, description="Bad Request: wrong file_id")
    assert desk.sends("a.txt", b"Ein Satz.").startswith("Die Datei ließ sich nicht holen.")


def test_a_file_without_an_article_is_told_in_plain_words(desk: Desk) -> None:
    told = desk.sends("a.pdf", b"nichts")
    assert told == (
        "Nicht aufgenommen: 1 Artikel.\n"
        "• a.pdf: Das ist beschädigt oder nicht, was es dem Namen nach sein müsste."
    )


def test_what_comes_meanwhile_waits_and_is_told_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    taking, seen = desk.library.app.catalogue.store, []

    def slow(*given: Any) -> Any:
        time.sleep(2.0)
        seen.append([m.text for m in desk.api.messages(ADMIN) if m.from_bot])
        return taking(*given)

    monkeypatch.setattr(desk.library.app.catalogue, "store", slow)
    desk.does(
        lambda: desk.api.user_sends(f"/ingest {TEXT}", chat=ADMIN),
        lambda: desk.api.user_sends("/ingest Katze\nSie schläft.", chat=ADMIN),
    )
    assert any("Danach kommt das hier dran." in text for text in seen[0])
    assert any(text.startswith("Liest …") for text in seen[0])
    texts = [m.text for m in desk.api.messages(ADMIN) if m.from_bot]
    assert len(texts) == 2
    assert all(text.startswith("Neu aufgenommen") for text in texts)


def test_it_can_be_stopped(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(self: Library, *given: Any) -> None:
        while True:
            time.sleep(0.05)
            given[-1].check()

    monkeypatch.setattr(Library, "take_in_text", slow)

    async def stop(admin: Admin) -> None:
        await asyncio.sleep(0.2)
        assert await admin.receiving.cancel(f"telegram:{GUEST}") == 0
        assert await admin.receiving.cancel(f"telegram:{ADMIN}") == 1

    desk.does(lambda: desk.api.user_sends(f"/ingest {TEXT}", chat=ADMIN), then=stop)
    assert desk.last().text == "Abgebrochen. Was bis dahin aufgenommen war, bleibt."


def test_what_is_in_and_only_to_be_told_is_not_stopped_any_more(desk: Desk) -> None:
    desk.api.fault("sendMessage", delay=1.0)
    counted: list[int] = []

    async def stop(admin: Admin) -> None:
        while not desk.library.app.catalogue.size():
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.3)
        counted.append(await admin.receiving.cancel(f"telegram:{ADMIN}"))

    desk.does(lambda: desk.api.user_sends(f"/ingest {TEXT}", chat=ADMIN), then=stop)
    assert counted == [0]
    assert desk.last().text.startswith("Neu aufgenommen")


def test_what_is_being_stopped_is_stopped_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(self: Library, *given: Any) -> None:
        time.sleep(0.6)
        given[-1].check()

    monkeypatch.setattr(Library, "take_in_text", slow)
    counted: list[int] = []

    async def stop(admin: Admin) -> None:
        await asyncio.sleep(0.2)
        for _ in range(2):
            counted.append(await admin.receiving.cancel(f"telegram:{ADMIN}"))
            await asyncio.sleep(0.1)

    desk.does(lambda: desk.api.user_sends(f"/ingest {TEXT}", chat=ADMIN), then=stop)
    assert counted == [1, 0]
    assert desk.last().text.startswith("Abgebrochen.")


def test_what_an_earlier_process_was_at_is_taken_in_now(desk: Desk) -> None:
    desk.died = 2
    assert desk.writes(f"/ingest {TEXT}").startswith("Neu aufgenommen")


def test_what_brings_processes_down_is_given_up(desk: Desk) -> None:
    desk.died = 3
    assert desk.writes(f"/ingest {TEXT}").startswith("Das ließ sich mehrmals nicht")
    assert desk.library.app.catalogue.size() == 0


def test_it_is_given_up_in_the_message_that_said_how_far_it_was(desk: Desk) -> None:
    desk.writes("/ingest")
    desk.died, desk.status = 3, desk.last().message_id
    assert desk.writes(f"/ingest {TEXT}").startswith("Das ließ sich mehrmals nicht")
    assert [m.message_id for m in desk.api.messages(ADMIN) if m.from_bot] == [desk.status]


def test_what_may_have_been_told_is_not_taken_in_and_told_again(desk: Desk) -> None:
    desk.died, desk.sending = 1, True
    assert desk.writes(f"/ingest {TEXT}").startswith("Ich wurde neu gestartet. Fehlt die Meldung")
    assert desk.library.app.catalogue.size() == 0
