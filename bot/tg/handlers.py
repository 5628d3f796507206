"""What the bot does with an update: let it in, and hand it to whom it concerns."""

import logging
import re
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from telegram import Bot, Message, MessageEntity, Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import ApplicationHandlerStop, ContextTypes

from bot.tg.access import Access
from bot.tg.asked import Asked
from bot.tg.journal import Journal
from bot.tg.menus import names
from bot.tg.places import PREFIX, person_of, place_of
from bot.tg.questions import Questions
from bot.tg.receiving import Receiving
from bot.tg.telling import Teller
from vectorstore import topics

Context = ContextTypes.DEFAULT_TYPE

ALBUMS = 100  # that are known to have been answered

_COMMAND = re.compile(r"/(\w+)(?:@\w+)?\s*")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Handlers:
    """What people write, in private and in groups. `opened` shows the article of a deep link."""

    questions: Questions
    receiving: Receiving
    journal: Journal
    access: Access
    teller: Teller
    opened: Callable[[Message, str], Awaitable[bool]]
    _albums: "OrderedDict[str, None]" = field(default_factory=OrderedDict)

    # -- who may -----------------------------------------------------------------------

    async def admit(self, update: Update, context: Context) -> None:
        """Stops what comes from nobody allowed, or too fast; only a private chat hears of it."""
        try:
            refusal = self._refusal(update, context.bot)
        except Exception:  # raised on, it would let the update in
            log.exception("nobody can be let in")
            raise ApplicationHandlerStop from None
        if refusal is None:
            return
        try:
            await self._refuse(update, refusal)
        except Exception:
            log.warning("a refusal could not be sent", exc_info=True)
        raise ApplicationHandlerStop

    def _refusal(self, update: Update, bot: Bot) -> str | None:
        """The words for who may not, "" if there are none for them; None for who may."""
        if not self.access.admits(update):
            return "not_allowed"
        message = update.message
        if message is None or message.from_user is None or not is_for(message, bot):
            return None
        too_many = self.access.floods(message.from_user.id)
        if too_many:
            log.info("person %s is too fast", message.from_user.id)
        return {0: None, 1: "too_fast"}.get(too_many, "")

    async def _refuse(self, update: Update, key: str) -> None:
        if update.callback_query is not None:
            await update.callback_query.answer()
        elif update.inline_query is not None:
            await update.inline_query.answer([], cache_time=0, is_personal=True)
        elif update.message is not None and key:
            private = update.message.chat.type == ChatType.PRIVATE
            if private or key == "too_fast":
                await self.teller.say(update.message, key)

    # -- questions ---------------------------------------------------------------------

    async def question(self, update: Update, context: Context) -> None:
        """A text in private."""
        message = _message(update)
        await self._ask(update, message, message.text or "")

    async def reply(self, update: Update, context: Context) -> None:
        """A reply in a group, which is a question if it replies to this bot."""
        message = _message(update)
        if is_by(message.reply_to_message, context.bot.id):
            await self._ask(update, message, message.text or "")
        else:
            await self.mention(update, context)

    async def mention(self, update: Update, context: Context) -> None:
        """A text in a group, which is a question if it names this bot."""
        message = _message(update)
        if not mentions(message, context.bot):
            return
        text = question_of(message, context.bot) or quoted(message, context.bot.id)
        if text:
            await self._ask(update, message, text)
        else:
            await self.teller.say(message, "ask_how")

    async def command(self, update: Update, context: Context) -> None:
        """/frage and /ask: the question follows, or is what somebody wrote before."""
        message = _message(update)
        question = question_of(message, context.bot) or quoted(message, context.bot.id)
        if question:
            await self._ask(update, message, question)
        else:
            told = await self.teller.say(message, "ask_how")
            self.questions.note_refused(message, told)

    async def again(self, update: Update, context: Context) -> None:
        """/nochmal: what was asked last, answered anew."""
        message = _message(update)
        last = await self.questions.memory.last(person_of(message), place_of(message))
        if last is None:
            await self.teller.say(message, "nothing_before")
        else:
            await self._ask(update, message, last.question, anew=True)

    async def cancel(self, update: Update, context: Context) -> None:
        """/abbrechen: stops the work on the person's questions here, and on what they gave."""
        message = _message(update)
        stopped = await self.questions.cancel(person_of(message), place_of(message))
        stopped += await self.receiving.cancel(person_of(message))
        await self.teller.say(message, "stopped" if stopped else "nothing_to_stop")

    async def edited(self, update: Update, context: Context) -> None:
        """A question that was written anew: so is its answer."""
        message = update.edited_message
        text = question_of(message, context.bot) if message is not None else ""
        if message is None or not text:
            return
        person, place = person_of(message), place_of(message)
        asked = self.questions.lines.of_message(person, place, message.message_id)
        if asked is not None:
            if asked.text != text:
                await self.questions.replace(asked, message, text, update.update_id)
            return
        earlier = await self.questions.memory.answered(place, message.message_id)
        left = self.journal.left(update.update_id)
        refused = self.questions.refused(place, message.message_id)
        if earlier.question != text if earlier else left or refused:
            number = update.update_id
            edited = Asked(message, text, number, left, earlier, status=refused)
            await self.questions.ask(edited)

    async def _ask(self, update: Update, message: Message, text: str, anew: bool = False) -> None:
        number = update.update_id
        left = self.journal.left(number)
        await self.questions.ask(Asked(message, text, number, left, anew=anew))

    # -- the conversation --------------------------------------------------------------

    async def start(self, update: Update, context: Context) -> None:
        """/start, which begins anew; with the name of an article, it is about that one."""
        message = _message(update)
        if context.args and await self.opened(message, context.args[0]):
            return
        await self.questions.memory.begin_anew(place_of(message))
        await self.teller.say(message, "start")

    async def anew(self, update: Update, context: Context) -> None:
        """/neu and /new: what was asked before is past."""
        message = _message(update)
        await self.questions.memory.begin_anew(place_of(message))
        await self.teller.say(message, "forgotten")

    async def forget(self, update: Update, context: Context) -> None:
        """/vergiss_mich: everything about a person is forgotten."""
        message = _message(update)
        person = person_of(message)
        await self.questions.cancel(person)
        await self.receiving.cancel(person)
        await self.journal.forget(person)
        await self.teller.say(message, "forgot_you")

    async def help(self, update: Update, context: Context) -> None:
        """/help, and in private any unknown command."""
        key = "help_admin" if self.access.is_admin(update) else "help"
        await self.teller.say(_message(update), key)

    async def other(self, update: Update, context: Context) -> None:
        """A picture, a voice message and the like, in private; of an album, the first."""
        message = _message(update)
        if message.media_group_id is None or self._is_first_of(message.media_group_id):
            await self.teller.say(message, "only_text")

    def _is_first_of(self, album: str) -> bool:
        first = album not in self._albums
        self._albums[album] = None
        while len(self._albums) > ALBUMS:
            self._albums.popitem(last=False)
        return first

    # -- chats -------------------------------------------------------------------------

    async def membership(self, update: Update, context: Context) -> None:
        """The bot was blocked, or thrown out: nothing more is told there."""
        changed = update.my_chat_member
        gone = (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)
        if changed is not None and changed.new_chat_member.status in gone:
            place = f"{PREFIX}{changed.chat.id}"
            await self.journal.write(lambda c: topics.leave(c, place))

    async def migrated(self, update: Update, context: Context) -> None:
        """A group has another number from now on."""
        message = _message(update)
        if message.migrate_to_chat_id is not None:
            await self.teller.outbox.move(message.chat_id, message.migrate_to_chat_id)

    async def failed(self, update: object, context: Context) -> None:
        """Logs whatever a handler raised under an id, and tells the id to who asked."""
        error = context.error
        message = update.effective_message if isinstance(update, Update) else None
        if isinstance(error, Forbidden):
            log.info("chat %s does not want to hear: %s", message and message.chat_id, error)
            return
        number = secrets.token_hex(4)
        log.error("error %s in chat %s", number, message and message.chat_id, exc_info=error)
        reachable = isinstance(error, BadRequest) or not isinstance(error, TelegramError)
        if message and reachable:
            await self.teller.say(message, "failed", id=number)


def quoted(message: Message, bot: int) -> str:
    """What a message replies to, or the part of it that it quotes; "" if the bot wrote that."""
    replied = message.reply_to_message
    if replied is None or is_by(replied, bot):
        return ""
    return (message.quote.text if message.quote else replied.text or replied.caption) or ""


def question_of(message: Message, bot: Bot) -> str:
    """The question that a text asks: without /frage or the bot's name; "" for other commands."""
    text = message.text or ""
    if command := _COMMAND.match(text):
        if command[1].lower() not in names("ask"):
            return ""
        text = text[command.end() :]
    for mention in message.parse_entities([MessageEntity.MENTION]).values():
        if mention.lower() == f"@{bot.username}".lower():
            text = text.replace(mention, " ")
    return text.strip()


def mentions(message: Message, bot: Bot) -> bool:
    """Whether a text names the bot."""
    found = message.parse_entities([MessageEntity.MENTION]).values()
    return f"@{bot.username}".lower() in (mention.lower() for mention in found)


def is_for(message: Message, bot: Bot) -> bool:
    """Whether a message is meant for the bot, and not for others in its group."""
    if message.chat.type == ChatType.PRIVATE or (message.text or "").startswith("/"):
        return True
    return mentions(message, bot) or is_by(message.reply_to_message, bot.id)


def is_by(message: Message | None, person: int) -> bool:
    """Whether somebody wrote a message."""
    return bool(message and message.from_user and message.from_user.id == person)


def _message(update: Update) -> Message:
    """The message that the handlers' filters have made sure of."""
    assert update.message is not None
    return update.message
