"""The Bot API server of the tests shows what people do besides writing texts."""

import asyncio
from typing import Any

import httpx
import pytest
from telegram import Bot, InlineQueryResultArticle, InputTextMessageContent, Update

from tests.support.bot_api import BotApi
from tests.support.bot_client import Ask, asking
from tests.support.bot_media import KINDS, sample

GROUP = -100123


def article(result_id: str, text: str = "Ja.") -> dict[str, Any]:
    content = {"message_text": text, "parse_mode": "HTML"}
    return {
        "type": "article",
        "id": result_id,
        "title": "Zitat",
        "input_message_content": content,
    }


# -- edits ------------------------------------------------------------------------


def test_an_edited_question_comes_as_an_edited_message(api: BotApi, ask: Ask) -> None:
    question = api.user_sends("Wer?", chat=7, user_language="en")
    api.user_edits("/frage Wann?", chat=7, message_id=question)
    sent, edited = ask("getUpdates")["result"]
    assert sent["message"]["text"] == "Wer?"
    assert edited["edited_message"]["text"] == "/frage Wann?"
    assert edited["edited_message"]["entities"][0]["type"] == "bot_command"
    assert edited["edited_message"]["edit_date"] >= sent["message"]["date"]
    assert edited["edited_message"]["from"]["language_code"] == "en"


def test_only_the_writer_edits_and_the_same_text_is_an_edit_too(api: BotApi, ask: Ask) -> None:
    question = api.user_sends("/frage https://a.de", chat=GROUP, user=7)
    with pytest.raises(AssertionError, match="is not user 8's"):
        api.user_edits("Wann?", chat=GROUP, message_id=question, user=8)
    api.user_edits("/frage https://a.de", chat=GROUP, message_id=question, user=7)
    assert "edited_message" in ask("getUpdates")["result"][-1]


def test_an_edit_in_a_group_obeys_privacy_mode(api: BotApi, ask: Ask) -> None:
    chatter = api.user_sends("nur so", chat=GROUP, user=7)
    api.user_edits("nur mal so", chat=GROUP, message_id=chatter, user=7)
    assert ask("getUpdates")["result"] == []
    api.user_edits("/frage Wer?", chat=GROUP, message_id=chatter, user=7)
    (update,) = ask("getUpdates")["result"]
    assert update["edited_message"]["message_id"] == chatter


def test_without_privacy_mode_a_mention_is_seen_and_marked() -> None:
    with BotApi.running(privacy=False) as api, asking(api) as ask:
        me = ask("getMe")["result"]["username"]
        api.user_sends(f"@{me} wer?", chat=GROUP, user=7, thread=42)
        (update,) = ask("getUpdates")["result"]
        entity = {"type": "mention", "offset": 0, "length": len(me) + 1}
        assert update["message"]["entities"] == [entity]
        assert update["message"]["is_topic_message"]


# -- files and other media ------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_python_telegram_bot_understands_every_sample_of_media(kind: str, api: BotApi) -> None:
    sent = api.user_sends_media(7, **sample(kind))

    async def receive() -> Update:
        async with Bot(api.token, base_url=api.base_url) as bot:
            (update,) = await bot.get_updates(timeout=1)
            return update

    message = asyncio.run(receive()).message
    assert message is not None
    assert message.message_id == sent
    assert message.text is None
    assert message[kind]


def test_a_caption_can_hold_a_command(api: BotApi, ask: Ask) -> None:
    api.user_sends_media(GROUP, 7, caption="schön", **sample("photo"))
    api.user_sends_media(GROUP, 7, caption="/frage wer?", **sample("photo"))
    (update,) = ask("getUpdates")["result"]
    assert update["message"]["caption_entities"][0]["type"] == "bot_command"


def test_a_sent_document_can_be_fetched(api: BotApi, ask: Ask) -> None:
    api.user_sends_document("liste.csv", b"a;b\n", chat=7, caption="bitte")
    (update,) = ask("getUpdates")["result"]
    document = update["message"]["document"]
    assert (document["mime_type"], document["file_size"]) == ("text/csv", 4)
    path = ask("getFile", file_id=document["file_id"])["result"]["file_path"]
    found = httpx.get(f"{api.base_file_url}{api.token}/{path}", trust_env=False)
    assert found.content == b"a;b\n"
    assert api.wait_for_call("download").outcome == "ok"
    lost = httpx.get(f"{api.base_file_url}{api.token}/documents/nix", trust_env=False)
    assert lost.json() == {"ok": False, "error_code": 404, "description": "Not Found"}
    strange = httpx.get(f"{api.base_file_url}1:x/{path}", trust_env=False)
    assert strange.status_code == 401


@pytest.mark.parametrize(("data", "size"), [(b"a", 20 * 2**20 + 1), (bytes(20 * 2**20 + 1), 5)])
def test_a_file_over_20_megabytes_is_not_handed_out(
    data: bytes, size: int, api: BotApi, ask: Ask
) -> None:
    api.user_sends_document("gross.txt", data, chat=7, size=size)
    document = ask("getUpdates")["result"][0]["message"]["document"]
    assert document["file_size"] == size
    refused = ask("getFile", file_id=document["file_id"])
    assert refused["description"] == "Bad Request: file is too big"


def test_the_bot_sends_a_document_as_a_file_or_by_its_id(api: BotApi, ask: Ask) -> None:
    api.open_chat(7)

    async def send() -> str:
        async with Bot(api.token, base_url=api.base_url) as bot:
            sent = await bot.send_document(
                7, b"alles", filename="daten.json", caption="<b>Alles</b>", parse_mode="HTML"
            )
            assert sent.document is not None
            return sent.document.file_id

    file_id = asyncio.run(send())
    message = api.wait_for_message(chat=7)
    assert message.document is not None
    assert (message.text, message.document["file_name"]) == ("Alles", "daten.json")
    assert [entity.type for entity in message.entities] == ["bold"]
    assert api.file(file_id) == b"alles"
    assert ask("sendDocument", chat_id=7, document=file_id)["ok"]
    refused = ask("sendDocument", chat_id=7, document=file_id, caption="x" * 1025)
    assert refused["description"] == "Bad Request: message caption is too long"
    edit = ask("editMessageText", chat_id=7, message_id=message.message_id, text="a")
    assert edit["description"] == "Bad Request: there is no text in the message to edit"


# -- inline mode and reactions -----------------------------------------------------------


def test_an_inline_query_is_answered_once(api: BotApi) -> None:
    query_id = api.asks_inline("Fähre", user=7, language="en")

    async def answer() -> None:
        content = InputTextMessageContent("<b>Ja</b>", parse_mode="HTML")
        results = [InlineQueryResultArticle("1", "Zitat", content, description="Zeitung")]
        async with Bot(api.token, base_url=api.base_url) as bot:
            (update,) = await bot.get_updates(timeout=1)
            assert update.inline_query is not None
            assert update.inline_query.from_user.language_code == "en"
            await update.inline_query.answer(results, cache_time=0, is_personal=True)

    asyncio.run(answer())
    found = api.wait_for_inline_answer(query_id, timeout=1)
    assert (found.query, found.user, found.cache_time, found.is_personal) == ("Fähre", 7, 0, True)
    assert (found.results[0].text, found.results[0].description) == ("Ja", "Zeitung")
    assert [entity.type for entity in found.results[0].entities] == ["bold"]
    assert api.inline_answers == [found]
    with asking(api) as ask:
        refused = ask("answerInlineQuery", inline_query_id=query_id, results=[])
    assert refused["description"].startswith("Bad Request: query is too old")


@pytest.mark.parametrize(
    ("results", "reason"),
    [
        ([article(str(n)) for n in range(51)], "too many inline query results specified"),
        ([article("1"), article("1")], "RESULT_ID_DUPLICATE"),
        ([article("ä" * 33)], "RESULT_ID_INVALID"),
        ([article("")], "RESULT_ID_INVALID"),
        (
            [article("1", "<b>offen")],
            "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
        ([article("1", "x" * 4097)], "MESSAGE_TOO_LONG"),
        (
            [{"type": "article", "id": "1", "title": "a"}],
            "can't parse InlineQueryResult: Input message content is not specified",
        ),
    ],
)
def test_inline_results_telegram_would_refuse_are_refused(
    results: list[dict[str, Any]], reason: str, api: BotApi, ask: Ask
) -> None:
    query_id = api.asks_inline("x", user=7)
    refused = ask("answerInlineQuery", inline_query_id=query_id, results=results)
    assert refused["description"] == f"Bad Request: {reason}"
    assert api.inline_answers == []


def test_a_reaction_is_told_only_to_a_bot_that_asked(api: BotApi, ask: Ask) -> None:
    message = api.user_sends("a", chat=7)
    api.reacts("👍", chat=7, message_id=message)
    assert len(ask("getUpdates", allowed_updates=["message_reaction"])["result"]) == 1
    api.reacts("👎", chat=7, message_id=message)
    reaction = ask("getUpdates")["result"][-1]["message_reaction"]
    assert reaction["old_reaction"] == [{"type": "emoji", "emoji": "👍"}]
    assert reaction["new_reaction"] == [{"type": "emoji", "emoji": "👎"}]


def test_the_bot_reacts_with_telegrams_emoji_only(api: BotApi, ask: Ask) -> None:
    message = {"chat_id": 7, "message_id": api.user_sends("a", chat=7)}
    assert ask("setMessageReaction", **message, reaction=[{"type": "emoji", "emoji": "👀"}])["ok"]
    refused = ask("setMessageReaction", **message, reaction=[{"type": "emoji", "emoji": "🧾"}])
    assert refused["description"] == "Bad Request: REACTION_INVALID"
