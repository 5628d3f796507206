"""What Telegram shows of the bot before anybody writes: commands and descriptions.

In German for who has a German app, in English for all others; more for private chats than for
groups, and most for admins. The bot works without any of it.
"""

import logging
from collections.abc import Iterable

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.error import TelegramError

from bot.words import say

# A command's key, and what it is called in English and German.
COMMANDS = {
    "ask": ("ask", "frage"),
    "new": ("new", "neu"),
    "again": ("again", "nochmal"),
    "cancel": ("cancel", "abbrechen"),
    "watch": ("watch", "beobachte"),
    "watches": ("watches", "beobachtungen"),
    "status": ("status", "status"),
    "help": ("help", "hilfe"),
    "forget_me": ("forget_me", "vergiss_mich"),
    "start": ("start", "start"),
    "ingest": ("ingest", "ingest"),
    "articles": ("articles", "artikel"),
    "delete": ("delete", "loesche"),
    "stats": ("stats", "stats"),
}
IN_GROUPS = ("ask", "new", "again", "cancel", "watch", "watches", "status", "help", "forget_me")
IN_PRIVATE = (*IN_GROUPS, "start")
FOR_ADMINS = (*IN_PRIVATE, "ingest", "articles", "delete", "stats")
LANGUAGES = (None, "de")

log = logging.getLogger(__name__)


def names(key: str) -> list[str]:
    """What a command is called, in all languages: each works everywhere."""
    return sorted({*COMMANDS[key], key})


async def show(bot: Bot, admins: Iterable[int]) -> None:
    """Tells Telegram the commands and descriptions."""
    shown: list[tuple[BotCommandScope, tuple[str, ...]]] = [
        (BotCommandScopeDefault(), IN_GROUPS),
        (BotCommandScopeAllPrivateChats(), IN_PRIVATE),
        (BotCommandScopeAllGroupChats(), IN_GROUPS),
        *((BotCommandScopeChat(admin), FOR_ADMINS) for admin in sorted(admins)),
    ]
    for language in LANGUAGES:
        for scope, keys in shown:
            try:
                await bot.set_my_commands(_menu(keys, language), scope, language)
            except TelegramError as error:  # an admin who has never written has no chat
                log.info("Telegram did not take a list of commands (%s)", error)
        try:
            await bot.set_my_description(say("description", language), language)
            await bot.set_my_short_description(say("short_description", language), language)
        except TelegramError as error:
            log.info("Telegram did not take the description (%s)", error)


def _menu(keys: Iterable[str], language: str | None) -> list[BotCommand]:
    at = LANGUAGES.index(language)
    return [BotCommand(COMMANDS[key][at], say(f"command_{key}", language)) for key in keys]
