"""The Bot API server of the tests measures when things happen, and can be slow."""

import time
from concurrent.futures import ThreadPoolExecutor

from tests.support.bot_api import BotApi
from tests.support.bot_client import Ask

GROUP = -100123


def test_a_slow_server_answers_late_but_acts_at_once(api: BotApi, ask: Ask) -> None:
    api.open_chat(7)
    api.delay(0.3)
    begin = time.monotonic()
    with ThreadPoolExecutor() as pool:
        sending = pool.submit(ask, "sendMessage", chat_id=7, text="a")
        api.wait_for_message(chat=7)
        assert not sending.done()
        sending.result(timeout=5)
    assert time.monotonic() - begin >= 0.3
    call = api.wait_for_call("sendMessage")
    assert call.done_at is not None
    assert call.done_at - call.at < 0.2
    begin = time.monotonic()
    ask("getUpdates")
    assert time.monotonic() - begin < 0.2


def test_slow_calls_do_not_wait_for_each_other(api: BotApi, ask: Ask) -> None:
    api.delay(0.3)
    begin = time.monotonic()
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda _: ask("getMe"), range(10)))
    assert time.monotonic() - begin < 1.5


def test_a_call_before_its_retry_after_is_refused_and_noted_as_impatient(
    api: BotApi, ask: Ask
) -> None:
    api.open_chat(7)
    api.open_chat(8)
    api.limit_rate(1, seconds=0.4)
    assert ask("sendMessage", chat_id=7, text="a")["ok"]
    assert ask("sendMessage", chat_id=7, text="b")["parameters"] == {"retry_after": 1}
    assert ask("sendMessage", chat_id=8, text="b")["ok"]
    assert api.impatient == []
    time.sleep(0.5)  # the limit's window is over, the second it was told to wait is not
    assert ask("sendMessage", chat_id=7, text="c")["error_code"] == 429
    assert [call.params["text"] for call in api.impatient] == ["c"]
    time.sleep(0.6)
    assert ask("sendMessage", chat_id=7, text="d")["error_code"] == 429  # told anew by "c"
    time.sleep(1.0)
    assert ask("sendMessage", chat_id=7, text="e")["ok"]


def test_impatience_with_an_ordered_429_is_noted_too(api: BotApi, ask: Ask) -> None:
    api.open_chat(7)
    api.fault("sendMessage", retry_after=1, chat=7)
    assert ask("sendMessage", chat_id=7, text="a")["error_code"] == 429
    assert ask("sendMessage", chat_id=7, text="b")["ok"]
    assert [call.params["text"] for call in api.impatient] == ["b"]
    time.sleep(1.0)
    assert ask("sendMessage", chat_id=7, text="c")["ok"]
    assert len(api.impatient) == 1


def test_groups_are_limited_more_tightly_as_at_telegram(api: BotApi, ask: Ask) -> None:
    api.open_chat(GROUP)
    api.open_chat(7)
    api.limit_rate_like_telegram()
    outcomes = [ask("sendMessage", chat_id=GROUP, text=f"{n}")["ok"] for n in range(21)]
    assert outcomes == [True] * 20 + [False]
    assert [ask("sendMessage", chat_id=7, text=f"{n}")["ok"] for n in range(6)][-2:] == [
        True,
        False,
    ]


def test_a_fault_can_be_of_one_chat_and_of_every_method(api: BotApi, ask: Ask) -> None:
    api.open_chat(7)
    api.open_chat(8)
    api.fault("*", error_code=502, chat=7, times=100)
    assert ask("sendMessage", chat_id=8, text="a")["ok"]
    assert ask("sendMessage", chat_id=7, text="a")["error_code"] == 502
    assert ask("sendChatAction", chat_id=7, action="typing")["error_code"] == 502
    assert ask("getUpdates")["ok"]
    api.end_faults()
    assert ask("sendMessage", chat_id=7, text="a")["ok"]


def test_the_history_of_a_message_tells_when_it_read_how(api: BotApi, ask: Ask) -> None:
    api.open_chat(7)
    message_id = ask("sendMessage", chat_id=7, text="Moment …")["result"]["message_id"]
    time.sleep(0.05)
    ask("editMessageText", chat_id=7, message_id=message_id, text="Ja.")
    ask("editMessageText", chat_id=7, message_id=message_id, text="Ja.")  # not modified
    (sent_at, first), (edited_at, second) = api.history(7, message_id)
    assert (first, second) == ("Moment …", "Ja.")
    assert edited_at - sent_at >= 0.05
    ask("deleteMessage", chat_id=7, message_id=message_id)
    assert len(api.history(7, message_id)) == 2


def test_updates_ascend_and_outlast_the_absence_of_the_bot(api: BotApi, ask: Ask) -> None:
    sent = [api.user_sends(f"{n}", chat=7) for n in range(3)]
    updates = ask("getUpdates", limit=2)["result"]
    assert [update["message"]["message_id"] for update in updates] == sent[:2]
    ask("getUpdates", offset=updates[-1]["update_id"] + 1)
    assert [update["message"]["message_id"] for update in api.pending] == sent[2:]
    assert api.pending[0]["update_id"] == updates[-1]["update_id"] + 1


def test_allowed_updates_go_by_the_kind_of_what_happened(api: BotApi, ask: Ask) -> None:
    ask("getUpdates", allowed_updates=["edited_message", "inline_query"])
    message = api.user_sends("a", chat=7)
    api.user_edits("b", chat=7, message_id=message)
    api.asks_inline("c", user=7)
    api.blocks(7)
    kinds = [next(key for key in u if key != "update_id") for u in ask("getUpdates")["result"]]
    assert kinds == ["edited_message", "inline_query"]
