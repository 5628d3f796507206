"""What people watch: they are told of new articles on it, once, not too often, and can end it."""

import asyncio
import logging
import sqlite3
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest
from telegram import Bot, CallbackQuery, Update

from bot.answer import Answer, Citation, Status
from bot.remembered import unpacked
from bot.tg import topics as told
from bot.tg.buttons import EndTopic, OpenSource, Rate, parse
from bot.tg.journal import Journal
from bot.tg.sending import Outbox
from bot.tg.telling import Teller
from bot.tg.topics import Topics
from tests.support.bot_api import TEST_TOKEN, BotApi
from tests.support.records import Message
from tests.support.store import article, store
from tests.support.telegram_taken import received
from vectorstore import people, topics, turns
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.errors import StoreError

ANNA, BERT, GROUP = 7, 8, -100
DAY = date(2026, 11, 25)


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[BotApi]:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    with BotApi.running() as server:
        for chat in (ANNA, BERT, GROUP):
            server.open_chat(chat)
        yield server


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "catalogue.db")
    yield opened
    opened.close()


class Press:
    """Finds an article on a topic by its id, and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, frozenset[str]]] = []
        self.fails: list[BaseException] = []
        self.failing = ""

    def about(self, topic: str, articles: Collection[str]) -> Answer | None:
        self.asked.append((topic, frozenset(articles)))
        if topic == self.failing:
            raise StoreError("Es ging nicht.")
        found = [one for one in sorted(articles) if topic.casefold() in one]
        return answer(topic, found[0]) if found else None


def answer(topic: str, article_id: str, quote: str = "Sie fährt wieder.") -> Answer:
    cited = Citation(1, article_id, 1, f"Über {article_id}", None, None, None, "Blatt", quote, 0, 5)
    return Answer(topic, Status.ANSWERED, f"{quote} [1]", (cited,), (), 0.9, None, 0.1, "de")


class Watching:
    """The topics over a real catalogue and a bot of the test server."""

    def __init__(self, database: Database, bot: Bot, **how: Any) -> None:
        self.database, self.bot = database, bot
        self.catalogue, self.press = Catalogue(database), Press()
        self.journal = Journal(database, 1)

        async def moved(old: int, new: int) -> None:
            names = f"telegram:{old}", f"telegram:{new}"
            await self.journal.write(lambda c: people.move(c, *names))

        outbox = Outbox(bot, moved)
        about = how.pop("about", self.press.about)
        how = {"today": lambda: DAY, **how}
        self.topics = Topics(self.journal, outbox, Teller(outbox), about, **how)

    async def begin(self, topic: str, place: int | str = ANNA, person: int = ANNA) -> None:
        names = f"telegram:{person}", f"telegram:{place}"
        assert await self.journal.write(lambda c: topics.add(c, *names, topic, "de"))

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[None]:
        """Looks for news inside the block, and until there is none left to look at."""
        task = asyncio.create_task(self.topics.keep_looking(0.01))
        try:
            yield
            await self.until_seen()
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def look(self) -> None:
        async with self.looking():
            pass

    async def until_seen(self) -> None:
        while self.news():
            await asyncio.sleep(0.01)

    def news(self) -> int:
        return int(self.database.read().execute("SELECT count(*) FROM news").fetchone()[0])

    def store(self, *ids: str) -> None:
        store(self.catalogue, *(article(one, f"Hier steht {one}.") for one in ids))


Scenario = Callable[[Watching], Awaitable[None]]


@pytest.fixture
def run(api: BotApi, database: Database) -> Callable[..., None]:
    """Plays a scenario."""

    def play(scenario: Scenario, **how: Any) -> None:
        async def whole() -> None:
            async with Bot(TEST_TOKEN, base_url=api.base_url) as bot:
                watching = Watching(database, bot, **how)
                try:
                    async with asyncio.timeout(30):
                        await scenario(watching)
                finally:
                    watching.journal.close()

        asyncio.run(whole())

    return play


def said(api: BotApi, chat: int = ANNA) -> list[str]:
    return [one.text for one in api.messages(chat) if one.from_bot]


def buttons(message: Message) -> list[dict[str, str]]:
    markup = message.reply_markup or {"inline_keyboard": []}
    return [button for row in markup["inline_keyboard"] for button in row]


# -- what is told ----------------------------------------------------------------------------


def test_a_new_article_is_told_with_its_citation_and_how_to_end(
    api: BotApi, run: Any, database: Database
) -> None:
    async def scenario(w: Watching) -> None:
        w.store("fähre-alt")
        await w.begin("Fähre")
        w.store("fähre-neu", "brücke")
        await w.look()
        assert w.press.asked == [("Fähre", {"fähre-neu", "brücke"})]

    run(scenario)
    (message,) = [one for one in api.messages(ANNA) if one.from_bot]
    assert message.text.startswith(
        "Neues zu „Fähre“:\n\nSie fährt wieder. [1]\n\n[1] Über fähre-neu"
    )
    assert message.text.endswith("\n\nBeenden: /beobachtungen")
    assert [e.type for e in message.entities if e.offset == 0] == ["bold"]
    (kept,) = turns.conversation(database.read(), f"telegram:{ANNA}", 0.0, 9)
    taps = [parse(one["callback_data"]) for one in buttons(message)]
    assert taps == [
        OpenSource(2, 1, 0, 5, kept.id, 1),
        Rate(kept.id, True),
        Rate(kept.id, False),
    ]
    assert (kept.question, kept.asked, kept.messages) == ("Fähre", 0, (message.message_id,))
    assert unpacked(kept.answer) == answer("Fähre", "fähre-neu")


def test_when_nobody_watches_nothing_is_done(api: BotApi, run: Any) -> None:
    async def scenario(w: Watching) -> None:
        w.store("fähre")
        async with w.looking():
            await asyncio.sleep(0.1)
        assert w.press.asked == []

    run(scenario)


def test_each_topic_hears_of_what_came_after_it_was_begun(api: BotApi, run: Any) -> None:
    async def scenario(w: Watching) -> None:
        await w.begin("Brücke")
        w.store("fähre-1")
        await w.begin("Fähre", BERT, BERT)
        w.store("brücke-2")
        await w.look()
        assert sorted(w.press.asked) == [
            ("Brücke", {"fähre-1", "brücke-2"}),
            ("Fähre", {"brücke-2"}),
        ]

    run(scenario)
    assert len(said(api)) == 1
    assert said(api, BERT) == []


def test_a_copy_of_what_was_told_is_not_told(api: BotApi, run: Any) -> None:
    text = " ".join(f"Am Tag {n} fuhr die Fähre {n + 7} Gäste nach Brunsby." for n in range(30))

    async def scenario(w: Watching) -> None:
        await w.begin("Fähre")
        for one in ("fähre-1", "fähre-2"):
            store(w.catalogue, article(one, text))
            await w.look()
        assert w.press.asked == [("Fähre", {"fähre-1"})]
        store(w.catalogue, article("fähre-1", f"{text} Und mehr."))
        await w.look()

    run(scenario)
    assert len(said(api)) == 1


def test_the_last_message_of_a_day_says_so_and_the_rest_of_the_day_is_passed_over(
    api: BotApi, run: Any
) -> None:
    day = [DAY]

    async def scenario(w: Watching) -> None:
        await w.begin("Fähre")
        for number in range(4):
            w.store(f"fähre-{number}")
            await w.look()
        assert len(w.press.asked) == 2
        day[0] = date(2026, 11, 26)
        w.store("fähre-4")
        await w.look()
        assert w.press.asked[-1] == ("Fähre", {"fähre-4"})

    run(scenario, most_a_day=2, today=lambda: day[0])
    first, second, third = said(api)
    last = "Das war dazu die letzte Meldung für heute. Beenden: /beobachtungen"
    assert (last in first, second.endswith(last), last in third) == (False, True, False)


def test_many_new_articles_are_looked_through_in_portions_and_do_not_flood(
    api: BotApi, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(told, "PORTION", 10)

    async def scenario(w: Watching) -> None:
        await w.begin("Fähre")
        await w.begin("Brücke")
        w.store(*(f"fähre-{number:03}" for number in range(95)))
        await w.look()
        asked = [articles for topic, articles in w.press.asked if topic == "Brücke"]
        assert [len(articles) for articles in asked] == [10] * 9 + [5]
        assert len([topic for topic, _ in w.press.asked if topic == "Fähre"]) == 3

    run(scenario, most_a_day=3)
    assert len(said(api)) == 3


def test_questions_go_first(api: BotApi, run: Any) -> None:
    answering = threading.Event()
    answering.set()

    async def scenario(w: Watching) -> None:
        await w.begin("Fähre")
        w.store("fähre")
        async with w.looking():
            await asyncio.sleep(0.3)
            assert w.press.asked == []
            answering.clear()
        assert len(w.press.asked) == 1

    run(scenario, busy=answering.is_set)


def test_a_person_who_may_no_longer_hear_anything_does_not(api: BotApi, run: Any) -> None:
    async def scenario(w: Watching) -> None:
        await w.begin("Fähre")
        await w.begin("Fähre", BERT, BERT)
        w.store("fähre")
        await w.look()
        assert len(w.press.asked) == 1

    run(scenario, allowed=lambda person, place: person == f"telegram:{BERT}")
    assert (said(api), len(said(api, BERT))) == ([], 1)


# -- what goes wrong -------------------------------------------------------------------------


@pytest.mark.parametrize("place", [ANNA, GROUP, f"{GROUP}:99", 12345])
def test_a_place_that_cannot_be_written_to_hears_of_nothing_any_more(
    api: BotApi, run: Any, database: Database, place: int | str
) -> None:
    if place == ANNA:
        api.blocks(ANNA)
    elif place == GROUP:
        api.leaves_group(GROUP)

    async def scenario(w: Watching) -> None:
        await w.begin("Fähre", place)
        await w.begin("Fähre", BERT, BERT)
        w.store("fähre")
        await w.look()

    run(scenario)
    assert [one.place for one in topics.topics(database.read())] == [f"telegram:{BERT}"]
    assert len(said(api, BERT)) == 1


def test_a_topic_that_fails_is_tried_again_and_passed_over_at_last(
    api: BotApi, run: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(w: Watching) -> None:
        w.press.failing = "Fähre"
        await w.begin("Fähre")
        await w.begin("Brücke", BERT, BERT)
        w.store("brücke", "fähre")
        await w.look()
        assert [topic for topic, _ in w.press.asked].count("Fähre") == told.ATTEMPTS
        assert [topic for topic, _ in w.press.asked].count("Brücke") == 1
        w.press.failing = ""
        w.store("fähre-2")
        await w.look()

    with caplog.at_level(logging.WARNING):
        run(scenario)
    assert len(said(api, BERT)) == 1
    assert len(said(api)) == 1
    assert "passed over" in caplog.text


def test_whatever_goes_wrong_the_looking_goes_on(
    api: BotApi, run: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real, errors = topics.topics, [ValueError("Etwas Unerwartetes."), sqlite3.OperationalError()]

    def broken(*given: Any, **more: Any) -> Any:
        if errors:
            raise errors.pop()
        return real(*given, **more)

    async def scenario(w: Watching) -> None:
        await w.begin("Fähre")
        w.store("fähre")
        monkeypatch.setattr(topics, "topics", broken)
        await w.look()

    run(scenario)
    assert (len(said(api)), errors) == (1, [])
    assert "can't be looked for" in caplog.text


def test_the_failures_of_an_ended_topic_are_forgotten(run: Any) -> None:
    async def scenario(w: Watching) -> None:
        w.press.failing = "Fähre"
        await w.begin("Fähre")
        w.store("fähre")
        assert not await w.topics._look()
        assert len(w.topics._failures) == 1
        await w.journal.write(lambda c: topics.forget(c, f"telegram:{ANNA}"))
        assert not await w.topics._look()
        assert w.topics._failures == {}

    run(scenario)


def test_a_pause_for_one_chat_is_none_for_the_others(api: BotApi, run: Any) -> None:
    api.fault("sendMessage", retry_after=1, chat=ANNA)

    async def scenario(w: Watching) -> None:
        await w.begin("Fähre")
        await w.begin("Fähre", BERT, BERT)
        w.store("fähre")
        async with w.looking():
            await asyncio.to_thread(lambda: api.wait_for_message(chat=BERT, timeout=5))
            assert said(api) == []
            await asyncio.to_thread(lambda: api.wait_for_message(chat=ANNA, timeout=5))

    run(scenario)
    assert (len(said(api)), len(said(api, BERT))) == (1, 1)


def test_what_was_noted_and_not_sent_is_not_sent_by_the_next_process(
    api: BotApi, run: Any, database: Database
) -> None:
    api.fault("sendMessage", delay=60, chat=ANNA)

    async def killed(w: Watching) -> None:
        await w.begin("Fähre")
        w.store("fähre-1")
        task = asyncio.create_task(w.topics.keep_looking(0.01))
        await w.until_seen()
        task.cancel()
        await asyncio.wait({task})

    async def restarted(w: Watching) -> None:
        w.store("fähre-2")
        await w.look()
        assert w.press.asked == [("Fähre", {"fähre-2"})]

    run(killed)
    assert said(api) == []
    api.end_faults()
    run(restarted)
    assert len(said(api)) == 1
    assert "fähre-2" in said(api)[0]
    (topic,) = topics.topics(database.read())
    assert topic.told_on(DAY.isoformat()) == 2


def test_what_is_not_noted_is_not_sent(
    api: BotApi, run: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    note = topics.note_told
    times = []

    def broken(*given: Any) -> bool:
        times.append(said(api))
        if len(times) == 1:
            raise StoreError("Die Platte ist voll.")
        return note(*given)

    monkeypatch.setattr(topics, "note_told", broken)

    async def scenario(w: Watching) -> None:
        await w.begin("Fähre")
        w.store("fähre")
        await w.look()

    run(scenario)
    assert times == [[], []]
    assert len(said(api)) == 1
    assert "can't be looked after" in caplog.text


def test_an_article_that_is_deleted_meanwhile_is_not_told(api: BotApi, run: Any) -> None:
    async def scenario(w: Watching) -> None:
        def about(topic: str, articles: Collection[str]) -> Answer | None:
            found = w.press.about(topic, articles)
            w.catalogue.delete(["fähre-1"])
            return found

        w.topics.about = about
        await w.begin("Fähre")
        w.store("fähre-1", "fähre-2")
        await w.look()

    run(scenario)
    (only,) = said(api)
    assert "fähre-2" in only


def test_a_topic_that_is_ended_meanwhile_is_not_told(api: BotApi, run: Any) -> None:
    async def scenario(w: Watching) -> None:
        def about(topic: str, articles: Collection[str]) -> Answer | None:
            with w.database.write(content=False) as connection:
                topics.forget(connection, f"telegram:{ANNA}")
            return w.press.about(topic, articles)

        w.topics.about = about
        await w.begin("Fähre")
        w.store("fähre")
        await w.look()

    run(scenario)
    assert said(api) == []


def test_a_group_that_moved_is_told_under_its_new_number(
    api: BotApi, run: Any, database: Database
) -> None:
    api.migrates(GROUP, -100200)

    async def scenario(w: Watching) -> None:
        await w.begin("Fähre", GROUP)
        w.store("fähre")
        await w.look()

    run(scenario)
    assert len(said(api, -100200)) == 1
    assert [one.place for one in topics.topics(database.read())] == ["telegram:-100200"]


@pytest.mark.parametrize(("length", "count"), [(10, 1), (3_900, 1), (9_000, 4)])
def test_every_length_of_answer_comes_whole_between_heading_and_end(
    api: BotApi, run: Any, length: int, count: int
) -> None:
    long = answer("Fähre", "fähre")
    (cited,) = long.citations
    long = replace(long, text=f"{'Wort ' * (length // 5)}[1]", citations=(cited,))

    async def scenario(w: Watching) -> None:
        await w.begin("Fähre & <b>")
        w.store("fähre")
        await w.look()

    run(scenario, about=lambda topic, articles: long)
    whole = "\n".join(said(api))
    assert whole.startswith("Neues zu „Fähre & <b>“:")
    assert whole.endswith("Beenden: /beobachtungen")
    assert whole.count("Wort") == length // 5
    messages = [one for one in api.messages(ANNA) if one.from_bot]
    assert [bool(buttons(one)) for one in messages] == [False] * (len(messages) - 1) + [True]
    assert len(messages) == count


# -- what people do --------------------------------------------------------------------------


def update(
    api: BotApi, bot: Bot, text: str, chat: int = ANNA, user: int = ANNA, thread: int = 0
) -> Update:
    language = "de" if user == ANNA else "en"
    number = api.user_sends(
        text, chat=chat, user=user, user_language=language, thread=thread or None
    )
    whose = {"id": user, "is_bot": False, "first_name": "A", "language_code": language}
    data = {"message_id": number, "date": 1, "chat": where(chat), "from": whose, "text": text}
    data |= {"is_topic_message": True, "message_thread_id": thread} if thread else {}
    found = Update.de_json({"update_id": 1, "message": data}, bot)
    assert found is not None
    return found


def where(chat: int) -> dict[str, Any]:
    return {"id": chat} | ({"type": "private"} if chat > 0 else {"type": "group", "title": "G"})


def tap(api: BotApi, bot: Bot, message: Message, at: int, user: int = ANNA) -> CallbackQuery:
    pressed = buttons(message)[at]["callback_data"]
    number, chat = message.message_id, message.chat_id
    query = api.press_button(pressed, chat=chat, message_id=number, user=user)
    whose = {"id": user, "is_bot": False, "first_name": "A", "language_code": "de"}
    under = {"message_id": number, "date": 1, "chat": where(chat), "text": "Sie beobachten:"}
    data = {"id": query, "from": whose, "chat_instance": "1", "message": under, "data": pressed}
    found = CallbackQuery.de_json(data, bot)
    assert found is not None
    return found


NO_CONTEXT = cast(Any, None)


def test_watching_begins_in_words_and_only_once(api: BotApi, run: Any, database: Database) -> None:
    async def scenario(w: Watching) -> None:
        for text in ("/beobachte  Fähre\n Brunsby ", "/watch@beleg_test_bot fähre brunsby"):
            await w.topics.watch(update(api, w.bot, text), NO_CONTEXT)
        await w.topics.watch(update(api, w.bot, "/watch Fähre", GROUP, BERT), NO_CONTEXT)
        await w.topics.watch(update(api, w.bot, "/watch Fähre", GROUP, BERT, 5), NO_CONTEXT)

    run(scenario)
    begun, again = said(api)
    assert begun.startswith("Gut. Bringen neue Artikel etwas zu „Fähre Brunsby“")
    assert "höchstens 5-mal am Tag" in begun
    assert again == "„fähre brunsby“ wird hier schon beobachtet."
    assert said(api, GROUP)[0].startswith("Good. When new articles bring something on “Fähre”")
    assert [(t.person, t.place, t.topic, t.language) for t in topics.topics(database.read())] == [
        ("telegram:7", "telegram:7", "Fähre Brunsby", "de"),
        ("telegram:8", "telegram:-100", "Fähre", "en"),
        ("telegram:8", "telegram:-100:5", "Fähre", "en"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/beobachte", "Schreiben Sie das Thema dahinter"),
        ("/beobachte \x00 ", "Schreiben Sie das Thema dahinter"),
        ("/beobachte ab", "Ein Thema hat 3 bis 200 Zeichen"),
        ("/beobachte " + "x" * 201, "Ein Thema hat 3 bis 200 Zeichen"),
        ("/beobachte ?!?!", "Ein Thema hat 3 bis 200 Zeichen"),
    ],
)
def test_what_is_no_topic_is_not_watched(
    api: BotApi, run: Any, database: Database, text: str, expected: str
) -> None:
    async def scenario(w: Watching) -> None:
        await w.topics.watch(update(api, w.bot, text), NO_CONTEXT)

    run(scenario)
    assert said(api)[0].startswith(expected)
    assert topics.topics(database.read()) == []


def test_somebody_watches_at_most_so_many_topics(api: BotApi, run: Any, database: Database) -> None:
    async def scenario(w: Watching) -> None:
        for number in range(told.MOST):
            await w.begin(f"{number} " + "<&>" * 60, (ANNA, GROUP)[number % 2])
        await w.topics.watch(update(api, w.bot, "/beobachte Fähre"), NO_CONTEXT)
        await w.topics.watched(update(api, w.bot, "/beobachtungen"), NO_CONTEXT)

    run(scenario)
    refused, listed = said(api)
    assert refused == "Mehr als 20 Themen gehen nicht. Beenden Sie erst eines: /beobachtungen"
    assert len(topics.topics(database.read())) == told.MOST
    assert listed.count("•") == told.MOST
    assert listed.count("(in einem anderen Chat)") == told.MOST // 2


def test_a_topic_is_ended_by_its_button(api: BotApi, run: Any, database: Database) -> None:
    async def scenario(w: Watching) -> None:
        await w.begin("Fähre")
        await w.begin("Brücke")
        await w.topics.watched(update(api, w.bot, "/beobachtungen"), NO_CONTEXT)
        (listed,) = [one for one in api.messages(ANNA) if one.from_bot]
        assert listed.text == "Sie beobachten:\n• Fähre\n• Brücke"
        assert [one["text"] for one in buttons(listed)] == ["✕ Fähre", "✕ Brücke"]
        await w.topics.end(tap(api, w.bot, listed, 0), EndTopic(1))
        (shorter,) = [one for one in api.messages(ANNA) if one.from_bot]
        assert shorter.text == "Sie beobachten:\n• Brücke"
        await w.topics.end(tap(api, w.bot, shorter, 0), EndTopic(2))
        assert said(api)[0].startswith("Beobachtet wird nichts.")
        assert buttons(next(one for one in api.messages(ANNA) if one.from_bot)) == []

    run(scenario)
    assert topics.topics(database.read()) == []
    assert api.wait_for_call("answerCallbackQuery").params["text"] == "Gut, das ist beendet."


def test_in_a_group_only_who_began_a_topic_ends_it(
    api: BotApi, run: Any, database: Database
) -> None:
    async def scenario(w: Watching) -> None:
        await w.begin("Fähre", GROUP, BERT)
        await w.begin("Geheimes", BERT, BERT)
        await w.topics.watched(update(api, w.bot, "/beobachtungen", GROUP), NO_CONTEXT)
        (listed,) = [one for one in api.messages(GROUP) if one.from_bot]
        assert listed.text == "Hier wird beobachtet:\n• Fähre"
        await w.topics.end(tap(api, w.bot, listed, 0), EndTopic(1))
        refused = api.wait_for_call("answerCallbackQuery").params["text"]
        assert refused == "Beenden kann das nur, wer es begonnen hat."
        assert len(topics.topics(database.read())) == 2
        await w.topics.end(tap(api, w.bot, listed, 0, BERT), EndTopic(1))

    run(scenario)
    assert [one.topic for one in topics.topics(database.read())] == ["Geheimes"]


def test_what_is_told_is_what_telegram_takes() -> None:
    topic = topics.Topic(1, "p", "telegram:7", "<b>&\u202e" * 60, "de", "", 0, 0)
    for page in told._pages(topic, answer("Fähre", "fähre", "<i>&" * 900), True):
        received(page)
