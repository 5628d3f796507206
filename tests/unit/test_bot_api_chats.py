"""The Bot API server of the tests lets chats come and go as Telegram does."""

import asyncio

import pytest
from telegram import Bot, Update
from telegram.error import ChatMigrated, Forbidden

from tests.support.bot_api import BotApi
from tests.support.bot_client import Ask

GROUP, OLD_GROUP = -100123, -55


def changes(ask: Ask) -> list[tuple[str, str]]:
    """The bot's own memberships before and after, as it was told."""
    updates = ask("getUpdates", limit=100)["result"]
    members = [update["my_chat_member"] for update in updates if "my_chat_member" in update]
    return [(m["old_chat_member"]["status"], m["new_chat_member"]["status"]) for m in members]


def test_who_blocks_the_bot_gets_nothing_until_it_is_unblocked(api: BotApi, ask: Ask) -> None:
    message = api.user_sends("a", chat=7)
    api.blocks(7)
    for method in ("sendMessage", "editMessageText"):
        refused = ask(method, chat_id=7, message_id=message, text="a")
        assert (refused["error_code"], refused["description"]) == (
            403,
            "Forbidden: bot was blocked by the user",
        )
    with pytest.raises(AssertionError, match="has blocked the bot"):
        api.user_sends("b", chat=7)
    api.unblocks(7)
    assert ask("sendMessage", chat_id=7, text="a")["ok"]
    assert changes(ask) == [("member", "kicked"), ("kicked", "member")]


def test_a_bot_thrown_out_of_a_group_neither_writes_nor_reads_there(api: BotApi, ask: Ask) -> None:
    api.leaves_group(GROUP, user=7)
    refused = ask("sendMessage", chat_id=GROUP, text="a")
    assert refused["description"] == "Forbidden: bot was kicked from the supergroup chat"
    api.user_sends("/frage wer?", chat=GROUP, user=7)
    assert changes(ask) == [("member", "kicked")]
    assert len(ask("getUpdates")["result"]) == 1
    api.joins_group(GROUP, user=7)
    assert ask("sendMessage", chat_id=GROUP, text="a")["ok"]


def test_a_group_the_bot_left_is_closed_to_it(api: BotApi, ask: Ask) -> None:
    api.user_sends("/frage wer?", chat=GROUP, user=7)
    assert ask("leaveChat", chat_id=GROUP)["ok"]
    refused = ask("sendMessage", chat_id=GROUP, text="a")
    assert refused["description"] == "Forbidden: bot is not a member of the supergroup chat"
    assert changes(ask) == [("member", "left")]


def test_a_group_that_moves_tells_its_new_id_in_both_chats_and_in_refusals(api: BotApi) -> None:
    api.user_sends("/frage wer?", chat=OLD_GROUP, user=7)
    api.migrates(OLD_GROUP, GROUP)

    async def write() -> list[Update]:
        async with Bot(api.token, base_url=api.base_url) as bot:
            updates = await bot.get_updates(timeout=1)
            with pytest.raises(ChatMigrated) as moved:
                await bot.send_message(OLD_GROUP, "a")
            await bot.send_message(moved.value.new_chat_id, "a")
            return list(updates)

    messages = [update.message for update in asyncio.run(write())]
    asked, old, new = [message for message in messages if message is not None]
    assert (asked.chat.type, old.chat.id, old.migrate_to_chat_id) == ("group", OLD_GROUP, GROUP)
    assert (new.chat.type, new.chat.id, new.migrate_from_chat_id) == (
        "supergroup",
        GROUP,
        OLD_GROUP,
    )
    assert api.wait_for_message(chat=GROUP).text == "a"


def test_python_telegram_bot_understands_memberships(api: BotApi) -> None:
    api.blocks(7)

    async def write() -> str:
        async with Bot(api.token, base_url=api.base_url) as bot:
            (update,) = await bot.get_updates(timeout=1)
            with pytest.raises(Forbidden):
                await bot.send_message(7, "a")
            assert update.my_chat_member is not None
            return update.my_chat_member.new_chat_member.status

    assert asyncio.run(write()) == "kicked"


def test_members_are_the_bot_and_those_who_wrote(api: BotApi, ask: Ask) -> None:
    api.user_sends("a", chat=GROUP, user=7)
    assert ask("getChatMember", chat_id=GROUP, user_id=7)["result"]["status"] == "member"
    assert ask("getChatMember", chat_id=GROUP, user_id=123456)["ok"]
    assert not ask("getChatMember", chat_id=GROUP, user_id=8)["ok"]


def test_commands_and_names_can_be_read_by_scope_and_language(api: BotApi, ask: Ask) -> None:
    commands = [{"command": "frage", "description": "Fragen"}]
    scope = {"type": "chat", "chat_id": 7}
    ask("setMyCommands", commands=commands, scope=scope, language_code="de")
    ask("setMyCommands", commands=commands, scope={"type": "all_group_chats"})
    assert api.commands(scope, "de") == {"frage": "Fragen"}
    assert api.commands("all_group_chats") == {"frage": "Fragen"}
    assert api.commands() == {}
    assert ask("setMyName", name="Beleg!", language_code="de")["ok"]
    assert ask("getMyName", language_code="de")["result"] == {"name": "Beleg!"}
    assert not ask("setMyName", name="x" * 65)["ok"]
    assert api.described("name", "de") == "Beleg!"
