"""Buttons under answers, deep links, inline queries, groups, people who leave, the webhook."""

import json
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.answer import Citation
from bot.events import Done, Event, Searching
from tests.support.bot_api import BotApi
from tests.support.bot_running import answer, running
from tests.support.records import Message
from tests.support.store import article, store
from vectorstore import topics
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.errors import BelegError

CHAT, OTHER, GROUP = 7, 8, -1001
OLD = "Die Fähre legt ab. Sie hat 16 Millionen gekostet. Das Land zahlt die Hälfte."
NEW = "Die Fähre legt ab. Sie hat 17 Millionen gekostet. Das Land zahlt die Hälfte."
QUOTE = "Sie hat 17 Millionen gekostet."


@pytest.fixture
def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with an article in two versions, and another one."""
    database = Database(tmp_path / "catalogue.db")
    catalogue = Catalogue(database)
    told = {"title": "Elektrofähre", "url": "https://example.org/faehre", "source": "Der Bote"}
    store(catalogue, article("faehre", OLD, **told))
    store(catalogue, article("faehre", NEW, **told))
    store(catalogue, article("https://example.org/muehle", "Die Mühle mahlt.", title="Mühle"))
    database.close()
    return tmp_path


def cited(question: str) -> Iterator[Event]:
    start = NEW.index(QUOTE)
    citation = Citation(
        1,
        "faehre",
        2,
        "Elektrofähre",
        "https://example.org/faehre",
        "https://example.org/faehre#:~:text=Sie%20hat",
        None,
        "Der Bote",
        QUOTE,
        start,
        start + len(QUOTE),
    )
    yield Searching(2)
    yield Done(answer(question, f"{QUOTE} [1]", (citation,)))


def buttons(message: Message) -> dict[str, str]:
    rows = (message.reply_markup or {}).get("inline_keyboard", [])
    return {b["text"]: b.get("callback_data") or b.get("url") for row in rows for b in row}


def tap(api: BotApi, message: Message, begins: str, user: int | None = None) -> Message:
    """Taps a button; returns the message as it is when the tap is answered."""
    data = next(v for k, v in buttons(message).items() if k.startswith(begins))
    query = api.press_button(data, chat=message.chat_id, message_id=message.message_id, user=user)
    since = time.monotonic() + 10
    while not any(c.params.get("callback_query_id") == query for c in api.calls):
        assert time.monotonic() < since, "the tap was not answered"
        time.sleep(0.01)
    return next(m for m in api.messages(message.chat_id) if m.message_id == message.message_id)


def ask(api: BotApi, text: str = "Was hat sie gekostet?", chat: int = CHAT, **how: int) -> Message:
    asked = api.user_sends(text, chat=chat, **how)
    return api.wait_for_message(chat=chat, after=asked)


def test_a_source_opens_in_its_context_goes_back_in_time_and_back_to_the_answer(
    api: BotApi, home: Path
):
    with running(api, home, cited):
        answered = ask(api)
        view = tap(api, answered, "[1]")
        bold = next(e for e in view.entities if e.type == "bold")
        units = view.text.encode("utf-16-le")
        assert units[2 * bold.offset : 2 * bold.end].decode("utf-16-le") == QUOTE
        assert "Die Fähre legt ab." in view.text
        assert "Das Land zahlt die Hälfte." in view.text
        older = tap(api, view, "‹")
        assert "16 Millionen" in older.text
        whole = tap(api, view_of(api, older), "Artikel")
        assert OLD in whole.text or NEW in whole.text
        back = tap(api, whole, "«")
        assert (back.text, buttons(back)) == (answered.text, buttons(answered))


def test_the_way_back_from_a_source_of_news_leads_to_the_whole_message(api: BotApi, home: Path):
    with Database(home / "catalogue.db").write() as connection:
        topics.add(connection, f"telegram:{CHAT}", f"telegram:{CHAT}", "Fähre", "de")
        topics.note_news(connection, 1)
    asked = api.user_sends("/neu", chat=CHAT)
    with running(api, home, cited):
        news = api.wait_for_message(
            chat=CHAT, after=asked, where=lambda message: "„Fähre“" in message.text
        )
        back = tap(api, tap(api, news, "[1]"), "«")
    assert (back.text, back.entities) == (news.text, news.entities)


def view_of(api: BotApi, message: Message) -> Message:
    return next(m for m in api.messages(message.chat_id) if m.message_id == message.message_id)


def test_a_thumb_is_kept_and_shown(api: BotApi, home: Path):
    with running(api, home, cited) as bot:
        rated = tap(api, ask(api), "👍")
        assert "👍 ✓" in buttons(rated)
        rows = bot.database.read().execute("SELECT rated FROM turns").fetchall()
        assert rows == [(1,)]


def test_a_tap_on_a_deleted_article_says_that_it_is_gone(api: BotApi, home: Path):
    with running(api, home, cited) as bot:
        answered = ask(api)
        Catalogue(bot.database).delete(["faehre"])
        tap(api, answered, "[1]")
        told = [c.params.get("text") for c in api.calls if c.method == "answerCallbackQuery"]
        assert told == ["Das gibt es nicht mehr."]


def test_a_strangers_tap_in_a_group_changes_nothing(api: BotApi, home: Path):
    with running(api, home, cited, TELEGRAM_ALLOWED_IDS=frozenset({CHAT})):
        answered = ask(api, "/frage Was hat sie gekostet?", GROUP, user=CHAT)
        assert tap(api, answered, "[1]", user=OTHER).text == answered.text
        assert tap(api, answered, "[1]", user=CHAT).text != answered.text


@pytest.mark.parametrize(
    ("name", "shown"), [("art_faehre", NEW), ("art_2", "Die Mühle mahlt."), ("art_-2", "Die Mühle")]
)
def test_a_deep_link_shows_an_article_and_asks_it_alone_until_neu(
    api: BotApi, home: Path, name: str, shown: str
):
    with running(api, home, cited) as bot:
        view = ask(api, f"/start {name}")
        assert shown in view.text
        ask(api, "Was kostet das?")
        ask(api, "/neu")
        ask(api, "Was kostet das?")
        first, second = (how["filters"].articles for _, how in bot.engine.asked)
        assert len(first) == 1
        assert second is None


def test_a_deep_link_to_nothing_is_a_greeting(api: BotApi, home: Path):
    with running(api, home, cited):
        assert ask(api, "/start art_weg").text.startswith("Guten Tag")


def test_inline_gives_quotes_to_send_and_only_for_the_last_keystroke(api: BotApi, home: Path):
    with running(api, home, cited) as bot:
        typed = [api.asks_inline(text, user=CHAT) for text in ("Was", "Was kos", "Was kostet")]
        (found,) = api.wait_for_inline_answer(typed[-1]).results
        assert QUOTE in found.text
        assert found.title == "Elektrofähre"
        assert len(api.inline_answers) == 1
        assert bot.engine.asked == []


def test_in_a_group_a_mention_is_a_question_where_the_bot_hears_it(home: Path):
    with BotApi.running(privacy=False) as api, running(api, home, cited) as bot:
        name = "beleg_test_bot"
        api.user_sends("Guten Morgen zusammen", chat=GROUP)
        answered = ask(api, f"@{name} was kostet sie?", GROUP)
        assert QUOTE in answered.text
        assert [asked for asked, _ in bot.engine.asked] == ["was kostet sie?"]


def test_voice_and_stickers_get_a_polite_word(api: BotApi, home: Path):
    from tests.support.bot_media import sample

    with running(api, home, cited):
        for kind in ("voice", "sticker", "photo"):
            sent = api.user_sends_media(CHAT, **sample(kind))
            said = api.wait_for_message(chat=CHAT, after=sent)
            assert "geschriebene Fragen" in said.text


def test_a_group_that_becomes_a_supergroup_is_still_allowed_and_remembers(api: BotApi, home: Path):
    with running(api, home, cited, TELEGRAM_ALLOWED_IDS=frozenset({-50})) as bot:
        ask(api, "/frage Was?", -50)
        api.migrates(-50, to=-1009)
        time.sleep(0.2)
        ask(api, "/frage Und wann?", -1009)
        assert [t.question for t in bot.engine.asked[1][1]["history"]] == ["Was?"]


def test_who_asks_more_than_the_day_allows_is_told_once_each_time(api: BotApi, home: Path):
    with running(api, home, cited, TELEGRAM_DAILY_QUESTIONS=2) as bot:
        for _ in range(3):
            said = ask(api)
        assert "genug gefragt" in said.text
        assert len(bot.engine.asked) == 2


def test_a_flood_is_told_of_once_and_then_left_alone(api: BotApi, home: Path):
    with running(api, home, cited) as bot:
        for number in range(26):
            api.user_sends(f"/hilfe {number}", chat=CHAT)
        api.wait_for_message(chat=CHAT, where=lambda m: "zu schnell" in m.text)
        api.wait_until_taken()
        time.sleep(0.3)
        assert sum("zu schnell" in m.text for m in api.messages(CHAT)) == 1
        assert bot.engine.asked == []


def test_commands_are_shown_by_language_and_place_and_all_are_for_admins(api: BotApi, home: Path):
    with running(api, home, cited, TELEGRAM_ADMIN_IDS=frozenset({CHAT})):
        api.open_chat(CHAT)
        api.wait_for_call("setMyShortDescription")
        ask(api)
        time.sleep(0.3)
        groups = set(api.commands("all_group_chats", "de"))
        admins = set(api.commands({"type": "chat", "chat_id": CHAT}, "de"))
        assert {"frage", "neu", "vergiss_mich"} <= groups
        assert {"ingest", "loesche", "stats"} <= admins
        assert not {"ingest", "loesche"} & groups


# -- webhook ----------------------------------------------------------------------------


def test_delivered_updates_are_answered_and_the_address_keeps_others_out(
    api: BotApi, home: Path, free_port: int
):
    listen, secret = f"127.0.0.1:{free_port}", "geheim-123"
    url = f"http://{listen}/eigener/pfad"
    with running(
        api,
        home,
        cited,
        TELEGRAM_WEBHOOK_URL=url,
        TELEGRAM_WEBHOOK_SECRET=secret,
        TELEGRAM_WEBHOOK_LISTEN=listen,
    ):
        api.wait_for_call("setWebhook")
        assert QUOTE in ask(api).text
        assert status(f"http://{listen}/health") == 200
        assert json.loads(body(f"http://{listen}/health")) == {"ok": True}
        forged = json.dumps({"update_id": 5}).encode()
        assert status(url, forged) == 403
        assert status(url, forged, "falsch") == 403
        assert status(url, b"{", secret) == 400
        assert status(f"http://{listen}/", forged, secret) == 404
    assert api.calls[-1].method == "deleteWebhook"  # whoever comes next may fetch what was left


def status(url: str, data: bytes | None = None, secret: str | None = None) -> int:
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers)) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def body(url: str) -> bytes:
    with urllib.request.urlopen(url) as response:
        return bytes(response.read())


@pytest.mark.slow
def test_who_polls_gives_way_to_a_running_webhook(api: BotApi, home: Path, free_port: int):
    listen = f"127.0.0.1:{free_port}"
    how = {"TELEGRAM_WEBHOOK_URL": f"http://{listen}/pfad", "TELEGRAM_WEBHOOK_LISTEN": listen}
    with running(api, home, cited, **how):
        api.wait_for_call("setWebhook")
        with (
            pytest.raises(BelegError, match="Another program"),
            running(api, home / "other", cited),
        ):
            pass
        assert QUOTE in ask(api).text
