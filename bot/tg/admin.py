"""What the admins of the bot do with its articles, and what all may know of how fresh they are."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType
from telegram.ext import ContextTypes

from bot.library import Library
from bot.settings import local_now
from bot.tg.access import Access
from bot.tg.admin_views import PAGE, delete_view, entries_view, gone_words
from bot.tg.buttons import ConfirmDelete, KeepArticle, ListArticles, Tap
from bot.tg.downloads import LARGEST
from bot.tg.given import given
from bot.tg.journal import Journal
from bot.tg.receiving import KINDS, Receiving
from bot.tg.rendering import own_words
from bot.tg.sending import Outbox
from bot.tg.source_view import View
from bot.tg.standing import Asking, asking_words, condition_words, freshness_words
from bot.tg.taken_view import reason
from bot.tg.taps import Taken, answered
from bot.tg.telling import Teller, language_of
from bot.words import say
from vectorstore import numbers, topics, turns
from vectorstore.errors import BelegError
from vectorstore.models import Article

Context = ContextTypes.DEFAULT_TYPE

_WEEK = 6 * 86_400.0  # seconds before today


@dataclass(frozen=True, slots=True)
class Admin:
    """The commands about the library."""

    library: Library
    outbox: Outbox
    journal: Journal
    access: Access
    teller: Teller
    receiving: Receiving

    @property
    def taps(self) -> dict[type[Tap], Taken]:
        """What to do with the buttons that are made here."""
        return {
            ConfirmDelete: self.delete_confirmed,
            KeepArticle: self.delete_refused,
            ListArticles: self.turned,
        }

    # -- taking in ---------------------------------------------------------------------

    async def ingest(self, update: Update, context: Context) -> None:
        """/ingest, with what is to be taken in, in reply to it, or alone."""
        message = await self._admins(update)
        if message is None:
            return
        found = given(message)
        if found is None:
            await self.teller.say(message, "take_how", kinds=KINDS, most=LARGEST // 2**20)
        else:
            await self.receiving.take(message, found, update.update_id)

    async def document(self, update: Update, context: Context) -> None:
        """A document in private: an admin's is taken in."""
        message = update.effective_message
        if message is None:
            return
        if not self.access.is_admin(update):
            await self.teller.say(message, "only_text")
        elif message.document is not None:
            await self.receiving.take(message, message.document, update.update_id)

    # -- listing -----------------------------------------------------------------------

    async def articles(self, update: Update, context: Context) -> None:
        """/artikel: the newest ones, or those with certain words."""
        message = await self._admins(update)
        if message is not None:
            view = await self._listed(_argument(message), 1, language_of(message))
            await self.teller.send(message, view.html, view.rows)

    async def turned(self, query: CallbackQuery, tap: ListArticles) -> None:
        """Another page of the list: what it is a list of stands in the message before it."""
        message = await self._tapped(query)
        if message is not None:
            asked = message.reply_to_message
            words = _argument(asked) if asked is not None else ""
            await self._show(query, message, await self._listed(words, tap.page, _tongue(query)))

    async def _listed(self, words: str, page: int, language: str) -> View:
        skipped = (max(1, page) - 1) * PAGE
        # Words are looked for in all titles, which would keep others from the journal.
        found, count = await asyncio.to_thread(self.library.newest, words, skipped, PAGE)
        return entries_view(found, count, words, page, language)

    # -- deleting ----------------------------------------------------------------------

    async def delete(self, update: Update, context: Context) -> None:
        """/loesche with a number or an id: asks whether that is meant."""
        message = await self._admins(update)
        if message is None:
            return
        wanted = _argument(message)
        if not wanted:
            await self.teller.say(message, "delete_how")
            return
        number, article = await self._found(wanted)
        if article is None:
            await self.teller.say(message, "delete_unknown")
        else:
            view = delete_view(number, article, language_of(message))
            await self.teller.send(message, view.html, view.rows)

    async def delete_confirmed(self, query: CallbackQuery, tap: ConfirmDelete) -> None:
        """Yes: deletes the article."""
        message = await self._tapped(query)
        if message is None:
            return
        try:
            article = await asyncio.to_thread(self.library.delete, tap.article)
        except BelegError as error:
            told = reason(str(error), _tongue(query))
        else:
            told = gone_words("delete_done", article, _tongue(query))
        await self._show(query, message, View(own_words(told)[0], ()))

    async def delete_refused(self, query: CallbackQuery, tap: KeepArticle) -> None:
        """No: the article stays."""
        message = await self._tapped(query)
        if message is not None:
            article = await self.journal.read(lambda c: numbers.article(c, tap.article))
            told = gone_words("delete_kept", article, _tongue(query))
            await self._show(query, message, View(own_words(told)[0], ()))

    async def _found(self, wanted: str) -> tuple[int, Article | None]:
        """The article with an id, or else with a number: "#12", "12"."""
        known = await self.journal.read(lambda c: numbers.numbers(c, [wanted]))
        digits = wanted.removeprefix("#").strip()
        is_number = digits.isascii() and digits.isdigit() and len(digits) <= 12
        number = known.get(wanted) or (int(digits) if is_number else 0)
        return number, await self.journal.read(lambda c: numbers.article(c, number))

    # -- how it stands -----------------------------------------------------------------

    async def status(self, update: Update, context: Context) -> None:
        """/status: how fresh the articles are; admins are told all."""
        message = update.effective_message
        if message is None:
            return
        condition = await asyncio.to_thread(self.library.condition)
        language = language_of(message)
        told = freshness_words(condition, language)
        if self.access.is_admin(update):
            told += "\n\n" + condition_words(condition, language)
        for page in own_words(told):
            await self.teller.send(message, page)

    async def stats(self, update: Update, context: Context) -> None:
        """/stats: how much is asked, and how it goes."""
        message = await self._admins(update)
        if message is None:
            return
        midnight = self._midnight()
        today = await self.journal.read(lambda c: turns.asked_since(c, midnight))
        week = await self.journal.read(lambda c: turns.asked_since(c, midnight - _WEEK))
        watched = await self.journal.read(topics.topics)
        asking = Asking(today, week, len(watched), len({one.person for one in watched}))
        for page in own_words(asking_words(asking, language_of(message))):
            await self.teller.send(message, page)

    def _midnight(self) -> float:
        """When today began, in seconds since 1970."""
        zone = local_now(self.library.app.settings.timezone).tzinfo
        now = datetime.fromtimestamp(self.journal.clock(), zone)
        return now.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()

    # -- who may -----------------------------------------------------------------------

    async def _admins(self, update: Update) -> Message | None:
        """The message, if an admin wrote it, alone with the bot; all others are told."""
        message = update.effective_message
        if message is None or self.access.is_admin(update):
            return message
        await self.teller.say(message, "admins_only")
        return None

    async def _tapped(self, query: CallbackQuery) -> Message | None:
        """The message under which an admin has tapped, alone with the bot."""
        message = query.message
        if not isinstance(message, Message) or message.chat.type != ChatType.PRIVATE:
            await answered(query, say("admins_only", _tongue(query)))
            return None
        if query.from_user.id not in self.access.rules.admins:
            await answered(query, say("admins_only", _tongue(query)))
            return None
        return message

    async def _show(self, query: CallbackQuery, message: Message, view: View) -> None:
        await self.outbox.edit(message.chat_id, message.message_id, view.html, view.rows)
        await answered(query)


def _argument(message: Message) -> str:
    """What stands behind a command, on one line."""
    return " ".join((message.text or "").split()[1:])


def _tongue(query: CallbackQuery) -> str:
    return query.from_user.language_code or "en"
