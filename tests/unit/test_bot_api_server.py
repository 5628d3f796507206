"""The Bot API server of the tests refuses what Telegram refuses."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import ChatAction, ParseMode

from tests.support.bot_api import BotApi
from tests.support.bot_client import Ask
from tests.support.entity import Entity

GROUP = -100123


def keyboard(data: str) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Quelle", "callback_data": data}]]}


def test_the_bot_cannot_write_to_a_chat_it_does_not_know(ask: Ask) -> None:
    refused = ask("sendMessage", chat_id=7, text="a")
    assert refused == {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"}


def test_a_reply_needs_its_message_unless_it_may_do_without(api: BotApi, ask: Ask) -> None:
    question = api.user_sends("Wer?", chat=7)
    ask("sendMessage", chat_id=7, text="a", reply_parameters={"message_id": question})
    lost: dict[str, Any] = {"message_id": 999}
    refused = ask("sendMessage", chat_id=7, text="b", reply_parameters=lost)
    assert refused["description"] == "Bad Request: message to be replied not found"
    lost["allow_sending_without_reply"] = True
    assert ask("sendMessage", chat_id=7, text="c", reply_parameters=lost)["ok"]
    assert [message.reply_to for message in api.messages(chat=7)] == [None, question, None]


def test_a_message_stays_in_its_topic(api: BotApi, ask: Ask) -> None:
    api.user_sends("/frage x", chat=GROUP, user=7, thread=42)
    (update,) = ask("getUpdates")["result"]
    assert update["message"]["message_thread_id"] == 42
    assert update["message"]["reply_to_message"]["message_id"] == 42
    ask("sendMessage", chat_id=GROUP, text="a", message_thread_id=42)
    assert api.wait_for_message(chat=GROUP).thread == 42
    refused = ask("sendMessage", chat_id=GROUP, text="a", message_thread_id=43)
    assert refused["description"] == "Bad Request: message thread not found"


def test_html_is_parsed_and_a_text_too_long_is_refused(api: BotApi, ask: Ask) -> None:
    api.open_chat(7)
    sent = ask("sendMessage", chat_id=7, text="<b>ja</b>", parse_mode="HTML")["result"]
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 2}]
    refused = ask("sendMessage", chat_id=7, text="x" * 4097)
    assert refused["description"] == "Bad Request: message is too long"
    place = {"chat_id": 7, "message_id": sent["message_id"]}
    refused = ask("editMessageText", **place, text="x" * 4097)
    assert refused["description"] == "Bad Request: MESSAGE_TOO_LONG"


def test_an_edit_must_change_an_own_message(api: BotApi, ask: Ask) -> None:
    theirs = api.user_sends("a", chat=7)
    own = ask("sendMessage", chat_id=7, text="a", reply_markup=keyboard("x"))["result"]
    edit = {"chat_id": 7, "message_id": own["message_id"], "text": "a"}
    refused = ask("editMessageText", **edit, reply_markup=keyboard("x"))
    assert refused["description"].startswith("Bad Request: message is not modified")
    refused = ask("editMessageText", **edit | {"message_id": theirs})
    assert refused["description"] == "Bad Request: message can't be edited"
    assert "reply_markup" not in ask("editMessageText", **edit)["result"]
    assert ask("deleteMessage", chat_id=7, message_id=own["message_id"])["ok"]
    refused = ask("editMessageText", **edit)
    assert refused["description"] == "Bad Request: message to edit not found"


def test_a_pressed_button_can_be_answered_once(api: BotApi, ask: Ask) -> None:
    api.open_chat(7)
    sent = ask("sendMessage", chat_id=7, text="a", reply_markup=keyboard("q:1"))["result"]
    query_id = api.press_button("q:1", chat=7, message_id=sent["message_id"])
    (update,) = ask("getUpdates")["result"]
    assert (update["callback_query"]["id"], update["callback_query"]["data"]) == (query_id, "q:1")
    assert ask("answerCallbackQuery", callback_query_id=query_id)["ok"]
    refused = ask("answerCallbackQuery", callback_query_id=query_id)
    assert refused["description"].startswith("Bad Request: query is too old")
    with pytest.raises(AssertionError, match="has no button 'q:2'"):
        api.press_button("q:2", chat=7, message_id=sent["message_id"])


def test_updates_repeat_until_a_higher_offset_confirms_them(api: BotApi, ask: Ask) -> None:
    api.user_sends("eins", chat=7)
    api.user_sends("zwei", chat=7)
    first, second = ask("getUpdates")["result"]
    assert ask("getUpdates", limit=1)["result"] == [first]
    assert ask("getUpdates", offset=second["update_id"])["result"] == [second]
    assert ask("getUpdates", offset=second["update_id"] + 1)["result"] == []


def test_a_long_poll_waits_for_its_timeout_or_the_next_update(api: BotApi, ask: Ask) -> None:
    begin = time.monotonic()
    assert ask("getUpdates", timeout=1)["result"] == []
    assert time.monotonic() - begin > 0.9
    with ThreadPoolExecutor() as pool:
        poll = pool.submit(ask, "getUpdates", timeout=30)
        api.wait_for_poll()
        message_id = api.user_sends("a", chat=7)
        (update,) = poll.result(timeout=5)["result"]
    assert update["message"]["message_id"] == message_id


def test_a_newer_poll_ends_the_older_one_with_a_conflict(api: BotApi, ask: Ask) -> None:
    with ThreadPoolExecutor() as pool:
        older = pool.submit(ask, "getUpdates", timeout=30)
        api.wait_for_poll()
        assert ask("getUpdates")["result"] == []
        assert older.result(timeout=5)["error_code"] == 409


def test_updates_come_by_poll_only_while_no_webhook_is_set(ask: Ask) -> None:
    assert not ask("setWebhook", url="http://a.de")["ok"]
    assert ask("setWebhook", url="https://a.de")["ok"]
    assert ask("getUpdates")["error_code"] == 409
    assert ask("deleteWebhook")["ok"]
    assert ask("getUpdates")["ok"]


def test_allowed_updates_hold_until_they_are_changed(api: BotApi, ask: Ask) -> None:
    ask("getUpdates", allowed_updates=["callback_query"])
    api.user_sends("a", chat=7)
    assert ask("getUpdates")["result"] == []
    ask("getUpdates", allowed_updates=[])
    api.user_sends("b", chat=7)
    assert len(ask("getUpdates")["result"]) == 1


def test_privacy_mode_shows_commands_and_replies_but_no_mentions(api: BotApi, ask: Ask) -> None:
    api.open_chat(GROUP)
    own = ask("sendMessage", chat_id=GROUP, text="a")["result"]["message_id"]
    me = ask("getMe")["result"]["username"]
    api.user_sends("nur so", chat=GROUP, user=7)
    api.user_sends(f"@{me} wer?", chat=GROUP, user=7)
    api.user_sends("/frage@other_bot wer?", chat=GROUP, user=7)
    seen = [
        api.user_sends("/frage wer?", chat=GROUP, user=7),
        api.user_sends(f"/frage@{me} wer?", chat=GROUP, user=7),
        api.user_sends("und wann?", chat=GROUP, user=7, reply_to=own),
    ]
    updates = ask("getUpdates")["result"]
    assert [update["message"]["message_id"] for update in updates] == seen
    assert updates[0]["message"]["entities"][0]["type"] == "bot_command"


@pytest.mark.parametrize(
    ("command", "description", "reason"),
    [
        ("Frage", "Fragen", "BOT_COMMAND_INVALID"),
        ("", "Fragen", "command must be non-empty"),
        ("f" * 33, "Fragen", "command length must not exceed 32"),
        ("frage", " ", "command description must be non-empty"),
    ],
)
def test_commands_are_checked(ask: Ask, command: str, description: str, reason: str) -> None:
    commands = [{"command": command, "description": description}]
    assert ask("setMyCommands", commands=commands)["description"] == f"Bad Request: {reason}"


def test_commands_are_kept_by_scope_and_language(ask: Ask) -> None:
    commands = [{"command": "frage", "description": "Fragen"}]
    place = {"scope": {"type": "chat", "chat_id": 7}, "language_code": "de"}
    assert ask("setMyCommands", commands=commands, **place)["ok"]
    assert ask("getMyCommands", **place)["result"] == commands
    assert ask("getMyCommands")["result"] == []
    ask("deleteMyCommands", **place)
    assert ask("getMyCommands", **place)["result"] == []


def test_a_wrong_token_and_an_unknown_method_are_refused(api: BotApi, ask: Ask) -> None:
    assert ask("sendVibes")["description"] == "Not Found: method not found"
    response = httpx.get(f"{api.base_url}999:wrong/getMe", trust_env=False)
    assert (response.status_code, response.json()["description"]) == (401, "Unauthorized")


def test_a_chat_written_to_too_often_gets_429_and_others_do_not(api: BotApi, ask: Ask) -> None:
    api.open_chat(7)
    api.open_chat(8)
    api.limit_rate(1, seconds=2.5)
    assert ask("sendMessage", chat_id=7, text="a")["ok"]
    refused = ask("sendMessage", chat_id=7, text="b")
    assert refused["description"] == "Too Many Requests: retry after 3"
    assert refused["parameters"] == {"retry_after": 3}
    assert ask("sendMessage", chat_id=8, text="a")["ok"]


def test_ordered_faults_hit_the_next_calls_only(api: BotApi, ask: Ask) -> None:
    api.fault("getMe", retry_after=4)
    api.fault("getMe", error_code=502, delay=0.05, times=2)
    assert ask("getMe")["description"] == "Too Many Requests: retry after 4"
    begin = time.monotonic()
    assert [ask("getMe").get("error_code") for _ in range(3)] == [502, 502, None]
    assert time.monotonic() - begin >= 0.1


def test_a_dropped_request_was_not_carried_out_but_a_dropped_response_was(
    api: BotApi, ask: Ask
) -> None:
    api.open_chat(7)
    api.fault("sendMessage", drop="request")
    with pytest.raises(httpx.RemoteProtocolError):
        ask("sendMessage", chat_id=7, text="a")
    assert api.messages(chat=7) == []
    api.fault("sendMessage", drop="response")
    with pytest.raises(httpx.RemoteProtocolError):
        ask("sendMessage", chat_id=7, text="b")
    assert [message.text for message in api.messages(chat=7)] == ["b"]
    assert [call.response for call in api.calls] == [None, None]


def test_a_vain_wait_shows_the_calls_without_the_token(api: BotApi, ask: Ask) -> None:
    ask("sendMessage", chat_id=7, text=f"geheim: {api.token}")
    with pytest.raises(AssertionError, match=r"geheim: <token>.* 400 Bad Request: chat not found"):
        api.wait_for_message(chat=7, timeout=0.01)


def test_a_call_is_recorded_as_it_was_answered(api: BotApi, ask: Ask) -> None:
    api.open_chat(7)
    sent = ask("sendMessage", chat_id=7, text="Moment …")
    ask("editMessageText", chat_id=7, message_id=sent["result"]["message_id"], text="Ja.")
    call = api.wait_for_call("sendMessage", chat=7)
    assert (call.params, call.response) == ({"chat_id": "7", "text": "Moment …"}, sent)
    assert api.wait_for_message(chat=7, where=lambda message: message.edited).text == "Ja."


def test_the_server_stops_promptly_while_a_long_poll_is_open() -> None:
    with ThreadPoolExecutor() as pool:
        with BotApi.running() as api:
            url = f"{api.base_url}{api.token}/getUpdates?timeout=50"
            poll = pool.submit(httpx.get, url, timeout=60, trust_env=False)
            api.wait_for_poll()
            begin = time.monotonic()
        assert time.monotonic() - begin < 1
        assert isinstance(poll.exception(timeout=5), httpx.TransportError)


def test_a_poll_ends_when_its_client_goes_away(api: BotApi) -> None:
    url = f"{api.base_url}{api.token}/getUpdates?timeout=50"
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(url, timeout=0.1, trust_env=False)
    assert api.wait_for_call("getUpdates", timeout=5).response is None


def test_python_telegram_bot_understands_the_server(api: BotApi) -> None:
    question = api.user_sends("Wer leitet den <Fonds>?", chat=7)
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Quelle", callback_data="q")]])

    async def converse() -> Update:
        async with Bot(api.token, base_url=api.base_url) as bot:
            (update,) = await bot.get_updates(timeout=1)
            assert update.message is not None
            await bot.send_chat_action(7, ChatAction.TYPING)
            sent = await update.message.reply_text("…", do_quote=True)
            await sent.edit_text("<b>Ja</b>", parse_mode=ParseMode.HTML, reply_markup=markup)
            assert (await bot.get_chat(7)).type == "private"
            await bot.set_my_commands([("frage", "Fragen")])
            assert (await bot.get_my_commands())[0].command == "frage"
            api.press_button("q", chat=7, message_id=sent.message_id)
            (pressed,) = await bot.get_updates(offset=update.update_id + 1)
            assert pressed.callback_query is not None
            await pressed.callback_query.answer("Seite 3")
            return update

    assert asyncio.run(converse()).effective_user is not None
    answer = api.wait_for_message(chat=7, after=question, timeout=1)
    assert (answer.text, answer.reply_to) == ("Ja", question)
    assert answer.entities == (Entity("bold", 0, 2),)
    assert api.wait_for_call("answerCallbackQuery").params["text"] == "Seite 3"
