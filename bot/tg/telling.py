"""Beleg's own sentences in Telegram, in the language of who reads them."""

from dataclasses import dataclass

from telegram import Message

from bot.tg.buttons import Rows
from bot.tg.places import target_of
from bot.tg.rendering import own_words
from bot.tg.sending import Outbox
from bot.words import say
from vectorstore.language import detect


def language_of(message: Message) -> str:
    """The language of the person's app, or else of the message."""
    person = message.from_user
    return (person and person.language_code) or detect(message.text or "", ("de", "en"))


@dataclass(frozen=True, slots=True)
class Teller:
    """Says things in reply to messages."""

    outbox: Outbox

    async def say(self, message: Message, key: str, rows: Rows = (), **values: object) -> int:
        """One of Beleg's own sentences; returns the number of its (last) message."""
        number = 0
        for page in own_words(say(key, language_of(message), **values)):
            number = await self.outbox.send(target_of(message), page, rows)
        return number

    async def send(self, message: Message, source: str, rows: Rows = ()) -> int:
        """HTML in reply to a message; returns the number of the new one."""
        return await self.outbox.send(target_of(message), source, rows)
